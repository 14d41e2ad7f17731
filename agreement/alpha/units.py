"""Pairable ratings: as counts of a few points where there are few, else one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from agreement.weights import MANY_ITEMS

Floats = NDArray[np.float64]
Disagreement = Callable[[Floats], tuple[Floats, Floats]]
"""Weights of shape (replicates, items) -> observed and expected disagreement, one of each a replicate."""
FEW = 32  # up to here, a table of points by points costs nothing
LOOK = 256  # items that are looked at to guess the points


@dataclass(frozen=True, slots=True)
class Counted:
    """Items with two ratings or more, as counts.

    Attributes
    ----------
    points : array of shape (points,)
        The distinct ratings, ascending.
    counts : array of shape (items, points)
        How many raters gave each.
    m : array of shape (items,)
        Ratings an item.
    kept : array of shape (all items,)
        Which rows of the array these items are.
    total : int
        All ratings that were counted, also those of items with one.
    """

    points: Floats
    counts: Floats
    m: Floats
    kept: NDArray[np.bool_]
    total: int


@dataclass(frozen=True, slots=True)
class Scored:
    """Items with two ratings or more, as ratings one after the other: `values`, and each one's `item`.

    `m` and `kept` are as in `Counted`; `item` ascends.
    """

    values: Floats
    item: NDArray[np.intp]
    m: Floats
    kept: NDArray[np.bool_]

    def each(self, amount: Floats) -> Floats:
        """Return the sum of `amount` (one a rating) over each item."""
        return np.asarray(np.bincount(self.item, amount, minlength=len(self.m)))


Units = Counted | Scored


def units(ratings: Floats, points: Sequence[float] | None = None) -> Units:
    """Return the pairable ratings of an items × raters array (NaN = unrated).

    `points` may name the values that occur; without it they are guessed from the first items, and the
    guess is checked by counting.

    Examples
    --------
    >>> two = units(np.array([[1.0, 2.0], [3.0, np.nan], [4.0, 4.0]]))
    >>> two.points, two.counts.tolist(), two.m
    (array([1., 2., 4.]), [[1.0, 1.0, 0.0], [0.0, 0.0, 2.0]], array([2., 2.]))
    """
    there = ~np.isnan(ratings)
    head = ratings[:LOOK]
    guess = np.unique(head[there[:LOOK]] if points is None else np.asarray(points, dtype=float))
    if len(guess) > FEW:
        return _scored(ratings, there)
    found = counted(ratings, guess)
    if found.total == np.count_nonzero(there):
        return found
    full = np.unique(ratings[there])
    return counted(ratings, full) if len(full) <= FEW else _scored(ratings, there)


def counted(ratings: Floats, points: Floats) -> Counted:
    """Return how often each of `points` (ascending, distinct) was given; other values are not seen."""
    counts = _counts(ratings, points)
    m = counts.sum(axis=1)
    kept, total = m >= 2, int(m.sum())
    if not kept.all():
        counts, m = counts[kept], m[kept]
    used = counts.any(axis=0)
    return Counted(points[used], counts if used.all() else counts[:, used], m, kept, total)


def _counts(ratings: Floats, points: Floats) -> Floats:
    """Return items × points. Raters come first in memory, so that each step runs along the items."""
    across = np.ascontiguousarray(ratings.T)
    small = np.uint8 if len(across) < 256 else np.int64
    counts = np.empty((ratings.shape[0], len(points)))
    for place, point in enumerate(points):
        counts[:, place] = np.add.reduce((across == point).view(np.uint8), axis=0, dtype=small)
    return counts


def _scored(ratings: Floats, there: NDArray[np.bool_]) -> Scored:
    m = there.sum(axis=1)
    kept = m >= 2
    if not kept.all():
        ratings, there, m = ratings[kept], there[kept], m[kept]
    return Scored(ratings[there], np.repeat(np.arange(len(m)), m), m.astype(float), kept)


def folded(rows: Units) -> tuple[Units, Floats | None]:
    """Return many items as the few kinds of item that they are, and how many there are of each.

    Two items that got the same counts of the same points are one kind: drawing items and counting kinds is
    a multinomial draw of kinds. None where items are few, or nearly all of their own kind.

    Examples
    --------
    >>> few, times = folded(units(np.array([[1.0, 2.0], [2.0, 1.0], [2.0, 2.0]] * 10_000)))
    >>> few.counts.tolist(), times.tolist()
    ([[0.0, 2.0], [1.0, 1.0]], [10000.0, 20000.0])
    """
    if not isinstance(rows, Counted) or len(rows.m) < MANY_ITEMS:
        return rows, None
    kinds, times = np.unique(rows.counts, axis=0, return_counts=True)
    if 4 * len(kinds) > len(rows.m):
        return rows, None
    return replace(rows, counts=kinds, m=kinds.sum(axis=1)), times.astype(float)
