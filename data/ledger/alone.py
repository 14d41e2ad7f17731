"""One run at a time: a lock that a killed process lets go of by itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from annotate.fault import Fault
from data.store.connection import Store, Unavailable

_PURPOSE = 0x6A757279


@contextmanager
def alone(store: Store, study_id: int) -> Iterator[Callable[[], None]]:
    """Hold a study's ledger; a `Fault` where another run holds it.

    What is given makes sure that it is held still. A database server that was away has forgotten who held
    it: then it is taken again, if nobody else has it.
    """
    if store.dialect == "postgresql":
        hold = _Hold(store, study_id)
        hold.take()
        try:
            yield hold.make_sure
        finally:
            hold.give_back()
        return
    file = store.engine.url.database
    if not file or file == ":memory:" or sys.platform == "win32":
        yield _nothing
        return
    with _locked(Path(f"{file}.jury-{study_id}.lock")):
        yield _nothing


def _nothing() -> None:
    """A lock on a file is kept for as long as its process lives."""


class _Hold:
    """A lock of PostgreSQL: it is a connection's, and ends with it."""

    def __init__(self, store: Store, study_id: int) -> None:
        self._store, self._named = store, {"purpose": _PURPOSE, "study": study_id}
        self._connection: Connection | None = None

    def take(self) -> None:
        # Without a transaction: one that is open for hours would be ended by many servers, lock and all.
        self._connection = self._store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        lock = text("SELECT pg_try_advisory_lock(:purpose, :study)")
        if not self._connection.execute(lock, self._named).scalar_one():
            self.give_back()
            raise _taken()

    def make_sure(self) -> None:
        if self._connection is not None:
            try:
                self._connection.execute(text("SELECT 1"))
                return
            except DBAPIError:
                self.give_back()
        try:
            self.take()
        except DBAPIError as away:
            raise Unavailable(f"The database {self._store.place} is away ({away.orig}).") from None

    def give_back(self) -> None:
        if self._connection is not None:
            # Given back open, it would hold the study until the app ends.
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    import fcntl

    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise _taken() from None
    finally:
        os.close(handle)


def _taken() -> Fault:
    return Fault("A jury is sitting on this already; wait until that run ends, or stop it, and start again.")
