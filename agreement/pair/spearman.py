"""Spearman's rho: Pearson's r of the ranks, any monotone association."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agreement.estimate import Estimate
from agreement.pair.paired import midranks, on_fisher_z, paired
from agreement.pair.pearson import fisher_z

Floats = NDArray[np.float64]


def spearman(ratings: ArrayLike, *, cases: ArrayLike | None = None, level: float = 0.95) -> Estimate:
    """Return Spearman's rho of two columns, tied values sharing their mean rank.

    See `pearson` for the parameters.

    References
    ----------
    Spearman, C. (1904). *American Journal of Psychology* 15, 72–101; interval of Bonett, D. G. and
    Wright, T. A. (2000). *Psychometrika* 65, 23–28: variance (1 + rho²/2)/(n − 3) on Fisher's z.

    Examples
    --------
    >>> round(spearman([[1, 10], [2, 20], [3, 400], [4, 300], [5, 5000]]).value, 3)
    0.9
    """
    data = paired(ratings, cases)
    reason = data.undefined("Spearman's rho")
    if reason:
        return reason
    # Mid-distribution values F(x) and G(y): their mean is 1/2 whatever the ties.
    f, g = ((midranks(column) - 0.5) / len(column) for column in (data.x, data.y))
    shared, fs, gs = (f * g).mean() - 0.25, (f**2).mean() - 0.25, (g**2).mean() - 0.25
    value = float(shared / np.sqrt(fs * gs))
    if cases is None:
        n = len(f)
        return fisher_z("Spearman's rho", value, n, spread=1 + value**2 / 2, level=level).noting(*data.notes)
    pull = f * g + _above(data.x, g) + _above(data.y, f) - 3 * (f * g).mean()
    pull_f = f**2 + 2 * _above(data.x, f) - 3 * (f**2).mean()
    pull_g = g**2 + 2 * _above(data.y, g) - 3 * (g**2).mean()
    influence = pull / np.sqrt(fs * gs) - value / 2 * (pull_f / fs + pull_g / gs)
    return on_fisher_z("Spearman's rho", value, influence, data, level=level)


def _above(column: Floats, amount: Floats) -> Floats:
    """Return, for each item, the mean of `amount` over items that stand above it, ties counting half."""
    _, place = np.unique(column, return_inverse=True)
    total = np.bincount(place, amount)
    return np.asarray((total.sum() - np.cumsum(total) + total / 2)[place] / len(column))
