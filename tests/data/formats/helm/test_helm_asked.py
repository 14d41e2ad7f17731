"""Systems asked by options, by passages or for probabilities: what is an output, and what is none."""

import functools

import pytest

from annotate.fault import Fault
from data.formats.helm import read_helm
from tests.helm_runs import request, run_spec, stat, write_run

OPTIONS = ("Rest", "Gin")


@pytest.fixture
def run(tmp_path):
    return functools.partial(write_run, tmp_path)


def asked(method):
    spec = run_spec(jurors={})
    spec["adapter_spec"]["method"] = method
    return spec


def option(number, index, mode="original", *, right=0):
    """What HELM writes where each option is sent apart: the completion is the prompt that was sent."""
    prompt = f"Dialogue {number}\nAnswer: " if mode == "original" else "Answer:\nAnswer: "
    state = request(number, output=prompt + OPTIONS[index])
    state["instance"]["references"] = [
        {"output": {"text": text}, "tags": ["correct"] if at == right else []}
        for at, text in enumerate(OPTIONS)
    ]
    state["request"]["prompt"] = prompt + OPTIONS[index]
    return state | {"reference_index": index, "request_mode": mode}


@pytest.mark.parametrize("modes", [("original",), ("original", "calibration")])
def test_of_options_that_were_asked_apart_the_chosen_one_is_the_answer(run, modes):
    states = [option(n, index, mode) for n in (0, 1) for index in (0, 1) for mode in modes]
    stats = [stat(0, "predicted_index", 1), stat(1, "predicted_index", 0)]
    stats += [stat(0, "exact_match", 0), stat(1, "exact_match", 1)]
    kind = "calibrated" if len(modes) > 1 else "original"
    helm = read_helm(run(states, stats, spec=asked(f"multiple_choice_separate_{kind}")))
    assert [item.outputs[0].text for item in helm.items] == ["Gin", "Rest"]
    assert [item.references for item in helm.items] == [("Rest",), ("Rest",)]
    assert helm.items[0].prompt == "[source]\nAnswer:"
    assert helm.frame.set_index("item").loc[[item.key for item in helm.items], "number"].tolist() == [0, 1]
    assert any("2 answers, each the option that was chosen" in said for said in helm.understood)


def test_without_the_choice_options_are_no_outputs_and_that_is_said(run):
    folder = run([option(0, 0), option(0, 1)], None, spec=asked("multiple_choice_separate_original"))
    with pytest.raises(Fault, match="Which option was chosen is not said for 2 requests"):
        read_helm(folder)


def test_letters_stand_before_the_options_that_are_right(run):
    state = option(0, 0) | {"output_mapping": {"A": "Rest", "B": "Gin"}}
    del state["reference_index"], state["request_mode"]
    (item,) = read_helm(run([state], spec=asked("multiple_choice_joint"))).items
    assert item.references == ("A. Rest",)


def test_each_passage_that_was_asked_about_is_an_output_of_one_case_without_a_gold_text(run):
    states = [option(0, index) for index in (0, 1)]
    for state, said in zip(states, ("Yes", "No"), strict=True):
        state["result"]["completions"] = [{"text": said}]
    helm = read_helm(run(states, spec=asked("ranking_binary")))
    assert [item.outputs[0].text for item in helm.items] == ["Yes", "No"]
    assert {item.case for item in helm.items} == {"aci_bench/id0"}
    assert {item.references for item in helm.items} == {()}
    assert not any("several instances" in said for said in helm.understood)


def test_a_text_whose_probability_was_asked_for_is_no_output(run, tmp_path):
    run([request(0)], spec=asked("language_modeling"), name="aci_bench:model=a")
    run([request(0)], spec=asked("generation"), name="aci_bench:model=b")
    helm = read_helm(tmp_path)
    assert len(helm.items) == 1
    assert any("asked for the probability of a text, and wrote none" in said for said in helm.understood)


def test_the_source_is_marked_where_it_was_asked_not_in_an_example(run):
    state = request(0)
    state["request"]["prompt"] = "Dialogue 0\nNote: x\n\nDialogue 0\nNote:"
    (item,) = read_helm(run([state])).items
    assert item.prompt == "Dialogue 0\nNote: x\n\n[source]\nNote:"
