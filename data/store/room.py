"""What a rater writes: drafts that change with every click, submissions that stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, text, update
from sqlmodel import Session, col, select

from annotate.rating import Rating
from data.store import ratings
from data.tables import Assignment, Draft, Submission
from data.tables.column import now


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save: the draft's revision now, or a conflict with a newer one."""

    revision: int
    form: Mapping[str, Any]
    conflict: bool = False


def draft(session: Session, *, assignment_id: int) -> Draft | None:
    """Return what is written so far on an assignment."""
    return session.exec(select(Draft).where(Draft.assignment_id == assignment_id)).first()


def save_draft(
    session: Session,
    *,
    assignment_id: int,
    revision: int,
    form: Mapping[str, Any],
    active_seconds: float = 0.0,
) -> Saved:
    """Keep a form that was made from draft `revision` (0: from nothing).

    Where another tab has saved since, nothing is changed and the newer draft comes back.
    `active_seconds` is what was spent since the last save.
    """
    _lock(session, assignment_id)
    newest = draft(session, assignment_id=assignment_id)
    if (newest.revision if newest else 0) != revision:
        return Saved(newest.revision if newest else 0, newest.form if newest else {}, conflict=True)
    if newest is None:
        fresh = {"assignment_id": assignment_id, "revision": 1, "form": dict(form), "changed": True}
        session.execute(insert(Draft), [fresh | {"active_seconds": active_seconds, "saved_at": now()}])
        return Saved(1, form)
    session.execute(
        update(Draft)
        .where(col(Draft.assignment_id) == assignment_id)
        .values(
            revision=revision + 1,
            form=dict(form),
            changed=True,
            active_seconds=newest.active_seconds + active_seconds,
            saved_at=now(),
        )
    )
    return Saved(revision + 1, form)


def pace(session: Session, *, rater_id: int) -> list[float]:
    """Return the active seconds of each item that a rater completed in the main round, where known."""
    query = text(
        "SELECT min(s.active_seconds) FROM submission AS s JOIN assignment AS a ON a.id = s.assignment_id "
        "WHERE a.rater_id = :rater_id AND a.round = 'main' AND s.active_seconds > 0 GROUP BY a.id"
    )
    return [float(row[0]) for row in session.connection().execute(query, {"rater_id": rater_id})]


def submission(session: Session, *, key: str) -> Submission | None:
    """Return the submission that a page's key made, if it did."""
    return session.exec(select(Submission).where(Submission.key == key)).first()


def submit(
    session: Session,
    *,
    assignment: Assignment,
    protocol_version_id: int,
    key: str,
    form: Mapping[str, Any],
    rows: Sequence[Rating],
) -> Submission:
    """Write a completed form: the submission, its ratings, and a draft that matches them.

    The same key again writes nothing and returns what it made the first time.
    """
    assert assignment.id is not None
    ratings.lock_chain(session, assignment.study_id)
    _lock(session, assignment.id)
    before = submission(session, key=key)
    if before is not None:
        return before
    written = draft(session, assignment_id=assignment.id)
    made = Submission(
        assignment_id=assignment.id,
        protocol_version_id=protocol_version_id,
        key=key,
        active_seconds=written.active_seconds if written else 0.0,
    )
    session.add(made)
    session.flush()
    ratings.append(
        session,
        study_id=assignment.study_id,
        ratings=rows,
        submission_id=made.id,
        round=assignment.round,
        step=assignment.step,
    )
    _settle(session, assignment.id, form, written)
    return made


def _lock(session: Session, assignment_id: int) -> None:
    """Let no other tab write this form until the transaction ends (SQLite has one writer)."""
    if session.get_bind().dialect.name == "sqlite":
        return
    session.exec(select(Assignment.id).where(Assignment.id == assignment_id).with_for_update()).one()


def _settle(session: Session, assignment_id: int, form: Mapping[str, Any], written: Draft | None) -> None:
    settled = Draft(
        assignment_id=assignment_id,
        revision=(written.revision if written else 0) + 1,
        form=dict(form),
        changed=False,
        active_seconds=written.active_seconds if written else 0.0,
    )
    session.merge(settled)
