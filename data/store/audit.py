"""The audit log: what was done, by whom, when, from what to what, and why."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from data.tables import AuditEvent


def record(
    session: Session,
    *,
    who: str,
    action: str,
    study_id: int | None = None,
    subject: str = "",
    before: Any = None,
    after: Any = None,
    reason: str = "",
) -> None:
    """Write one event, in the transaction of the deed itself."""
    event = AuditEvent(
        study_id=study_id,
        who=who,
        action=action,
        subject=subject,
        before=before,
        after=after,
        reason=reason,
    )
    session.add(event)


def events(session: Session, *, study_id: int) -> list[AuditEvent]:
    """Return a study's events, oldest first."""
    mine = select(AuditEvent).where(AuditEvent.study_id == study_id)
    return list(session.exec(mine.order_by(col(AuditEvent.id))))
