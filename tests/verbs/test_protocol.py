"""A study's protocol is shown, checked and changed; what ratings stand on cannot be changed under them."""

from dataclasses import replace

import pytest

import cli
from annotate.fault import Fault
from annotate.item import Item, Output
from annotate.protocol_file import parse, version
from annotate.rating import Rating
from annotate.scale import likert
from data.shipped import protocol, protocol_text, taxonomy
from data.store import items, raters, ratings, studies
from verbs import coverage, new
from verbs import protocol as verb


@pytest.fixture
def ward(store):
    new.create(store, name="ward", wanted=protocol("medhelm"), who="lead", seed=7)
    with store.writing() as session:
        study = studies.named(session, name="ward")
        places = [
            ("i1", "Patient Provider Messaging", ""),
            ("i2", "", "aci_bench"),
            ("i3", "Cooking", ""),
            ("i4", "", ""),
        ]
        texts = [
            Item(key, (Output("text"),), subcategory=place, benchmark=benchmark)
            for key, place, benchmark in places
        ]
        items.add(session, study_id=study.id, items=texts)
        raters.add(session, study_id=study.id, key="C01", kind="clinician")
    return study.id


def test_a_change_is_a_version_that_says_what_it_changed_and_no_change_is_none(store, ward):
    old = protocol("medhelm")
    assert verb.change(store, study="ward", wanted=old, who="lead") == ()
    said = verb.change(store, study="ward", wanted=replace(old, title="Ours"), who="lead")
    assert said == (f"title: {old.title!r} became 'Ours'.",)
    found = verb.versions(store, study="ward")
    assert [(one.number, one.changes) for one in found] == [(1, ()), (2, said)]
    assert found[0].sha256 == version(old)


def test_once_there_are_ratings_words_may_change_but_not_what_answers_stand_on(store, ward):
    old = protocol("medhelm")
    first, *rest = old.questions
    other = replace(old, questions=(replace(first, scale=likert("bad", "good")), *rest))
    assert verb.would_change(store, study="ward", wanted=other)
    with store.writing() as session:
        ratings.append(session, study_id=ward, ratings=[Rating("i1", "C01", "accuracy", "4", 4.0)])
    with pytest.raises(Fault, match="'accuracy' has ratings on another scale"):
        verb.change(store, study="ward", wanted=other, who="lead")
    with pytest.raises(Fault, match="'output' cannot become 'item'"):
        verb.change(store, study="ward", wanted=replace(old, unit="item"), who="lead")
    worded = replace(old, questions=(replace(first, text="Right?"), *rest))
    assert verb.change(store, study="ward", wanted=worded, who="lead")
    renamed = replace(
        old, questions=(replace(other.questions[0], key="right"), *rest), composite=(), summary=()
    )
    assert verb.change(store, study="ward", wanted=renamed, who="lead")


def test_the_cover_counts_other_spellings_and_benchmarks_and_names_what_lies_outside(store, ward):
    found = coverage.study_coverage(store, study="ward")
    assert {row.subcategory for row in found.rows if row.items} == {
        "Patient-Provider Messaging",
        "Documenting Patient Visits",
    }
    assert (found.unknown, found.unplaced) == ((("Cooking", 1),), 1)
    assert len(found.rows) == len(taxonomy().names("subcategory"))


@pytest.fixture
def command(sqlite_url, monkeypatch, capsys):
    monkeypatch.setenv("CONSILIUM_DATABASE_URL", sqlite_url)

    def call(*words):
        code = cli.main(list(words))
        said = capsys.readouterr()
        return code, said.out + said.err

    return call


def test_the_terminal_shows_checks_changes_and_lists(command, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(protocol_text("medhelm").replace("minutes: 4", "minutes: 5"))
    assert parse(command("protocol", "show", "medhelm")[1]) == protocol("medhelm")
    assert "Nothing is wrong." in command("protocol", "check", str(file))[1]
    command("new", "s", "--protocol", "medhelm")
    assert "Nothing was written" in command("protocol", "change", "s", str(file), "--dry-run")[1]
    assert command("protocol", "change", "s", str(file)) == (0, "design, minutes: 4 became 5.\n")
    assert "Nothing changes." in command("protocol", "change", "s", str(file))[1]
    assert "version 2" in command("protocol", "versions", "s")[1]
    assert parse(command("protocol", "show", "s")[1]).design.minutes == 5
    assert "0 of 22 subcategories" in command("coverage", "s")[1]
    assert command("summary", "s")[0] == 0
    file.write_text("protocol: x\n")
    code, said = command("protocol", "check", str(file))
    assert (code, "mine.yaml line 1" in said) == (2, True)
