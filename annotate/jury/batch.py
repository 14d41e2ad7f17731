"""Calls handed over in batches: half the price, up to a day, and safe against every interruption."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from annotate.jury import price, providers
from annotate.jury.brought import brought, lacking
from annotate.jury.handover import Handover, old
from annotate.jury.ledger import Batch, Call
from annotate.jury.patience import patiently
from annotate.jury.providers.sdk import Bureau, Turned
from annotate.jury.reading import Reading
from annotate.jury.reply import Raw
from annotate.jury.seat import ASKS, Seat
from annotate.jury.triage import triage

AT_ONCE = 2000
"""Calls a batch."""
BYTES = 50 * 2**20
ROUNDS = 5
"""Batches after the first hold what came back unusable or unanswered."""
HOURS = 26.0
"""So long a run waits for batches: providers end them within a day. Then a later run goes on waiting."""


async def sit_batched(
    seat: Seat, calls: Sequence[Call], numbers: dict[str, int], *, poll: float, hours: float, submit: bool
) -> None:
    """Finish the batches that are under way; with `submit`, hand over everything else too."""
    bureau: Bureau = providers.PROTOCOLS[seat.juror.provider].connect_batches(seat.juror)
    desk = _Desk(seat, bureau, {call.key: call for call in calls}, dict(numbers), poll, hours)
    try:
        await desk.resume()
        rounds = 0
        while submit and desk.open and not seat.halted and rounds < ROUNDS:
            await desk.round()
            rounds += 1
        for call in list(desk.open.values()) if submit and not seat.halted else []:
            desk.lose(call)
    finally:
        await bureau.close()


class _Desk:
    """What is still open of one juror's calls, and the batches that it is in."""

    def __init__(
        self,
        seat: Seat,
        bureau: Bureau,
        calls: dict[str, Call],
        numbers: dict[str, int],
        poll: float,
        hours: float,
    ) -> None:
        self.seat, self.bureau, self.open, self.numbers, self.poll = seat, bureau, calls, numbers, poll
        self.why: dict[str, str] = {}
        self.lacked: Counter[str] = Counter()
        self.finished: dict[str, int] = {}
        self.handover = Handover(seat, bureau, poll)
        self.looks: Counter[str] = Counter()
        self.hours, self.until = hours, time.monotonic() + hours * 3600

    async def resume(self) -> None:
        """Finish what an earlier run submitted. A submission that was cut off is looked for first."""
        await self._collect(list(self.seat.ledger.batches(self.seat.juror)))
        for call in list(self.open.values()):
            if self.numbers.get(call.key) and self.seat.recall(call, final=False)[1]:
                del self.open[call.key]

    async def round(self) -> None:
        """Submit everything that is open and collect it."""
        submitted = []
        for calls in _chunks(list(self.open.values())):
            if self.seat.halted or not await self._affordable(calls):
                break
            submitted.append(await self._submit(calls))
        await self._collect(submitted)

    async def _affordable(self, calls: Sequence[Call]) -> bool:
        """Take a batch's worst case out of the budget as a whole: nobody can stop it halfway."""
        purse, juror = self.seat.purse, self.seat.juror
        for call in calls:
            bound = (
                price.worst(juror, len(call.request.encode()), batch=True) if purse.budget.bounded else None
            )
            worst = bound.dollars if bound else 0.0
            if not await purse.take(worst):
                return False
            await purse.settle(worst, worst)
        return True

    async def _submit(self, calls: Sequence[Call]) -> Batch:
        ledger = self.seat.ledger
        keys = tuple(call.key for call in calls)
        batch = Batch(secrets.token_hex(16), self.seat.juror.rater, keys, at=datetime.now(UTC))
        await ledger.batch(batch)
        for call in calls:
            self.numbers[call.key] = self.numbers.get(call.key, 0) + 1
        await asyncio.gather(
            *(ledger.sending(call, self.numbers[call.key], batch=batch.token) for call in calls)
        )
        self.seat.tally.requests += len(calls)
        requests = [(call.key, json.loads(call.request)) for call in calls]
        number = await patiently(self.seat, partial(self.handover.submit, batch, requests), look=False)
        batch = replace(batch, number=number or "", state="submitted" if number else "submitting")
        await ledger.batch(batch)
        return batch

    async def _collect(self, batches: Sequence[Batch]) -> None:
        """Look at all batches in turn until each has ended, or the time is up: then they stay kept."""
        # A spent budget ends no waiting: what these will bring is paid already.
        waiting = list(batches)
        try:
            while waiting and not self.seat.stopped:
                looked = [await self._look(batch) for batch in waiting]
                waiting = [batch for batch in looked if batch is not None]
                if not waiting or self.seat.stopped:
                    return
                if time.monotonic() >= self.until:
                    return self._late(waiting)
                await self._rest(waiting)
        finally:
            self.seat.tally.batches.pop(self.seat.juror.rater, None)

    async def _rest(self, waiting: Sequence[Batch]) -> None:
        """Wait until the server is asked again, and say how far it is and how long that still takes."""
        finished = sum(min(self.finished.get(batch.token, 0), len(batch.keys)) for batch in waiting)
        total = sum(len(batch.keys) for batch in waiting)
        again = min(time.monotonic() + self.poll, self.until)
        self.seat.tally.batches[self.seat.juror.rater] = finished, total, again
        while (left := again - time.monotonic()) > 0 and not self.seat.stopped:
            self.seat.tally.tell()
            await self.seat.rest(min(1.0, left))

    def _late(self, waiting: Sequence[Batch]) -> None:
        names = ", ".join(batch.number or "one whose number the server has not told" for batch in waiting)
        self.seat.stop(
            f"{self.seat.juror.name}: no end of its batches after {self.hours:g} hours ({names}). They stay "
            "known: run again to go on waiting; nothing is handed over twice."
        )

    async def _look(self, batch: Batch) -> Batch | None:
        """Return a batch that is still to be waited for; None: it is collected, or never arrived."""
        if not batch.number:
            found = await patiently(self.seat, partial(self.handover.found, batch))
            if found is None:
                return batch
            batch = replace(batch, number=found, state="submitted" if found else "done")
            await self.seat.ledger.batch(batch)
        if not batch.number:
            return None
        results = await patiently(self.seat, partial(self._results, batch))
        if results is None:
            return batch
        replies, odd = brought(batch.keys, results)
        if odd:
            self.seat.tally.odd.append(f"{self.seat.juror.name}: batch {batch.number} brought {odd}.")
        await self._keep(batch, replies)
        return None

    async def _results(self, batch: Batch) -> list[tuple[str, Raw]] | None:
        """Return what a batch holds; None while it goes on. One that is long forgotten holds nothing.

        Where a server has finished more calls than it shows replies to, these are paid: they are looked for
        some more times before they count as missing.
        """
        try:
            ended, self.finished[batch.token] = await self.bureau.stands(batch.number)
            results = await self.bureau.results(batch.number) if ended else None
        except Turned as turned:
            if turned.raw.status in (404, 410) and old(batch):
                return [("", Raw(0, lost="the server does not know it any more"))]
            raise
        shown = {key for key, _ in results or ()}
        if len(shown & set(batch.keys)) < min(self.finished[batch.token], len(batch.keys)):
            self.looks[batch.token] += 1
            if self.looks[batch.token] < self.seat.juror.attempts:
                return None
        return results

    async def _keep(self, batch: Batch, replies: dict[str, Raw]) -> None:
        # On disk before anybody reads them, also those whose item has left the study since: they are paid.
        await asyncio.gather(
            *(self.seat.ledger.received(key, self.numbers.get(key, 1), raw) for key, raw in replies.items())
        )
        for key, raw in replies.items():
            if key in self.open:
                self._take(self.open[key], raw)
        await self.seat.ledger.flush()
        await self.seat.ledger.batch(replace(batch, state="done"))

    def _take(self, call: Call, raw: Raw) -> None:
        number = self.numbers.get(call.key, 1)
        found, _ = self.seat.find(call, number, raw, batch=True)
        self.why[call.key] = found.why
        if found.fate == "stop":
            self.seat.stop(found.why)
        self.lacked[call.key] += lacking(raw)
        if found.fate == "give up" or self.lacked[call.key] >= ASKS:
            self.lose(call)
        if found.reading is not None:
            reading: Reading = found.reading
            if reading.outcome == "usable" or self._unusable(call) >= ASKS:
                self.seat.settle(call, number, reading)
                del self.open[call.key]

    def _unusable(self, call: Call) -> int:
        envelope = providers.PROTOCOLS[self.seat.juror.provider].envelope
        replies = self.seat.ledger.replies(call.key)
        return sum(triage(raw, call.juror, call.form, envelope).reading is not None for _, raw in replies)

    def lose(self, call: Call) -> None:
        """Settle a call that no batch could get."""
        why = self.why.get(call.key) or "No batch brought a reply to this call."
        self.seat.settle(call, self.numbers.get(call.key, 1), Reading("failed", why=why))
        del self.open[call.key]


def _chunks(calls: list[Call]) -> list[list[Call]]:
    chunks: list[list[Call]] = [[]]
    size = 0
    for call in calls:
        weight = len(call.request)
        if chunks[-1] and (len(chunks[-1]) >= AT_ONCE or size + weight > BYTES):
            chunks.append([])
            size = 0
        chunks[-1].append(call)
        size += weight
    return chunks
