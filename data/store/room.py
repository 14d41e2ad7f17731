"""What a rater writes: drafts that change with every click, submissions that stay.

Every click of every clinician comes through here, so these statements go straight to the driver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Session, col, select

from annotate.rating import Rating
from data.store import ratings
from data.store.assignments import Assigned
from data.store.straight import Statement
from data.tables import Assignment
from data.tables.column import UTCTime, now


@dataclass(frozen=True, slots=True)
class Written:
    """What is written on an assignment so far. `changed`: not (or not all) submitted yet."""

    revision: int
    form: dict[str, Any]
    changed: bool
    active_seconds: float


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save: the draft's revision now, or a conflict with a newer one."""

    revision: int
    form: Mapping[str, Any]
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class Submission:
    """One completed form, as its key brought it."""

    id: int
    assignment_id: int
    active_seconds: float


_DRAFT = Statement(
    "SELECT revision, form, changed, active_seconds FROM draft WHERE assignment_id = :assignment_id",
    reads={1: JSON},
)
_KEEP = Statement(
    "INSERT INTO draft (assignment_id, revision, form, changed, active_seconds, saved_at) "
    "VALUES (:assignment_id, 1, :form, :changed, :active_seconds, :saved_at) "
    "ON CONFLICT (assignment_id) DO UPDATE SET revision = draft.revision + 1, form = excluded.form, "
    "changed = excluded.changed, active_seconds = draft.active_seconds + excluded.active_seconds, "
    "saved_at = excluded.saved_at",
    binds={"form": JSON, "saved_at": UTCTime},
)
_SUBMISSION = Statement("SELECT id, assignment_id, active_seconds FROM submission WHERE key = :key")
_SUBMIT = Statement(
    "INSERT INTO submission (assignment_id, protocol_version_id, key, active_seconds, submitted_at) "
    "VALUES (:assignment_id, :protocol_version_id, :key, :active_seconds, :submitted_at)",
    binds={"submitted_at": UTCTime},
)


def draft(session: Session, *, assignment_id: int) -> Written | None:
    """Return what is written so far on an assignment."""
    row = _DRAFT.first(session, assignment_id=assignment_id)
    return None if row is None else Written(row[0], row[1], bool(row[2]), row[3])


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
    _keep(session, assignment_id, form, changed=True, active_seconds=active_seconds)
    return Saved(revision + 1, form)


def submission(session: Session, *, key: str) -> Submission | None:
    """Return the submission that a page's key made, if it did."""
    row = _SUBMISSION.first(session, key=key)
    return None if row is None else Submission(*row)


def submit(
    session: Session,
    *,
    assignment: Assigned,
    protocol_version_id: int,
    key: str,
    form: Mapping[str, Any],
    rows: Sequence[Rating],
    item_ids: Mapping[str, int] | None = None,
    rater_ids: Mapping[str, int] | None = None,
) -> Submission:
    """Write a completed form: the submission, its ratings, and a draft that matches them.

    The same key again writes nothing and returns what it made the first time.
    """
    ratings.lock_chain(session, assignment.study_id)
    _lock(session, assignment.id)
    before = submission(session, key=key)
    if before is not None:
        return before
    made = _made(session, assignment.id, protocol_version_id, key)
    ratings.append(
        session,
        study_id=assignment.study_id,
        ratings=rows,
        submission_id=made.id,
        round=assignment.round,
        step=assignment.step,
        item_ids=item_ids,
        rater_ids=rater_ids,
    )
    _keep(session, assignment.id, form, changed=False)
    return made


def _made(session: Session, assignment_id: int, protocol_version_id: int, key: str) -> Submission:
    written = draft(session, assignment_id=assignment_id)
    seconds = written.active_seconds if written else 0.0
    _SUBMIT.rows(
        session,
        assignment_id=assignment_id,
        protocol_version_id=protocol_version_id,
        key=key,
        active_seconds=seconds,
        submitted_at=now(),
    )
    made = submission(session, key=key)
    assert made is not None
    return made


def _keep(
    session: Session,
    assignment_id: int,
    form: Mapping[str, Any],
    *,
    changed: bool,
    active_seconds: float = 0.0,
) -> None:
    _KEEP.rows(
        session,
        assignment_id=assignment_id,
        form=dict(form),
        changed=changed,
        active_seconds=active_seconds,
        saved_at=now(),
    )


def _lock(session: Session, assignment_id: int) -> None:
    """Let no other tab write this form until the transaction ends (SQLite has one writer)."""
    if session.get_bind().dialect.name == "sqlite":
        return
    session.exec(select(Assignment.id).where(col(Assignment.id) == assignment_id).with_for_update()).one()
