"""How many calls a juror's server gets at once: as many as it takes, found out gently."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

OPENING = 16
"""Calls in flight at the start."""
RISE = 0.5
"""Seconds in which an unhindered opening reaches the most that is allowed."""
UNSEEN = 256
"""Calls in flight at most, until a first reply has shown that there is somebody who takes them."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Leave to send: when it was given (in congestions so far) and how many were then in flight."""

    epoch: int
    place: int


class Limiter:
    """One juror's adaptive limit on calls in flight.

    It opens paced, so that a crowded server shows itself before hundreds of calls have left. A refusal
    tells how many were too many; it counts once a congestion: only if its request left after the last
    cut. After that the limit grows by one a round, and ever more slowly where growth was refused before.

    Parameters
    ----------
    most : int
        Calls in flight at most.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.limit = float(min(OPENING, most))
        self.in_flight = 0
        self.cuts = 0
        self._opening = True
        self._seen = False
        self._slowness = 1.0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._paused_until = 0.0
        self._timer: asyncio.TimerHandle | None = None

    async def enter(self) -> Pass:
        """Wait for leave to send."""
        while self.in_flight >= int(self.limit) or self._paused():
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            self._arm()
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._wake()
                raise
        self.in_flight += 1
        return Pass(self.cuts, self.in_flight)

    def leave(self, leave: Pass, *, congested: bool = False, usable: bool = False) -> None:
        """Give the place back, and say whether the server was crowded."""
        self.in_flight -= 1
        self._seen = self._seen or usable
        if congested:
            self._cut(leave)
        elif usable and not self._opening:
            self.limit = min(self.most, self.limit + 1 / (self.limit * self._slowness))
        self._wake()

    def pause(self, seconds: float) -> None:
        """Let nothing leave for a while: the server has said how long."""
        self._paused_until = max(self._paused_until, asyncio.get_running_loop().time() + seconds)

    def release(self) -> None:
        """Let everybody through who waits: nobody sends any more."""
        self._paused_until, self.limit = 0.0, 1e9
        self._wake()

    def _cut(self, leave: Pass) -> None:
        if leave.epoch < self.cuts and leave.place > self.limit:
            return  # left before the last cut: that cut has answered it already
        if not self._opening and leave.epoch == self.cuts:
            self._slowness = min(16.0, self._slowness * 2)
        self._opening = False
        self.limit = max(1.0, min(self.limit, leave.place - 1.0))
        self.cuts += 1

    def _paused(self) -> bool:
        return self._paused_until > asyncio.get_running_loop().time()

    def _arm(self) -> None:
        """Have a timer open the way further, or end a pause."""
        if self._timer is not None or not (self._opening or self._paused()):
            return
        loop = asyncio.get_running_loop()
        delay = self._paused_until - loop.time() if self._paused() else 0.01
        self._timer = loop.call_later(max(delay, 0.001), self._tick)

    def _tick(self) -> None:
        self._timer = None
        if self._opening and not self._paused():
            most = self.most if self._seen else min(self.most, UNSEEN)
            self.limit = min(float(most), self.limit + max(1.0, self.most * 0.01 / RISE))
            self._opening = self.limit < self.most
        self._wake()
        if self._waiting:
            self._arm()

    def _wake(self) -> None:
        free = int(self.limit) - self.in_flight
        while free > 0 and self._waiting and not self._paused():
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                free -= 1
        if self._waiting:
            self._arm()
