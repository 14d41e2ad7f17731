"""What arrives from a rating page is checked, completed and turned into ratings, whoever sent it."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.answers import Answer, check, check_form, complete, rows
from annotate.assignment import Assignment
from annotate.fault import Fault
from annotate.item import Criterion, Item, Output
from annotate.protocol import Design, Protocol
from annotate.question import QUESTION_KINDS, Question
from annotate.scale import Scale, likert
from annotate.taxonomy import Category, Subcategory, Taxonomy

TEXT = "Take aspirin 🩺 daily. Avoid naïve dosing."
WHERE = Assignment("1", "C01")
TAXONOMY = Taxonomy(
    "t",
    "T",
    (
        Category("Wards", subcategories=(Subcategory("Surgery", tasks=("Close a wound",)),)),
        Category("Desk", subcategories=(Subcategory("Billing"),)),
    ),
)
ITEM = Item(
    "1",
    outputs=(Output(TEXT, "sys-1", "left"), Output("Other text.", "sys-2", "right")),
    category="Wards",
    subcategory="Surgery",
    criteria=(Criterion("asks", "Asks about allergies", 2.0), Criterion("harms", "Harms", -3.0)),
)
SCALE = likert("bad", "fair", "good")
SEVERITY = replace(likert("minor", "major"), level="ordinal")
QUESTIONS = {
    "scale": Question("q", "?", "scale", SCALE, comment="extremes"),
    "choice": Question("q", "?", "choice", replace(SCALE, level="nominal")),
    "multi": Question("q", "?", "multi", replace(SCALE, level="nominal")),
    "number": Question("q", "?", "number", Scale("interval", (), 0, 10)),
    "ranking": Question("q", "?", "ranking"),
    "spans": Question(
        "q", "?", "spans", replace(SCALE, level="nominal"), severities=SEVERITY, omissions=True
    ),
    "sentences": Question("q", "?", "sentences", SCALE, severities=SEVERITY),
    "checklist": Question("q", "?", "checklist"),
    "placement": Question("q", "?", "placement"),
    "text": Question("q", "?", "text"),
}


def value(kind, said, **change):
    found = check(replace(QUESTIONS[kind], **change), ITEM, {"value": said}, taxonomy=TAXONOMY)
    return found if isinstance(found, str) else found.value


def mark(start, end, **more):
    return {"start": start, "end": end, "quote": TEXT[start:end], "label": "1", "severity": "1"} | more


@pytest.mark.parametrize(
    ("kind", "said", "kept"),
    [
        ("scale", "3", "3"),
        ("scale", 3, "3"),
        ("scale", 3.0, "3"),
        ("choice", "2", "2"),
        ("multi", [], []),
        ("multi", ["3", "1"], ["1", "3"]),
        ("number", "2,5", 2.5),
        ("number", " 7 ", 7),
        ("number", 0, 0),
        ("ranking", ["B", "A"], [["right"], ["left"]]),
        ("spans", [], []),
        ("spans", [mark(13, 14)], [mark(13, 14)]),  # one code point, two UTF-16 units
        ("spans", [{"missing": "Dose"}], [{"missing": "Dose"}]),
        ("sentences", [{"value": "1"}, None], [{"value": "1"}, None]),
        ("checklist", {"harms": "met"}, {"harms": "met"}),
        ("placement", {"verdict": "confirm"}, {"verdict": "confirm", "place": "Surgery"}),
        (
            "placement",
            {"verdict": "move", "place": "Desk / Billing"},
            {"verdict": "move", "place": "Billing"},
        ),
        ("placement", {"verdict": "move", "place": "billing"}, {"verdict": "move", "place": "Billing"}),
        (
            "placement",
            {"verdict": "move", "place": "Wards / Surgery / Close a wound"},
            {"verdict": "confirm", "place": "Surgery"},
        ),
        ("text", " words\x00\ud800 ", "words?"),
    ],
)
def test_a_right_answer_is_kept_in_the_items_own_words(kind, said, kept):
    assert value(kind, said) == kept


@pytest.mark.parametrize(
    ("kind", "said", "words"),
    [
        ("scale", 4, "'4' is not one of its points (1, 2, 3)"),
        ("scale", True, "True is not one of"),
        ("scale", 10**400, "is not one of"),
        ("scale", "3.7", "is not one of"),
        ("scale", ["3"], "is not one of"),
        ("scale", {"$ne": 1}, "is not one of"),
        ("multi", ["1", "1"], "names a point twice"),
        ("multi", "1", "must be a list"),
        ("multi", ["1"] * 99, "99 entries"),
        ("number", "nan", "not a number"),
        ("number", float("inf"), "not a number"),
        ("number", True, "not a number"),
        ("number", "٣", "not a number"),
        ("number", 11, "outside 0 to 10"),
        ("number", "1e999", "not a number"),
        ("number", 10**400, "not a number"),
        ("ranking", ["A", "A"], "twice"),
        ("ranking", ["left"], "not one of the outputs shown (A, B)"),
        ("ranking", [["A", "B"]], "no ties"),
        ("ranking", [["A"], {}], "must be a list"),
        ("spans", [mark(0, 999)], "not within"),
        ("spans", [mark(5, 5)], "not within"),
        ("spans", [mark(-3, 5)], "not within"),
        ("spans", [mark(0, 4, quote="take")], "the output says 'Take' there"),
        ("spans", [mark(0, 4) | {"start": 0.0}], "whole number"),
        ("spans", [mark(0, 4, label="9")], "not one of its labels"),
        ("spans", [mark(0, 4, severity="9")], "not one of its severities"),
        ("spans", [mark(0, 4, html="<b>")], "'html', which is none of"),
        ("spans", [mark(0, 4, missing="x")], "has no place in the text"),
        ("spans", [mark(0, 4)] * 1001, "1,001 entries"),
        ("sentences", [{"value": "1"}], "1 judgements for 2 sentences"),
        ("sentences", [{"value": "9"}, None], "not one of its points"),
        ("checklist", {"other": "met"}, "not a criterion"),
        ("checklist", {"asks": True}, "not 'met' or 'not met'"),
        ("checklist", ["asks"], "must be an object"),
        ("placement", {"verdict": "absent"}, "not one of confirm, move"),
        ("placement", {"verdict": "move", "place": "Cellar"}, "not a subcategory of the taxonomy 't'"),
        ("placement", {"verdict": "move", "place": "Desk"}, "not a subcategory"),
        ("placement", {"verdict": "move", "place": 3}, "not a subcategory"),
        ("text", "x" * 20_001, "at most 20,000"),
        ("text", 5, "must be text"),
    ],
)
def test_a_wrong_answer_is_refused_in_a_sentence_that_says_what_would_be_right(kind, said, words):
    found = value(kind, said)
    assert isinstance(found, str)
    assert words in found


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "must be an object"),
        ([], "must be an object"),
        ({"value": "1", "unable": "other"}, "send one of the two"),
        ({"unable": "tired"}, "is not one of its reasons"),
        ({"unable": ["other"]}, "is not one of its reasons"),
        ({"value": "1", "confidence": "high"}, "does not ask for confidence"),
        ({"value": "1", "comment": 5}, "the comment must be text"),
        ({"value": "1", "comment": "x" * 10_001}, "10,001 characters"),
        ({"value": "1", "rater": "C02"}, "'rater', which is none of"),
    ],
)
def test_what_comes_with_an_answer_is_checked_too(answer, words):
    found = check(QUESTIONS["scale"], ITEM, answer)
    assert isinstance(found, str)
    assert words in found


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(
    ["value", "unable", "comment", "confidence", "verdict", "start", "end", "missing", "A", "q"]
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(QUESTION_KINDS), json_values | st.dictionaries(KEYS, json_values, max_size=4))
def test_no_json_makes_it_stumble(kind, answer):
    for sent in (answer, {"value": answer}, {"value": [answer, answer]}):
        found = check(QUESTIONS[kind], ITEM, sent, taxonomy=TAXONOMY)
        assert isinstance(found, Answer | str)
        if isinstance(found, Answer):
            json.dumps([found.value, found.comment], allow_nan=False).encode()
    protocol = Protocol("p", "P", "set", (QUESTIONS[kind],))
    assert isinstance(complete(protocol, ITEM, {"q": {"value": answer}}, taxonomy=TAXONOMY), list)
    assert isinstance(complete(protocol, ITEM, answer, taxonomy=TAXONOMY), list)


@pytest.mark.parametrize(
    ("kind", "said", "words"),
    [
        ("scale", "1", "needs a comment"),
        ("ranking", ["B"], "1 is left"),
        ("spans", [{"missing": ""}], "Say what is missing"),
        ("spans", [{"start": 0, "end": 4, "quote": "Take"}], "Choose a label"),
        ("spans", [{"start": 0, "end": 4, "quote": "Take"}], "Say how severe"),
        ("sentences", [None, {"value": "2"}], "1 is left"),
        ("sentences", [None, {"value": "2"}], "Say how severe"),
        ("checklist", {"asks": "met"}, "1 is left"),
        ("placement", {"verdict": "move"}, "Choose the place"),
        ("placement", {"verdict": "ambiguous", "between": ["Surgery"]}, "two places"),
    ],
)
def test_an_unfinished_answer_is_a_draft_with_gaps(kind, said, words):
    protocol = Protocol("p", "P", "set", (QUESTIONS[kind],))
    form = {"q": {"value": said}}
    assert check_form(protocol, ITEM, form, taxonomy=TAXONOMY)[1] == ()
    assert words in " ".join(gap.sentence for gap in complete(protocol, ITEM, form, taxonomy=TAXONOMY))
    with pytest.raises(Fault, match="q: "):
        rows(protocol, ITEM, form, WHERE, taxonomy=TAXONOMY)


def protocol_of(*questions, unit="pair", **more):
    return Protocol("p", "P", unit, questions, **more)


def test_questions_of_each_output_are_keyed_by_place_and_kept_by_the_outputs_own_key():
    protocol = protocol_of(Question("good", "?", "scale", SCALE, per_output=True))
    turned = replace(WHERE, output_order=("right", "left"))
    form = {"good@A": {"value": "3"}, "good@B": {"value": "1"}}
    assert [(row.part, row.value) for row in rows(protocol, ITEM, form, turned)] == [
        ("right", "3"),
        ("left", "1"),
    ]
    assert "'good@left' is not a question" in check_form(protocol, ITEM, {"good@left": {"value": "3"}})[1][0]


def test_a_comparison_is_turned_back_by_the_stored_order():
    # -2 is for the first as shown; where that is the item's second output, the item's order says +2.
    question = Question("better", "?", "scale", likert("A", "a", "=", "b", "B", start=-2), compares=True)
    protocol = protocol_of(question)
    form = {"better": {"value": "-2"}}
    as_is, turned = (
        Assignment("1", "C", output_order=("left", "right")),
        Assignment("1", "C", output_order=("right", "left")),
    )
    assert rows(protocol, ITEM, form, as_is)[0].number == -2
    assert rows(protocol, ITEM, form, turned)[0].number == 2
    assert rows(protocol, ITEM, {"better": {"value": 0}}, turned)[0].value == "0"


def test_ranks_are_rows_and_those_that_share_a_place_share_the_mean_rank():
    protocol = protocol_of(Question("rank", "?", "ranking", ties=True), unit="set")
    item = replace(ITEM, outputs=tuple(Output(key, key=key) for key in "xyz"))
    form = {"rank": {"value": ["C", ["A", "B"]]}}
    found = rows(protocol, item, form, WHERE)
    assert {row.part: row.number for row in found} == {"z": 1.0, "x": 2.5, "y": 2.5}


def test_sentences_and_checklists_give_one_row_a_part_and_the_comment_once():
    protocol = protocol_of(QUESTIONS["sentences"], replace(QUESTIONS["checklist"], key="list"), unit="output")
    item = replace(ITEM, outputs=ITEM.outputs[:1])
    form = {
        "q": {"value": [{"value": "1"}, {"value": "3", "severity": "2"}], "comment": "Second one."},
        "list": {"value": {"harms": "not met", "asks": "met"}},
    }
    found = [
        (row.question, row.part, row.value, row.number, row.comment)
        for row in rows(protocol, item, form, WHERE)
    ]
    assert found == [
        ("q", "1", "1", 1.0, "Second one."),
        ("q", "2", "3", 3.0, ""),
        ("q.severity", "2", "2", 2.0, ""),
        ("list", "asks", "met", 1.0, ""),
        ("list", "harms", "not met", 0.0, ""),
    ]


def test_conditional_questions_are_asked_only_after_the_answer_that_calls_for_them():
    harm = Question("harm", "?", "choice", replace(likert("none", "severe"), level="nominal"))
    which = Question("which", "?", "text", shown_if=("harm", ("2",)))
    sure = Question("sure", "?", "text", shown_if=("which", ("never",)))
    protocol = protocol_of(harm, replace(which, unable=()), sure, unit="output")
    assert [gap.key for gap in complete(protocol, ITEM, {})] == ["harm"]
    assert [gap.key for gap in complete(protocol, ITEM, {"harm": {"value": "2"}})] == ["which"]
    stale = {"harm": {"value": "1"}, "which": {"value": "the dose"}}
    assert [row.question for row in rows(protocol, ITEM, stale, WHERE)] == ["harm"]
    unable = {"harm": {"unable": "source insufficient"}}
    assert [row.status for row in rows(protocol, ITEM, unable, WHERE)] == ["unable"]


def test_a_condition_is_about_the_same_output():
    harm = Question(
        "harm", "?", "choice", replace(likert("none", "severe"), level="nominal"), per_output=True
    )
    why = Question("why", "?", "text", per_output=True, shown_if=("harm", ("2",)))
    form = {"harm@A": {"value": "1"}, "harm@B": {"value": "2"}}
    assert [gap.key for gap in complete(protocol_of(harm, why), ITEM, form)] == ["why@B"]


def test_a_verdict_on_a_place_can_call_for_a_question():
    why = Question("why", "?", "text", shown_if=("q", ("move", "none")))
    protocol = protocol_of(QUESTIONS["placement"], why, unit="output")
    form = {"q": {"value": {"verdict": "none", "name": "Coding"}}}
    assert [gap.key for gap in complete(protocol, ITEM, form, taxonomy=TAXONOMY)] == ["why"]
    form["why"] = {"unable": "source insufficient"}
    found = rows(protocol, ITEM, form, WHERE, taxonomy=TAXONOMY)
    assert (found[0].value, found[0].comment) == ("not in the taxonomy", "Proposed: Coding.")


def test_optional_questions_left_open_are_skipped_and_not_lost():
    protocol = protocol_of(Question("q", "?", "text", required=False), unit="output")
    row = rows(protocol, ITEM, {"q": {"comment": "later"}}, WHERE)[0]
    assert (row.status, row.value, row.comment) == ("skipped", None, "later")


def test_steps_ask_their_own_questions_show_their_own_outputs():
    every = Question("list", "?", "text", entries=3)
    after = Question("helped", "?", "choice", replace(likert("no", "yes"), level="nominal"), steps=("after",))
    protocol = protocol_of(
        every, after, unit="set", design=Design(steps=("before", "after"), arms=("left", "search"))
    )
    before = Assignment("1", "C", arm="left", step="before")
    form = {"list": {"value": "sepsis\n\ngout"}}
    row = rows(protocol, ITEM, form, before)[0]
    assert json.loads(row.value) == ["sepsis", "gout"]
    assert [gap.key for gap in complete(protocol, ITEM, form, replace(before, step="after"))] == ["helped"]


def test_questions_are_asked_only_of_the_items_they_are_for():
    protocol = protocol_of(
        Question("q", "?", "text", asked_of=("part", ("whole",))), Question("all", "?", "text"), unit="item"
    )
    assert [gap.key for gap in complete(protocol, ITEM, {})] == ["all"]
    whole = replace(ITEM, strata={"part": "whole"})
    assert [gap.key for gap in complete(protocol, whole, {})] == ["q", "all"]
    assert [
        gap.key for gap in complete(protocol_of(QUESTIONS["checklist"], unit="output"), Item("2"), {})
    ] == []
