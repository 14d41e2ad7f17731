"""A study of any unit, with every kind of question and rater, goes out as an export and comes back equal."""

import json
import random

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from annotate.answers import rows
from annotate.assignment import Assignment, slots
from annotate.fault import Fault
from annotate.item import Criterion, Item, Output
from annotate.protocol import Design, Protocol, Training
from annotate.protocol_file import write
from annotate.question import QUESTION_KINDS, Question
from annotate.rating import Rating
from annotate.scale import Scale, likert
from annotate.sentences import sentences
from annotate.shown import asked, shown_outputs
from data.formats.whole import write_export
from data.shipped import taxonomy
from data.store import Store, assignments, items, raters, ratings, room, studies
from verbs import assign
from verbs.bring import bring
from verbs.export import study_files
from verbs.incoming import read_incoming
from verbs.protocol import protocol_of

LIKERT = likert("bad", "fair", "good")
NOMINAL = Scale("nominal", LIKERT.points)
WORSE = Scale("ordinal", likert("minor", "major").points)
TEXT = "Take aspirin 🩺 daily. Avoid «naïve» dosing, said\nDr. O'Neil."
KINDS = {
    "output": ("scale", "choice", "multi", "number", "spans", "sentences", "checklist", "text"),
    "conversation": ("scale", "multi", "checklist", "text"),
    "pair": ("scale", "choice", "ranking"),
    "set": ("number", "ranking", "scale"),
    "item": ("placement", "choice", "text"),
}
COUNT = {"output": 1, "conversation": 1, "pair": 2, "set": 3, "item": 0}
CLINICIANS = ("C01", "C02", "Ärztin, 3")


def question(kind, unit, dice):
    many = COUNT[unit] > 1
    return Question(
        f"q-{kind}",
        f'What about "{kind}"?',
        kind,
        {"scale": LIKERT, "choice": NOMINAL, "multi": NOMINAL, "spans": NOMINAL, "sentences": LIKERT}.get(
            kind, Scale("interval", low=-1, high=10) if kind == "number" else None
        ),
        per_output=many and kind == "number",
        required=dice.random() < 0.7,
        compares=unit == "pair" and kind == "scale",
        severities=WORSE if kind in ("spans", "sentences") else None,
        omissions=kind == "spans",
        ties=kind == "ranking" and unit == "set",
        confidence=kind == "scale",
        level="subcategory",
    )


def protocol(unit, dice):
    steps = ("before", "after") if unit == "output" and dice.random() < 0.5 else ()
    design = Design(
        crossing=dice.choice(["full", "per-item"]),
        repeats=dice.choice([0.0, 0.3]) if not steps else 0.0,
        repeat_gap=1,
        arms=("helped", "alone") if steps else (),
        steps=steps,
        adjudicate=True,
    )
    training = Training(("item 0",), 0.5) if dice.random() < 0.5 and not steps else None
    asked_ = tuple(question(kind, unit, dice) for kind in KINDS[unit])
    tree = "medhelm" if unit == "item" else ""
    return Protocol(
        "trip", "Trip", unit, asked_, design, training=training, taxonomy=tree, consent="I agree."
    )


def thing(number, unit, wanted):
    keys = wanted.design.arms or ("a", "b", "c")[: COUNT[unit]]
    place = dict(zip(("category", "subcategory"), _place(number), strict=True))
    return Item(
        f"item {number}",
        tuple(Output(f"{TEXT} ({key})", f"system {key}", key) for key in keys),
        source='A "source"; with, marks',
        criteria=(Criterion("c1", "Asks", 2.0), Criterion("c2", "Harms", -1.0, True)),
        case=f"case {number // 2}",
        strata={"ward": "ICU" if number % 2 else "ED"},
        **place,
    )


def _place(number):
    found = list(taxonomy("medhelm").subcategories())[number]
    return found[0].name, found[1].name


def answer(question, outputs, item, dice):
    """What a clinician may send for a question."""
    if question.unable and dice.random() < 0.15:
        return {"unable": question.unable[0], "comment": '=not, "mine"'}
    points = [point.value for point in question.scale.points] if question.scale else []
    text = outputs[0].text if outputs else ""
    letters = list(slots(tuple(output.key for output in outputs)))
    said = {
        "scale": lambda: dice.choice(points),
        "choice": lambda: dice.choice(points),
        "multi": lambda: sorted(dice.sample(points, dice.randint(0, 3))),
        "number": lambda: round(dice.uniform(-1, 10), 3),
        "ranking": lambda: [[letter] for letter in dice.sample(letters, len(letters))],
        "spans": lambda: [
            {"start": 13, "end": 14, "quote": text[13:14], "label": "2", "severity": "1"},
            {"missing": "Dose; unit", "label": "1", "severity": "2"},
        ],
        "sentences": lambda: [
            {"value": "2", "severity": "1"} if n else {"value": "1"} for n in range(len(sentences(text)))
        ],
        "checklist": lambda: {criterion.key: dice.choice(["met", "not met"]) for criterion in item.criteria},
        "placement": lambda: dice.choice(
            [
                {"verdict": "confirm"},
                {"verdict": "none", "name": "New, place"},
                {"verdict": "move", "place": _place(9)[1]},
            ]
        ),
        "text": lambda: 'Free "text",\nwith; marks 🫁',
    }[question.kind]()
    return {"value": said, "comment": dice.choice(["", 'a, b\n"c"'])} | (
        {"confidence": "low"} if question.confidence else {}
    )


def form(wanted, item, where, dice):
    """A complete form."""
    outputs = shown_outputs(wanted, item, where)
    found = {}
    for each in asked(wanted, item, where):
        for letter in slots(tuple(output.key for output in outputs)) if each.per_output else ("",):
            key = f"{each.key}@{letter}" if letter else each.key
            if each.required or dice.random() < 0.7:
                found[key] = answer(each, outputs, item, dice)
    return found


def fill(store, study_id, wanted, dice):
    """Clinicians fill some of their forms, by the code behind the pages."""
    places = taxonomy("medhelm") if wanted.taxonomy else None
    with store.writing() as session:
        version = studies.latest_protocol(session, study_id=study_id).id
        known = {item.key: item for item in items.in_study(session, study_id=study_id)}
        for number, one in enumerate(assignments.forms(session, study_id=study_id)):
            if one.submitted or dice.random() < 0.4:
                continue
            where, item = one.assignment, known[one.assignment.item]
            sent = form(wanted, item, where, dice)
            room.submit(
                session,
                assignment=assignments.one(session, assignment_id=one.assignment_id),
                protocol_version_id=version,
                key=f"key {study_id} {number} {dice.random()}",
                form=sent,
                rows=rows(wanted, item, sent, where, taxonomy=places),
            )


def machines(store, study_id, wanted, dice):
    """A jury with repeats and failures, and a metric on a question of its own."""
    scored = [each for each in wanted.questions if each.kind in ("scale", "choice") and not each.per_output]
    with store.writing() as session:
        identity = {"model": "m", "temperature": 0, "template": "Judge {output}"}
        raters.add(session, study_id=study_id, key="juror@1", kind="juror", family="f", identity=identity)
        raters.add(session, study_id=study_id, key="rouge-l@2", kind="metric", identity={"stem": True})
        said = []
        for item in items.in_study(session, study_id=study_id):
            said.append(Rating(item.key, "rouge-l@2", "rouge-l", repr(x := dice.random()), x))
            for occasion in (1, 2):
                for each in scored:
                    why = {"status": "failed", "reason": 'cut off at "4'}
                    value = dice.choice(["1", "2", "3"])
                    done = Rating(item.key, "juror@1", each.key, value, float(value), occasion=occasion)
                    said.append(done if occasion == 1 else _lost(item.key, each.key, occasion, why))
        ratings.append(session, study_id=study_id, ratings=said)


def _lost(item, asked_, occasion, why):
    return Rating(item, "juror@1", asked_, None, occasion=occasion, comment="raw; reply", **why)


def made(store, unit, dice, name):
    """A study that has lived: designed, rated, changed, left by one, judged, measured, adjudicated."""
    wanted = protocol(unit, dice)
    with store.writing() as session:
        number = studies.create(
            session, name=name, title="T", protocol_text=write(wanted), who="lead", seed=7
        ).id
        items.add(session, study_id=number, items=[thing(n, unit, wanted) for n in range(5)])
        for key in CLINICIANS:
            raters.add(session, study_id=number, key=key, kind="clinician", specialty="surgery; night")
    assign.keep(store, study=name, people=(), drawn=assign.draw(store, study=name, people=()), who="lead")
    fill(store, number, wanted, dice)
    if wanted.design.crossing == "per-item" and not wanted.training:
        try:
            gone = assign.redraw(store, study=name, people=(), leaving=["C02"])
        except Fault:
            gone = None  # nothing that she left open
        if gone:
            assign.keep(store, study=name, people=(), drawn=gone, who="lead", reason="moved away")
            fill(store, number, wanted, dice)
    with store.writing() as session:
        raters.add(session, study_id=number, key="A01", kind="clinician")
        step = wanted.design.steps[-1] if wanted.design.steps else ""
        arm = wanted.design.arms[0] if wanted.design.arms else ""
        order = tuple(output.key for output in thing(1, unit, wanted).outputs)
        settled = [Assignment("item 1", "A01", round="adjudication", output_order=order, step=step, arm=arm)]
        assignments.add(session, study_id=number, assignments=settled, who="lead")
    fill(store, number, wanted, dice)
    machines(store, number, wanted, dice)
    return number


def essence(store, study_id):
    """All that two studies must share to be equal."""
    files = study_files(store, study_id=study_id)
    gone = {row["supersedes"] for row in files.history}
    apart = ("id", "supersedes", "hash")
    said = [
        {k: v for k, v in row.items() if k not in apart} for row in files.history if row["id"] not in gone
    ]
    with store.reading() as session:
        forms = [(one.assignment, one.submitted) for one in assignments.forms(session, study_id=study_id)]
        people = [
            (r.key, r.kind, r.specialty, r.family, json.dumps(r.identity, sort_keys=True), r.left_at)
            for r in raters.in_study(session, study_id=study_id, kinds=("clinician", "juror", "metric"))
        ]
        drafts = {
            (
                one.assignment.item,
                one.assignment.rater,
                one.assignment.occasion,
                one.assignment.step,
                one.assignment.round,
            ): dict(draft.form)
            for one in assignments.forms(session, study_id=study_id)
            if (draft := room.draft(session, assignment_id=one.assignment_id))
        }
    return {
        "items": list(files.items),
        "people": sorted(people),
        "said": sorted(said, key=repr),
        "forms": sorted(forms, key=repr),
        "drafts": drafts,
        "protocol": files.protocol_texts[-1],
    }


def back(store, folder, name):
    """Read an export into a study of its own protocol."""
    with store.writing() as session:
        text = (folder / "protocol.yaml").read_bytes().decode()
        number = studies.create(session, name=name, title="T", protocol_text=text, who="lead").id
    with store.reading() as session:
        wanted = protocol_of(session, study_id=number)
    for _ in range(2):  # twice is once
        last = bring(store, study_id=number, incoming=read_incoming([folder], wanted), who="lead")
    assert str(last).startswith("Nothing new")
    return number


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(seed=st.integers(0, 10**6))
@pytest.mark.parametrize("unit", list(COUNT))
def test_a_study_of_any_unit_goes_out_and_comes_back_equal(migrated_sqlite, tmp_path_factory, unit, seed):
    place = tmp_path_factory.mktemp("trip")
    (place / "x.db").write_bytes(migrated_sqlite.read_bytes())
    store = Store(f"sqlite:///{place / 'x.db'}")
    number = made(store, unit, random.Random(seed), "first")
    write_export(study_files(store, study_id=number), place / "out", also=("jsonl",), wide=True, fhir=True)
    again = back(store, place / "out", "second")
    before, after = essence(store, number), essence(store, again)
    for name in before:
        assert after[name] == before[name], name
    store.close()


def test_the_units_above_ask_every_kind_of_question():
    assert {kind for kinds in KINDS.values() for kind in kinds} == set(QUESTION_KINDS)


def test_generated_studies_hold_what_they_are_to_prove(migrated_sqlite, tmp_path):
    """Over a few seeds there are drop-outs, repeats, arms, training, adjudication, machines and gaps."""
    seen = set()
    for seed in range(8):
        (tmp_path / f"{seed}.db").write_bytes(migrated_sqlite.read_bytes())
        store = Store(f"sqlite:///{tmp_path / f'{seed}.db'}")
        told = essence(store, made(store, "output", random.Random(seed), "first"))
        seen |= {"left" for person in told["people"] if person[-1]}
        seen |= {person[1] for person in told["people"]}
        for row in told["said"]:
            seen |= {row["status"], row["round"], f"occasion {row['occasion']}", row["question"]}
        seen |= {form.arm for form, _ in told["forms"]} | {f"done {done}" for _, done in told["forms"]}
        store.close()
    wanted = {"left", "juror", "metric", "unable", "failed", "skipped", "main", "training", "adjudication"}
    wanted |= {"occasion 2", "helped", "alone", "done True", "done False", "q-sentences.severity", "rouge-l"}
    assert wanted <= seen
