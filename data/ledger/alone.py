"""One run at a time: a lock that a killed process lets go of by itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from annotate.fault import Fault
from data.store.connection import Store

_PURPOSE = 0x6A757279


@contextmanager
def alone(store: Store, study_id: int) -> Iterator[None]:
    """Hold a study's ledger; a `Fault` where another run holds it."""
    if store.dialect == "postgresql":
        with store.engine.connect() as connection:
            lock = text("SELECT pg_try_advisory_lock(:purpose, :study)")
            if not connection.execute(lock, {"purpose": _PURPOSE, "study": study_id}).scalar_one():
                raise _taken()
            try:
                yield
            finally:
                # The lock is the connection's: given back open, it would hold the study until the app ends.
                connection.invalidate()
        return
    file = store.engine.url.database
    if not file or file == ":memory:" or sys.platform == "win32":
        yield
        return
    with _locked(Path(f"{file}.jury-{study_id}.lock")):
        yield


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
