"""The axis of a picture: its ticks, where a value stands between them, and the lines across."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from agreement.paper.marks import GRID, SOFT, Line, Mark, Words

Place = Callable[[float], float]
"""Where on the sheet a value stands."""


def axis(low: float, high: float) -> list[float]:
    """Return round ticks that hold both ends.

    Examples
    --------
    >>> axis(-0.13, 0.52)
    [-0.2, 0.0, 0.2, 0.4, 0.6]
    """
    if not high > low:
        low, high = low - 0.5, high + 0.5
    raw = (high - low) / 5
    size = 10 ** math.floor(math.log10(raw))
    step = next(m * size for m in (1, 2, 2.5, 5, 10) if m * size >= raw - 1e-12)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(k * step, 10) + 0.0 for k in range(first, last + 1)]


def placing(ticks: Sequence[float], start: float, end: float) -> Place:
    """Return where a value stands between the first tick, at `start`, and the last, at `end`.

    Examples
    --------
    >>> placing([0, 1], 100, 200)(0.25)
    125.0
    """
    low, high = ticks[0], ticks[-1]
    return lambda value: round(start + (value - low) / (high - low) * (end - start), 2)


def lines_at(
    ticks: Sequence[float], place: Place, top: float, bottom: float, zero: float | None = None
) -> Iterator[Mark]:
    """Return an upright line for each tick, with its number below; the one at `zero` guides the eye."""
    for tick in ticks:
        guide = zero is not None and abs(tick - zero) < 1e-9
        yield Line(place(tick), top, place(tick), bottom, SOFT if guide else GRID, 1.2 if guide else 1)
        yield Words(place(tick), bottom + 16, f"{tick:g}", 11, "middle", SOFT)
