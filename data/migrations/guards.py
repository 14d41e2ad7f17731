"""Triggers by which the database itself keeps a table append-only."""

from __future__ import annotations

from alembic import op


def append_only(table: str, *unique: str) -> None:
    """Make every change or removal of a row of `table` fail, whoever asks.

    `unique` names its unique keys as SQL conditions on NEW: on SQLite an INSERT OR REPLACE that meets one
    of them would remove the older row without firing the trigger on DELETE.
    """
    if op.get_bind().dialect.name == "sqlite":
        _on_sqlite(table, ("id = NEW.id", *unique))
    else:
        _on_postgresql(table)


def _on_sqlite(table: str, unique: tuple[str, ...]) -> None:
    refuse = f"SELECT RAISE(ABORT, '{table} is append-only')"
    for verb in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN {refuse}; END")
    taken = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {key})" for key in unique)
    op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} BEGIN {refuse}; END")


def _on_postgresql(table: str) -> None:
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    for when, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER {table}_no_{when.split()[0].lower()} BEFORE {when} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION {table}_append_only()"
        )
