"""Adjudication: the items that raters disagree about go to one more rater, who sees no answer of theirs."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

import pandas as pd

from annotate.adjudication import Said, adjudication, disagreements
from annotate.assignment import Assignment
from annotate.fault import Fault
from data.store import Store, assignments, audit, items, open_store, raters, studies
from data.store.frame import ratings_frame
from verbs.protocol import current_protocol
from verbs.terminal import user


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `consilium adjudicate` takes."""
    parser.add_argument("study", metavar="STUDY")
    parser.add_argument("--rater", required=True, metavar="A01", help="who settles what they disagree about")
    parser.add_argument(
        "--apart",
        type=float,
        help="points apart that count on an interval scale; else what the protocol says",
    )
    parser.add_argument("--dry-run", action="store_true", help="list the disagreements, write nothing")


def run(args: argparse.Namespace) -> int:
    """List the disagreements and hand them out."""
    store = open_store()
    found = disputed(store, study=args.study, apart=args.apart)
    for item, questions in found.items():
        print(f"{item}: {', '.join(questions)}")
    if args.dry_run or not found:
        print(f"{len(found)} items with a disagreement. Nothing was written.")
        return 0
    count = hand_out(store, study=args.study, rater=args.rater, apart=args.apart, who=user())
    print(f"{len(found)} items with a disagreement; {count} forms for {args.rater}, in a round of their own.")
    return 0


def disputed(store: Store, *, study: str, apart: float | None = None) -> dict[str, tuple[str, ...]]:
    """Return the questions that clinicians currently disagree about, by item, in the items' order."""
    with store.reading() as session:
        row = studies.named(session, name=study)
        frame = ratings_frame(session, study_id=row.id, kinds=("clinician",), words=("value",))
        keys = list(items.ids_by_key(session, study_id=row.id))
    found = disagreements(current_protocol(store, study_id=row.id), said_in(frame), apart=apart)
    return {key: found[key] for key in keys if key in found}


def compared(store: Store, *, study: str) -> int:
    """Return how many items at least two clinicians have answered something about."""
    with store.reading() as session:
        row = studies.named(session, name=study)
        assert row.id is not None
        frame = ratings_frame(session, study_id=row.id, kinds=("clinician",), words=())
    answered = frame[(frame["status"] == "answered") & (frame["occasion"] == 1)]
    return int(answered.groupby("item", observed=True)["rater"].nunique().ge(2).sum())


def unsettled(store: Store, *, study: str) -> list[str]:
    """Return the items in dispute, by the protocol's own measure, that nobody has been given to settle."""
    with store.reading() as session:
        row = studies.named(session, name=study)
        given = _given(assignments.in_study(session, study_id=row.id))
    return [item for item in disputed(store, study=study) if item not in given]


def _given(forms: Iterable[Assignment]) -> set[str]:
    return {form.item for form in forms if form.round == "adjudication"}


def hand_out(store: Store, *, study: str, rater: str, who: str, apart: float | None = None) -> int:
    """Write the adjudicator's forms; return how many. What raters said stays as it is, beside them."""
    found = disputed(store, study=study, apart=apart)
    with store.reading() as session:
        row = studies.named(session, name=study)
        everything = items.in_study(session, study_id=row.id)
        before = assignments.in_study(session, study_id=row.id)
    protocol = current_protocol(store, study_id=row.id)
    given = _given(before)
    wanted = [item for item in everything if item.key in found and item.key not in given]
    forms = adjudication(protocol, wanted, before, rater, seed=row.seed + len(before))
    if wanted and not forms:
        raise Fault(f"{rater} has rated every item in dispute; name somebody who has not.")
    with store.writing() as session:
        raters.add(session, study_id=row.id, key=rater, kind="clinician")
        count = assignments.add(session, study_id=row.id, assignments=forms, who=who)
        after = {"apart": protocol.design.apart if apart is None else apart}
        audit.record(session, study_id=row.id, who=who, action="adjudication", subject=rater, after=after)
    return count


def said_in(frame: pd.DataFrame) -> list[Said]:
    """Return what was answered on the first occasion, as a disagreement is judged by it."""
    answered = frame[(frame["status"] == "answered") & (frame["occasion"] == 1)]
    columns = (answered[name] for name in ("item", "question", "part", "rater", "value", "number", "step"))
    return [
        Said(item, question, f"{step}/{part}", rater, value, None if pd.isna(number) else float(number))
        for item, question, part, rater, value, number, step in zip(*columns, strict=True)
    ]
