"""How far a long run is: rate and time left, from what was done in the last while."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

NAN = float("nan")
_REMEMBERED = 32


@dataclass(frozen=True, slots=True)
class Progress:
    """One look at a run: `share` of it done, `rate` a second, seconds `left`; NaN while unknown."""

    done: int
    share: float
    rate: float = NAN
    left: float = NAN

    def __str__(self) -> str:
        left = "" if self.left != self.left else f", {_time(self.left)} left"
        rate = "" if self.rate != self.rate else f", {self.rate:,.3g} a second"
        return f"{self.share:4.0%}  {self.done:,} done{rate}{left}"


class Pace:
    """Turns what is done, and when, into `Progress`. The clock is the caller's.

    Examples
    --------
    >>> pace = Pace()
    >>> _ = pace.at(0.0, done=0, share=0.0)
    >>> print(pace.at(10.0, done=50, share=0.25))
     25%  50 done, 5 a second, 30 s left
    """

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int, float]] = deque(maxlen=_REMEMBERED)

    def at(self, seconds: float, *, done: int, share: float) -> Progress:
        """Return the progress at `seconds` on any clock that only goes forward."""
        first = self._seen[0] if self._seen else (seconds, done, share)
        self._seen.append((seconds, done, share))
        passed, gained = seconds - first[0], share - first[2]
        if passed <= 0 or gained <= 0:
            return Progress(done, share)
        return Progress(done, share, (done - first[1]) / passed, (1 - share) * passed / gained)


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
