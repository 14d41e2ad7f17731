"""Sentences that a reader needs beside a figure: few items, a ceiling, a rater without variance."""

from __future__ import annotations

import numpy as np

from agreement.array import Array, Codes, complete, rated

FEW_ITEMS = 30
SKEW = 0.85
FEW_RATINGS = 5


def fragile(values: Array) -> tuple[str, ...]:
    """Return why a coefficient on these ratings (items, raters; NaN unrated) deserves caution.

    Examples
    --------
    >>> import numpy as np
    >>> for sentence in fragile(np.array([[5.0, 5.0], [5.0, 4.0], [5.0, 3.0]])):
    ...     print(sentence)
    Only 3 items (fewer than 30): read the interval, not the point.
    Rater 1 gave every item the same score.
    """
    if complete(values):
        return (*few_items(len(values)), *_skew(values.ravel()), *flat_raters(values))
    n = len(rated(values)[1])
    return (*dropped(values), *few_items(n), *_skew(values[~np.isnan(values)]), *flat_raters(values))


def dropped(values: Array) -> tuple[str, ...]:
    """Return which items and raters without any rating are left out."""
    if complete(values):
        return ()
    _, items, raters = rated(values)
    lost = values.shape[0] - len(items), values.shape[1] - len(raters)
    said = [
        f"{_count(n, what)} without any rating left out."
        for n, what in zip(lost, ("item", "rater"), strict=True)
        if n
    ]
    return tuple(said)


def few_items(n: int) -> tuple[str, ...]:
    """Return a sentence where there are fewer than 30 items."""
    if n >= FEW_ITEMS:
        return ()
    return (f"Only {_count(n, 'item')} (fewer than {FEW_ITEMS}): read the interval, not the point.",)


def skew(values: Array) -> tuple[str, ...]:
    """Return a sentence where at least 85 % of the ratings are one value: that value is then the median."""
    return _skew(values[~np.isnan(values)])


def _skew(there: Array) -> tuple[str, ...]:
    if not len(there) or _surely_spread(there):
        return ()
    middle = np.partition(there, len(there) // 2)[len(there) // 2]
    return skewed(float((there == middle).mean()), middle, there.min(), there.max())


def skewed(share: float, middle: float, low: float, high: float) -> tuple[str, ...]:
    """Return the same sentence where the share of the most frequent value is already known.

    Examples
    --------
    >>> skewed(0.9, 5, 1, 5)
    ('90% of the ratings are 5 (ceiling): little variance is left to agree about.',)
    """
    if share < SKEW or share == 1.0:
        return ()
    where = " (ceiling)" if middle == high else " (floor)" if middle == low else ""
    return (f"{share:.0%} of the ratings are {middle:g}{where}: little variance is left to agree about.",)


def _surely_spread(there: Array) -> bool:
    """Each rating off the one value spoils at most one pair of neighbours: few equal pairs, no such value."""
    half = len(there) // 2
    equal = np.count_nonzero(there[:half] == there[half : 2 * half])
    return bool(equal < half - 2 * (1 - SKEW) * half - 1)


def flat_raters(values: Array) -> tuple[str, ...]:
    """Return a sentence where raters (numbered from 1) gave every item the same score."""
    flat = 1 + np.array([j for j in _candidates(values) if _flat(values[:, j])], dtype=np.intp)
    if not len(flat):
        return ()
    return (f"{named('Rater', flat)} gave every item the same score.",)


def _candidates(values: Array) -> Codes:
    """The raters that do not differ within the first items: few are left to look at in full."""
    head = values[:16]
    return np.flatnonzero(~((head != head[:1]) & ~np.isnan(head) & ~np.isnan(head[:1])).any(axis=0))


def _flat(column: Array) -> bool:
    there = column[~np.isnan(column)]
    return len(there) > 1 and bool((there == there[0]).all())


def thin_raters(values: Array) -> tuple[str, ...]:
    """Return a sentence where raters (numbered from 1) rated fewer than 5 items."""
    n = (~np.isnan(values)).sum(axis=0)
    thin = np.flatnonzero((n > 0) & (n < FEW_RATINGS)) + 1
    if not len(thin):
        return ()
    return (f"{named('Rater', thin)} rated fewer than {FEW_RATINGS} items.",)


def named(what: str, numbers: np.typing.NDArray[np.intp], shown: int = 8) -> str:
    """Return "Rater 2", "Raters 2 and 3" or "12 raters (1, 2, …)".

    Examples
    --------
    >>> named("Rater", np.array([2, 3, 7]))
    'Raters 2, 3 and 7'
    """
    words = [str(number) for number in numbers]
    if len(words) == 1:
        return f"{what} {words[0]}"
    if len(words) <= shown:
        return f"{what}s {', '.join(words[:-1])} and {words[-1]}"
    return f"{len(words)} {what.lower()}s ({', '.join(words[:shown])}, …)"


def _count(n: int, what: str) -> str:
    return f"{n:,} {what}" if n == 1 else f"{n:,} {what}s"
