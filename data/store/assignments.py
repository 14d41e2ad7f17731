"""Who is to rate what: the design as rows, and where each rater stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, func, insert
from sqlmodel import Session, col, select

from annotate.assignment import Assignment, Round
from data.store import audit, items, raters
from data.store.straight import Statement
from data.tables import Assignment as Row
from data.tables import Submission
from data.tables.column import UTCTime, now


class Standing(NamedTuple):
    """One assignment and how far its rater has come with it.

    `active_seconds` is the time that she needed before she first submitted it, where it is known.
    """

    assignment_id: int
    item: str
    occasion: int
    place: int
    round: Round
    step: str
    drafted: bool
    changed: bool
    submitted_at: datetime | None
    active_seconds: float | None

    @property
    def done(self) -> bool:
        """Whether it was ever submitted."""
        return self.submitted_at is not None


@dataclass(frozen=True, slots=True)
class Assigned:
    """One assignment as it is kept."""

    id: int
    study_id: int
    item_id: int
    rater_id: int
    occasion: int
    place: int
    round: Round
    step: str
    arm: str
    output_order: list[str]
    withdrawn_at: datetime | None
    withdrawn_reason: str


@dataclass(frozen=True, slots=True)
class Form:
    """One assignment as the lead sees it: its number, what it is, and whether it was ever submitted."""

    assignment_id: int
    assignment: Assignment
    submitted: bool


def add(session: Session, *, study_id: int, assignments: Sequence[Assignment], who: str) -> int:
    """Write a design; return how many assignments were new. Existing ones stay as they are."""
    item_ids = items.ids_by_key(session, study_id=study_id)
    rater_ids = raters.ids_by_key(session, study_id=study_id)
    known = session.exec(select(Row).where(Row.study_id == study_id))
    taken = {(row.item_id, row.rater_id, row.occasion, row.round, row.step) for row in known}
    rows = []
    for given in assignments:
        key = (item_ids[given.item], rater_ids[given.rater], given.occasion, given.round, given.step)
        if key not in taken:
            rows.append(_row(given, study_id, key[0], key[1]))
    if rows:
        session.execute(insert(Row), rows)
        audit.record(session, study_id=study_id, who=who, action="assigned", after={"assignments": len(rows)})
    return len(rows)


def standings(session: Session, *, rater_id: int) -> list[Standing]:
    """Return a rater's assignments in her own order, training first, with how far each has come."""
    return [_standing(*row) for row in _STANDINGS.rows(session, rater_id=rater_id)]


_STANDINGS = Statement(
    "SELECT a.id, item.key, a.occasion, a.place, a.round, a.step, "
    "d.assignment_id IS NOT NULL, coalesce(d.changed, false), max(s.submitted_at), "
    "min(CASE WHEN s.active_seconds > 0 THEN s.active_seconds END) "
    "FROM assignment AS a JOIN item ON item.id = a.item_id "
    "LEFT JOIN draft AS d ON d.assignment_id = a.id "
    "LEFT JOIN submission AS s ON s.assignment_id = a.id "
    "WHERE a.rater_id = :rater_id AND a.withdrawn_at IS NULL "
    "GROUP BY a.id, item.key, a.occasion, a.place, a.round, a.step, d.assignment_id, d.changed "
    "ORDER BY CASE a.round WHEN 'training' THEN 0 WHEN 'main' THEN 1 ELSE 2 END, a.place, a.id"
)


def one(session: Session, *, assignment_id: int) -> Assigned | None:
    """Return one assignment, withdrawn or not."""
    row = _ONE.first(session, assignment_id=assignment_id)
    return None if row is None else Assigned(*row)


_ONE = Statement(
    "SELECT id, study_id, item_id, rater_id, occasion, place, round, step, arm, output_order, "
    "withdrawn_at, withdrawn_reason FROM assignment WHERE id = :assignment_id",
    reads={9: JSON, 10: UTCTime},
)


def in_study(session: Session, *, study_id: int, withdrawn: bool = False) -> list[Assignment]:
    """Return a study's design as it stands, without what was withdrawn unless asked for."""
    item_keys = {number: key for key, number in items.ids_by_key(session, study_id=study_id).items()}
    rater_keys = {number: key for key, number in raters.ids_by_key(session, study_id=study_id).items()}
    mine = select(Row).where(Row.study_id == study_id)
    if not withdrawn:
        mine = mine.where(col(Row.withdrawn_at).is_(None))
    rows = session.exec(mine.order_by(col(Row.rater_id), col(Row.round), col(Row.place)))
    return [_assignment(row, item_keys[row.item_id], rater_keys[row.rater_id]) for row in rows]


def forms(session: Session, *, study_id: int) -> list[Form]:
    """Return a study's design as it stands, each form with its number and whether it was ever submitted."""
    mine = select(Row.id).where(Row.study_id == study_id).join(Submission)
    submitted = set(session.exec(mine))
    rows = select(Row).where(Row.study_id == study_id, col(Row.withdrawn_at).is_(None)).order_by(col(Row.id))
    item_keys = {number: key for key, number in items.ids_by_key(session, study_id=study_id).items()}
    rater_keys = {number: key for key, number in raters.ids_by_key(session, study_id=study_id).items()}
    return [
        Form(
            row.id,
            _assignment(row, item_keys[row.item_id], rater_keys[row.rater_id]),
            row.id in submitted,
        )
        for row in session.exec(rows)
    ]


def withdraw_all(
    session: Session, *, study_id: int, assignment_ids: Sequence[int], who: str, reason: str
) -> None:
    """Take many assignments back in one step that is logged once."""
    for number in assignment_ids:
        row = session.exec(select(Row).where(Row.id == number, Row.study_id == study_id)).one()
        row.withdrawn_at, row.withdrawn_reason = now(), reason
    after = {"assignments": len(assignment_ids)}
    audit.record(
        session, study_id=study_id, who=who, action="assignments withdrawn", after=after, reason=reason
    )


def put_last(session: Session, *, assignment_id: int) -> None:
    """Move an assignment behind all others of its rater: "later"."""
    row = session.exec(select(Row).where(Row.id == assignment_id)).one()
    last = session.exec(select(func.max(Row.place)).where(Row.rater_id == row.rater_id)).one()
    row.place = (last or 0) + 1
    session.flush()


def withdraw(session: Session, *, assignment_id: int, who: str, reason: str) -> None:
    """Take an assignment back, by its rater (declined) or by the lead (reassigned)."""
    row = session.exec(select(Row).where(Row.id == assignment_id)).one()
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_reason = now(), reason
        audit.record(
            session,
            study_id=row.study_id,
            who=who,
            action="assignment withdrawn",
            subject=str(assignment_id),
            reason=reason,
        )
        session.flush()


def _row(given: Assignment, study_id: int, item_id: int, rater_id: int) -> dict[str, object]:
    return {
        "study_id": study_id,
        "item_id": item_id,
        "rater_id": rater_id,
        "occasion": given.occasion,
        "place": given.place,
        "round": given.round,
        "step": given.step,
        "arm": given.arm,
        "output_order": list(given.output_order),
    }


def _assignment(row: Row, item: str, rater: str) -> Assignment:
    order = tuple(row.output_order)
    return Assignment(item, rater, row.occasion, row.place, row.round, order, row.arm, row.step)  # type: ignore[arg-type]


def _standing(*row: Any) -> Standing:
    number, item, occasion, place, round, step, drafted, changed, submitted_at, seconds = row
    moment = _time(submitted_at)
    return Standing(number, item, occasion, place, round, step, bool(drafted), bool(changed), moment, seconds)


def _time(value: object) -> datetime | None:
    # A maximum loses its column's type on SQLite and comes as text.
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value if isinstance(value, datetime) else None
