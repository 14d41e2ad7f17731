"""Forms as they stand, drafts and filled ones: taken away with a study, and put back into its copy."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from data.store import items, raters, studies
from data.tables import Assignment, Draft, Submission

SLOT = ("item", "rater", "occasion", "round", "step")
Slot = tuple[str, str, int, str, str]


def forms(session: Session, *, study_id: int) -> list[dict[str, Any]]:
    """Return every form that somebody has begun: whose it is, what it says, when it was submitted."""
    begun = []
    slots = _slots(session, study_id)
    drafts = {d.assignment_id: d for d in session.exec(select(Draft).where(_mine(Draft, study_id))).all()}
    last: dict[int, Submission] = {}
    every = select(Submission).where(_mine(Submission, study_id)).order_by(col(Submission.id))
    for submission in session.exec(every).all():
        last[submission.assignment_id] = submission
    for number, slot in slots.items():
        draft, done = drafts.get(number), last.get(number)
        if draft or done:
            begun.append(
                dict(zip(SLOT, slot, strict=True))
                | {"form": dict(draft.form) if draft else {}, "changed": draft.changed if draft else False}
                | {"active_seconds": draft.active_seconds if draft else 0.0}
                | {"submitted_at": done.submitted_at.isoformat() if done else ""}
            )
    return begun


def restore(session: Session, *, study_id: int, forms: Sequence[Mapping[str, Any]]) -> int:
    """Put forms back where the study has them and nobody has begun them; return how many."""
    version = studies.latest_protocol(session, study_id=study_id)
    assert version is not None
    open_ = {slot: number for number, slot in _slots(session, study_id).items()}
    begun = set(session.exec(select(Draft.assignment_id).where(_mine(Draft, study_id))))
    begun |= set(session.exec(select(Submission.assignment_id).where(_mine(Submission, study_id))))
    put = 0
    for form in forms:
        slot = (form["item"], form["rater"], form["occasion"], form["round"], form["step"])
        number = open_.get(slot)
        if number is not None and number not in begun:
            session.add_all(_rows(form, slot, number, study_id, version.id))
            put += 1
    session.flush()
    return put


def _rows(
    form: Mapping[str, Any], slot: Slot, number: int, study_id: int, version_id: int
) -> list[Draft | Submission]:
    seconds = float(form["active_seconds"])
    made: list[Draft | Submission] = [
        Draft(
            assignment_id=number,
            revision=1,
            form=dict(form["form"]),
            changed=bool(form["changed"]),
            active_seconds=seconds,
        )
    ]
    if form["submitted_at"]:
        name = hashlib.sha256(repr((study_id, *slot)).encode()).hexdigest()[:32]
        made.append(
            Submission(
                assignment_id=number,
                protocol_version_id=version_id,
                key=f"import-{name}",
                active_seconds=seconds,
                submitted_at=datetime.fromisoformat(form["submitted_at"]),
            )
        )
    return made


def _mine(table: type[Draft] | type[Submission], study_id: int) -> Any:
    of_study = select(Assignment.id).where(Assignment.study_id == study_id)
    return col(table.assignment_id).in_(of_study)


def _slots(session: Session, study_id: int) -> dict[int, Slot]:
    """Each assignment that stands, by its number."""
    item_keys = {number: key for key, number in items.ids_by_key(session, study_id=study_id).items()}
    rater_keys = {number: key for key, number in raters.ids_by_key(session, study_id=study_id).items()}
    mine = select(Assignment).where(Assignment.study_id == study_id, col(Assignment.withdrawn_at).is_(None))
    return {
        row.id: (item_keys[row.item_id], rater_keys[row.rater_id], row.occasion, row.round, row.step)
        for row in session.exec(mine.order_by(col(Assignment.id))).all()
    }
