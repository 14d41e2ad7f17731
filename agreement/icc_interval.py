"""F-based intervals of the single-rater ICCs, from mean squares, at any level."""

from __future__ import annotations

import numpy as np
from scipy.special import fdtri

from agreement.array import Array
from agreement.meansquares import MeanSquares


def bounds(ms: MeanSquares, model: str, level: float, *, stretch: float = 1.0) -> Array:
    """Return (lower, upper) of ICC(1,1), ICC(A,1) or ICC(C,1) (McGraw & Wong 1996, table 7).

    `stretch` divides the degrees of freedom over items, where mean squares vary more than normal scores'.

    Examples
    --------
    >>> from agreement.meansquares import mean_squares
    >>> ms = mean_squares(np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6],
    ...                             [10, 5, 6, 9], [6, 2, 4, 7.0]]))
    >>> bounds(ms, "C", 0.95).round(3)
    array([0.342, 0.946])
    """
    tail = 0.5 + level / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        if model == "A":
            return _absolute(ms, tail, stretch)
        if model == "1":
            return _ratio(ms, ms.within, ms.n * (ms.k - 1), tail, stretch)
        return _ratio(ms, ms.error, (ms.n - 1) * (ms.k - 1), tail, stretch)


def _ratio(ms: MeanSquares, noise: Array, df: Array, tail: float, stretch: float) -> Array:
    items, df = (ms.n - 1) / stretch, df / stretch
    f = ms.items / noise * np.array([1 / fdtri(items, df, tail), fdtri(df, items, tail)])
    return np.where(f == np.inf, 1.0, (f - 1) / (f + ms.k - 1))


def _absolute(ms: MeanSquares, tail: float, stretch: float) -> Array:
    b, j, e, n, k = ms.items, ms.raters, ms.error, ms.n, ms.k
    r = (b - e) / (b + (k - 1) * e + k * (j - e) / n)
    v, items = _satterthwaite(r, ms, stretch), (n - 1) / stretch
    upper, lower = fdtri(items, v, tail), fdtri(v, items, tail)
    noise = k * j + (k * n - k - n) * e
    low, high = (n * (b - upper * e) / (upper * noise + n * b), n * (lower * b - e) / (noise + n * lower * b))
    return np.array([low, high])


def _satterthwaite(r: Array, ms: MeanSquares, stretch: float) -> Array:
    """Degrees of freedom of the mix of rater and residual mean square in ICC(A,1)'s denominator."""
    j, e, n, k = ms.raters, ms.error, ms.n, ms.k
    a, b = k * r * j, (n * (1 + (k - 1) * r) - k * r) * e
    rest = (n - 1) / stretch
    v = (k - 1) * rest * (a + b) ** 2 / (rest * a**2 + b**2)
    return np.where(np.isfinite(v), v, 1.0)  # 0/0 only where both are 0: then any quantile gives 1
