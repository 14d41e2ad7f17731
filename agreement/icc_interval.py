"""F-based intervals of the single-rater ICCs, from mean squares, at any level."""

from __future__ import annotations

import numpy as np
from scipy.special import fdtri

from agreement.array import Array
from agreement.meansquares import MeanSquares

Bounds = tuple[float, float]
"""The lower and the upper one, of one study."""


def bounds(ms: MeanSquares, model: str, level: float, *, stretch: float = 1.0) -> Bounds:
    """Return (lower, upper) of ICC(1,1), ICC(A,1) or ICC(C,1) (McGraw & Wong 1996, table 7).

    `stretch` divides the degrees of freedom over items, where mean squares vary more than normal scores'.

    Examples
    --------
    >>> from agreement.meansquares import mean_squares
    >>> ms = mean_squares(np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6],
    ...                             [10, 5, 6, 9], [6, 2, 4, 7.0]]))
    >>> [round(float(bound), 3) for bound in bounds(ms, "C", 0.95)]
    [0.342, 0.946]
    """
    tail = 0.5 + level / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        if model == "A":
            return _absolute(ms, tail, stretch)
        if model == "1":
            return _ratio(ms, ms.within, ms.n * (ms.k - 1), tail, stretch)
        return _ratio(ms, ms.error, (ms.n - 1) * (ms.k - 1), tail, stretch)


def _ratio(ms: MeanSquares, noise: Array, df: Array, tail: float, stretch: float) -> Bounds:
    items, df = (ms.n - 1) / stretch, df / stretch
    f = ms.items / noise
    low, high = f / fdtri(items, df, tail), f * fdtri(df, items, tail)
    return _share(low, ms.k), _share(high, ms.k)


def _share(f: Array, k: Array) -> float:
    return 1.0 if f == np.inf else float((f - 1) / (f + k - 1))


def _absolute(ms: MeanSquares, tail: float, stretch: float) -> Bounds:
    b, j, e, n, k = ms.items, ms.raters, ms.error, ms.n, ms.k
    r = (b - e) / (b + (k - 1) * e + k * (j - e) / n)
    v, items = _satterthwaite(r, ms, stretch), (n - 1) / stretch
    upper, lower = fdtri(items, v, tail), fdtri(v, items, tail)
    noise = k * j + (k * n - k - n) * e
    # Divided by the quantiles, which are large without bound where their degrees of freedom are few.
    low = n * (b / upper - e) / (noise + n * b / upper)
    high = n * (b - e / lower) / (noise / lower + n * b)
    return float(low), float(high)


def _satterthwaite(r: Array, ms: MeanSquares, stretch: float) -> float:
    """Degrees of freedom of the mix of rater and residual mean square in ICC(A,1)'s denominator."""
    j, e, n, k = ms.raters, ms.error, ms.n, ms.k
    a, b = k * r * j, (n * (1 + (k - 1) * r) - k * r) * e
    rest = (n - 1) / stretch
    v = (k - 1) * rest * (a + b) ** 2 / (rest * a**2 + b**2)
    return float(v) if abs(v) < np.inf else 1.0  # 0/0 only where both are 0: then any quantile gives 1
