"""Variance components of incomplete ratings with draws of them, for every figure that is a ratio of such."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import gammaincinv, ndtr

from agreement.array import Array
from agreement.crossed.covariance import covariance
from agreement.crossed.exact import exact
from agreement.crossed.fit import Fit, fit
from agreement.crossed.grams import Grams, grams
from agreement.crossed.likelihood import likelihood
from agreement.crossed.robust import spread

DRAWS = 5000
SEED = 20_240_601
LEAST = 4
"""No ratings have fewer degrees of freedom than normal ones by more than this: a few items cannot say so."""
EXACT = 20  # degrees of freedom from which an approximation of chi-square quantiles is exact enough


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """REML variance components of items, raters and the residual, and what their precision rests on.

    Attributes
    ----------
    variance : array of (3,)
        Item, rater, residual.
    covariance : array of (3, 3)
        Of these, from the REML Hessian; NaN where the likelihood has no curvature.
    spread : array of (2, 2)
        Of item and residual variance, at least the Hessian's, wider where ratings are not normal.
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
    spread: Array
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
    order = [1, 0, 2] if turned else [0, 1, 2]
    if made.perfect:
        return _components(own, made, exact(values), np.full((3, 3), np.nan), np.full((2, 2), np.nan))
    curvature = covariance(made)[np.ix_(order, order)]
    upright = _upright(made, own) if turned else made
    return _components(own, made, made.components[order], curvature, spread(values, upright, curvature))


def estimated(values: Array) -> Components:
    """Return the components without their uncertainty (NaN): what a replicate of a bootstrap needs.

    Examples
    --------
    >>> estimated(np.array([[1.0, 2.0], [3.0, 5.0], [2.0, 2.0]])).variance.shape
    (3,)
    """
    own = grams(values)
    turned = values.shape[0] < values.shape[1]
    made = fit(grams(np.ascontiguousarray(values.T)) if turned else own)
    variance = exact(values) if made.perfect else made.components[[1, 0, 2] if turned else [0, 1, 2]]
    return _components(own, made, variance, np.full((3, 3), np.nan), np.full((2, 2), np.nan))


def _upright(made: Fit, own: Grams) -> Fit:
    """A fit of the turned table as one of the table itself."""
    ratios = made.ratios[1], made.ratios[0]
    at = likelihood(own, np.array([ratios]))
    return replace(made, item=made.rater, rater=made.item, ratios=ratios, grams=own, at=at)


def _components(own: Grams, made: Fit, variance: Array, curvature: Array, wide: Array) -> Components:
    return Components(
        variance,
        curvature,
        wide,
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

    Each component is the difference of two mean squares, drawn as scaled chi-squares (generalised confidence
    intervals, Weerahandi 1993; Tian & Cappelleri 2004 for the ICC), with the degrees of freedom, and the
    correlation of items' and residual mean square, that give the components their variance (`spread`).
    Complete and normal, this is the generalised interval itself. One item of twelve with all the disagreement
    would leave hardly a degree of freedom and an interval from 0 to 1: what so few items say of their own
    unsteadiness is itself unsteady, so that no less than a quarter of the normal ones is taken.
    Unlike a normal approximation it knows that three raters say little about the variance of raters;
    unlike the F interval it widens at a ceiling.
    """
    rng = rng or np.random.default_rng(SEED)
    item, _, residual = made.variance.tolist()
    k, v = made.per_item, made.spread
    square = residual + k * item
    of_square, of_both = v[1, 1] + 2 * k * v[0, 1] + k * k * v[0, 0], v[1, 1] + k * v[0, 1]
    linked = float(np.clip(of_both / np.sqrt(of_square * v[1, 1]), -0.95, 0.95))
    z = rng.normal(size=(2, n))
    free = max(made.ratings - made.items - made.raters + 1, 1)  # as normal ratings have them
    few = max(2 * residual**2 / v[1, 1], free / LEAST)
    below = residual / _chi_square(z[0], few)
    few = max(2 * square**2 / of_square, (made.items - 1) / LEAST)
    above = square / _chi_square(linked * z[0] + np.sqrt(1 - linked**2) * z[1], few)
    rater = _drawn(made, 1, made.raters - 1, made.per_rater, below, rng)
    return np.column_stack([np.maximum((above - below) / k, 0.0), rater, below])


def _chi_square(z: Array, df: float) -> Array:
    """Chi-square over its degrees of freedom at normal quantiles: exact for few, Wilson-Hilferty for many."""
    df = max(df, 1.0)
    if df < EXACT:
        return np.asarray(np.maximum(2 * gammaincinv(df / 2, ndtr(z)) / df, 1e-9))
    return np.asarray((1 - 2 / (9 * df) + z * np.sqrt(2 / (9 * df))) ** 3)


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
