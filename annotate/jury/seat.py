"""One juror's seat: asks its calls, one limiter and one breaker for all of them."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Coroutine, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from annotate.fault import Fault
from annotate.jury import price, providers
from annotate.jury.budget import Purse
from annotate.jury.juror import Juror
from annotate.jury.ledger import Call, Ledger, Read
from annotate.jury.limiter import Limiter
from annotate.jury.progress import Tally
from annotate.jury.reading import Reading
from annotate.jury.reply import Raw
from annotate.jury.triage import Finding, blank, triage

T = TypeVar("T")
ASKS = 2
"""A reply that cannot be used is asked for once more; then the verdict is unanswered, with its reason."""
LOSSES = 10
"""So many calls given up in a row, and the juror stops: something is wrong with all of them."""


class Seat:
    """A juror at work."""

    def __init__(self, juror: Juror, ledger: Ledger, purse: Purse, tally: Tally) -> None:
        self.juror = juror
        self.ledger = ledger
        self.purse = purse
        self.tally = tally
        self.limiter = Limiter(juror.in_flight)
        self.stopped = ""
        self._end = asyncio.Event()
        self._protocol = providers.PROTOCOLS[juror.provider]
        self._losses = 0
        self._crowded_since: float | None = None

    # --- reading ------------------------------------------------------------------------------------

    def find(self, call: Call, number: int, raw: Raw, *, batch: bool = False) -> tuple[Finding, float | None]:
        """Read a stored reply and record what was made of it; return that and its cost."""
        found = triage(raw, self.juror, call.form, self._protocol.envelope)
        paid = price.cost(self.juror, found.usage, model=found.model, batch=batch)
        if found.reading is None and found.usage is None:
            return found, 0.0 if raw.status else None
        reading = found.reading or Reading("failed", why=found.why)
        self.ledger.read(Read(call, number, reading, found.model, found.usage, paid))
        self.tally.paid(paid)
        return found, paid.dollars if paid else None

    def settle(self, call: Call, number: int, reading: Reading) -> None:
        """Record a verdict: answers, or one blank for each question, with the reason."""
        if reading.outcome != "usable":
            reading = replace(reading, answers=blank(call.form))
        self.ledger.settle(call, number, reading)
        self.tally.outcomes[reading.outcome] += 1
        self.tally.tell()

    def recall(self, call: Call, *, final: bool) -> tuple[int, bool]:
        """Read a call's stored replies again; return how many were unusable, and whether it is settled.

        With `final` the call has had its verdict before: it gets one from what is stored, unasked.
        """
        unusable = 0
        last: tuple[int, Reading] | None = None
        for number, raw in self.ledger.replies(call.key):
            found = triage(raw, self.juror, call.form, self._protocol.envelope)
            if found.reading is None:
                continue
            last = number, found.reading
            unusable += 1
            if found.reading.outcome == "usable" or unusable == ASKS:
                break
        done = last is not None and (final or last[1].outcome == "usable" or unusable >= ASKS)
        if done and last is not None:
            self.settle(call, *last)
        return unusable, done

    # --- asking -------------------------------------------------------------------------------------

    async def sit(self, calls: Iterable[Call], numbers: dict[str, int]) -> None:
        """Ask every call; `numbers` says how often each was asked before."""
        provider = self._protocol.connect(self.juror)
        # Calls that wait out a backoff hold no place in flight, but they are bounded as well.
        room = asyncio.Semaphore(2 * self.juror.in_flight + 16)
        try:
            async with asyncio.TaskGroup() as group:
                for call in calls:
                    await room.acquire()
                    if self.halted:
                        break
                    task = group.create_task(self._ask(provider, call, numbers.get(call.key, 0)))
                    task.add_done_callback(lambda _: room.release())
        except* Fault as faults:
            raise faults.exceptions[0] from None
        finally:
            await provider.close()

    @property
    def halted(self) -> bool:
        """Return whether nothing more is to be sent."""
        return bool(self.stopped) or self.purse.empty

    def stop(self, why: str) -> None:
        """Open the breaker: nothing more is sent, what is in flight is still recorded."""
        if not self.stopped:
            self.stopped = why
            self.tally.stopped.append(why)
            self._end.set()
            self.limiter.release()

    async def rest(self, seconds: float) -> None:
        """Wait, but no longer than until the breaker opens."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._end.wait()

    async def unless_stopped(self, doing: Coroutine[Any, Any, T]) -> T | None:
        """Return what `doing` returns; None, and it is broken off, where the breaker opens before."""
        task, end = asyncio.create_task(doing), asyncio.create_task(self._end.wait())
        try:
            await asyncio.wait((task, end), return_when=asyncio.FIRST_COMPLETED)
            return await task if task.done() else None
        finally:
            task.cancel()
            end.cancel()

    async def _ask(self, provider: providers.Provider, call: Call, number: int) -> None:
        unusable, done = self.recall(call, final=False) if number else (0, False)
        stumbles = crowded = 0
        while not done and not self.halted:
            number += 1
            found = await self._send(provider, call, number)
            if found is None:
                return
            if found.fate == "read" and found.reading is not None:
                self._losses = 0
                unusable += 1
                if found.reading.outcome == "usable" or unusable >= ASKS:
                    return self.settle(call, number, found.reading)
                continue
            if found.fate == "stop":
                return self.stop(found.why)
            if found.fate == "crowded":
                crowded += 1
                if self._impatient(found):
                    return
                await self._wait(crowded - 1, found)
                continue
            stumbles += 1
            if found.fate == "give up" or stumbles >= self.juror.attempts:
                return self._lose(call, number, found)
            await self._wait(stumbles, found)

    async def _send(self, provider: providers.Provider, call: Call, number: int) -> Finding | None:
        worst = 0.0
        if self.purse.budget.bounded:
            bound = price.worst(self.juror, len(call.request.encode()))
            worst = bound.dollars if bound else 0.0
        leave = await self.limiter.enter()
        # What others have cost meanwhile is known only now: a call that waits for its place reserves nothing.
        if self.halted or not await self.purse.take(worst):
            self.limiter.leave(leave)
            return None
        cost: float | None = 0.0
        sent = False
        try:
            raw = Raw(0)
            self.tally.in_flight += 1
            try:
                await self.ledger.sending(call, number)
                self.tally.requests += 1
                sent, cost = True, None
                raw = await provider.ask(call.request)
            finally:
                self.tally.in_flight -= 1
                crowded = raw.status in (429, 503, 529)
                self.limiter.leave(leave, congested=crowded, usable=bool(raw.status) and not crowded)
            await self.ledger.received(call.key, number, raw)
            found, cost = self.find(call, number, raw)
            if found.fate != "crowded":
                self._crowded_since = None
            return found
        finally:
            await self.purse.settle(worst, cost, sent=sent)

    def _impatient(self, found: Finding) -> bool:
        now = time.monotonic()
        self._crowded_since = now if self._crowded_since is None else self._crowded_since
        if now - self._crowded_since < self.juror.patience:
            return False
        asked = f" (it asks to wait {found.wait:.0f} s)" if found.wait else ""
        self.stop(
            f"{self.juror.name} has taken no call for {self.juror.patience:.0f} s{asked}: {found.why} "
            "Run again later; nothing that was answered is asked again."
        )
        return True

    async def _wait(self, turn: int, found: Finding) -> None:
        cap = self.juror.retry_after_cap
        if found.wait is not None:
            self.limiter.pause(min(found.wait, cap))
        if turn > 0:
            pause = min(cap, self.juror.backoff * 2 ** min(turn - 1, 10))
            await self.rest(pause * random.uniform(0.75, 1.25))

    def _lose(self, call: Call, number: int, found: Finding) -> None:
        self.settle(call, number, Reading("failed", why=found.why))
        self._losses += 1
        if self._losses >= LOSSES:
            self.stop(
                f"{self.juror.name}: {LOSSES} calls in a row came to nothing. The last: {found.why} See what "
                "its server needs, then run again: what failed is asked again, what was answered is not."
            )
