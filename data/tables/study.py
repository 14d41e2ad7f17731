"""A study: its protocol versions, its items with their outputs, its raters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from data.tables.column import UTCTime, now, number


class Study(SQLModel, table=True):
    """A protocol, its items and its raters, under one name."""

    __tablename__ = "study"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'running', 'paused', 'closed')", name="study_status"),
    )

    id: int = number()
    name: str = Field(unique=True)
    title: str
    status: str = "draft"
    seed: int = 0
    irb: str = ""
    demo: bool = False
    unsealed_at: datetime | None = Field(default=None, sa_type=UTCTime)
    created_at: datetime = Field(default_factory=now, sa_type=UTCTime)


class ProtocolVersion(SQLModel, table=True):
    """One version of a study's protocol, as its file text. Never changed: a change is a new version."""

    __tablename__ = "protocol_version"
    __table_args__ = (UniqueConstraint("study_id", "number"),)

    id: int = number()
    study_id: int = Field(foreign_key="study.id")
    number: int
    text: str
    sha256: str
    changes: str = ""
    created_at: datetime = Field(default_factory=now, sa_type=UTCTime)


class ItemRow(SQLModel, table=True):
    """One thing to judge; `annotate.item.Item` is what leaves the store."""

    __tablename__ = "item"
    __table_args__ = (UniqueConstraint("study_id", "key"),)

    id: int = number()
    study_id: int = Field(foreign_key="study.id")
    key: str
    case_key: str = ""
    source: str = ""
    prompt: str = ""
    references: list[str] = Field(
        default_factory=list, sa_type=JSON, sa_column_kwargs={"name": "reference_texts"}
    )
    benchmark: str = ""
    category: str = ""
    subcategory: str = ""
    task: str = ""
    strata: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    criteria: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)


class OutputRow(SQLModel, table=True):
    """One text that a system wrote about an item."""

    __tablename__ = "output"
    __table_args__ = (UniqueConstraint("item_id", "key"),)

    id: int = number()
    item_id: int = Field(foreign_key="item.id")
    key: str = ""
    position: int = 0
    system: str = ""
    text: str = ""


class Rater(SQLModel, table=True):
    """Whoever scores: a clinician, a juror or a metric. `key` is what exports and reports show."""

    __tablename__ = "rater"
    __table_args__ = (
        UniqueConstraint("study_id", "key"),
        CheckConstraint("kind IN ('clinician', 'juror', 'metric')", name="rater_kind"),
    )

    id: int = number()
    study_id: int = Field(foreign_key="study.id")
    key: str
    kind: str
    specialty: str = ""
    family: str = ""
    # A machine's identity: all that changes its answers, and the hash of it.
    identity: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    identity_sha256: str = ""
    consented_at: datetime | None = Field(default=None, sa_type=UTCTime)
    consent_sha256: str = ""
    left_at: datetime | None = Field(default=None, sa_type=UTCTime)
    created_at: datetime = Field(default_factory=now, sa_type=UTCTime)


class Person(SQLModel, table=True):
    """The key to a pseudonym, kept apart: read on the lead's invitation page and nowhere else."""

    __tablename__ = "person"

    rater_id: int = Field(primary_key=True, foreign_key="rater.id")
    name: str = ""
    email: str = ""
