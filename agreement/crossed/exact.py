"""Ratings without residual: every rater says the item's level plus a constant of their own."""

from __future__ import annotations

import numpy as np

from agreement.array import Array
from agreement.crossed.grams import grams


def exact(values: Array) -> Array:
    """Return (item, rater, 0): the limit of REML as the residual variance goes to 0.

    Examples
    --------
    >>> exact(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, np.nan]])).round(6)  # items 1, 3, 5; raters 0, 1
    array([4. , 0.5, 0. ])
    """
    g = grams(values)
    laplacian = np.diag(g.rated) - np.tensordot(1 / g.m, g.gram, 1)
    rater = np.linalg.pinv(laplacian, hermitian=True) @ (g.total - (1 / g.m) @ g.cross)
    item = np.nanmean(values - rater, axis=1)
    spread = np.array([item.var(ddof=1), rater.var(ddof=1), 0.0])
    return np.where(spread < 1e-12 * spread.sum(), 0.0, spread)
