"""What a run may cost: money or requests; it never exceeds it, and stops cleanly when it is spent."""

from __future__ import annotations

import asyncio
import math
import re
from dataclasses import dataclass

from annotate.fault import Fault


@dataclass(frozen=True, slots=True)
class Budget:
    """At most so many dollars, at most so many requests."""

    dollars: float = math.inf
    requests: float = math.inf

    @property
    def bounded(self) -> bool:
        """Return whether money is counted."""
        return math.isfinite(self.dollars)


def budget_of(text: str) -> Budget:
    """Read a budget as people write it.

    Examples
    --------
    >>> budget_of("12.50"), budget_of("300 calls")
    (Budget(dollars=12.5, requests=inf), Budget(dollars=inf, requests=300.0))
    """
    found = re.fullmatch(
        r"\s*\$?\s*([0-9]+(?:\.[0-9]+)?)\s*(\$|usd|dollars?|calls?|requests?)?\s*", text, re.I | re.A
    )
    if not found or (found[2] and found[2][0] in "cCrR" and "." in found[1]):
        raise Fault(f"{text!r} is not a budget; write dollars (12.50) or a number of calls ('300 calls').")
    number = float(found[1])
    return Budget(requests=number) if found[2] and found[2][0] in "cCrR" else Budget(dollars=number)


class Purse:
    """Keeps a budget: what a call may cost at most is set aside before it leaves."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.spent = 0.0
        self.requests = 0
        self.empty = False
        self._aside = 0.0
        self._out = 0
        self._change = asyncio.Condition()

    async def take(self, worst: float) -> bool:
        """Set the worst case of one request aside; False where the budget has no room for it any more."""
        if not self.budget.bounded and math.isinf(self.budget.requests):
            self.requests += 1
            return True
        async with self._change:
            while not self._fits(worst):
                # What is out may cost less than was set aside for it.
                if self._out == 0 or self.requests + 1 > self.budget.requests:
                    self.empty = True
                    return False
                await self._change.wait()
            self._aside += worst
            self._out += 1
            self.requests += 1
            return True

    async def settle(self, worst: float, cost: float | None, *, sent: bool = True) -> None:
        """Give back what was set aside, less what the request cost; the worst where nobody knows."""
        self.requests -= 0 if sent else 1
        if not self.budget.bounded and math.isinf(self.budget.requests):
            self.spent += cost or 0.0
            return
        async with self._change:
            self._aside -= worst
            self._out -= 1
            self.spent += worst if cost is None else cost
            self._change.notify_all()

    def _fits(self, worst: float) -> bool:
        money = self.spent + self._aside + worst <= self.budget.dollars + 1e-9
        return money and self.requests + 1 <= self.budget.requests
