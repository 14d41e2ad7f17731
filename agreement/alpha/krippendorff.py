"""Krippendorff's alpha: 1 − observed over expected disagreement among pairable ratings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from agreement.alpha.distance import over
from agreement.alpha.interval import interval
from agreement.alpha.nominal import nominal
from agreement.alpha.ordinal import ordinal
from agreement.alpha.ratio import ratio
from agreement.alpha.units import Counted, Disagreement, Floats, Units, counted, folded, units
from agreement.array import ratings as table
from agreement.bootstrap import interval as percentile
from agreement.chance.table import coded
from agreement.chance.weights import weights
from agreement.estimate import NAN, Estimate, undefined
from agreement.many import kinds, many_kinds
from agreement.notes import few_items, flat_raters, skew, skewed
from agreement.weights import case_weights

Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS: dict[Level, Callable[[Units], Disagreement]] = {
    "nominal": nominal,
    "ordinal": ordinal,
    "interval": interval,
    "ratio": ratio,
}


def alpha(
    ratings: ArrayLike,
    measured: Level = "ordinal",
    *,
    points: Sequence[float] | None = None,
    rng: np.random.Generator | None = None,
    replicates: int = 2000,
    cases: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return Krippendorff's alpha for any number of raters and unrated cells.

    Parameters
    ----------
    ratings : array_like, shape (items, raters)
        NaN is unrated. Items with one rating carry no information about agreement and are left out.
    measured : str
        ``"nominal"``, ``"ordinal"`` (Krippendorff's distance in ranks; for the other ordinal alpha see
        `alpha_gwet_ordinal`), ``"interval"`` or ``"ratio"``.
    points : sequence of float, optional
        The declared scale: any other value is refused. Alpha itself does not depend on unused points.
    rng : numpy Generator, optional
        Draws the item bootstrap; without it there is no interval.
    cases : array_like, shape (items,), optional
        Items of one case are drawn together.

    References
    ----------
    Krippendorff, K. (2011). *Computing Krippendorff's Alpha-Reliability*.
    https://repository.upenn.edu/asc_papers/43

    Examples
    --------
    >>> x = [[1, 1, 2], [2, 2, 2], [3, 3, 4], [5, 4, 5]]
    >>> print(alpha(x, "interval", rng=np.random.default_rng(1)))
    alpha (interval) 0.87 (95 % interval 0.08 to 0.92; 4 items, 3 raters)
    """
    x = _declared(ratings, points)
    rows = units(x, points)
    return of(f"alpha ({measured})", x, rows, LEVELS[measured], rng, replicates, cases, level)


def alpha_gwet_ordinal(
    ratings: ArrayLike,
    points: Sequence[float],
    *,
    rng: np.random.Generator | None = None,
    replicates: int = 2000,
    cases: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return the other "ordinal alpha": alpha with Gwet's ordinal weights over the declared points.

    irrCAC and Stata's kappaetc call this ordinal; on Krippendorff's own example it is .834 where
    Krippendorff's ordinal alpha is .815. See `alpha` for the parameters.

    References
    ----------
    Gwet, K. L. (2014). *Handbook of Inter-Rater Reliability*, 4th ed., chapter 3.

    Examples
    --------
    >>> x = [[1, 1], [2, 2], [3, 4], [5, 4]]
    >>> round(alpha_gwet_ordinal(x, points=(1, 2, 3, 4, 5)).value, 3)
    0.839
    """
    x, scale = _declared(ratings, points), np.array(sorted(set(points)), dtype=float)
    rows = counted(x, scale)
    used = np.isin(scale, rows.points)
    distance = 1 - weights(list(scale), "ordinal")[np.ix_(used, used)]
    return of("alpha (ordinal, Gwet's weights)", x, rows, over(distance), rng, replicates, cases, level)


def of(
    name: str,
    ratings: Floats,
    rows: Units,
    measure: Callable[[Units], Disagreement],
    rng: np.random.Generator | None,
    replicates: int,
    cases: ArrayLike | None,
    level: float,
) -> Estimate:
    """Return 1 − Do/De with its interval from the item bootstrap; `measure` makes both for any items."""
    n, raters = len(rows.m), int((~np.isnan(ratings)).any(axis=0).sum())
    if not n:
        return undefined(name, "No item has two ratings.", n_items=len(ratings), n_raters=raters)
    few, times = folded(rows) if cases is None else (rows, None)
    disagreement = measure(few)
    value = float(_ratio(disagreement, np.ones((1, n)) if times is None else times[None, :])[0])
    notes = _notes(ratings, rows)
    if np.isnan(value):
        reason = "All ratings are the same, so there is no variation to agree on."
        return undefined(name, reason, n_items=n, n_raters=raters).noting(*notes)
    low, high, how = NAN, NAN, "no interval"
    if rng is not None and n > 1:
        of_case = None if cases is None else np.asarray(cases)[rows.kept]
        blocks = case_weights(n, replicates, rng, of_case) if times is None else kinds(times, replicates, rng)
        drawn = [_ratio(disagreement, block) for block in blocks]
        low, high, more = percentile(np.concatenate(drawn), level)
        notes += more
        what = "case" if cases is not None else "item"
        if times is not None and many_kinds(times):
            what = "normal item"
        how = f"{what} bootstrap, {replicates} replicates, percentile"
    return Estimate(name, value, low, high, n, raters, how, level, notes)


def _ratio(disagreement: Disagreement, weights: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        observed, expected = disagreement(weights)
        return np.where(expected > 1e-14 * np.abs(expected).max(initial=0.0), 1 - observed / expected, np.nan)


def _declared(ratings: ArrayLike, points: Sequence[float] | None) -> Floats:
    x = table(ratings)
    if points is not None:
        coded(x, points)
    return x


def _notes(ratings: Floats, rows: Units) -> tuple[str, ...]:
    """Return what was left out, and what is fragile: from the counts where there are counts."""
    if isinstance(rows, Counted):
        alone = rows.total - int(rows.m.sum())
        given = rows.counts.sum(axis=0)
        top = int(given.argmax())
        said = skewed(float(given[top] / given.sum()), rows.points[top], rows.points[0], rows.points[-1])
    else:
        alone = int((~np.isnan(ratings)).any(axis=1).sum()) - len(rows.m)
        said = skew(rows.values)
    lost = (f"Items with a single rating are left out: {alone}.",) if alone else ()
    return (*lost, *few_items(len(rows.m)), *said, *flat_raters(ratings))
