"""Coefficients of two columns of ratings, for one weighting or for every bootstrap replicate at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from agreement.array import Array

TwoColumn = Callable[[Array, Array, Array], Array]


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
    _, _, vx, vy, c = _moments(x, y, weights)
    return _ratio(c, np.sqrt(vx * vy), vx * vy)


def icc_a1(x: Array, y: Array, weights: Array) -> Array:
    """Return ICC(A,1) of two columns: single rater, absolute agreement, so level differences count.

    A column without variance gives 0 as long as the other one varies. References: McGraw & Wong (1996).

    Examples
    --------
    >>> x = np.array([1.0, 2, 3, 4])
    >>> [float(icc_a1(x, y, np.ones((1, 4)))[0].round(3)) for y in (x, x + 1)]
    [1.0, 0.769]
    """
    n, d, vx, vy, c = _moments(x, y, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        below = vx + vy + d**2 - (vx + vy - 2 * c) / n
    return _ratio(2 * c, below, vx + vy)


def icc_c1(x: Array, y: Array, weights: Array) -> Array:
    """Return ICC(C,1) of two columns: single rater, consistency, so level differences do not count."""
    _, _, vx, vy, c = _moments(x, y, weights)
    return _ratio(2 * c, vx + vy, vx + vy)


def lin(x: Array, y: Array, weights: Array) -> Array:
    """Return Lin's concordance correlation of two columns (population moments, Lin 1989)."""
    n, d, vx, vy, c = _moments(x, y, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        shrink = (n - 1) / n
    return _ratio(2 * c * shrink, (vx + vy) * shrink + d**2, vx + vy)


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


def _moments(x: Array, y: Array, weights: Array) -> tuple[Any, Any, Any, Any, Any]:
    """Return n, mean difference, both sample variances and the covariance, one of each a replicate."""
    x, y = x - y.mean(), y - y.mean()  # one common shift: nothing cancels, nothing changes
    n = weights.sum(axis=1)
    sums = weights @ np.column_stack([x, y, x * x, y * y, x * y])
    with np.errstate(divide="ignore", invalid="ignore"):
        mx, my = sums[:, 0] / n, sums[:, 1] / n
        vx, vy, c = (
            (sums[:, i] - n * a * b) / (n - 1) for i, a, b in ((2, mx, mx), (3, my, my), (4, mx, my))
        )
    return n, mx - my, _settled(vx), _settled(vy), c


def _settled(variance: Array) -> Array:
    """Rounding of a constant column is no variance."""
    return np.where(variance < 1e-12, 0.0, variance)


def _ratio(above: Array, below: Array, guard: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(guard > 1e-12, above / below, np.nan)
