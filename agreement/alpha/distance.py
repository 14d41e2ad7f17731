"""Alpha for any distance between a few values: a table of points by points."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from agreement.alpha.units import Counted, Disagreement, Floats, Units


def by_distance(units: Counted, delta: Floats) -> Disagreement:
    """Return observed and expected mean of `delta`, a table over `units.points` with 0 diagonal.

    Examples
    --------
    >>> from agreement.alpha.units import units
    >>> found = by_distance(units(np.array([[0.0, 1.0], [1.0, 1.0]])), 1 - np.eye(2))
    >>> [float(part[0]) for part in found(np.ones((1, 2)))]
    [0.5, 0.5]
    """
    apart = ((units.counts @ delta) * units.counts).sum(axis=1) / (units.m - 1)
    added = np.column_stack([apart, units.counts])

    def disagreement(weights: Floats) -> tuple[Floats, Floats]:
        sums = weights @ added
        each = sums[:, 1:]
        n = each.sum(axis=1)
        return sums[:, 0] / n, ((each @ delta) * each).sum(axis=1) / (n * (n - 1))

    return disagreement


def over(delta: Floats) -> Callable[[Units], Disagreement]:
    """Return `by_distance` with this table: what makes the disagreement of any items.

    Examples
    --------
    >>> from agreement.alpha.units import units
    >>> found = over(1 - np.eye(2))(units(np.array([[0.0, 1.0], [1.0, 1.0]])))
    >>> [float(part[0]) for part in found(np.ones((1, 2)))]
    [0.5, 0.5]
    """

    def measure(rows: Units) -> Disagreement:
        assert isinstance(rows, Counted)  # a distance between points is for ratings that are points
        return by_distance(rows, delta)

    return measure
