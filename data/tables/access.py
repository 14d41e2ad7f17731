"""Who may come in, who is in, and what was done: personal links, sessions, the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field, SQLModel

from data.tables.column import UTCTime, now, number


class Access(SQLModel, table=True):
    """A personal link. Only the hash of its token is kept, so the database opens no door."""

    __tablename__ = "access"
    __table_args__ = (
        CheckConstraint("role IN ('lead', 'clinician')", name="access_role"),
        CheckConstraint("(role = 'clinician') = (rater_id IS NOT NULL)", name="access_clinician_is_a_rater"),
    )

    id: int = number()
    role: str
    name: str
    rater_id: int | None = Field(default=None, foreign_key="rater.id", index=True)
    token_sha256: str = Field(unique=True)
    created_at: datetime = Field(default_factory=now, sa_type=UTCTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UTCTime)


class SignIn(SQLModel, table=True):
    """A browser that signed in. The cookie holds a token; the store its hash."""

    __tablename__ = "sign_in"

    id: int = number()
    access_id: int = Field(foreign_key="access.id", index=True)
    token_sha256: str = Field(unique=True)
    created_at: datetime = Field(default_factory=now, sa_type=UTCTime)
    expires_at: datetime = Field(sa_type=UTCTime)


class AuditEvent(SQLModel, table=True):
    """Who did what, when, to what, from which old to which new state, and why. Append-only."""

    __tablename__ = "audit_event"

    id: int = number()
    study_id: int | None = Field(default=None, foreign_key="study.id", index=True)
    at: datetime = Field(default_factory=now, sa_type=UTCTime)
    who: str
    action: str
    subject: str = ""
    before: Any = Field(default=None, sa_type=JSON)
    after: Any = Field(default=None, sa_type=JSON)
    reason: str = ""
