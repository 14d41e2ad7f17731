"""Kendall's tau-b: concordant less discordant pairs of items, corrected for ties."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agreement.estimate import NAN, Estimate
from agreement.pair.paired import Paired, on_fisher_z, paired
from agreement.pair.pearson import fisher_z

Floats = NDArray[np.float64]
CELLS = 20_000_000  # beyond this many distinct pairs of values the table does not pay


def kendall_tau(ratings: ArrayLike, *, cases: ArrayLike | None = None, level: float = 0.95) -> Estimate:
    """Return Kendall's tau-b of two columns.

    See `pearson` for the parameters. The interval rests on each item's influence, so that ties and
    cases are accounted for.

    References
    ----------
    Kendall, M. G. (1945). *Biometrika* 33, 239–251.

    Examples
    --------
    >>> round(kendall_tau([[1, 1], [2, 3], [3, 2], [4, 4]]).value, 3)
    0.667
    """
    data = paired(ratings, cases)
    reason = data.undefined("Kendall's tau-b")
    if reason:
        return reason
    table, row, column = _table(data)
    if table is None:
        return _without_table(data, level)
    n = len(data.x)
    surplus = (_ahead(table) + _ahead(table[::-1, ::-1])[::-1, ::-1])[row, column] - (
        _ahead(table[::-1])[::-1] + _ahead(table[:, ::-1])[:, ::-1]
    )[row, column]
    apart_x, apart_y = n - table.sum(axis=1)[row], n - table.sum(axis=0)[column]
    s, sx, sy = surplus.sum(), apart_x.sum(), apart_y.sum()
    value = float(s / np.sqrt(sx * sy))
    # Each of the three is a mean over pairs: an item's influence on it is twice its own mean's distance.
    pull = 2 * (surplus * n / s - 1) * value if s else 2 * surplus * n / np.sqrt(sx * sy)
    pull = pull - value * ((apart_x * n / sx - 1) + (apart_y * n / sy - 1))
    return on_fisher_z("Kendall's tau-b", value, pull, data, level=level)


def _table(data: Paired) -> tuple[Floats | None, NDArray[np.int64], NDArray[np.int64]]:
    xs, row = np.unique(data.x, return_inverse=True)
    ys, column = np.unique(data.y, return_inverse=True)
    if len(xs) * len(ys) > CELLS:
        return None, row, column
    flat = np.bincount(row * len(ys) + column, minlength=len(xs) * len(ys))
    return flat.reshape(len(xs), len(ys)).astype(float), row, column


def _ahead(table: Floats) -> Floats:
    """Return, for each cell, how many items lie in rows and columns strictly before it."""
    before = np.zeros_like(table)
    before[1:, 1:] = table.cumsum(axis=0).cumsum(axis=1)[:-1, :-1]
    return before


def _without_table(data: Paired, level: float) -> Estimate:
    from scipy.stats import kendalltau  # only for tens of thousands of distinct scores: slow to import

    value = float(kendalltau(data.x, data.y).statistic)
    found = fisher_z("Kendall's tau-b", value, len(data.x) - 1, spread=0.437, level=level)
    if data.cases is not None:
        found = replace(found, low=NAN, high=NAN, notes=("No interval over cases at this size.",))
    return replace(found, n_items=len(data.x), method="Fieller's variance on Fisher's z").noting(*data.notes)
