"""Where the database is, how it is opened, and the two ways in: reading and writing."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlmodel import Session

from annotate.fault import Fault
from data.store.together import Together

BUSY_SECONDS = 30
T = TypeVar("T")


class Unavailable(Fault):
    """The database cannot be read or written just now. What was asked for was not done."""


_TROUBLE = {
    sqlite3.SQLITE_BUSY: f"has been written by another program for more than {BUSY_SECONDS} seconds; "
    "try again when that is done",
    sqlite3.SQLITE_READONLY: "may not be written; let this user write the file and its folder",
    sqlite3.SQLITE_IOERR: "is on a disk that fails; look at the disk, then do it again",
    sqlite3.SQLITE_FULL: "is on a disk that is full; make room, then do it again",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check CONSILIUM_DATABASE_URL",
    sqlite3.SQLITE_CORRUPT: "is damaged; restore it from a backup",
    sqlite3.SQLITE_NOTADB: "is no SQLite file; name another in CONSILIUM_DATABASE_URL",
}


def location() -> str:
    """Return the database's URL: `CONSILIUM_DATABASE_URL`, else a file in the user's data folder."""
    return os.environ.get("CONSILIUM_DATABASE_URL") or f"sqlite:///{data_folder() / 'consilium.db'}"


def data_folder() -> Path:
    """Return the folder in which this user's programs keep their data, by the platform's custom."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Consilium"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "Consilium"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "consilium"


class Store:
    """A database of studies.

    Reads see one moment. Writes of one database come one after another: on SQLite every writing
    transaction begins IMMEDIATE, because one that starts as a read and then writes fails under load.

    Examples
    --------
    >>> from sqlalchemy import text
    >>> with Store("sqlite://").reading() as session:
    ...     session.scalar(text("select 1"))
    1
    """

    def __init__(self, url: str | None = None) -> None:
        self.url = url or location()
        self.engine = _engine(self.url)
        self._writer = self.engine.execution_options(consilium_writes=True)
        self._together = Together(self._writer, one_writer=self.dialect == "sqlite", in_words=self._said)

    @property
    def dialect(self) -> str:
        """``"sqlite"`` or ``"postgresql"``."""
        return self.engine.dialect.name

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that sees one moment and keeps nothing."""
        with self._in_words(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a session whose work is kept as a whole, on disk when the block ends, or not at all."""
        with self._in_words(), Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def together(self, do: Callable[[Session], T]) -> T:
        """Return what `do` returns, after its short writing is on disk, with what others wait to write.

        What it raises undoes its own work alone. It may be done twice where the first try was undone.

        Examples
        --------
        >>> from sqlalchemy import text
        >>> Store("sqlite://").together(lambda session: session.scalar(text("select 1")))
        1
        """
        return self.soon(do).result()

    def soon(self, do: Callable[[Session], T]) -> Future[T]:
        """Do the same without a thread that waits: the answer is there when the writing is on disk."""
        return self._together.write(do)

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    @property
    def place(self) -> str:
        """Where the database is, for sentences: without passwords and options."""
        return self.engine.url.set(query={}).render_as_string()

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            said = self._said(error)
            if said is error:
                raise
            raise said from error

    def _said(self, error: BaseException) -> BaseException:
        """Say in a sentence what is no mistake of ours: a full disk, another writer, a lost server."""
        said = _trouble(error, self.engine.dialect.loaded_dbapi)
        if not said:
            return error
        in_words = Unavailable(f"The database {self.place} {said}.")
        in_words.__cause__ = error
        return in_words


def _trouble(error: BaseException, driver: Any) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        # The low byte is the kind; the rest tells its cases apart.
        return _TROUBLE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF, "")
    if isinstance(cause, driver.OperationalError):
        why = str(cause).strip().partition("\n")[0]
        return f"cannot be opened, or goes no further ({why}); see that its server runs, then try again"
    return ""


def _engine(url: str) -> Engine:
    try:
        return _opened(url)
    except ImportError as missing:
        raise Fault(
            f"CONSILIUM_DATABASE_URL asks for a driver that is not here ({missing.name}); "
            "use sqlite:////path/to/file.db or postgresql+psycopg://user:password@host/name."
        ) from None


def _opened(url: str) -> Engine:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise Fault(
            # It may hold a password, which belongs on no screen and in no log.
            "CONSILIUM_DATABASE_URL is no database address; "
            "use sqlite:////path/to/file.db or postgresql+psycopg://user:password@host/name."
        ) from None
    backend = address.get_backend_name()
    if backend == "sqlite":
        return _sqlite(address)
    if backend == "postgresql":
        driven = address.set(drivername="postgresql+psycopg") if address.drivername == backend else address
        return create_engine(driven, pool_size=10, max_overflow=20, pool_pre_ping=True, hide_parameters=True)
    raise Fault(
        f"CONSILIUM_DATABASE_URL names {backend!r}; Consilium keeps its data in sqlite or postgresql."
    )


def _sqlite(address: URL) -> Engine:
    file = address.database
    if file and file != ":memory:":
        folder = Path(file).parent
        try:
            # What lies in it are patients' texts: a folder that we make is for this user alone.
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Fault(
                f"The database folder {str(folder)!r} cannot be made ({error.strerror}); "
                "set CONSILIUM_DATABASE_URL to a place that you may write to."
            ) from None
    # A statement's values are texts of studies: they belong into no error message and no log.
    engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling begins too late and too weakly; `_begin_sqlite` does it.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get("consilium_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
