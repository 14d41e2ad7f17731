"""What Gwet's family shares: agreement and chance for each item, and a standard error from both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtrit

from agreement.chance.table import coded, counts
from agreement.chance.weights import Weighting, weights
from agreement.estimate import NAN, Estimate, undefined
from agreement.icc_ceiling import unsure
from agreement.notes import fragile

Floats = NDArray[np.float64]
STEADY = "raised where few items carry it"


@dataclass(frozen=True, slots=True)
class Rated:
    """The rated items of one question: codes, counts, weights, and agreement item by item.

    `agreement` is each item's share of weighted agreement among pairs of its raters, scaled so that its
    plain mean is the coefficient's observed agreement although items with one rating count 0 in it.
    """

    codes: NDArray[np.int64]
    counts: Floats
    weights: Floats
    cases: NDArray[np.int64] | None

    @property
    def per_item(self) -> Floats:
        """How many ratings each item has."""
        return np.asarray(self.counts.sum(axis=1))

    @property
    def paired(self) -> NDArray[np.bool_]:
        """Which items have two ratings or more: only they can agree."""
        return np.asarray(self.per_item >= 2)

    @property
    def shares(self) -> Floats:
        """Each point's share, every item with the same voice."""
        return np.asarray((self.counts / self.per_item[:, None]).mean(axis=0))

    @property
    def agreement(self) -> Floats:
        """Weighted pairs in agreement, item by item; 0 where an item has one rating."""
        r = self.per_item
        agreeing = (self.counts * (self.counts @ self.weights.T - 1)).sum(axis=1)
        return np.asarray(agreeing / np.where(r > 1, r * (r - 1), 1.0) * len(r) / max(self.paired.sum(), 1))


def rated(
    ratings: ArrayLike,
    points: Sequence[float],
    weighting: Weighting | Floats = "unweighted",
    cases: ArrayLike | None = None,
) -> Rated:
    """Return the items of `ratings` that have a rating, on the declared points."""
    codes = coded(ratings, points)
    kept = (codes >= 0).any(axis=1) if codes.size else np.zeros(len(codes), dtype=bool)
    scale = sorted(set(points))
    shared = weights(scale, weighting) if isinstance(weighting, str) else weighting
    of_case = None if cases is None else np.unique(np.asarray(cases)[kept], return_inverse=True)[1]
    return Rated(codes[kept], counts(codes[kept], len(scale)), shared, of_case)


def corrected(
    name: str,
    data: Rated,
    chance: float,
    of_item: Floats,
    *,
    level: float = 0.95,
    lowest: float = -1.0,
    held: bool = False,
) -> Estimate:
    """Return (pa − pe) / (1 − pe) with Gwet's linearised standard error and Student's t.

    `chance` is pe, and `of_item` the n terms whose mean is pe's linear part: an item's influence on pe
    is twice its distance from pe. A constant pe (Brennan–Prediger, percent agreement) passes pe n times.

    `held` makes the interval of `steady`. There an item with one rating has no part in pa's error: Gwet
    counts it as one that does not agree, which doubles the interval where few items of many are shared.
    """
    n, raters = len(data.counts), int((data.codes >= 0).any(axis=0).sum()) if data.codes.size else 0
    reason = _undefined(data, chance)
    if reason:
        return undefined(name, reason, n_items=n, n_raters=raters)
    value = float((data.agreement.mean() - chance) / (1 - chance))
    centre = data.agreement.mean() if held else chance
    own = (data.agreement - centre * data.paired * n / data.paired.sum()) / (1 - chance)
    influence = own - 2 * (1 - value) * (of_item - chance) / (1 - chance)
    error = standard_error(influence, data.cases)
    groups = n if data.cases is None else int(data.cases.max()) + 1
    # Items that all agree alike say nothing about how others would: no interval rather than one of no width.
    reach = error * float(stdtrit(groups - 1, (1 + level) / 2)) if groups > 1 and error > 0 else NAN
    low, high = float(np.maximum(lowest, value - reach)), float(np.minimum(1.0, value + reach))
    if held and error > 0:
        low, high = steady(value, influence, data.cases, level, lowest)
    return Estimate(
        name,
        value,
        low,
        high,
        n,
        raters,
        method=f"linearised variance, {STEADY if held else 't'}{'' if data.cases is None else ' over cases'}",
        level=level,
        notes=_fragile(data, error, groups),
    )


def steady(
    value: float, influence: Floats, cases: NDArray[np.int64] | None, level: float, lowest: float = -1.0
) -> tuple[float, float]:
    """Return an interval that holds with few items too, where normal or t ones are too short.

    The variance is raised where few items carry it (`agreement.icc_ceiling.unsure`) and as if each item were
    left out in turn; on Fisher's z, unless the figure is a share, whose `lowest` is 0.

    Examples
    --------
    >>> low, high = steady(0.8, np.tile([-1.0, 1.0], 20), None, 0.95)
    >>> round(low, 2), round(high, 2)
    (0.18, 0.97)
    """
    whole = influence - influence.mean()
    if cases is not None:
        whole = np.bincount(cases, whole)
    error = standard_error(influence, cases) / (1 - 2 / max(len(whole), 4)) * np.sqrt(unsure(whole))
    reach = error * float(ndtri((1 + level) / 2))
    room = 1 - value**2
    if lowest == 0 or room < 1e-12:
        return max(lowest, value - reach), min(1.0, value + reach)
    z = np.arctanh(value)
    return float(np.tanh(z - reach / room)), float(np.tanh(z + reach / room))


def standard_error(influence: Floats, cases: NDArray[np.int64] | None) -> float:
    """Return the standard error of a mean of `influence`, whole cases where items share one.

    Examples
    --------
    >>> round(standard_error(np.array([0.0, 1.0, 0.0, 1.0]), None), 4)
    0.2887
    >>> round(standard_error(np.array([0.0, 1.0, 0.0, 1.0]), np.array([0, 1, 0, 1])), 4)
    0.5
    """
    n = len(influence)
    off = influence - influence.mean()
    if cases is not None:
        off = np.bincount(cases, off)
    return float(np.sqrt((off**2).sum() * len(off) / (len(off) - 1)) / n) if len(off) > 1 else NAN


def _undefined(data: Rated, chance: float) -> str:
    if not data.paired.any():
        return "No item has two ratings."
    if chance >= 1 - 1e-12:
        return "All ratings are the same point, so chance alone explains full agreement."
    return ""


def _fragile(data: Rated, error: float, groups: int) -> tuple[str, ...]:
    alone = int((~data.paired).sum())
    notes = [f"Items with a single rating inform chance agreement only: {alone}."] if alone else []
    if groups < 2:
        notes.append("One item or case gives no standard error.")
    elif error == 0:
        notes.append("Every item agrees alike, which gives no standard error.")
    return (*notes, *fragile(np.where(data.codes < 0, NAN, data.codes)))
