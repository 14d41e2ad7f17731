"""Questions on which a high value is bad: turned round, so that high is good wherever figures are made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agreement.array import Array
from agreement.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Turned:
    """How a question was turned round: every answer became `low` + `high` less itself.

    Examples
    --------
    >>> errors = Turned(0.0, 5.0)
    >>> errors.of(errors.of(2.0)), errors.of(2.0)
    (2.0, 3.0)
    >>> print(errors.sentence)
    A high value is bad here: figures are made of answers turned round (0 to 5 read as 5 to 0), so that high \
is good.
    """

    low: float
    high: float

    def of(self, value: float) -> float:
        """Return one value turned round, or turned back."""
        return self.low + self.high - value

    def all(self, values: Array) -> Array:
        """Return an array turned round, or turned back; NaN stays."""
        return self.low + self.high - values

    @property
    def sentence(self) -> str:
        """What a reader of the figures must know."""
        return (
            "A high value is bad here: figures are made of answers turned round "
            f"({self.low:g} to {self.high:g} read as {self.high:g} to {self.low:g}), so that high is good."
        )


def up_to(bad: float, turned: Turned | None) -> str:
    """Return in words, and in the points as they were given, which of them are bad.

    Examples
    --------
    >>> up_to(2.0, None), up_to(2.0, Turned(1, 5))
    ('2 or lower', '4 or higher')
    """
    return f"{bad:g} or lower" if turned is None else f"{turned.of(bad):g} or higher"


def check_known(high_is_bad: Iterable[str], asked: Sequence[str]) -> None:
    """Refuse a question that nobody answered."""
    for question in high_is_bad:
        if question not in asked:
            raise Refusal(
                f"{question!r} is said to be bad where it is high, but nobody was asked it "
                f"(the questions are {', '.join(asked)})."
            )


def no_height(question: str) -> Refusal:
    """Return the refusal of a question whose answers have no order."""
    return Refusal(
        f"{question!r} is said to be bad where it is high, but its answers are words or marks without an "
        "order: declare their order (--scale QUESTION=none,mild,severe), or give numbers."
    )
