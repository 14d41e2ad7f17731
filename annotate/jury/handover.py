"""A batch is handed over once, also where its server's answer is lost: it may have arrived all the same."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from annotate.jury.ledger import Batch
from annotate.jury.patience import unable
from annotate.jury.providers.sdk import Bureau, Turned
from annotate.jury.seat import Seat

FORGOTTEN = timedelta(days=2)
"""A batch of this age that its server does not know is not waited for any more."""
_LOST = (0, 502, 504)
"""No answer, or that of a gateway: the server behind it may be at it still."""


class Handover:
    """Hands one juror's batches over, and finds those whose answer was lost."""

    def __init__(self, seat: Seat, bureau: Bureau, poll: float) -> None:
        self.seat, self.bureau, self.poll = seat, bureau, poll
        self._doubted: set[str] = set()

    async def submit(self, batch: Batch, requests: Sequence[tuple[str, dict[str, Any]]]) -> str:
        """Return the number of a batch; one whose answer was lost is looked for before a second try.

        Empty: it may have arrived, and only time will tell, or it has and nobody can ask after it.
        """
        if batch.token in self._doubted and (number := await self._arrived(batch)) != "":
            return number or ""
        try:
            return await self.bureau.submit(batch.token, requests)
        except Turned as turned:
            status = turned.raw.status
            if status in (0, 200) or status >= 500:
                self._doubted.add(batch.token)
                number = await (self._arrived(batch) if status in _LOST else self.find(batch))
                if number:
                    return number
                if status == 200:
                    # It has taken the batch: handed over again, it would be paid twice.
                    self.seat.stop(
                        unable(self.seat, "It took a batch and gave it no number that can be kept.")
                    )
                    return ""
                if number is None:
                    return ""
            raise

    async def find(self, batch: Batch) -> str | None:
        """Return the number of a batch whose answer was lost; empty: it never arrived; None: who knows."""
        batches = self.seat.ledger.batches(self.seat.juror, done=True)
        known = {other.number for other in batches if other.number}
        return await self.bureau.find(batch.token, batch.keys, known)

    async def found(self, batch: Batch) -> str | None:
        """Return the same about a batch of an earlier run, which may have ended a moment ago, or days."""
        number = await self.find(batch)
        if number == "" and _age(batch) < timedelta(seconds=self.seat.juror.patience):
            return None
        return "" if number is None and _age(batch) > FORGOTTEN else number

    async def _arrived(self, batch: Batch) -> str | None:
        """Look for a while: what was cut off here may still be on its way there."""
        until = time.monotonic() + self.seat.juror.patience
        number = await self.find(batch)
        while number == "" and not self.seat.stopped and (left := until - time.monotonic()) > 0:
            await self.seat.rest(min(self.poll, left))
            number = await self.find(batch)
        return number


def old(batch: Batch) -> bool:
    """Return whether a batch is so old that no server would still be at it."""
    return _age(batch) > FORGOTTEN


def _age(batch: Batch) -> timedelta:
    return datetime.now(UTC) - batch.at if batch.at is not None else timedelta(0)
