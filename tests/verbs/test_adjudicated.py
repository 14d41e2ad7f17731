"""A protocol that asks for adjudication leads to it, sets its measure, and sums up settled answers."""

from dataclasses import replace

import pytest

from annotate.fault import Fault
from annotate.item import Item, Output
from annotate.protocol_file import parse, write
from annotate.rating import Rating
from data.shipped import protocol
from data.store import audit, items, raters, ratings, studies
from tests.verbs.filling import fill
from verbs import adjudicate, assign, new, status
from verbs.next_step import next_step
from verbs.summary import study_summaries

LABELS = {"i1": "yes yes yes", "i2": "yes no no", "i3": "no no no", "i4": "yes no yes"}
JUDGE = {"i1": "yes", "i2": "yes", "i3": "no", "i4": "no"}


def study(store, wanted, keys):
    new.create(store, name="ward", wanted=wanted, who="lead")
    with store.writing() as session:
        number = studies.named(session, name="ward").id
        items.add(session, study_id=number, items=[Item(key, (Output("Text."),)) for key in keys])
    people = assign.available("A,B,C")
    drawn = assign.draw(store, study="ward", people=people)
    assign.keep(store, study="ward", people=people, drawn=drawn, who="lead")
    status.change(store, study="ward", to="running", who="lead")
    return number


def say(store, number, rater, kind, answers, question="acceptable", round="main"):
    with store.writing() as session:
        raters.add(session, study_id=number, key=rater, kind=kind)
        at = {"yes": 1.0, "no": 0.0}
        said = [
            Rating(key, rater, question, str(value), at.get(value, value)) for key, value in answers.items()
        ]
        ratings.append(session, study_id=number, ratings=said, round=round)


def figures(store):
    found = study_summaries(store, study="ward")
    return {(one.question, one.how): {k: f.value for k, f in one.figures.items()} for one in found}


def test_summaries_come_once_more_from_what_was_settled_and_the_originals_stay(store):
    number = study(store, protocol("judge-labels"), LABELS)
    for place, rater in enumerate("ABC"):
        say(store, number, rater, "clinician", {key: said.split()[place] for key, said in LABELS.items()})
    say(store, number, "judge", "juror", JUDGE)
    before = figures(store)
    assert before["acceptable", "share of yes"]["yes"] == pytest.approx((3 + 1 + 0 + 2) / 12)
    assert before["acceptable", "accuracy"]["judge"] == 2 / 4  # most say yes, no, no, yes
    assert not any("adjudication" in how for _, how in before)
    say(store, number, "Z", "clinician", {"i2": "yes"}, round="adjudication")
    after = figures(store)
    assert {key: value for key, value in after.items() if "adjudication" not in key[1]} == before
    settled = {how: value for (_, how), value in after.items() if "adjudication" in how}
    # i1 yes and i3 no by all, i2 yes by Z, i4 is open: the judge says the same of all three.
    note = ", after adjudication (1 in dispute)"
    assert set(settled) == {f"accuracy{note}", f"f1{note}", f"share of yes{note}"}
    assert settled[f"share of yes{note}"]["yes"] == pytest.approx(2 / 3)
    assert settled[f"accuracy{note}"]["judge"] == 1.0
    assert settled[f"f1{note}"]["judge"] == 1.0


def test_the_measure_of_the_protocol_decides_what_is_handed_out(store):
    wanted = protocol("medhelm")
    wanted = replace(wanted, design=replace(wanted.design, adjudicate=True, apart=1.0))
    assert parse(write(wanted)) == wanted
    number = study(store, wanted, ("i1", "i2"))
    for rater, value in (("A", 4.0), ("B", 5.0)):
        say(store, number, rater, "clinician", {"i1": value, "i2": 3.0}, question="accuracy")
    assert adjudicate.disputed(store, study="ward") == {"i1": ("accuracy",)}
    assert adjudicate.disputed(store, study="ward", apart=2) == {}
    assert adjudicate.hand_out(store, study="ward", rater="Z", who="lead") == 1
    with store.reading() as session:
        logged = [event.after for event in audit.events(session, study_id=number) if event.subject == "Z"]
    assert {"apart": 1.0} in logged


def test_the_lead_is_led_to_adjudication_when_all_forms_are_filled_and_not_before(store):
    number = study(store, protocol("judge-labels"), ("i1", "i2"))
    fill(store, number, "A", lambda item: "yes")
    fill(store, number, "B", lambda item: "no")
    assert next_step(store, study="ward") is None
    fill(store, number, "C", lambda item: "no")
    assert next_step(store, study="ward").page == "adjudication"
    adjudicate.hand_out(store, study="ward", rater="Z", who="lead")
    assert next_step(store, study="ward") is None


def test_a_measure_without_adjudication_is_a_fault_at_its_line():
    text = write(protocol("medhelm")).replace("design:", "design:\n  apart: 1")
    line = text[: text.index("apart:")].count("\n") + 1
    with pytest.raises(Fault, match=f"Line {line}: 'apart' .* add `adjudicate: true`"):
        parse(text)
