"""Sample forms: every question of every shipped protocol can be looked at before anyone is asked."""

import pytest

from annotate.item import Item, Output
from annotate.protocol_file import parse
from annotate.sample import sample_view, samples
from annotate.sentences import sentences
from data.shipped import protocol, protocol_names, taxonomy_of


@pytest.mark.parametrize("name", protocol_names())
def test_some_sample_of_every_protocol_shows_each_question(name):
    wanted = protocol(name)
    taxonomy = taxonomy_of(wanted)
    views = [sample_view(wanted, sample, taxonomy) for sample in samples(wanted, (), taxonomy)]
    seen = {question["key"] for view in views for question in view["questions"]}
    needs_task = {question.key for question in wanted.questions if question.level == "task"}
    assert seen | needs_task == {question.key for question in wanted.questions}
    for view in views:
        if any(question["kind"] == "sentences" for question in view["questions"]):
            assert all(len(sentences(output["text"])) > 1 for output in view["outputs"])


@pytest.mark.parametrize("name", protocol_names())
def test_what_is_made_up_says_so(name):
    wanted = protocol(name)
    for sample in samples(wanted, (), taxonomy_of(wanted)):
        texts = [sample.item.source, sample.item.prompt, *(output.text for output in sample.item.outputs)]
        assert all("made up" in text or "made-up" in text for text in texts if text)
        assert sample.name.startswith("A made-up item")


def test_a_studys_own_items_come_before_made_up_ones_and_stay_blinded():
    item = Item("gpt-17", (Output("Rest.", system="gpt"),), source="Cough.", references=("Gold.",))
    wanted = protocol("medhelm")
    (sample,) = samples(wanted, [item])
    view = sample_view(wanted, sample)
    assert sample.name == "Item gpt-17"
    assert (view["source"], view["outputs"][0]["text"], view["references"]) == ("Cough.", "Rest.", [])
    assert "gpt" not in str(view)


def test_each_step_is_a_sample_and_the_first_is_unaided():
    wanted = protocol("ddx-lists")
    before, after = (sample_view(wanted, sample) for sample in samples(wanted))
    assert before["outputs"] == []
    assert len(after["outputs"]) == 1


def test_a_protocol_that_asks_of_a_category_gets_an_item_of_it():
    text = """
protocol: p
title: P
unit: output
questions:
  - {key: q, kind: text, text: Why, asked_of: {category: Medical Research Assistance}}
"""
    (sample,) = samples(parse(text))
    assert sample.item.category == "Medical Research Assistance"
    assert [question["key"] for question in sample_view(parse(text), sample)["questions"]] == ["q"]
