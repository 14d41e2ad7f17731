"""The column by which a ledger tells which of two verdicts came last."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text


def add(connection: Connection) -> None:
    """Add the column where it is missing. Verdicts from before it are older than all with a turn."""
    if all(column["name"] != "turn" for column in inspect(connection).get_columns("jury_verdict")):
        connection.execute(text("ALTER TABLE jury_verdict ADD COLUMN turn INTEGER NOT NULL DEFAULT 0"))
