"""Draws of items, or of whole cases, as counts: how often each item is in each replicate."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from agreement.array import Codes

CELLS = 4_000_000  # counts held at once: 32 MB, whatever the number of items
Counts = npt.NDArray[np.float64]


def draws(units: int, replicates: int, rng: np.random.Generator) -> Iterator[Codes]:
    """Yield blocks of (replicates, units) indices drawn with replacement.

    The stream is one, read in order: the size of the blocks changes nothing.

    Examples
    --------
    >>> [block.shape for block in draws(3, 5, np.random.default_rng(0))]
    [(5, 3)]
    """
    block = max(1, min(replicates, CELLS // max(units, 1)))
    for start in range(0, replicates, block):
        rows = min(block, replicates - start)
        yield rng.integers(0, units, size=(rows, units))


def counts(drawn: Codes, units: int) -> Counts:
    """Return how often each unit was drawn, (replicates, units).

    Examples
    --------
    >>> counts(np.array([[0, 0, 2]]), 3)
    array([[2., 0., 1.]])
    """
    made = np.empty((len(drawn), units))
    for row, one in zip(made, drawn, strict=True):
        row[:] = np.bincount(one, minlength=units)
    return made


def members(cases: Codes) -> list[Codes]:
    """Return the items of each case.

    Examples
    --------
    >>> members(np.array([1, 0, 1]))
    [array([1]), array([0, 2])]
    """
    order = np.argsort(cases, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(cases[order])) + 1) if len(cases) else []
