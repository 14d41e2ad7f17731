"""Where the database is, how it is opened, and the two ways in: reading and writing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session

from annotate.fault import Fault
from data.store.together import Together

BUSY_SECONDS = 30
T = TypeVar("T")


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
        self._together = Together(self._writer, one_writer=self.dialect == "sqlite")

    @property
    def dialect(self) -> str:
        """``"sqlite"`` or ``"postgresql"``."""
        return self.engine.dialect.name

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that sees one moment and keeps nothing."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a session whose work is kept as a whole, on disk when the block ends, or not at all."""
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
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


def _engine(url: str) -> Engine:
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
        return _sqlite(url, address.database)
    if backend == "postgresql":
        return create_engine(url, pool_size=10, max_overflow=20, pool_pre_ping=True)
    raise Fault(
        f"CONSILIUM_DATABASE_URL names {backend!r}; Consilium keeps its data in sqlite or postgresql."
    )


def _sqlite(url: str, file: str | None) -> Engine:
    if file and file != ":memory:":
        folder = Path(file).expanduser().parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Fault(
                f"The database folder {str(folder)!r} cannot be made ({error.strerror}); "
                "set CONSILIUM_DATABASE_URL to a place that you may write to."
            ) from None
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
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
