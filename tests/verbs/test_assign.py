"""From nothing to forms that raters can fill: new, assign, drop, adjudicate, on both databases."""

from collections import Counter

import pytest

import cli
from annotate.fault import Fault
from annotate.item import Item, Output
from annotate.protocol_file import parse
from data.shipped import protocol, taxonomy_of
from data.store import assignments, audit, items, ratings, studies
from data.store.frame import ratings_frame
from tests.verbs.filling import fill
from verbs import adjudicate, assign, new
from verbs import studies as listing


@pytest.fixture
def ward(store):
    """A study on the MedHELM form with twelve items and no raters."""
    new.create(store, name="ward", wanted=protocol("medhelm"), who="lead", seed=7)
    with store.writing() as session:
        study = studies.named(session, name="ward")
        texts = [Item(f"i{n}", (Output(f"text {n}", "model"),)) for n in range(12)]
        items.add(session, study_id=study.id, items=texts)
    return study.id


def forms(store, study_id):
    with store.reading() as session:
        return assignments.in_study(session, study_id=study_id)


def drawn(store, names, **changes):
    people = assign.available(names)
    found = assign.draw(store, study="ward", people=people, changes=changes)
    assign.keep(store, study="ward", people=people, drawn=found, who="lead")
    return found


def test_a_study_knows_its_protocol_and_its_seed(store, ward):
    with store.reading() as session:
        assert studies.named(session, name="ward").seed == 7
        version = studies.latest_protocol(session, study_id=ward)
    assert parse(version.text) == protocol("medhelm")
    assert [(row.name, row.items, row.protocol) for row in listing.listed(store)] == [
        ("ward", 12, "medhelm (version 1)")
    ]


def test_the_taxonomy_survey_brings_its_own_items(store):
    assert new.create(store, name="s", wanted=protocol("taxonomy-survey"), who="lead") == 23


def test_the_design_is_written_as_drawn_and_a_change_of_it_is_a_version_of_the_protocol(store, ward):
    found = drawn(store, "A,B,C,D", per_item=3)
    assert Counter(forms(store, ward)) == Counter(found.forms)
    assert Counter(Counter(form.item for form in forms(store, ward)).values()) == {3: 12}
    with store.reading() as session:
        version = studies.latest_protocol(session, study_id=ward)
        logged = [event.action for event in audit.events(session, study_id=ward)]
    assert (version.number, version.changes) == (2, "design, per_item: 3 was added.")
    assert logged[-1] == "design drawn"


def test_a_training_round_that_nobody_could_pass_is_refused_with_every_fault(store):
    text = """
protocol: drill
title: Drill
unit: output
questions:
  - {key: fair, kind: scale, text: Is it fair, points: {1: not at all, 2: somewhat, 3: fully}}
  - {key: marks, kind: spans, text: What is wrong, points: {error: an error}}
training: {items: [t1], pass_mark: 0.5}
"""
    new.create(store, name="ward", wanted=parse(text), who="lead", seed=7)
    said = {"agreed_fair": "2|4", "agreed_marks": "a", "agreed_far": "1", "other": "9"}
    with store.writing() as session:
        number = studies.named(session, name="ward").id
        texts = [Item("t1", (Output("x", "m"),), strata=said), Item("i1", (Output("y", "m"),))]
        items.add(session, study_id=number, items=texts)
    with pytest.raises(Fault) as wrong:
        drawn(store, "anna,bert")
    assert wrong.value.sentences == (
        "Item 't1': '4' in column 'agreed_fair' is no point; write one of 1, 2, 3.",
        "Item 't1': 'marks' is of a kind that has no agreed answer; take column 'agreed_marks' out.",
        "Item 't1': column 'agreed_far' names no question of the protocol (fair, marks).",
    )
    assert forms(store, number) == []


def test_a_second_design_covers_only_what_came_later(store, ward):
    drawn(store, "A,B,C")
    with pytest.raises(Fault, match="has its raters already"):
        drawn(store, "A,B,C")
    with store.writing() as session:
        items.add(session, study_id=ward, items=[Item("late", (Output("text"),))])
    found = drawn(store, "")
    assert [form.item for form in found.forms] == ["late", "late"]
    assert all(form.place == 9 for form in found.forms)  # 12 items x 2 / 3 raters, and then this one


def test_a_leaver_keeps_what_was_submitted_and_the_rest_goes_to_others_in_one_logged_step(store, ward):
    drawn(store, "A,B,C")
    mine = [form.item for form in forms(store, ward) if form.rater == "C"]
    fill(store, ward, "C", lambda item: 3, some=mine[:2])
    step = assign.redraw(store, study="ward", people=(), leaving=["C"])
    assign.keep(store, study="ward", people=(), drawn=step, who="lead", reason="on leave")
    after = forms(store, ward)
    assert Counter(Counter(form.item for form in after).values()) == {2: 12}
    assert sorted(form.item for form in after if form.rater == "C") == sorted(mine[:2])
    with store.reading() as session:
        events = audit.events(session, study_id=ward)
    withdrawn = [event for event in events if event.action == "assignments withdrawn"]
    assert [(event.after, event.reason) for event in withdrawn] == [({"assignments": 6}, "on leave")]


def test_the_adjudicator_settles_only_what_is_in_dispute_and_the_originals_stay(store, ward):
    drawn(store, "A,B", crossing="full")
    fill(store, ward, "A", lambda item: 5)
    fill(store, ward, "B", lambda item: {"i3": 2, "i5": 4}.get(item, 5))
    assert adjudicate.compared(store, study="ward") == 12
    assert adjudicate.disputed(store, study="ward") == {"i3": ("accuracy", "completeness", "clarity")}
    assert set(adjudicate.disputed(store, study="ward", apart=1)) == {"i3", "i5"}
    assert adjudicate.hand_out(store, study="ward", rater="Z", who="lead") == 1
    assert adjudicate.hand_out(store, study="ward", rater="Z", who="lead") == 0
    with pytest.raises(Fault, match="A has rated every item"):
        adjudicate.hand_out(store, study="ward", rater="A", who="lead", apart=1)
    with store.reading() as session:
        before = ratings.count(session, study_id=ward)
    fill(store, ward, "Z", lambda item: 4)
    with store.reading() as session:
        assert ratings.count(session, study_id=ward) == before + 3
        main = ratings_frame(session, study_id=ward, kinds=("clinician",))
        settled = ratings_frame(session, study_id=ward, kinds=("clinician",), rounds=("adjudication",))
    assert set(main["rater"].unique()) == {"A", "B"}
    assert (settled["item"].unique().tolist(), settled["number"].unique().tolist()) == (["i3"], [4.0])


@pytest.fixture
def command(sqlite_url, monkeypatch, capsys):
    monkeypatch.setenv("CONSILIUM_DATABASE_URL", sqlite_url)

    def call(*words):
        code = cli.main(list(words))
        said = capsys.readouterr()
        return code, said.out + said.err

    return call


def test_the_terminal_makes_and_assigns_a_study(command, tmp_path):
    people = tmp_path / "raters.csv"
    people.write_text("rater,group,specialties,cap\nC01,,cardiology; oncology,\nC02,,oncology,30\n")
    assert "no study yet" in command("studies")[1]
    assert "Its 23 items come from the taxonomy" in command("new", "s", "--protocol", "taxonomy-survey")[1]
    code, said = command("assign", "s", "--raters", str(people), "--dry-run")
    assert (code, "Nothing was written" in said) == (0, True)
    assert "Forms per rater: 23, about 0.2 hours each" in said
    assert "Written: 46 forms" in command("assign", "s", "--raters", str(people))[1]
    assert "23 items, 2 clinicians" in command("studies")[1]
    assert command("adjudicate", "s", "--rater", "Z")[0] == 0


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("new", "s", "--protocol", "medhlm"), "shipped are: "),
        (("new", "s", "--protocol", "FILE"), "bad.yaml line 1: the protocol has no 'questions'"),
        (("assign", "nope", "--raters", "A"), "There is no study 'nope'"),
    ],
)
def test_what_is_wrong_is_said_with_exit_code_2(command, tmp_path, words, expected):
    (tmp_path / "bad.yaml").write_text("protocol: x\ntitle: X\nunit: output\n")
    words = [str(tmp_path / "bad.yaml") if word == "FILE" else word for word in words]
    code, said = command(*words)
    assert code == 2
    assert expected in said


def test_a_study_can_bring_its_own_taxonomy_and_its_own_tasks(command, tmp_path, sqlite_url):
    (tmp_path / "wards.yaml").write_text(
        "taxonomy: wards\ntitle: W\ncategories:\n"
        "- name: Surgery\n  subcategories: [{name: Hand}, {name: Foot}]\n"
    )
    (tmp_path / "tasks.csv").write_text("subcategory,task\nhand,Suture\n")
    own = ("--taxonomy", str(tmp_path / "wards.yaml"), "--tasks", str(tmp_path / "tasks.csv"))
    assert command("new", "s", "--protocol", "taxonomy-review", *own)[0] == 0
    from data.store import Store

    opened = Store(sqlite_url)
    with opened.reading() as session:
        study = studies.named(session, name="s")
        found = taxonomy_of(parse(studies.latest_protocol(session, study_id=study.id).text))
    opened.close()
    assert found.names("subcategory") == ("Hand", "Foot")
    assert found.names("task") == ("Suture",)
    (tmp_path / "tasks.csv").write_text("subcategory,task\nElbow,Suture\nHand,\n")
    code, said = command("new", "t", "--protocol", "taxonomy-review", *own)
    assert code == 2
    assert said.splitlines() == [
        "tasks.csv line 2: 'Elbow' is not a subcategory of 'wards'.",
        "tasks.csv line 3: the column 'task' is empty; write its name.",
    ]
