"""How far a run is, as a lead reads it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from annotate.jury.ledger import Cost


@dataclass(frozen=True, slots=True)
class Waiting:
    """Batches that are waited for: calls that their servers have finished, and when they are asked again."""

    finished: int
    total: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.finished:,} of {self.total:,} done in batches, asked again in {self.seconds:.0f} s"


@dataclass(frozen=True, slots=True)
class Progress:
    """One moment of a run.

    Attributes
    ----------
    total, known, done : int
        Calls in all; those whose verdict was there before; those settled by this run.
    outcomes : mapping of outcome to number
        Of the settled ones: usable, refused, truncated, invalid, failed.
    rate : float
        Verdicts a second so far.
    dollars : float
        Spent by this run, as far as prices are known.
    to_come : float or None
        What the rest will cost at the mean so far.
    waiting : Waiting or None
        Where calls were handed over in batches: how far those are.
    """

    total: int
    known: int
    done: int
    outcomes: dict[str, int]
    requests: int
    in_flight: int
    rate: float
    dollars: float
    to_come: float | None
    unpriced: int
    stopped: tuple[str, ...] = ()
    waiting: Waiting | None = None

    @property
    def left(self) -> int:
        """Return how many calls have no verdict yet."""
        return max(0, self.total - self.known - self.done)


Watcher = Callable[[Progress], None]


@dataclass
class Tally:
    """Counts while a run goes on, and tells a watcher twice a second at most.

    `batches` has, for every juror whose batches are waited for, how many of their calls are finished, how
    many there are, and when the server is asked again.
    """

    watcher: Watcher | None = None
    total: int = 0
    known: int = 0
    requests: int = 0
    in_flight: int = 0
    dollars: float = 0.0
    unpriced: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    stopped: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    batches: dict[str, tuple[int, int, float]] = field(default_factory=dict)
    _told: float = 0.0

    def paid(self, cost: Cost | None) -> None:
        """Count what a reply cost."""
        if cost is None:
            self.unpriced += 1
        else:
            self.dollars += cost.dollars

    def tell(self, *, now: bool = False) -> None:
        """Tell the watcher, if it is time."""
        moment = time.monotonic()
        if self.watcher is not None and (now or moment - self._told >= 0.5):
            self._told = moment
            self.watcher(self.progress())

    def progress(self) -> Progress:
        """Return this moment."""
        done = sum(self.outcomes.values())
        seconds = max(time.monotonic() - self.started, 1e-9)
        left = max(0, self.total - self.known - done)
        return Progress(
            total=self.total,
            known=self.known,
            done=done,
            outcomes=dict(self.outcomes),
            requests=self.requests,
            in_flight=self.in_flight,
            rate=done / seconds,
            dollars=self.dollars,
            to_come=self.dollars / done * left if done and not self.unpriced else None,
            unpriced=self.unpriced,
            stopped=tuple(self.stopped),
            waiting=self._waiting(),
        )

    def _waiting(self) -> Waiting | None:
        if not self.batches:
            return None
        finished, total, looks = zip(*self.batches.values(), strict=True)
        return Waiting(sum(finished), sum(total), max(0.0, min(looks) - time.monotonic()))
