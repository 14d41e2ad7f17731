"""One value an item from several raters: mean, median, or majority with "no majority" as an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agreement.array import ratings as table

Floats = NDArray[np.float64]
Outcome = Literal["majority", "no majority", "unrated"]


@dataclass(frozen=True, slots=True, eq=False)
class Majority:
    """The value that more than half of an item's raters gave.

    Attributes
    ----------
    values : array of shape (items,)
        NaN where there is no majority or no rating.
    share : array of shape (items,)
        The share of the most frequent value; NaN where there is no rating.
    outcomes : tuple of str
        ``"majority"``, ``"no majority"`` or ``"unrated"``, item by item.
    """

    values: Floats
    share: Floats
    outcomes: tuple[Outcome, ...]


def mean(ratings: ArrayLike) -> Floats:
    """Return each item's mean over its raters; NaN where nobody rated.

    Examples
    --------
    >>> mean([[1, 2, float("nan")], [float("nan")] * 3])
    array([1.5, nan])
    """
    x = table(ratings)
    n = (~np.isnan(x)).sum(axis=1)
    return np.asarray(np.where(n > 0, np.nansum(x, axis=1) / np.maximum(n, 1), np.nan))


def median(ratings: ArrayLike) -> Floats:
    """Return each item's median over its raters, halfway between the middle two; NaN where nobody rated.

    Examples
    --------
    >>> median([[1, 2, 5], [4, 1, float("nan")]])
    array([2. , 2.5])
    """
    x = np.sort(table(ratings), axis=1)  # NaN last
    n = (~np.isnan(x)).sum(axis=1)
    if not x.shape[1]:
        return np.full(len(x), np.nan)
    rows, last = np.arange(len(x)), np.maximum(n - 1, 0)
    return np.asarray((x[rows, last // 2] + x[rows, (last + 1) // 2]) / 2)


def majority(ratings: ArrayLike) -> Majority:
    """Return each item's majority value: more than half of its raters, not merely the most.

    Examples
    --------
    >>> found = majority([[1, 1, 2], [1, 2, 3], [float("nan")] * 3])
    >>> found.values, found.outcomes
    (array([ 1., nan, nan]), ('majority', 'no majority', 'unrated'))
    """
    x = table(ratings)
    n = (~np.isnan(x)).sum(axis=1)
    best, top = np.zeros(len(x)), np.full(len(x), np.nan)
    for point in np.unique(x[~np.isnan(x)]):
        votes = (x == point).sum(axis=1)
        top = np.where(votes > best, point, top)
        best = np.maximum(best, votes)
    won = 2 * best > n
    outcomes = np.select([n == 0, won], ["unrated", "majority"], "no majority")
    share = np.where(n > 0, best / np.maximum(n, 1), np.nan)
    return Majority(np.where(won, top, np.nan), share, tuple(outcomes.tolist()))
