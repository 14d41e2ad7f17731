"""Ratio alpha: relative differences, for continuous scores by an integral over one variable."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agreement.alpha.distance import by_distance
from agreement.alpha.units import Counted, Disagreement, Floats, Scored, Units
from agreement.refusal import Refusal

STEP = 0.25  # the trapezoidal rule's error is about exp(−π²/STEP), below rounding


def ratio(units: Units) -> Disagreement:
    """Return observed and expected mean of ((x − y)/(x + y))²; two zeros do not differ.

    Examples
    --------
    >>> from agreement.alpha.units import units
    >>> found = ratio(units(np.array([[1.0, 3.0], [2.0, 2.0]])))
    >>> [round(float(part[0]), 4) for part in found(np.ones((1, 2)))]
    [0.125, 0.092]
    """
    lowest = (units.points if isinstance(units, Counted) else units.values).min(initial=0.0)
    if lowest < 0:
        raise Refusal(f"{lowest:g} is below 0: a ratio scale has no negative values; ask for interval alpha.")
    if isinstance(units, Counted):
        return by_distance(units, _distance(units.points[:, None], units.points[None, :]))
    return _scores(units)


def _scores(units: Scored) -> Disagreement:
    """Return the same in closed form.

    The distance is 1 − 4xy/(x + y)², and 1/(x + y)² = ∫ t exp(−(x + y)t) dt, so that the sum over all
    pairs is ∫ t (Σ x exp(−xt))² dt: linear in the ratings under the square.
    """
    x = units.values
    t = _nodes(x)
    own = (
        np.stack([units.each(x * np.exp(-x * node)) for node in t], axis=1)
        if len(t)
        else np.zeros((len(units.m), 0))
    )
    added = np.column_stack(
        [units.m, units.each((x == 0).astype(float)), _within(units) / (units.m - 1), own]
    )

    def disagreement(weights: Floats) -> tuple[Floats, Floats]:
        sums = weights @ added
        n, zero, apart = sums[:, 0], sums[:, 1], sums[:, 2]
        alike = 4 * STEP * (sums[:, 3:] ** 2) @ t**2 + zero**2
        return apart / n, (n**2 - alike) / (n * (n - 1))

    return disagreement


def _nodes(x: Floats) -> Floats:
    """Return t = exp(s) at equal steps of s, from where t² has vanished to where exp(−xt) has."""
    positive = x[x > 0]
    if not len(positive):
        return np.zeros(0)
    low, high = -np.log(positive.max()) - 20, -np.log(positive.min()) + 4
    return np.asarray(np.exp(np.arange(low, high + STEP, STEP)))


def _within(units: Scored) -> Floats:
    """Return each item's sum of distances over ordered pairs of its ratings."""
    table, total = _left(units), np.zeros(len(units.m))
    for a in range(table.shape[1]):
        for b in range(a):
            total += 2 * _distance(table[:, a], table[:, b])
    return total


def _left(units: Scored) -> Floats:
    """Return items × most ratings an item, each item's ratings moved to the left."""
    starts = np.cumsum(units.m) - units.m
    place = (np.arange(len(units.values)) - np.repeat(starts, units.m.astype(int))).astype(int)
    table = np.full((len(units.m), int(units.m.max(initial=0))), np.nan)
    table[units.item, place] = units.values
    return table


def _distance(x: Floats, y: Floats) -> NDArray[np.float64]:
    total = x + y
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, ((x - y) / total) ** 2, 0.0)
