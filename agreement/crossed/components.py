"""Variance components of incomplete ratings with draws of them, for every figure that is a ratio of such."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from agreement.array import Array
from agreement.crossed.covariance import covariance
from agreement.crossed.exact import exact
from agreement.crossed.fit import Fit, fit
from agreement.crossed.grams import Grams, grams

DRAWS = 5000
SEED = 20_240_601


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """REML variance components of items, raters and the residual, and what their precision rests on.

    Attributes
    ----------
    variance : array of (3,)
        Item, rater, residual.
    covariance : array of (3, 3)
        Of these; NaN where the likelihood has no curvature.
    items, raters, ratings : int
    per_item, per_rater : float
        Harmonic mean of ratings an item, and a rater.
    apart : float
        q of ten Hove et al.: how far the raters of two items differ, 0 when complete.
    perfect : bool
        There is no residual variance.
    mean, loglik : float
    """

    variance: Array
    covariance: Array
    items: int
    raters: int
    ratings: int
    per_item: float
    per_rater: float
    apart: float
    perfect: bool
    mean: float
    loglik: float


def components(values: Array) -> Components:
    """Return the components of ratings (items, raters) in which every item and rater has one.

    The smaller side is solved for: 60 items by 500 raters cost what 500 items by 60 raters do.

    Examples
    --------
    >>> judges = np.array([[9, np.nan, 5, 8], [6, 1, 3, 2], [8, 4, 6, np.nan], [7, 1, 2, 6],
    ...                    [np.nan, 5, 6, 9], [6, 2, np.nan, 7]])
    >>> components(judges).variance.round(4)
    array([2.5829, 4.4402, 1.1562])
    """
    own = grams(values)
    turned = values.shape[0] < values.shape[1]
    made = fit(grams(np.ascontiguousarray(values.T)) if turned else own)
    found = _components(own, made, [1, 0, 2] if turned else [0, 1, 2])
    return replace(found, variance=exact(values)) if made.perfect else found


def _components(own: Grams, made: Fit, order: list[int]) -> Components:
    spread = np.full((3, 3), np.nan) if made.perfect else covariance(made)
    return Components(
        made.components[order],
        spread[np.ix_(order, order)],
        own.items,
        own.raters,
        own.ratings,
        1 / own.inverse,
        1 / float((1 / own.rated).mean()),
        own.apart,
        made.perfect,
        made.mean,
        made.loglik,
    )


def sampled(made: Components, rng: np.random.Generator | None = None, n: int = DRAWS) -> Array:
    """Return (n, 3) draws of the components, for Monte-Carlo intervals.

    Each component is the difference of two expected mean squares, drawn as scaled chi-squares (generalised
    confidence intervals, Weerahandi 1993; Tian & Cappelleri 2004 for the ICC). In incomplete designs the
    number of ratings behind each mean square is the one that gives the component its REML variance. In
    balanced designs this is the generalised interval itself; unlike a normal approximation it
    knows that three raters say little about the variance of raters.
    """
    rng = rng or np.random.default_rng(SEED)
    df = made.ratings - made.items - made.raters + 1
    residual = made.variance[2] * df / rng.chisquare(df, n)
    item = _drawn(made, 0, made.items - 1, made.per_item, residual, rng)
    rater = _drawn(made, 1, made.raters - 1, made.per_rater, residual, rng)
    return np.column_stack([item, rater, residual])


def _drawn(
    made: Components, which: int, df: int, plain: float, residual: Array, rng: np.random.Generator
) -> Array:
    size = _matched(made, which, df, plain)
    square = made.variance[2] + size * made.variance[which]
    drawn = square * df / rng.chisquare(df, len(residual))
    return np.asarray(np.maximum((drawn - residual) / size, 0.0))


def _matched(made: Components, which: int, df: int, plain: float) -> float:
    """Ratings behind the mean square such that 2 square^2 / df is its variance under REML; else `plain`."""
    v, e, c = made.variance[which], made.variance[2], made.covariance
    roots = np.roots(
        [
            c[which, which] - 2 * v * v / df,
            2 * c[which, 2] - 4 * v * e / df,
            c[2, 2] - 2 * e * e / df,
        ]
        if np.isfinite(c).all()
        else [1.0]
    )
    good = [float(root.real) for root in roots if abs(root.imag) < 1e-9 and root.real > 0]
    nearest = min(good, key=lambda root: abs(np.log(root / plain)), default=plain)
    most = made.ratings / max((made.items, made.raters)[which], 1)
    return min(nearest, most)
