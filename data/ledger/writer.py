"""Writes many small rows in few transactions, and says when each is on disk."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections import defaultdict
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from annotate.fault import Fault
from data.store.connection import Store

Row = dict[str, Any]
Waiting = tuple[asyncio.AbstractEventLoop, "asyncio.Future[None]"] | None
_AT_ONCE = 1000
_FEW, _LINGER = 50, 0.004
"""Where fewer rows are waiting, more are waited for, so many seconds: a transaction costs what 50 rows do."""


class Writer:
    """A thread that writes what is waiting, all of it in one transaction.

    Rows of one call wait for their disk together with those of hundreds of others, so a slow disk costs
    a moment and no throughput.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queue: queue.SimpleQueue[tuple[str, Row, Waiting] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._broken: Fault | None = None
        self._statements: dict[str, Any] = {}

    def put(self, table: Table, row: Row, *, replace: bool = False) -> None:
        """Write a row soon."""
        self._start()
        self._queue.put((self._statement(table, replace), row, None))

    async def written(self, table: Table, row: Row, *, replace: bool = False) -> None:
        """Write a row and wait until it is on disk."""
        await self._wait(self._statement(table, replace), row)

    async def flush(self) -> None:
        """Wait until everything is on disk."""
        await self._wait("", {})

    def close(self) -> None:
        """Write the rest and end the thread."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    async def _wait(self, statement: str, row: Row) -> None:
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

    def _statement(self, table: Table, replace: bool) -> str:
        name = f"{table.name}{'!' if replace else ''}"
        if name not in self._statements:
            dialect = postgresql if self._store.dialect == "postgresql" else sqlite
            insert = dialect.insert(table)
            keys = list(table.primary_key.columns)
            rest = {
                column.name: insert.excluded[column.name] for column in table.columns if column not in keys
            }
            self._statements[name] = (
                insert.on_conflict_do_update(index_elements=keys, set_=rest)
                if replace
                else insert.on_conflict_do_nothing(index_elements=keys)
            )
        return name

    def _work(self) -> None:
        while True:
            batch = [self._queue.get()]
            if self._queue.qsize() < _FEW and batch[0] is not None:
                time.sleep(_LINGER)
            while len(batch) < _AT_ONCE and not self._queue.empty():
                batch.append(self._queue.get())
            entries = [entry for entry in batch if entry is not None]
            self._tell(entries, self._write(entries))
            if len(entries) < len(batch):
                return

    def _write(self, entries: list[tuple[str, Row, Waiting]]) -> Fault | None:
        rows: dict[str, list[Row]] = defaultdict(list)
        for statement, row, _ in entries:
            rows[statement].append(row)
        rows.pop("", None)
        if self._broken is not None or not rows:
            return self._broken
        try:
            with self._store.writing() as session:
                connection = session.connection()
                for statement, batch in rows.items():
                    connection.execute(self._statements[statement], batch)
        except Exception as fault:  # a thread that dies in silence would leave the run waiting for ever
            why = getattr(fault, "orig", None) or fault
            self._broken = Fault(f"The jury's ledger cannot be written ({why}); nothing more was sent.")
        return self._broken

    def _tell(self, entries: list[tuple[str, Row, Waiting]], fault: Fault | None) -> None:
        loops: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = defaultdict(list)
        for _, _, waiting in entries:
            if waiting is not None:
                loops[waiting[0]].append(waiting[1])
        for loop, futures in loops.items():
            try:
                loop.call_soon_threadsafe(_resolve, futures, fault)
            except RuntimeError:
                continue  # the run is over and its loop closed: nobody waits any more


def _resolve(futures: list[asyncio.Future[None]], fault: Fault | None) -> None:
    for future in futures:
        if future.done():
            continue
        if fault is not None:
            future.set_exception(fault)
        else:
            future.set_result(None)
