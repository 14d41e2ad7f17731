"""What REML needs of the ratings, and nothing else: Gram matrices of who rated with whom, per rater count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agreement.array import Array


@dataclass(frozen=True, slots=True, eq=False)
class Grams:
    """Sums over items; `m` lists the distinct numbers of ratings an item has.

    Attributes
    ----------
    items, raters, ratings : int
        How many there are.
    m, n : array of (counts,)
        Ratings an item, and how many items have as many.
    gram : array of (counts, raters, raters)
        For items with m ratings, how many of them each two raters share.
    cross, square : array of (counts, raters) and (counts,)
        For these items, sums of the items' totals, by rater, and of their squares.
    rated, total : array of (raters,)
        Ratings and their sum, by rater; ratings are taken from `centre`.
    power : float
        Sum of the squared ratings.
    inverse : float
        Mean over items of 1/m: one over the harmonic mean of raters an item.
    apart : float
        How far two items' raters differ, 0 where all share all (q of ten Hove et al.).
    """

    items: int
    raters: int
    ratings: int
    centre: float
    m: Array
    n: Array
    gram: Array
    cross: Array
    square: Array
    rated: Array
    total: Array
    power: float
    inverse: float
    apart: float


def grams(values: Array) -> Grams:
    """Return the sums of ratings (items, raters), where every item and every rater has one.

    Examples
    --------
    >>> g = grams(np.array([[1.0, 2.0, np.nan], [np.nan, 2.0, 4.0]]))
    >>> g.m, g.n, g.gram[0].astype(int).tolist()
    (array([2.]), array([2.]), [[1, 1, 0], [1, 2, 1], [0, 1, 1]])
    """
    o = (~np.isnan(values)).astype(np.float64)
    filled = np.where(o > 0, values, 0.0)
    centre = float(filled.sum() / o.sum())
    y = filled - centre * o
    ones = np.ones(values.shape[1])
    each, total = o @ ones, y @ ones  # products: sums along short rows are slow
    m, n = np.unique(each, return_counts=True)
    parts = [_part(o, total, each == count if len(m) > 1 else slice(None)) for count in m]
    gram, cross, square = (np.array(part) for part in zip(*parts, strict=True))
    items, inverse = len(values), float((1 / each).mean())
    return Grams(
        items,
        values.shape[1],
        int(each.sum()),
        centre,
        m,
        n.astype(np.float64),
        gram,
        cross,
        square,
        o.sum(axis=0),
        y.sum(axis=0),
        float(np.einsum("ij,ij->", y, y)),
        inverse,
        _apart(o, each, inverse),
    )


def _part(o: Array, total: Array, which: np.typing.NDArray[np.bool_] | slice) -> tuple[Array, Array, float]:
    mine, sums = o[which], total[which]
    return mine.T @ mine, mine.T @ sums, float(sums @ sums)


def _apart(o: Array, each: Array, inverse: float) -> float:
    """Share of rater variance left between the means of two items: 1/k minus the mean overlap (their q)."""
    n = len(each)
    if n < 2:
        return 0.0
    share = (1 / each) @ o
    return inverse - float(share @ share - n * inverse) / (n * (n - 1))
