"""Alembic's entry: runs the migrations on the connection that it was handed."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import data.tables  # noqa: F401  (fills the metadata)
from data.tables.column import UTCTime


def _plain(kind: str, value: Any, _context: Any) -> str | Literal[False]:
    """Write our own column kinds as SQLAlchemy's, so that a revision never needs code that may change."""
    if kind == "type" and isinstance(value, UTCTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(value, AutoString):
        return "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_item=_plain,
    render_as_batch=False,
)
context.run_migrations()
