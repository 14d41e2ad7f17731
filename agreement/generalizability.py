"""Generalizability: where the variance of ratings comes from, and what more raters or repeats would buy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agreement.array import Array
from agreement.crossed.components import DRAWS, SEED, components, sampled
from agreement.crossed.icc import unfit
from agreement.estimate import Estimate, undefined
from agreement.level import tail
from agreement.refusal import Refusal


@dataclass(frozen=True, slots=True, eq=False)
class GStudy:
    """Variance components of item x rater (x repeat).

    Attributes
    ----------
    item, rater, interaction, repeat : float
        Variances. Without repeats `interaction` holds the residual, too, and `repeat` is 0. ANOVA estimates
        may be negative, which is reported; a D-study takes them as 0.
    items, raters, repeats : int
    estimator : str
        "ANOVA (expected mean squares)" for complete ratings, else "REML".
    notes : tuple of str
        Why undefined (all NaN then), or what deserves caution.
    """

    item: float
    rater: float
    interaction: float
    repeat: float
    items: int
    raters: int
    repeats: int
    estimator: str
    draws: Array
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DStudy:
    """Reliability of the mean of so many raters with so many repeats each: relative and absolute."""

    raters: int
    repeats: int
    relative: Estimate
    absolute: Estimate


def g_study(values: npt.ArrayLike, *, rng: np.random.Generator | None = None) -> GStudy:
    """Return the variance components of ratings (items, raters) or (items, raters, repeats); NaN is unrated.

    Repeats are samples of the same rater on the same item: a juror asked again, a hidden repeat.

    References
    ----------
    Brennan 2001, Generalizability Theory, chapters 3 and 4.

    Examples
    --------
    >>> study = g_study([[1, 0, 0], [1, 1, 0], [1, 1, 1], [1, 1, 1], [0, 0, 0]])
    >>> round(study.item, 4), round(study.rater, 4), round(study.interaction, 4)
    (0.15, 0.0167, 0.1167)
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim not in (2, 3):
        raise Refusal(f"A G-study takes items by raters (by repeats); this has {array.ndim} dimensions.")
    cube = array[:, :, None] if array.ndim == 2 else array
    there = ~np.isnan(cube)
    cube = cube[there.any(axis=(1, 2))][:, there.any(axis=(0, 2))][:, :, there.any(axis=(0, 1))]
    means = _cell_means(cube)
    reason = unfit(means) if cube.size else "There are no ratings."
    if reason:
        return _none(cube, reason)
    rng = rng or np.random.default_rng(SEED)
    return _anova(cube, rng) if not np.isnan(cube).any() else _reml(cube, means, rng)


def d_study(
    study: GStudy, raters: Sequence[int], repeats: Sequence[int] = (1,), *, level: float = 0.95
) -> tuple[DStudy, ...]:
    """Return reliability curves: E rho^2 (relative) and Phi (absolute) for each number of raters and repeats.

    References
    ----------
    Brennan 2001, Generalizability Theory, chapter 4.

    Examples
    --------
    >>> study = g_study([[1, 0, 0], [1, 1, 0], [1, 1, 1], [1, 1, 1], [0, 0, 0]])
    >>> [round(point.absolute.value, 2) for point in d_study(study, raters=[1, 2, 4])]
    [0.53, 0.69, 0.82]
    """
    wrong = [n for n in (*raters, *repeats) if n < 1]
    if wrong:
        raise Refusal(f"A D-study needs at least 1 rater and 1 repeat; {wrong[0]} is less.")
    return tuple(
        DStudy(
            n,
            t,
            _reliability(study, n, t, level, absolute=False),
            _reliability(study, n, t, level, absolute=True),
        )
        for n in raters
        for t in repeats
    )


def _cell_means(cube: Array) -> Array:
    there = ~np.isnan(cube)
    n = there.sum(axis=2)
    return np.asarray(np.where(n > 0, np.where(there, cube, 0.0).sum(axis=2) / np.maximum(n, 1), np.nan))


def _none(cube: Array, reason: str) -> GStudy:
    nan, (n, k, t) = float("nan"), cube.shape
    return GStudy(nan, nan, nan, nan, n, k, t, "none", np.empty((0, 4)), (reason,))


def _anova(cube: Array, rng: np.random.Generator) -> GStudy:
    """Expected mean squares of the crossed design; draws replace each mean square by df ms / chi-square."""
    n, k, t = cube.shape
    x = cube - cube.mean()
    cell = x.mean(axis=2)
    item, rater = cell.mean(axis=1), cell.mean(axis=0)
    both = cell - item[:, None] - rater
    df = np.array([n - 1, k - 1, (n - 1) * (k - 1), n * k * (t - 1)], dtype=np.float64)
    within = ((x - cell[:, :, None]) ** 2).sum()
    squares = np.array([k * t * (item**2).sum(), n * t * (rater**2).sum(), t * (both**2).sum(), within])
    ms = squares / np.maximum(df, 1)
    drawn = squares / np.maximum(rng.chisquare(np.maximum(df, 1), (DRAWS, 4)), np.finfo(float).tiny)
    point, draws = _from_mean_squares(ms, n, k, t), _from_mean_squares(drawn, n, k, t)
    notes = ("A negative component counts as 0 in a D-study.",) if (point < 0).any() else ()
    item_, rater_, interaction, repeat = point.tolist()
    return GStudy(
        item_,
        rater_,
        interaction,
        repeat,
        n,
        k,
        t,
        "ANOVA (expected mean squares)",
        np.maximum(draws, 0),
        notes,
    )


def _from_mean_squares(ms: Array, n: int, k: int, t: int) -> Array:
    item, rater, both, within = np.moveaxis(ms, -1, 0)
    repeat = within if t > 1 else np.zeros_like(within)
    return np.stack([(item - both) / (k * t), (rater - both) / (n * t), (both - repeat) / t, repeat], axis=-1)


def _reml(cube: Array, means: Array, rng: np.random.Generator) -> GStudy:
    """REML on the cells' means; what repeats of a cell differ by is taken off the residual."""
    there = ~np.isnan(cube)
    size = there.sum(axis=2)
    df = int((size - 1)[size > 0].sum())
    within = float(np.where(there, (cube - means[:, :, None]) ** 2, 0.0).sum()) if df else 0.0
    part = float((1 / size[size > 0]).mean()) if df else 0.0
    repeat = within / df if df else 0.0
    made = components(means)
    item, rater, residual = made.variance.tolist()
    main = np.tile(made.variance, (DRAWS, 1)) if made.perfect else sampled(made, rng)
    noise = within / rng.chisquare(df, DRAWS) if df else np.zeros(DRAWS)
    draws = np.column_stack([main[:, :2], np.maximum(main[:, 2] - part * noise, 0), noise])
    notes = () if not df else (f"Repeats stand on {df} further ratings of the same item by the same rater.",)
    n, k, t = cube.shape
    return GStudy(item, rater, residual - part * repeat, repeat, n, k, t, "REML", draws, notes)


def _reliability(study: GStudy, n: int, t: int, level: float, *, absolute: bool) -> Estimate:
    name = f"{'Phi' if absolute else 'E rho^2'} ({n} raters, {t} repeats)"
    method = f"{study.estimator}, D-study, Monte-Carlo interval ({DRAWS} draws)"
    if np.isnan(study.item):
        return undefined(name, study.notes[0], n_items=study.items, n_raters=study.raters, method=method)
    point = np.maximum([study.item, study.rater, study.interaction, study.repeat], 0.0)
    value = float(_coefficient(point, n, t, absolute))
    if np.isnan(value):
        reason = "Every variance component is 0."
        return undefined(name, reason, n_items=study.items, n_raters=study.raters, method=method)
    low, high = np.nanquantile(
        _coefficient(study.draws, n, t, absolute), [1 - tail(level), tail(level)]
    ).tolist()
    low, high = min(low, value), max(high, value)
    return Estimate(name, value, low, high, study.items, study.raters, method, level, study.notes)


def _coefficient(variance: Array, n: int, t: int, absolute: bool) -> Array:
    item, rater, both, repeat = np.moveaxis(variance, -1, 0)
    error = both / n + repeat / (n * t) + (rater / n if absolute else 0.0)
    total = item + error
    return np.asarray(item / np.where(total > 0, total, np.nan))
