"""Coefficients of two columns of ratings, for one weighting or for every bootstrap replicate at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from agreement.array import Array

TwoColumn = Callable[[Array, Array, Array], Array]


Moments = tuple[Any, Any, Any, Any, Any]
"""n, mean difference, both sample variances, covariance: arrays of replicates, or of columns by them."""


def pearson(x: Array, y: Array, weights: Array) -> Array:
    """Return Pearson's r of `x` and `y` under each row of `weights`.

    Parameters
    ----------
    x, y : array of shape (items,)
        No NaN.
    weights : array of shape (replicates, items)
        How often each item counts; a row of ones is the sample itself.

    Returns
    -------
    array of shape (replicates,)
        NaN where a column does not vary.

    Examples
    --------
    >>> float(pearson(np.array([1.0, 2, 3]), np.array([1.0, 2, 4]), np.ones((1, 3)))[0].round(3))
    0.982
    """
    return FROM_MOMENTS["r"](_one(x, y, weights))


def icc_a1(x: Array, y: Array, weights: Array) -> Array:
    """Return ICC(A,1) of two columns: single rater, absolute agreement, so level differences count.

    A column without variance gives 0 as long as the other one varies. References: McGraw & Wong (1996).

    Examples
    --------
    >>> x = np.array([1.0, 2, 3, 4])
    >>> [float(icc_a1(x, y, np.ones((1, 4)))[0].round(3)) for y in (x, x + 1)]
    [1.0, 0.769]
    """
    return FROM_MOMENTS["ICC(A,1)"](_one(x, y, weights))


def icc_c1(x: Array, y: Array, weights: Array) -> Array:
    """Return ICC(C,1) of two columns: single rater, consistency, so level differences do not count."""
    return FROM_MOMENTS["ICC(C,1)"](_one(x, y, weights))


def lin(x: Array, y: Array, weights: Array) -> Array:
    """Return Lin's concordance correlation of two columns (population moments, Lin 1989)."""
    return FROM_MOMENTS["CCC"](_one(x, y, weights))


def kappa(x: Array, shares: Array, weights: Array) -> Array:
    """Return kappa of a label column against the labels of others: chance-corrected share of agreement.

    Parameters
    ----------
    x : array of shape (items,)
        Codes 0, 1, 2 … of what the candidate said.
    shares : array of shape (items, labels)
        The share of the others that gave each label.

    Examples
    --------
    >>> others = np.array([[1, 0], [1, 0], [0, 1], [0.5, 0.5]])
    >>> float(kappa(np.array([0.0, 0, 1, 0]), others, np.ones((1, 4)))[0].round(3))
    0.714
    """
    said = np.eye(shares.shape[1])[x.astype(int)]
    n = weights.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = weights @ (said * shares).sum(axis=1) / n
        expected = ((weights @ said) * (weights @ shares)).sum(axis=1) / n**2
    return _ratio(observed - expected, 1 - expected, 1 - expected)


NUMERIC: dict[str, TwoColumn] = {"ICC(A,1)": icc_a1, "ICC(C,1)": icc_c1, "r": pearson, "CCC": lin}
"""Two-column coefficients of numbers, by the names that reports print."""
COEFFICIENTS: dict[str, TwoColumn] = {**NUMERIC, "kappa": kappa}


def moments(columns: Array, target: Array, weights: Array) -> Moments:
    """Return the moments of every column with the target, for all replicates, by one matrix product.

    Parameters
    ----------
    columns : array of shape (items, columns)
    target : array of shape (items,)
    weights : array of shape (replicates, items)

    Returns
    -------
    tuple of arrays of shape (columns, replicates)
        n, mean difference, variance of the column, variance of the target, covariance.
    """
    shift = target.mean() if len(target) else 0.0
    return of_sums(weights.sum(axis=1), (weights @ features(columns, target, shift)).T)


def features(columns: Array, target: Array, shift: float) -> Array:
    """Return what each item adds to the sums of which `of_sums` makes moments, (items, 2 + 3 columns).

    One common shift, near the mean of the target: nothing cancels, nothing changes.
    """
    x, t = columns - shift, target - shift
    return np.column_stack([t, t * t, x, x * x, x * t[:, None]])


def of_sums(n: Array, sums: Array) -> Moments:
    """Return the moments of every column with the target from the sums of their features.

    Parameters
    ----------
    n : array of shape (replicates,)
        How many items were drawn.
    sums : array of shape (features, replicates)
    """
    k = (len(sums) - 2) // 3
    n = np.where(n > 1, n, np.nan)  # one item has no variance
    with np.errstate(divide="ignore", invalid="ignore"):
        free = np.where(n > 1, n - 1, np.nan)  # one item alone has no variance, not an infinite one
        mt, mx = sums[0] / n, sums[2 : 2 + k] / n
        vt = (sums[1] - n * mt * mt) / free
        vx = (sums[2 + k : 2 + 2 * k] - n * mx * mx) / free
        c = (sums[2 + 2 * k :] - n * mx * mt) / free
    return n, mx - mt, _settled(vx), _settled(vt), c


def _one(x: Array, y: Array, weights: Array) -> Moments:
    n, d, vx, vt, c = moments(x[:, None], y, weights)
    return n, d[0], vx[0], vt, c[0]


def _r(m: Moments) -> Array:
    _, _, vx, vy, c = m
    return _ratio(c, np.sqrt(vx * vy), vx * vy)


def _a1(m: Moments) -> Array:
    n, d, vx, vy, c = m
    with np.errstate(divide="ignore", invalid="ignore"):
        below = vx + vy + d**2 - (vx + vy - 2 * c) / n
    return _ratio(2 * c, below, vx + vy)


def _c1(m: Moments) -> Array:
    _, _, vx, vy, c = m
    return _ratio(2 * c, vx + vy, vx + vy)


def _ccc(m: Moments) -> Array:
    n, d, vx, vy, c = m
    with np.errstate(divide="ignore", invalid="ignore"):
        shrink = (n - 1) / n
    return _ratio(2 * c * shrink, (vx + vy) * shrink + d**2, vx + vy)


FROM_MOMENTS: dict[str, Callable[[Moments], Array]] = {"ICC(A,1)": _a1, "ICC(C,1)": _c1, "r": _r, "CCC": _ccc}


def _settled(variance: Array) -> Array:
    """Rounding of a constant column is no variance."""
    return np.where(variance < 1e-12, 0.0, variance)


def _ratio(above: Array, below: Array, guard: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((guard > 1e-12) & (np.abs(below) > 1e-12), above / below, np.nan)
