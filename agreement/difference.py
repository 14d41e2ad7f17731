"""The difference of two coefficients on the same items, and whether it stays above a margin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from agreement.additive import Additive
from agreement.array import Array
from agreement.bootstrap import Resampling, Statistic, drawn_units, interval, replicates
from agreement.estimate import Estimate, undefined
from agreement.notes import few_items
from agreement.refusal import Refusal


@dataclass(frozen=True, slots=True, eq=False)
class Arm:
    """One side of a comparison: a named coefficient of (items, raters); both sides have the same items.

    For agreement with the mean of others, the columns are the rater and that mean.
    """

    name: str
    statistic: Statistic
    values: Array


def difference(
    first: Arm,
    second: Arm,
    *,
    rng: np.random.Generator,
    how: Resampling | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return `first` minus `second` with a paired percentile interval and the two-sided p of no difference.

    Each replicate draws the same items (or whole cases) for both, so that what makes an item hard is shared.

    References
    ----------
    Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapters 13 and 16.

    Examples
    --------
    >>> from agreement.additive import pearson
    >>> x = np.arange(60.0)
    >>> close, loose = np.column_stack([x, x + 3 * np.sin(x)]), np.column_stack([x, x + 30 * np.sin(7 * x)])
    >>> made = difference(Arm("close", pearson(), close), Arm("loose", pearson(), loose),
    ...                   rng=np.random.default_rng(0))
    >>> made.low > 0, made.p < 0.01
    (True, True)
    """
    made, sample = _compared(first, second, how or Resampling(), level, rng)
    method = f"{made.method}, two-sided p of no difference"
    return replace(made, method=method, p=two_sided(sample)) if made.defined else made


def _compared(
    first: Arm, second: Arm, how: Resampling, level: float, rng: np.random.Generator
) -> tuple[Estimate, Array]:
    name, arms = f"{first.name} - {second.name}", (first, second)
    points = [float(arm.statistic(arm.values)) for arm in arms]
    n, raters = _items(first, second), max(arm.values.shape[1] for arm in arms)
    method = f"paired {how}, expanded percentile interval"
    lost = [arm.name for arm, point in zip(arms, points, strict=True) if not np.isfinite(point)]
    if lost:
        reason = f"{' and '.join(lost)} is not defined on these ratings."
        return undefined(name, reason, n_items=n, n_raters=raters, method=method), np.empty(0)
    pairs = replicates([(arm.statistic, arm.values) for arm in arms], rng=rng, how=how)
    sample = pairs[:, 0] - pairs[:, 1]
    low, high, notes = interval(sample, level, drawn_units(len(first.values), how))
    said = (*notes, *few_items(n), *_twins(how))
    return Estimate(name, points[0] - points[1], low, high, n, raters, method, level, said), sample


def noninferior(
    first: Arm,
    second: Arm,
    margin: float,
    *,
    rng: np.random.Generator,
    how: Resampling | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return the difference with the one-sided p of `first` being worse than `second` by `margin` or more.

    `first` is non-inferior where the lower bound lies above -margin, which at level 0.95 is a test at 0.025.

    Examples
    --------
    >>> from agreement.additive import pearson
    >>> x = np.arange(60.0)
    >>> arm = Arm("r", pearson(), np.column_stack([x, x + 9 * np.sin(x)]))
    >>> made = noninferior(arm, arm, 0.1, rng=np.random.default_rng(0))
    >>> made.value, made.notes[-1]
    (0.0, 'Non-inferior: the interval lies above -0.1.')
    """
    if not margin > 0:
        raise Refusal(f"A margin is how much worse is still acceptable, above 0; not {margin:g}.")
    made, sample = _compared(first, second, how or Resampling(), level, rng)
    if not made.defined:
        return made
    shown = made.low > -margin
    verdict = "Non-inferior: the interval lies" if shown else "Not shown to be non-inferior: it is not"
    method = f"{made.method}, one-sided p of a difference of -{margin:g} or worse"
    said = made.noting(f"{verdict} above -{margin:g}.")
    return replace(said, method=method, p=one_sided(sample, -margin))


def two_sided(sample: Array) -> float:
    """Return the bootstrap p-value of 0: twice the smaller tail, never 0 (Davison & Hinkley 1997, 4.4).

    Examples
    --------
    >>> two_sided(np.array([1.0, 2.0, 3.0]))
    0.5
    """
    return min(1.0, 2 * min(one_sided(sample, 0.0), one_sided(-sample, 0.0)))


def one_sided(sample: Array, bound: float) -> float:
    """Return the share of replicates at or below `bound`, counting one more.

    Examples
    --------
    >>> one_sided(np.array([1.0, 2.0, 3.0]), 0.0)
    0.25
    """
    good = sample[np.isfinite(sample)]
    return float((1 + np.count_nonzero(np.round(good, 12) <= bound)) / (1 + len(good)))


def _items(*arms: Arm) -> int:
    """Items that count on both sides."""
    if len({len(arm.values) for arm in arms}) > 1:
        raise Refusal("Coefficients are compared on the same items; these have different numbers of rows.")
    return int(np.logical_and.reduce([_counted(arm) for arm in arms]).sum())


def _counted(arm: Arm) -> np.typing.NDArray[np.bool_]:
    if isinstance(arm.statistic, Additive):
        return np.asarray(arm.statistic.features(arm.values)[:, 0] > 0)
    return np.asarray((~np.isnan(arm.values)).any(axis=1))


def _twins(how: Resampling) -> Sequence[str]:
    said = "Raters were drawn, too; a rater drawn twice agrees with itself on both sides alike."
    return (said,) if how.raters else ()
