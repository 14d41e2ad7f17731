"""The jury's ledger: every call, attempt, raw reply, reading and verdict, batches, and who allowed what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, Text
from sqlmodel import Field, SQLModel

from data.tables.column import UTCTime, now


class JuryCall(SQLModel, table=True):
    """One question to one juror, whole as sent. Study 0 is a ledger beside a file."""

    __tablename__ = "jury_call"

    key: str = Field(primary_key=True)
    study_id: int = Field(index=True)
    juror: str
    identity: str = Field(index=True)
    rater: str
    item: str
    sample: int
    control: str = ""
    endpoint: str
    url: str
    request: str = Field(sa_type=Text)
    at: datetime = Field(default_factory=now, sa_type=UTCTime)


class JuryAttempt(SQLModel, table=True):
    """A request that was about to leave: what was sent where, and when. Written before it leaves."""

    __tablename__ = "jury_attempt"

    key: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    batch: str = ""
    at: datetime = Field(default_factory=now, sa_type=UTCTime)


class JuryReply(SQLModel, table=True):
    """A raw reply, or why none came. Written before anybody reads it."""

    __tablename__ = "jury_reply"

    key: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    status: int
    body: bytes = Field(sa_type=LargeBinary)
    lost: str = Field(default="", sa_type=Text)
    request_id: str = ""
    at: datetime = Field(default_factory=now, sa_type=UTCTime)


class JuryReading(SQLModel, table=True):
    """What was made of a reply, and what it cost by which price list."""

    __tablename__ = "jury_reading"

    key: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    version: str
    outcome: str
    why: str = Field(default="", sa_type=Text)
    model: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    dollars: float | None = None
    price_source: str = ""
    price_date: str = ""


class JuryVerdict(SQLModel, table=True):
    """A call's verdict, one a call: answers, or why there are none. `turn` grows, whatever a clock does."""

    __tablename__ = "jury_verdict"

    key: str = Field(primary_key=True)
    number: int
    turn: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    version: str
    outcome: str
    why: str = Field(default="", sa_type=Text)
    answers: str = Field(default="[]", sa_type=Text)
    at: datetime = Field(default_factory=now, sa_type=UTCTime)


class JuryBatch(SQLModel, table=True):
    """Calls handed over together: written before it is submitted, its number before it is asked after."""

    __tablename__ = "jury_batch"

    token: str = Field(primary_key=True)
    study_id: int = Field(index=True)
    rater: str
    number: str = ""
    state: str = "submitting"
    keys: str = Field(sa_type=Text)
    at: datetime = Field(default_factory=now, sa_type=UTCTime)


class JuryConsent(SQLModel, table=True):
    """An endpoint to which a study's texts may go, and who said so."""

    __tablename__ = "jury_consent"

    study_id: int = Field(primary_key=True)
    endpoint: str = Field(primary_key=True)
    who: str
    at: datetime = Field(default_factory=now, sa_type=UTCTime)


class JuryAcceptance(SQLModel, table=True):
    """An item, by a hash of its texts, whose identifier findings a lead has looked at: jurors may see it."""

    __tablename__ = "jury_acceptance"

    study_id: int = Field(primary_key=True)
    mark: str = Field(primary_key=True)
    who: str
    reason: str = Field(sa_type=Text)
    at: datetime = Field(default_factory=now, sa_type=UTCTime)


class JurySecret(SQLModel, table=True):
    """What the fences of a study's prompts are made from."""

    __tablename__ = "jury_secret"

    study_id: int = Field(primary_key=True)
    salt: str
