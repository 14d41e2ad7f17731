"""What a rater's browser receives: all that is asked, and nothing that is blinded."""

import json
from dataclasses import replace

import pytest

from annotate.assignment import Assignment
from annotate.item import Criterion, Item, Output
from annotate.protocol import Blinding, Protocol
from annotate.question import Question
from annotate.scale import likert
from annotate.screen import screen
from annotate.sentences import sentences
from data.shipped import protocol, protocol_names, taxonomy, taxonomy_of

ITEM = Item(
    "KEY-1",
    (Output("First text. It ends.", "SYSTEM-1", "OUT-1"), Output("Second text.", "SYSTEM-2", "OUT-2")),
    source="The source.",
    prompt="The prompt.",
    references=("REFERENCE",),
    case="CASE-1",
    benchmark="BENCHMARK",
    category="Clinical Decision Support",
    subcategory="Planning Treatments",
    strata={"part": "subcategory", "agreed_accuracy": "AGREED"},
    criteria=(Criterion("c1", "Names the drug", weight=-7.0, required=True),),
)
HIDDEN = ("KEY-1", "SYSTEM", "OUT-1", "OUT-2", "REFERENCE", "CASE-1", "BENCHMARK", "AGREED", "-7")


@pytest.mark.parametrize("name", protocol_names())
def test_no_shipped_protocol_sends_what_it_blinds(name):
    wanted = replace(protocol(name), blinding=Blinding())
    steps = wanted.design.steps or ("",)
    for step in steps:
        shown = Assignment("KEY-1", "C01", output_order=("OUT-2", "OUT-1"), step=step)
        words = json.dumps(screen(wanted, ITEM, shown, taxonomy_of(wanted)))
        assert not [hidden for hidden in HIDDEN if hidden in words]


def test_the_assigned_place_is_sent_only_where_it_is_reviewed():
    survey, review = protocol("taxonomy-survey"), protocol("taxonomy-review")
    assert screen(survey, ITEM, None, taxonomy())["taxonomy"] is None
    assert "Planning Treatments" not in json.dumps(screen(survey, ITEM, None, taxonomy()))
    assigned = screen(review, ITEM, None, taxonomy())["taxonomy"]["assigned"]
    assert [(one["level"], one["name"]) for one in assigned] == [
        ("category", "Clinical Decision Support"),
        ("subcategory", "Planning Treatments"),
    ]


def test_outputs_stand_in_the_stored_order_under_letters():
    wanted = Protocol("p", "P", "pair", (Question("q", "Q", kind="ranking"),))
    shown = Assignment("KEY-1", "C01", output_order=("OUT-2", "OUT-1"))
    outputs = screen(wanted, ITEM, shown)["outputs"]
    assert [(one["key"], one["title"], one["text"]) for one in outputs] == [
        ("A", "Answer A", "Second text."),
        ("B", "Answer B", "First text. It ends."),
    ]


def test_what_a_protocol_does_not_blind_is_shown():
    open_ = Blinding(system=False, reference=False)
    wanted = Protocol("p", "P", "pair", (Question("q", "Q", kind="ranking"),), blinding=open_)
    page = screen(wanted, ITEM)
    assert page["references"] == ["REFERENCE"]
    assert [one["title"] for one in page["outputs"]] == ["Answer A · SYSTEM-1", "Answer B · SYSTEM-2"]


def test_sentences_come_with_their_places_where_they_are_judged():
    scale = likert("supported", "unsupported")
    asked = Question("q", "Q", kind="sentences", scale=scale, per_output=True)
    first = screen(Protocol("p", "P", "pair", (asked,)), ITEM)["outputs"][0]
    assert first["sentences"] == [list(pair) for pair in sentences(first["text"])] == [[0, 11], [12, 20]]
