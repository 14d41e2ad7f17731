"""Nominal alpha: two ratings disagree or they do not."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from agreement.alpha.distance import by_distance
from agreement.alpha.units import Counted, Disagreement, Floats, Scored, Units


def nominal(units: Units) -> Disagreement:
    """Return the observed and the expected share of pairs that differ.

    Examples
    --------
    >>> from agreement.alpha.units import units
    >>> found = nominal(units(np.array([[1.0, 2.0], [4.0, 4.0]])))
    >>> [round(float(part[0]), 3) for part in found(np.ones((1, 2)))]
    [0.5, 0.833]
    """
    if isinstance(units, Counted):
        return by_distance(units, 1 - np.eye(len(units.points)))
    return _labels(units)


def _labels(units: Scored) -> Disagreement:
    """Return the same for thousands of labels: a sparse table, and squares of counts for pairs alike."""
    _, code = np.unique(units.values, return_inverse=True)
    counts = csr_array((np.ones(len(code)), (units.item, code)), shape=(len(units.m), int(code.max()) + 1))
    alike = np.asarray((counts * counts).sum(axis=1)).reshape(-1)
    added = np.column_stack([units.m, (units.m**2 - alike) / (units.m - 1)])

    def disagreement(weights: Floats) -> tuple[Floats, Floats]:
        n, apart = (weights @ added).T
        each = np.asarray(weights @ counts)
        return apart / n, (n**2 - (each**2).sum(axis=1)) / (n * (n - 1))

    return disagreement
