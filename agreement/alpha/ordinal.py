"""Ordinal alpha as Krippendorff defines it: interval alpha of the ranks that the ratings themselves make."""

from __future__ import annotations

import numpy as np

from agreement.alpha.units import Counted, Disagreement, Floats, Scored, Units


def ordinal(units: Units) -> Disagreement:
    """Return observed and expected mean squared distance in ranks.

    δ(c, k) = Σ_{g=c..k} n_g − (n_c + n_k)/2 is the distance between the mean ranks of c and k among all
    pairable ratings. The ranks belong to the sample: each bootstrap replicate has its own.

    Examples
    --------
    >>> from agreement.alpha.units import units
    >>> found = ordinal(units(np.array([[1.0, 2.0], [4.0, 9.0]])))
    >>> [round(float(part[0]), 3) for part in found(np.ones((1, 2)))]
    [1.0, 3.333]
    """
    return _points(units) if isinstance(units, Counted) else _scores(units)


def _points(units: Counted) -> Disagreement:
    given = units.counts
    low, high = np.triu_indices(given.shape[1], 1)
    # How often each pair of different points met, each item's pairs sharing its m ratings.
    met = given[:, low] * given[:, high] / (units.m - 1)[:, None]

    def disagreement(weights: Floats) -> tuple[Floats, Floats]:
        each = weights @ given
        rank = np.cumsum(each, axis=1) - each / 2
        apart = 2 * ((weights @ met) * (rank[:, low] - rank[:, high]) ** 2).sum(axis=1)
        return _over(each, rank, apart)

    return disagreement


def _scores(units: Scored) -> Disagreement:
    """Return the same for continuous scores, one replicate at a time in passes over the ratings."""
    distinct, code = np.unique(units.values, return_inverse=True)
    starts = np.searchsorted(units.item, np.arange(len(units.m)))

    def disagreement(weights: Floats) -> tuple[Floats, Floats]:
        each = np.empty((len(weights), len(distinct)))
        for place, row in zip(each, weights, strict=True):
            place[:] = np.bincount(code, row[units.item], minlength=len(distinct))
        rank = np.cumsum(each, axis=1) - each / 2
        apart = np.empty(len(weights))
        for row, (weight, place) in enumerate(zip(weights, rank, strict=True)):
            x = (place - each[row].sum() / 2)[code]
            first, second = np.add.reduceat(x, starts), np.add.reduceat(x * x, starts)
            apart[row] = weight @ (2 * (units.m * second - first**2) / (units.m - 1))
        return _over(each, rank, apart)

    return disagreement


def _over(each: Floats, rank: Floats, apart: Floats) -> tuple[Floats, Floats]:
    n = each.sum(axis=1)
    centred = rank - n[:, None] / 2  # the weighted mean rank is n/2
    return apart / n, 2 * (each * centred**2).sum(axis=1) / (n - 1)
