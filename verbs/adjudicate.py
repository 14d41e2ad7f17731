"""Adjudication: the items that raters disagree about go to one more rater, who sees no answer of theirs."""

from __future__ import annotations

import argparse

import pandas as pd

from annotate.adjudication import Said, adjudication, disagreements
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
        "--apart", type=float, default=2.0, help="points apart that count on an interval scale; 2 by default"
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


def disputed(store: Store, *, study: str, apart: float = 2.0) -> dict[str, tuple[str, ...]]:
    """Return the questions that clinicians currently disagree about, by item, in the items' order."""
    with store.reading() as session:
        row = studies.named(session, name=study)
        frame = ratings_frame(session, study_id=row.id, kinds=("clinician",), words=("value",))
        keys = list(items.ids_by_key(session, study_id=row.id))
    found = disagreements(current_protocol(store, study_id=row.id), _said(frame), apart=apart)
    return {key: found[key] for key in keys if key in found}


def hand_out(store: Store, *, study: str, rater: str, who: str, apart: float = 2.0) -> int:
    """Write the adjudicator's forms; return how many. What raters said stays as it is, beside them."""
    found = disputed(store, study=study, apart=apart)
    with store.reading() as session:
        row = studies.named(session, name=study)
        everything = items.in_study(session, study_id=row.id)
        before = assignments.in_study(session, study_id=row.id)
    protocol = current_protocol(store, study_id=row.id)
    settled = {form.item for form in before if form.round == "adjudication"}
    wanted = [item for item in everything if item.key in found and item.key not in settled]
    forms = adjudication(protocol, wanted, before, rater, seed=row.seed + len(before))
    if wanted and not forms:
        raise Fault(f"{rater} has rated every item in dispute; name somebody who has not.")
    with store.writing() as session:
        raters.add(session, study_id=row.id, key=rater, kind="clinician")
        count = assignments.add(session, study_id=row.id, assignments=forms, who=who)
        audit.record(
            session, study_id=row.id, who=who, action="adjudication", subject=rater, after={"apart": apart}
        )
    return count


def _said(frame: pd.DataFrame) -> list[Said]:
    answered = frame[(frame["status"] == "answered") & (frame["occasion"] == 1)]
    columns = (answered[name] for name in ("item", "question", "part", "rater", "value", "number", "step"))
    return [
        Said(item, question, f"{step}/{part}", rater, value, None if pd.isna(number) else float(number))
        for item, question, part, rater, value, number, step in zip(*columns, strict=True)
    ]
