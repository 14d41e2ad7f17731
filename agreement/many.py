"""Bootstrap draws where items are so many that sums over them are normal: drawn as what they are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from agreement.array import Array
from agreement.weights import MANY_ITEMS

RARE = 1000
"""Sums over items are normal where at least so many of them say something else than the commonest thing."""
CELLS = 4_000_000
"""Numbers held at once: 32 MB."""


def many(units: int, *columns: Array) -> bool:
    """Whether sums over so many items or cases are as good as normal, whatever is added up.

    Examples
    --------
    >>> varied, rare = np.arange(30_000.0) % 5, np.where(np.arange(30_000) < 20, 1.0, 5.0)
    >>> many(30_000, varied), many(30_000, varied, rare), many(300, varied[:300])
    (True, False, False)
    """
    if units < MANY_ITEMS:
        return False
    return all(_others(column) >= RARE for column in columns)


def _others(column: Array) -> int:
    """How many items are off the median: where one value is given to more than half, that is the median."""
    there = column[~np.isnan(column)]
    if not len(there):
        return 0
    return int(np.count_nonzero(there != np.partition(there, len(there) // 2)[len(there) // 2]))


def many_kinds(times: Array) -> bool:
    """Whether `kinds` draws normally: items are many, and no one kind is nearly all of them."""
    return bool(times.sum() >= MANY_ITEMS and times.sum() - times.max() >= RARE)


def kinds(times: Array, replicates: int, rng: np.random.Generator) -> Iterator[Array]:
    """Yield how often each kind of item is drawn, blocks of (some replicates, kinds).

    Multinomial; where items are many and no kind is nearly all of them, normal with the same means and
    covariances, which takes a tenth of the time. The size of the blocks changes nothing.

    Examples
    --------
    >>> drawn = np.concatenate(list(kinds(np.array([20_000.0, 30_000.0]), 50, np.random.default_rng(0))))
    >>> drawn.shape, bool(np.allclose(drawn.sum(axis=1), 50_000))
    ((50, 2), True)
    """
    n = times.sum()
    block = max(1, CELLS // len(times))
    normal = many_kinds(times)
    for start in range(0, replicates, block):
        rows = min(block, replicates - start)
        if not normal:
            yield rng.multinomial(int(n), times / n, size=rows).astype(float)
            continue
        moved = rng.standard_normal((rows, len(times)))
        moved *= np.sqrt(times)
        moved -= moved.sum(axis=1, keepdims=True) * (times / n)  # as many are drawn as there are
        moved += times
        yield moved


def sums(total: Array, squares: Array, units: int, replicates: int, rng: np.random.Generator) -> Array:
    """Return normal draws of the sums over `units` items or cases drawn with replacement.

    Parameters
    ----------
    total : array of shape (f,)
        The sums over the units as they are.
    squares : array of shape (f, f)
        The sums of their products.

    Returns
    -------
    array of shape (replicates, f)
    """
    root = _root(squares - np.outer(total, total) / units)
    return np.asarray(total + rng.standard_normal((replicates, len(total))) @ root.T)


def _root(covariance: Array) -> Array:
    """Return the Cholesky root; what does not vary, or varies with what came before, gets no column.

    LAPACK's needs a matrix of full rank, and the signs of eigenvectors depend on the processor.
    """
    rest, scale = covariance.copy(), np.sqrt(np.maximum(np.diag(covariance), 0.0))
    root = np.zeros_like(rest)
    for at in range(len(rest)):
        pivot = rest[at, at]
        if pivot > 1e-10 * scale[at] ** 2:
            root[at:, at] = rest[at:, at] / np.sqrt(pivot)
            rest[at:, at:] -= np.outer(root[at:, at], root[at:, at])
    return root
