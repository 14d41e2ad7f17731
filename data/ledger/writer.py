"""Writes many small rows in few transactions, and says when each is on disk."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections import defaultdict, deque
from functools import cache
from typing import Any

from sqlalchemy import Table

from annotate.fault import Fault
from data.store.connection import Store, Unavailable
from data.store.straight import Statement
from data.tables.column import UTCTime

Row = dict[str, Any]
Waiting = tuple[asyncio.AbstractEventLoop, "asyncio.Future[None]"] | None
Entry = tuple[Statement | None, Row, Waiting]
_AT_ONCE = 1000
_FEW, _LINGER = 50, 0.01
"""Where fewer rows are waiting, more are waited for, so many seconds: a transaction costs what 50 rows do."""
PATIENCE = 60.0
"""So many seconds a database may be away, locked or full before the run ends: what is in flight is paid."""
_AGAIN = 0.5
"""Seconds between two tries."""
_SOON = 0.25
"""Rows that nobody waits for are written with the next that somebody does, or after so many seconds."""


def free() -> None:
    """Find the ledger held: nobody has asked to hold it."""


class Writer:
    """A thread that writes what is waiting, all of it in one transaction.

    Rows of one call wait for their disk together with those of hundreds of others, so a slow disk costs
    a moment and no throughput.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queue: queue.SimpleQueue[Entry | None] = queue.SimpleQueue()
        self._soon: deque[Entry] = deque()
        self._thread: threading.Thread | None = None
        self._broken: Fault | None = None
        self.held = free
        """Makes sure that the ledger is this run's alone, still; raises where it is not."""

    def put(self, table: Table, row: Row, *, replace: bool = False) -> None:
        """Write a row soon."""
        self._start()
        self._soon.append((_statement(table, replace), row, None))

    async def written(self, table: Table, row: Row, *, replace: bool = False) -> None:
        """Write a row and wait until it is on disk."""
        await self._wait(_statement(table, replace), row)

    async def flush(self) -> None:
        """Wait until everything is on disk."""
        await self._wait(None, {})

    def close(self) -> None:
        """Write the rest and end the thread."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    async def _wait(self, statement: Statement | None, row: Row) -> None:
        self._start()
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._queue.put((statement, row, (loop, done)))
        await done

    def _start(self) -> None:
        if self._broken is not None:
            raise self._broken
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="jury-ledger", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        ended = False
        while not ended:
            entries, ended = self._next()
            self._tell(entries, self._write(entries))

    def _next(self) -> tuple[list[Entry], bool]:
        """Return what is to be written in one transaction, and whether it is the last."""
        try:
            taken = [self._queue.get(timeout=_SOON)]
        except queue.Empty:
            taken = []
        if taken and taken[0] is not None and self._queue.qsize() + len(self._soon) < _FEW:
            time.sleep(_LINGER)
        while len(taken) < _AT_ONCE and not self._queue.empty():
            taken.append(self._queue.get())
        # Taken last: whoever waits for the disk waits for all that was put before, too.
        before = [self._soon.popleft() for _ in range(len(self._soon))]
        waited = [entry for entry in taken if entry is not None]
        return before + waited, len(waited) < len(taken)

    def _write(self, entries: list[Entry]) -> Fault | None:
        rows: dict[Statement, list[Row]] = defaultdict(list)
        for statement, row, _ in entries:
            if statement is not None:
                rows[statement].append(row)
        if self._broken is not None or not rows:
            return self._broken
        until = time.monotonic() + PATIENCE
        while (fault := self._try(rows)) is not None:
            if not isinstance(fault, Unavailable) or time.monotonic() >= until:
                why = str(getattr(fault, "orig", None) or fault).rstrip(".")
                self._broken = Fault(f"The jury's ledger cannot be written ({why}); nothing more was sent.")
                break
            time.sleep(_AGAIN)
        return self._broken

    def _try(self, rows: dict[Statement, list[Row]]) -> Exception | None:
        """Write rows, which may be written twice; return what has kept them from the disk."""
        try:
            self.held()
            with self._store.writing() as session:
                for statement, batch in rows.items():
                    statement.many(session, batch)
        except Exception as fault:  # a thread that dies in silence would leave the run waiting for ever
            return fault
        return None

    def _tell(self, entries: list[Entry], fault: Fault | None) -> None:
        loops: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = defaultdict(list)
        for _, _, waiting in entries:
            if waiting is not None:
                loops[waiting[0]].append(waiting[1])
        for loop, futures in loops.items():
            try:
                loop.call_soon_threadsafe(_resolve, futures, fault)
            except RuntimeError:
                continue  # the run is over and its loop closed: nobody waits any more


@cache
def _statement(table: Table, replace: bool) -> Statement:
    """Return how rows of a table are written; one that is there already is left, or replaced."""
    names = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key.columns]
    rest = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
    return Statement(
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)}) "
        f"ON CONFLICT ({', '.join(keys)}) DO {f'UPDATE SET {rest}' if replace else 'NOTHING'}",
        binds={column.name: column.type for column in table.columns if isinstance(column.type, UTCTime)},
    )


def _resolve(futures: list[asyncio.Future[None]], fault: Fault | None) -> None:
    for future in futures:
        if future.done():
            continue
        if fault is not None:
            future.set_exception(fault)
        else:
            future.set_result(None)
