"""The demo study: synthetic, plainly marked so, and made so that its truth is known."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from sqlmodel import Session

from annotate.assignment import Assignment
from annotate.item import Item
from annotate.metrics.grading import Unkept, grade
from annotate.metrics.registry import metrics
from annotate.rating import Rating, unanswered
from data.demo import scores, texts
from data.shipped import protocol_text
from data.store import Store, assignments, items, ratings, room, studies
from data.store import raters as raters_store

SEED = 7
SYSTEMS = ("demo-model-a", "demo-model-b")
ITEMS = 180
RULES = {
    "juror-good": {"rule": "quality and a little noise"},
    "juror-lenient": {"rule": "nearly a point too kind"},
    scores.CONSTANT: {"rule": "5 whatever it reads", "baseline": "constant"},
}
OPEN = {"C01": 6, "C02": 6}
"""How many of their 60 items these clinicians have left for whoever tries the demo."""


def make(store: Store, *, name: str) -> None:
    """Make the demo study in one transaction, unless it is there."""
    from faker import Faker

    rng = np.random.default_rng(SEED)
    faker = Faker("en_US")
    faker.seed_instance(SEED)
    quality = scores.latent(rng, ITEMS)
    cases = texts.items(rng, faker, quality, SYSTEMS)
    said = scores.everyone(rng, quality)
    design = designed(rng, [item.key for item in cases])
    with store.writing() as session:
        if studies.find(session, name=name):
            return
        study = studies.create(
            session,
            name=name,
            title="Demo: how good are these drafts? (synthetic)",
            protocol_text=protocol_text("medhelm"),
            who="demo",
            seed=SEED,
            demo=True,
        )
        items.add(session, study_id=study.id, items=cases)
        _add_raters(session, study.id)
        assignments.add(session, study_id=study.id, assignments=design, who="demo")
        studies.set_status(session, study_id=study.id, status="running", who="demo")
        _jurors_rate(session, study.id, cases, said)
        _metric_rates(session, study.id, cases)
        _clinicians_rate(session, study.id, cases, said, rng)


def designed(rng: np.random.Generator, keys: list[str]) -> list[Assignment]:
    """Return two clinicians an item: every pair of the six shares twelve of the 180 items."""
    pairs = list(combinations(scores.SEVERITIES, 2))
    order = rng.permutation(len(keys))
    mine: dict[str, list[str]] = {rater: [] for rater in scores.SEVERITIES}
    for n, place in enumerate(order):
        for rater in pairs[n % len(pairs)]:
            mine[rater].append(keys[int(place)])
    rows = []
    for rater, its in mine.items():
        shuffled = [its[int(n)] for n in rng.permutation(len(its))]
        rows += [Assignment(key, rater, place=place) for place, key in enumerate(shuffled, 1)]
    return rows


def _add_raters(session: Session, study_id: int) -> None:
    specialties = ("internal medicine", "general practice", "emergency medicine")
    for n, key in enumerate(scores.SEVERITIES):
        raters_store.add(
            session, study_id=study_id, key=key, kind="clinician", specialty=specialties[n % len(specialties)]
        )
    for juror in (*scores.JURORS, scores.CONSTANT):
        raters_store.add(
            session, study_id=study_id, key=juror, kind="juror", identity={"demo": True, **RULES[juror]}
        )


def _jurors_rate(session: Session, study_id: int, cases: list[Item], said: dict[str, scores.Array]) -> None:
    rows = [
        Rating(item.key, juror, question, f"{said[juror][n, q]:.0f}", float(said[juror][n, q]))
        for juror in (*scores.JURORS, scores.CONSTANT)
        for n, item in enumerate(cases)
        for q, question in enumerate(scores.QUESTIONS)
    ]
    ratings.append(session, study_id=study_id, ratings=rows)


def _metric_rates(session: Session, study_id: int, cases: list[Item]) -> None:
    """ROUGE-L's F by our own metric, as MedHELM reports it."""
    (rouge,) = metrics(["rouge-l"])
    f = rouge.raters[rouge.measures.index("f")]
    raters_store.add(session, study_id=study_id, key=f, kind="metric", identity=rouge.identities()[f])
    rows = [rating for rating in grade(cases, [rouge], Unkept()) if rating.rater == f]
    ratings.append(session, study_id=study_id, ratings=rows)


def _clinicians_rate(
    session: Session,
    study_id: int,
    cases: list[Item],
    said: dict[str, scores.Array],
    rng: np.random.Generator,
) -> None:
    """Submit what each clinician has done so far by the way that the pages do it."""
    position = {item.key: n for n, item in enumerate(cases)}
    version = studies.latest_protocol(session, study_id=study_id)
    assert version is not None
    for rater in raters_store.in_study(session, study_id=study_id, kinds=("clinician",)):
        standings = assignments.standings(session, rater_id=rater.id)
        for standing in standings[: len(standings) - OPEN.get(rater.key, 0)]:
            form = _form(said[rater.key][position[standing.item]], rng)
            assignment = assignments.one(session, assignment_id=standing.assignment_id)
            assert assignment is not None
            room.submit(
                session,
                assignment=assignment,
                protocol_version_id=version.id,
                key=f"demo-{rater.key}-{standing.item}",
                form=form,
                rows=[_rating(standing.item, rater.key, question, told) for question, told in form.items()],
            )


def _form(values: scores.Array, rng: np.random.Generator) -> dict[str, dict[str, str]]:
    """Return a filled form, as a page sends it."""
    form = {
        question: {"value": f"{value:.0f}"} for question, value in zip(scores.QUESTIONS, values, strict=True)
    }
    if rng.random() < scores.UNABLE_SHARE * len(scores.QUESTIONS):
        form[str(rng.choice(scores.QUESTIONS))] = {"unable": "source insufficient"}
    return form


def _rating(item: str, rater: str, question: str, told: dict[str, str]) -> Rating:
    if "unable" in told:
        return unanswered(item, rater, question, status="unable", reason=told["unable"])
    return Rating(item, rater, question, told["value"], float(told["value"]))
