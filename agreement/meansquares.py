"""Mean squares of complete ratings, of one array or of a batch of bootstrap replicates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agreement.array import Array

ROUNDING = 16 * np.finfo(np.float64).eps  # what centring leaves of a constant, relative to the ratings
CLOSE = 1e-4  # below this share of the total, the error is summed directly
SNAP = 1e-12  # a sum of squares this small beside the total is rounding


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """Mean squares of a two-way layout, each a number or a batch (McGraw & Wong 1996, table 2).

    Attributes
    ----------
    n, k : array
        Items and raters.
    items, raters, error, within : array
        Between items, between raters, residual, and within items (raters and residual together).
    """

    n: Array
    k: Array
    items: Array
    raters: Array
    error: Array
    within: Array


def mean_squares(values: Array) -> MeanSquares:
    """Return the mean squares of complete ratings, (..., items, raters).

    Examples
    --------
    >>> ms = mean_squares(np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6],
    ...                             [10, 5, 6, 9], [6, 2, 4, 7.0]]))  # Shrout & Fleiss 1979, table 2
    >>> [round(float(x), 2) for x in (ms.items, ms.within, ms.raters, ms.error)]
    [11.24, 6.26, 32.49, 1.02]
    """
    n, k = values.shape[-2:]
    centre = values.mean(axis=(-2, -1), keepdims=True)
    x = values - centre
    row, column = x @ np.full(k, 1 / k), np.full(n, 1 / n) @ x
    total = np.asarray(np.einsum("...ij,...ij->...", x, x))
    items, raters = k * np.asarray((row * row).sum(axis=-1)), n * np.asarray((column * column).sum(axis=-1))
    error = total - items - raters
    if (error < CLOSE * total).any():  # what is left after subtracting would be rounding
        residual = x - row[..., :, None] - column[..., None, :]
        error = np.asarray(np.einsum("...ij,...ij->...", residual, residual))
    noise = ROUNDING**2 * (n * k * centre[..., 0, 0] ** 2 + total)
    # [()] makes a number of a single one: arithmetic on those is ten times faster than on 0-d arrays.
    items, raters, error = (np.where(ss <= noise, 0.0, ss)[()] for ss in (items, raters, error))
    size = np.array([n, k], dtype=np.float64)
    return from_sums(size[0], size[1], items, raters, error)


def from_sums(n: Array, k: Array, items: Array, raters: Array, error: Array) -> MeanSquares:
    """Return mean squares from sums of squares and their degrees of freedom."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return MeanSquares(
            n,
            k,
            items / (n - 1),
            raters / (k - 1),
            error / ((n - 1) * (k - 1)),
            (raters + error) / (n * (k - 1)),
        )


def item_features(values: Array) -> Array:
    """Return per item what adds up to the mean squares: (items, raters + 3), 0 where a cell is unrated."""
    there = np.asarray(~np.isnan(values))
    whole = np.asarray(there.all(axis=1))
    centre = values[there].mean() if there.any() else 0.0
    x = np.where(whole[:, None], values - centre, 0.0)
    return np.column_stack([whole.astype(float), x.mean(axis=1) ** 2, (x**2).sum(axis=1), x])


def from_features(sums: Array) -> MeanSquares:
    """Return the mean squares of items whose features add up to `sums`, (..., raters + 3)."""
    n, row, square, column = sums[..., 0], sums[..., 1], sums[..., 2], sums[..., 3:]
    k = np.asarray(float(column.shape[-1]))
    with np.errstate(divide="ignore", invalid="ignore"):
        grand = column.sum(axis=-1) / (n * k)
        total = square - n * k * grand**2
        items = k * (row - n * grand**2)
        raters = n * ((column / n[..., None] - grand[..., None]) ** 2).sum(axis=-1)
    error = total - items - raters
    items, raters, error = (np.where(ss <= SNAP * square, 0.0, ss) for ss in (items, raters, error))
    return from_sums(n, k, items, raters, error)
