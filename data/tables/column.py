"""Kinds of column that every table uses the same way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field


class UTCTime(TypeDecorator[datetime]):
    """An aware UTC time in Python, on databases with and without time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time: nobody could say later which clock it came from."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; times in the store are aware and UTC")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give back an aware time (SQLite keeps none)."""
        if not isinstance(value, datetime):
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    """Return the server's clock, in UTC."""
    return datetime.now(UTC)


def number() -> Any:
    """Return the column of a row's own number, which the database gives: a row that was read has one."""
    return Field(default=None, primary_key=True)
