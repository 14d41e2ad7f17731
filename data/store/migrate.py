"""Bring a database to the newest revision; two that start together migrate once."""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from annotate.fault import Fault
from data.store.connection import Store

_FOLDER = Path(__file__).parents[1] / "migrations"
_LOCK_NUMBER = 0x636F6E73  # any constant: PostgreSQL's advisory locks are told apart by number
_IN_THIS_PROCESS = threading.Lock()  # alembic keeps its context in module globals


def migrate(store: Store, revision: str = "head") -> None:
    """Run the migrations that this database lacks, all in one transaction.

    SQLite's writing transaction is the lock there; PostgreSQL takes an advisory one. A database that
    lacks none is only looked at: nobody has to wait for another program's long writing to see that.
    """
    try:
        with store.reading() as session:
            if current(session.connection()) == _wanted(revision):
                return
        with _IN_THIS_PROCESS, store.writing() as session:
            _bring_up(session.connection(), revision)
    except DBAPIError as error:
        if error.statement is not None:
            raise
        raise Fault(
            f"The database {store.place} cannot be opened ({error.orig}); check CONSILIUM_DATABASE_URL."
        ) from None


def _bring_up(connection: Connection, revision: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK_NUMBER})"))
    at = current(connection)
    if at is not None and at not in revisions():
        raise Fault(
            f"This database was made by a newer Consilium (revision {at}); "
            "start that version, or name another database in CONSILIUM_DATABASE_URL."
        )
    if at != _wanted(revision):
        _upgrade(connection, revision)


def current(connection: Connection) -> str | None:
    """Return the revision that the database is at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def revisions() -> list[str]:
    """Return every revision, oldest first: the numbers that their files' names begin with."""
    return sorted(path.name.partition("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*.py"))


def _upgrade(connection: Connection, revision: str) -> None:
    # Imported only when there is something to do: a start must not wait for it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _wanted(revision: str) -> str:
    return revisions()[-1] if revision == "head" else revision
