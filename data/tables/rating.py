"""Who is to rate what, what they are writing, and what they said: drafts change, events never do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from data.tables.column import UTCTime, now, number


class Assignment(SQLModel, table=True):
    """One rater, one item, one occasion, in one place of the rater's own order."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("item_id", "rater_id", "occasion", "round", "step"),
        CheckConstraint("round IN ('training', 'main', 'adjudication')", name="assignment_round"),
        Index("assignment_in_order", "rater_id", "place"),
    )

    id: int = number()
    study_id: int = Field(foreign_key="study.id", index=True)
    item_id: int = Field(foreign_key="item.id")
    rater_id: int = Field(foreign_key="rater.id")
    occasion: int = 1
    place: int
    round: str = "main"
    step: str = ""
    arm: str = ""
    # The order in which this rater sees the outputs: keys, as randomised before the first login.
    output_order: list[str] = Field(default_factory=list, sa_type=JSON)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCTime)
    withdrawn_reason: str = ""


class Draft(SQLModel, table=True):
    """What a rater has written on one assignment so far, saved at every change."""

    __tablename__ = "draft"

    assignment_id: int = Field(primary_key=True, foreign_key="assignment.id")
    # Counts saves. A page sends the revision that it knows; an older one loses, so no tab overwrites another.
    revision: int = 0
    form: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    # Whether anything was changed since the last submission.
    changed: bool = True
    active_seconds: float = 0.0
    saved_at: datetime = Field(default_factory=now, sa_type=UTCTime)


class Submission(SQLModel, table=True):
    """One completed form. `key` comes from the page: the same key again is the same submission."""

    __tablename__ = "submission"

    id: int = number()
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    protocol_version_id: int = Field(foreign_key="protocol_version.id")
    key: str = Field(unique=True)
    active_seconds: float = 0.0
    submitted_at: datetime = Field(default_factory=now, sa_type=UTCTime)


class RatingEvent(SQLModel, table=True):
    """The one row: (item, part, rater, question, occasion) gives a value, or is unanswered with a reason.

    A changed mind is a new row that supersedes the old one. The view `rating` holds the current rows.
    `hash` chains a study's rows in the order in which they were written.
    """

    __tablename__ = "rating_event"
    __table_args__ = (
        CheckConstraint(
            "status IN ('answered', 'unable', 'refused', 'failed', 'skipped')", name="rating_event_status"
        ),
        CheckConstraint(
            "(status = 'answered') = (value IS NOT NULL)", name="rating_event_answered_has_a_value"
        ),
        CheckConstraint("status = 'answered' OR reason <> ''", name="rating_event_unanswered_has_a_reason"),
        CheckConstraint("occasion >= 1", name="rating_event_occasion"),
        # One first answer to each question; one successor to each answer.
        Index(
            "rating_event_first",
            "item_id",
            "rater_id",
            "question",
            "part",
            "occasion",
            "round",
            "step",
            unique=True,
            sqlite_where=text("supersedes IS NULL"),
            postgresql_where=text("supersedes IS NULL"),
        ),
        Index(
            "rating_event_successor",
            "supersedes",
            unique=True,
            sqlite_where=text("supersedes IS NOT NULL"),
            postgresql_where=text("supersedes IS NOT NULL"),
        ),
        Index("rating_event_in_study", "study_id", "id"),
    )

    id: int = number()
    study_id: int = Field(foreign_key="study.id")
    item_id: int = Field(foreign_key="item.id")
    rater_id: int = Field(foreign_key="rater.id")
    submission_id: int | None = Field(default=None, foreign_key="submission.id")
    question: str
    part: str = ""
    occasion: int = 1
    round: str = "main"
    step: str = ""
    status: str = "answered"
    value: str | None = None
    number: float | None = None
    reason: str = ""
    comment: str = ""
    confidence: str = ""
    submitted_at: datetime = Field(sa_type=UTCTime)
    supersedes: int | None = Field(default=None, foreign_key="rating_event.id")
    hash: str
