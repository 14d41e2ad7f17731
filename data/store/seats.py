"""Where a rater sits: her study as it stands and the newest version of its protocol, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from data.store.straight import Statement
from data.tables.column import UTCTime


@dataclass(frozen=True, slots=True)
class Seat:
    """A rater, her study, and the newest version of its protocol."""

    rater: str
    consented_at: datetime | None
    consent_sha256: str
    left_at: datetime | None
    study_id: int
    title: str
    status: str
    irb: str
    version_id: int
    protocol_text: str


def seat(session: Session, *, rater_id: int) -> Seat:
    """Return where a rater sits now."""
    (found,) = _SEAT.rows(session, rater_id=rater_id)
    return Seat(*found)


_SEAT = Statement(
    "SELECT r.key, r.consented_at, r.consent_sha256, r.left_at, s.id, s.title, s.status, s.irb, v.id, v.text "
    "FROM rater AS r JOIN study AS s ON s.id = r.study_id JOIN protocol_version AS v ON v.study_id = s.id "
    "WHERE r.id = :rater_id ORDER BY v.number DESC LIMIT 1",
    reads={1: UTCTime, 3: UTCTime},
)
