"""What was marked in a text stays marked when an import redacts the text."""

import json
from dataclasses import replace

import pytest

from annotate.fault import Fault
from annotate.item import Item, Output
from annotate.protocol_file import parse
from data.formats.whole import write_export
from data.identifiers import Redacted, find
from data.store import items, studies
from tests.data.identifiers.labelled import anything
from tests.verbs.filling import fill
from verbs import assign, new, status
from verbs.bring import bring
from verbs.export import study_files
from verbs.identifying import identifiers, without_identifiers
from verbs.incoming import read_incoming

TEXT = "Dr. Ann Lee saw her on 03/14/2021. She takes aspirin twice a day. Call 555-867-5309 if it bleeds."
CLEAN = "Dr. [name] saw her on [date]. She takes aspirin twice a day. Call [phone] if it bleeds."
BOX = "He lives at P.O. Box 1234 now. He takes aspirin."
MARKS = """
protocol: marks
title: What is wrong?
unit: output
questions:
  - {key: wrong, kind: spans, text: "What is wrong?", points: [bad, worse]}
design: {per_item: 1}
"""
SENTENCES = MARKS.replace("kind: spans", "kind: sentences")


def mark(text, quote):
    return {"start": text.index(quote), "end": text.index(quote) + len(quote), "quote": quote}


def exported(store, folder, protocol_text, text, answer):
    """A study with one item that A01 filled; its export."""
    wanted = parse(protocol_text)
    new.create(store, name="ward", wanted=wanted, who="lead")
    with store.writing() as session:
        number = studies.named(session, name="ward").id
        items.add(session, study_id=number, items=[Item("i1", (Output(text),))])
    people = assign.available("A01")
    drawn = assign.draw(store, study="ward", people=people)
    assign.keep(store, study="ward", people=people, drawn=drawn, who="lead")
    status.change(store, study="ward", to="running", who="lead")
    fill(store, number, "A01", lambda item: answer)
    write_export(study_files(store, study_id=number), folder)
    return wanted


def test_marks_stay_on_their_words_in_answers_and_in_forms(store, tmp_path):
    quotes = ["aspirin", "Ann Lee saw", "if it bleeds"]
    marks = [mark(TEXT, quote) | {"label": "bad"} for quote in quotes]
    wanted = exported(store, tmp_path / "out", MARKS, TEXT, marks)
    incoming = read_incoming([tmp_path / "out"], wanted)
    clean = without_identifiers(incoming, wanted)
    assert clean.items[0].outputs[0].text == CLEAN
    kept = ["aspirin", "[name] saw", "if it bleeds"]
    expected = [mark(CLEAN, quote) | {"label": "bad"} for quote in kept]
    assert json.loads(clean.frame["value"].iloc[0]) == expected
    new.create(store, name="again", wanted=wanted, who="lead")
    with store.reading() as session:
        number = studies.named(session, name="again").id
    bring(store, study_id=number, incoming=clean, who="lead")
    # The second study goes out and comes in as it is: there is nothing left to redact.
    write_export(study_files(store, study_id=number), tmp_path / "second")
    second = read_incoming([tmp_path / "second"], wanted)
    assert identifiers(second) == []
    assert without_identifiers(second, wanted).items == clean.items
    assert json.loads(second.frame["value"].iloc[0]) == expected
    assert second.forms == clean.forms


def test_a_draft_keeps_its_marks_too(store, tmp_path):
    wanted = exported(store, tmp_path / "out", MARKS, TEXT, [mark(TEXT, "aspirin") | {"label": "bad"}])
    incoming = read_incoming([tmp_path / "out"], wanted)
    draft = {"value": [mark(TEXT, "bleeds")], "comment": "as Dr. Ann Lee said"}
    begun = replace(incoming, forms=({"item": "i1", "form": {"wrong": draft}},))
    said = without_identifiers(begun, wanted).forms[0]["form"]["wrong"]
    assert said == {"value": [mark(CLEAN, "bleeds")], "comment": "as Dr. [name] said"}


def test_sentences_that_redaction_would_join_are_not_judged_under_wrong_numbers(store, tmp_path):
    # The reader of sentences ends one at "P.O."; redaction takes the box away as a whole.
    wanted = exported(store, tmp_path / "out", SENTENCES, BOX, [{"value": "bad"}] * 3)
    with pytest.raises(Fault, match=r"join or part sentences .* i1; accept"):
        without_identifiers(read_incoming([tmp_path / "out"], wanted), wanted)


def test_every_place_outside_the_findings_keeps_its_letter():
    moved = 0
    for text in map(anything, range(200)):
        redacted, findings = Redacted(text), find(text)
        for at in range(len(text)):
            if any(one.start <= at < one.end for one in findings):
                continue
            there = redacted.moved({"start": at, "end": at + 1, "quote": text[at]})
            assert there["quote"] == text[at]
            moved += there["start"] != at
    assert moved > 1000
