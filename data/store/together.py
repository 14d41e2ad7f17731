"""Many short writings at once: what waits for the one writer goes into one transaction.

A commit that is safe against a power cut waits for the disk, and on SQLite only one transaction can write.
So one thread writes. What comes meanwhile goes on a pile; the thread takes the whole pile into its next
transaction, a savepoint for each, and everybody hears of her own work after the one commit.
PostgreSQL has many writers and joins their commits by itself: there each work is its own transaction.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from data.store.straight import Statement

MOST = 64
"""So many works go into one transaction at most: the first of them waits for the last."""
MANY_WRITERS = 16
"""So many transactions are under way at most where the database has many writers."""

_SAVEPOINT = Statement("SAVEPOINT work")
_KEEP = Statement("RELEASE work")
_UNDO = Statement("ROLLBACK TO work")


class Lost(Exception):
    """The database itself undid the open transaction, as SQLite does where the disk is full."""


InWords = Callable[[BaseException], BaseException]
"""Makes a sentence of what the database alone is to blame for."""


class Work:
    """A piece of writing that somebody waits for."""

    def __init__(self, do: Callable[[Session], Any], in_words: InWords) -> None:
        self.do, self._in_words = do, in_words
        self.answer: Future[Any] = Future()

    def refuse(self, problem: BaseException) -> None:
        """Answer with what went wrong."""
        self.answer.set_exception(self._in_words(problem))

    def within(self, session: Session) -> tuple[Any, Exception | None]:
        """Do it in a savepoint of an open transaction; what it raises undoes only itself."""
        _SAVEPOINT.rows(session)
        said, problem = None, None
        try:
            said = self.do(session)
            session.flush()
        except Exception as raised:
            problem = raised
        if not session.connection().connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]
            # Without this the next savepoint would open, and keep, a transaction of its own.
            raise Lost
        session.expunge_all()
        if problem is not None:
            _UNDO.rows(session)
        _KEEP.rows(session)
        return said, problem

    def alone(self, writer: Engine) -> None:
        """Do it in a transaction of its own and answer."""
        try:
            with Session(writer, expire_on_commit=False) as session, session.begin():
                said = self.do(session)
        except BaseException as problem:
            self.refuse(problem)
        else:
            self.answer.set_result(said)


class Together:
    """The pile of a database's writings, and the thread that writes (or the threads, where many can)."""

    def __init__(self, writer: Engine, *, one_writer: bool, in_words: InWords) -> None:
        self._writer, self._in_words = writer, in_words
        self._pile: deque[Work] = deque()
        self._taking = threading.Lock()
        self._most = MOST if one_writer else 1
        self._threads = ThreadPoolExecutor(1 if one_writer else MANY_WRITERS, thread_name_prefix="writer")

    def write(self, do: Callable[[Session], Any]) -> Future[Any]:
        """Do a short piece of writing soon; what it returns or raises is told after the commit."""
        work = Work(do, self._in_words)
        self._pile.append(work)
        self._threads.submit(self._write_pile)
        return work.answer

    def _write_pile(self) -> None:
        works = self._taken()
        try:
            if len(works) == 1 or not self._write_as_one(works):
                for work in works:
                    work.alone(self._writer)
        finally:
            # They are on no pile any more: whoever got no answer here would wait for one for ever.
            for work in works:
                if not work.answer.done():
                    work.refuse(Lost())

    def _taken(self) -> list[Work]:
        """Take from the pile what goes together, without what nobody waits for any more."""
        with self._taking:
            taken = [self._pile.popleft() for _ in range(min(self._most, len(self._pile)))]
        return [work for work in taken if work.answer.set_running_or_notify_cancel()]

    def _write_as_one(self, works: list[Work]) -> bool:
        """Write in one transaction and answer everybody; False where it was undone as a whole."""
        if not works:
            return True
        begun = False
        try:
            with Session(self._writer, expire_on_commit=False) as session, session.begin():
                session.connection()
                begun = True
                told = [work.within(session) for work in works]
        except Exception as problem:
            # Nobody was answered and nothing was kept: each can still be done alone and hear her own fault.
            if begun:
                return False
            # Another program writes, for longer than we wait: each alone would wait as long again.
            for work in works:
                work.refuse(problem)
            return True
        except BaseException as end:
            for work in works:
                work.refuse(end)
            raise
        for work, (said, wrong) in zip(works, told, strict=True):
            if wrong is None:
                work.answer.set_result(said)
            else:
                work.refuse(wrong)
        return True
