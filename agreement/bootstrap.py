"""The item bootstrap: of one coefficient or of several on the same items, by items or by whole cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.special import ndtr, stdtrit

from agreement.additive import Additive
from agreement.array import Array, Codes, ratings
from agreement.estimate import Estimate, undefined
from agreement.level import tail
from agreement.notes import fragile
from agreement.refusal import Refusal
from agreement.resample import counted, counts, draws, members

Statistic = Additive | Callable[[Array], float]
REPLICATES = 2000
LOST = 0.05  # a replicate may be undefined (all its items alike); more than this share deserves a note


@dataclass(frozen=True, slots=True)
class Resampling:
    """How a bootstrap draws.

    Attributes
    ----------
    replicates : int
        How many samples.
    cases : array of (items,) or None
        A code per item: items of one case are drawn together. None: each item is a case.
    raters : bool
        Draw raters, too (two-way). A rater drawn twice agrees with itself, so that agreement among
        raters comes out too high: meant for differences, where both sides share it.
    """

    replicates: int = REPLICATES
    cases: Codes | None = field(default=None, compare=False)
    raters: bool = False

    def __str__(self) -> str:
        of = "items" if self.cases is None else "whole cases"
        return f"bootstrap of {of}{' and raters' if self.raters else ''}, {self.replicates} replicates"


def bootstrap(
    name: str,
    statistic: Statistic,
    values: Array,
    *,
    rng: np.random.Generator,
    how: Resampling | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return a coefficient with its percentile interval.

    Parameters
    ----------
    statistic : Additive or function of (items, raters) to float
        An `Additive` one takes a matrix product for all replicates; a function is called for each.
    values : array of (items, raters)
        NaN is unrated.

    References
    ----------
    Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapter 13.

    Examples
    --------
    >>> from agreement.additive import pearson
    >>> x = np.arange(40.0)
    >>> values = np.column_stack([x, x + 10 * np.sin(x)])
    >>> estimate = bootstrap("Pearson r", pearson(), values, rng=np.random.default_rng(1))
    >>> estimate.low < estimate.value < estimate.high
    True
    """
    how, values = how or Resampling(), ratings(values)
    n, k = values.shape
    point = float(statistic(values)) if n else np.nan
    if np.isnan(point):
        return undefined(name, "Not defined on these ratings.", n_items=n, n_raters=k, method=str(how))
    sample = replicates([(statistic, values)], rng=rng, how=how)[:, 0]
    low, high, notes = interval(sample, level, drawn_units(n, how))
    notes = (*notes, *fragile(values))
    return Estimate(name, point, low, high, n, k, f"expanded percentile {how}", level, notes)


def interval(
    sample: Array, level: float = 0.95, units: int | None = None
) -> tuple[float, float, tuple[str, ...]]:
    """Return the percentile interval of defined replicates, and a note where many are not.

    With `units`, how many items or cases were drawn, its tails are those of Student's t and it is wider by
    the root of n / (n - 1): a plain percentile interval is too short in small samples
    (expanded percentile interval; Hesterberg 2015, The American Statistician 69:371).

    Examples
    --------
    >>> interval(np.array([0.1, 0.2, 0.3, np.nan]), 0.5)
    (0.15, 0.25, ('25% of the replicates are undefined and left out of the interval.',))
    """
    good = sample[np.isfinite(sample)]
    lost = 1 - len(good) / len(sample) if len(sample) else 1.0
    if not len(good):
        return np.nan, np.nan, ("No interval: every replicate is undefined.",)
    notes = (f"{lost:.0%} of the replicates are undefined and left out of the interval.",)
    # Rounded to 12 digits: the order in which a processor adds must not show.
    upper = tail(level) if units is None else _expanded(tail(level), units)
    low, high = np.quantile(np.round(good, 12), [1 - upper, upper]).round(12)
    return float(low), float(high), notes if lost > LOST else ()


def _expanded(upper: float, units: int) -> float:
    if units < 2:
        return upper
    return float(ndtr(np.sqrt(units / (units - 1)) * stdtrit(units - 1, upper)))


def drawn_units(n: int, how: Resampling) -> int:
    """Return how many items, or whole cases, a replicate draws.

    Examples
    --------
    >>> drawn_units(6, Resampling(cases=np.array([0, 0, 1, 1, 2, 2])))
    3
    """
    return n if how.cases is None else len(np.unique(how.cases))


def replicates(
    arms: Sequence[tuple[Statistic, Array]],
    *,
    rng: np.random.Generator,
    how: Resampling | None = None,
) -> Array:
    """Return (replicates, arms): every arm's statistic on the same draws of the same items.

    Parameters
    ----------
    arms : sequence of (statistic, values)
        All `values` have the same items as rows; the columns may differ.

    Examples
    --------
    >>> from agreement.additive import pearson
    >>> values = np.random.default_rng(0).normal(size=(20, 2))
    >>> both = replicates([(pearson(), values), (pearson(), -values)], rng=np.random.default_rng(1))
    >>> bool(np.allclose(both[:, 0], both[:, 1]))
    True
    """
    how = how or Resampling()
    n = _items(arms)
    if how.cases is not None and len(how.cases) != n:
        raise Refusal(f"{len(how.cases)} items have a case, {n} have ratings; give every item one.")
    if how.raters:
        return _two_way(arms, n, how, rng)
    groups = None if how.cases is None else members(how.cases)
    prepared = [
        (one, one.features(values)) if isinstance(one, Additive) else (one, values) for one, values in arms
    ]
    if groups is not None:
        prepared = [
            (one, _summed(each, groups)) if isinstance(one, Additive) else (one, each)
            for one, each in prepared
        ]
    units = n if groups is None else len(groups)
    if all(isinstance(one, Additive) for one, _ in arms):
        made = counted(units, how.replicates, rng)
        return np.concatenate(
            [
                np.column_stack(
                    [one.finish(weights @ each) for one, each in prepared if isinstance(one, Additive)]
                )
                for weights in made
            ]
        )
    blocks = [
        np.column_stack([_of_block(one, each, drawn, groups) for one, each in prepared])
        for drawn in draws(units, how.replicates, rng)
    ]
    return np.concatenate(blocks)


def _items(arms: Sequence[tuple[Statistic, Array]]) -> int:
    sizes = {len(values) for _, values in arms}
    if len(sizes) != 1:
        raise Refusal(f"Coefficients are compared on the same items; these have {sorted(sizes)} rows.")
    return sizes.pop()


def _summed(features: Array, groups: list[Codes]) -> Array:
    return np.array([features[group].sum(axis=0) for group in groups])


def _of_block(statistic: Statistic, each: Array, drawn: Codes, groups: list[Codes] | None) -> Array:
    if isinstance(statistic, Additive):
        return statistic.finish(counts(drawn, len(each)) @ each)
    if groups is None:
        return np.array([statistic(each[row]) for row in drawn])
    return np.array([statistic(each[np.concatenate([groups[case] for case in row])]) for row in drawn])


def _two_way(
    arms: Sequence[tuple[Statistic, Array]], n: int, how: Resampling, rng: np.random.Generator
) -> Array:
    groups = members(np.arange(n) if how.cases is None else how.cases)
    made = np.empty((how.replicates, len(arms)))
    widths = {values.shape[1] for _, values in arms}
    for row in made:
        items = np.concatenate([groups[case] for case in rng.integers(0, len(groups), len(groups))])
        raters = {width: rng.integers(0, width, width) for width in sorted(widths)}
        row[:] = [one(values[np.ix_(items, raters[values.shape[1]])]) for one, values in arms]
    return made
