"""The level of an interval, checked once."""

from __future__ import annotations

from agreement.refusal import Refusal


def tail(level: float) -> float:
    """Return the upper quantile of a two-sided interval at `level`; a sentence where that is none.

    Examples
    --------
    >>> tail(0.5)
    0.75
    >>> tail(95)
    Traceback (most recent call last):
        ...
    agreement.refusal.Refusal: An interval's level lies between 0 and 1, not 95.
    """
    if not 0 < level < 1:
        raise Refusal(f"An interval's level lies between 0 and 1, not {level:g}.")
    return 0.5 + level / 2
