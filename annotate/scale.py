"""A scale: the points that a question offers, in words, and what may be computed with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["nominal", "ordinal", "interval", "ratio"]


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a scale: what is stored (`value`), what is read (`label`), where it stands (`number`)."""

    value: str
    label: str
    number: float


@dataclass(frozen=True, slots=True)
class Scale:
    """The declared points of a question, also those that nobody uses.

    A scale without points is continuous between `low` and `high` (either may be open: None).

    Examples
    --------
    >>> harm = Scale("ordinal", (Point("none", "No harm", 0), Point("severe", "Severe harm", 1)))
    >>> harm.number("severe")
    1.0
    >>> harm.number("fatal")
    Traceback (most recent call last):
        ...
    ValueError: 'fatal' is not a point of this scale (none, severe)
    """

    level: Level
    points: tuple[Point, ...] = ()
    low: float | None = None
    high: float | None = None

    def number(self, value: object) -> float:
        """Return where `value` stands on the scale; a sentence as ValueError where it does not."""
        return self._place(value) if self.points else self._within(value)

    def _place(self, value: object) -> float:
        for point in self.points:
            if str(value) == point.value or _same_number(value, point.value):
                return float(point.number)
        known = ", ".join(point.value for point in self.points)
        raise ValueError(f"{value!r} is not a point of this scale ({known})")

    def _within(self, value: object) -> float:
        try:
            number = float(str(value))
        except ValueError:
            raise ValueError(f"{value!r} is not a number") from None
        low = float("-inf") if self.low is None else self.low
        high = float("inf") if self.high is None else self.high
        if not low <= number <= high:
            raise ValueError(f"{value!r} is outside {low:g} to {high:g}")
        return number


def _same_number(value: object, point: str) -> bool:
    """Whether a file's ``4.0`` means the point ``4``: spreadsheets write whole numbers so."""
    if isinstance(value, bool):
        return False
    try:
        return float(str(value)) == float(point)
    except ValueError:
        return False


def likert(*labels: str, start: int = 1) -> Scale:
    """Return an anchored interval scale with one point a label, counted from `start`.

    Examples
    --------
    >>> [point.value for point in likert("very poor", "poor", "fair").points]
    ['1', '2', '3']
    """
    points = (Point(str(n), label, float(n)) for n, label in enumerate(labels, start))
    return Scale("interval", tuple(points))
