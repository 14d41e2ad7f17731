"""Many short writings at once: whoever waits for the one writer goes into one transaction with the others.

A commit that is safe against a power cut waits for the disk, and on SQLite only one transaction can write.
So whoever comes while another writes puts her work on a pile; the next who may write takes the whole pile
into her transaction, a savepoint for each, and everybody hears of her own work after the one commit.
PostgreSQL has many writers and joins their commits by itself: there each work is its own transaction.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from sqlalchemy import Connection, Engine
from sqlmodel import Session

MOST = 64
"""So many works go into one transaction at most: the first of them waits for the last."""


class Lost(Exception):
    """The database itself undid the open transaction, as SQLite does where the disk is full."""


class Work:
    """A piece of writing that somebody waits for."""

    def __init__(self, do: Callable[[Session], Any]) -> None:
        self.do = do
        self.answer: Future[Any] = Future()

    def within(self, connection: Connection) -> tuple[Any, Exception | None]:
        """Do it in a savepoint of an open transaction; what it raises undoes only itself."""
        mode = "create_savepoint"
        try:
            with Session(connection, join_transaction_mode=mode, expire_on_commit=False) as session:  # type: ignore[arg-type]
                said = self.do(session)
                session.commit()
                return said, None
        except Exception as problem:
            return None, problem

    def alone(self, writer: Engine) -> None:
        """Do it in a transaction of its own and answer."""
        try:
            with Session(writer, expire_on_commit=False) as session, session.begin():
                said = self.do(session)
        except BaseException as problem:
            self.answer.set_exception(problem)
        else:
            self.answer.set_result(said)


class Together:
    """The pile of a database's writings, and the seat of the one who may write."""

    def __init__(self, writer: Engine) -> None:
        self._writer = writer
        self._pile: deque[Work] = deque()
        self._seat = threading.Lock()

    def write(self, do: Callable[[Session], Any]) -> Any:
        """Do a short piece of writing; return what it returns, or raise what it raises, after the commit."""
        work = Work(do)
        self._pile.append(work)
        while not work.answer.done():
            with self._seat:
                if not work.answer.done():
                    self._write_pile()
        return work.answer.result()

    def _write_pile(self) -> None:
        works = [self._pile.popleft() for _ in range(min(MOST, len(self._pile)))]
        if len(works) == 1 or not self._write_as_one(works):
            for work in works:
                work.alone(self._writer)

    def _write_as_one(self, works: list[Work]) -> bool:
        """Write in one transaction and answer everybody; False where it was undone as a whole."""
        try:
            with self._writer.connect() as connection, connection.begin():
                told = [_within(connection, work) for work in works]
        except Exception:
            # Nobody was answered and nothing was kept: each can still be done alone and hear her own fault.
            return False
        except BaseException as end:
            for work in works:
                work.answer.set_exception(end)
            raise
        for work, (said, problem) in zip(works, told, strict=True):
            if problem is None:
                work.answer.set_result(said)
            else:
                work.answer.set_exception(problem)
        return True


def _within(connection: Connection, work: Work) -> tuple[Any, Exception | None]:
    said = work.within(connection)
    # Without this the next savepoint would open, and keep, a transaction of its own.
    if not connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]
        raise Lost
    return said
