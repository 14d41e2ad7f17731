"""Interval alpha: squared differences, in closed form for continuous scores."""

from __future__ import annotations

import numpy as np

from agreement.alpha.distance import by_distance
from agreement.alpha.units import Counted, Disagreement, Floats, Scored, Units


def interval(units: Units) -> Disagreement:
    """Return observed and expected mean squared difference, for continuous scores as for points.

    Examples
    --------
    >>> from agreement.alpha.units import units
    >>> found = interval(units(np.array([[1.0, 2.0], [4.0, 4.0]])))
    >>> [float(part[0]) for part in found(np.ones((1, 2)))]
    [0.5, 4.5]
    """
    if isinstance(units, Counted):
        return by_distance(units, np.subtract.outer(units.points, units.points) ** 2)
    return _scores(units)


def _scores(units: Scored) -> Disagreement:
    """Σ over pairs (x − y)² = 2 (n Σx² − (Σx)²): three sums to which each item adds its own."""
    x = units.values - units.values.mean()  # against cancellation; differences do not change
    first, second = units.each(x), units.each(x * x)
    within = 2 * (units.m * second - first**2) / (units.m - 1)
    added = np.column_stack([units.m, first, second, np.maximum(within, 0.0)])

    def disagreement(weights: Floats) -> tuple[Floats, Floats]:
        n, s1, s2, apart = (weights @ added).T
        return apart / n, 2 * (n * s2 - s1**2) / (n * (n - 1))

    return disagreement
