"""What a checklist is told of how ratings came about: of those given here, and of those that were brought."""

from annotate.answers import rows
from annotate.assignment import Assignment
from annotate.item import Item, Output
from annotate.rating import Rating
from data.shipped import protocol
from data.store import assignments, items, ratings, room, studies
from data.store import raters as people
from verbs import new
from verbs.procedure import procedure

FORM = {key: {"value": "4"} for key in ("accuracy", "completeness", "clarity")}


def test_only_what_was_rated_here_is_vouched_for(store):
    wanted = protocol("medhelm")
    new.create(store, name="ward", wanted=wanted, who="lead", seed=7)
    with store.writing() as session:
        study = studies.named(session, name="ward")
        there = [Item(key, (Output("text", "model"),)) for key in ("i1", "i2")]
        items.add(session, study_id=study.id, items=there)
        for name in ("C01", "C02"):
            people.add(session, study_id=study.id, key=name, kind="clinician")
        brought = [Rating("i1", "C01", key, "3", 3.0) for key in FORM]
        ratings.append(session, study_id=study.id, ratings=brought)
        assert procedure(session, study, wanted) == {}

        form = Assignment("i2", "C02")
        assignments.add(session, study_id=study.id, assignments=[form], who="lead")
        [one] = assignments.standings(session, rater_id=2)
        version = studies.latest_protocol(session, study_id=study.id)
        room.submit(
            session,
            assignment=assignments.one(session, assignment_id=one.assignment_id),
            protocol_version_id=version.id,
            key="k-12345678",
            form=FORM,
            rows=rows(wanted, there[1], FORM, form),
        )
        told = procedure(session, study, wanted)
    assert set(told) == {"sampling", "training", "blinding", "independence", "instructions"}
    assert told["training"] == ("no training round; how 3 ratings came about that were imported is not known")
    assert "(seed 7)" in told["sampling"]
