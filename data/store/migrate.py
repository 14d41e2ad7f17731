"""Bring a database to the newest revision; two that start together migrate once."""

from __future__ import annotations

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from annotate.fault import Fault
from data.store.connection import Store

_FOLDER = Path(__file__).parents[1] / "migrations"
_LOCK_NUMBER = 0x636F6E73  # any constant: PostgreSQL's advisory locks are told apart by number
_IN_THIS_PROCESS = threading.Lock()  # alembic keeps its context in module globals


def migrate(store: Store, revision: str = "head") -> None:
    """Run the migrations that this database lacks, all in one transaction.

    SQLite's writing transaction is the lock there; PostgreSQL takes an advisory one.
    """
    try:
        with _IN_THIS_PROCESS, store.writing() as session:
            connection = session.connection()
            if store.dialect == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK_NUMBER})"))
            at = current(connection)
            if at is not None and at not in revisions():
                raise Fault(
                    f"This database was made by a newer Consilium (revision {at}); "
                    "start that version, or name another database in CONSILIUM_DATABASE_URL."
                )
            if at != _wanted(revision):
                command.upgrade(configuration(connection), revision)
    except OperationalError as error:
        raise Fault(
            f"The database {store.engine.url.render_as_string()} cannot be opened ({error.orig}); "
            "check CONSILIUM_DATABASE_URL."
        ) from None


def current(connection: Connection) -> str | None:
    """Return the revision that the database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def revisions() -> list[str]:
    """Return every revision, oldest first."""
    return [script.revision for script in ScriptDirectory(str(_FOLDER)).walk_revisions()][::-1]


def configuration(connection: Connection) -> Config:
    """Return alembic's configuration for an open connection."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _wanted(revision: str) -> str:
    return revisions()[-1] if revision == "head" else revision
