"""REML estimates of the variance of items, of raters and of the rest."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from agreement.array import Array
from agreement.crossed.grams import Grams
from agreement.crossed.likelihood import Likelihood, criterion, likelihood

START = (0.01, 0.1, 1.0, 10.0, 100.0)
ROUNDS = 60
STEP = 1e-5
EDGE = 1e8  # an item variance so many times the residual is perfect agreement


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Variance components.

    Attributes
    ----------
    item, rater, residual : float
        Variances; 0 where the likelihood is highest at the boundary.
    mean : float
        The grand mean (generalised least squares).
    loglik : float
        REML log-likelihood, lme4's convention.
    perfect : bool
        The raters differ by constants only: there is no residual variance.
    """

    item: float
    rater: float
    residual: float
    mean: float
    loglik: float
    perfect: bool
    ratios: tuple[float, float]
    grams: Grams
    at: Likelihood

    @property
    def components(self) -> Array:
        """Return (item, rater, residual)."""
        return np.array([self.item, self.rater, self.residual])


def fit(g: Grams, *, raters: bool = True) -> Fit:
    """Return the REML fit of y = mean + item + rater + residual; without raters, the one-way model.

    Examples
    --------
    >>> from agreement.crossed.grams import grams
    >>> judges = np.array([[9, np.nan, 5, 8], [6, 1, 3, 2], [8, 4, 6, np.nan], [7, 1, 2, 6],
    ...                    [np.nan, 5, 6, 9], [6, 2, np.nan, 7]])
    >>> fit(grams(judges)).components.round(4)  # R: lme4::lmer(y ~ 1 + (1|item) + (1|rater))
    array([2.5829, 4.4402, 1.1562])
    """
    theta = _newton(g, _start(g, raters), raters)
    ratios = np.minimum(theta**2, EDGE)
    ratios[ratios < 1e-9] = 0.0
    at = likelihood(g, ratios[None, :])
    df = g.ratings - 1
    rss = max(float(at.rss[0]), 0.0)
    residual = rss / df
    perfect = bool(_left(g, raters) <= 1e-12 * g.power)
    deviance = float(at.logdet[0]) + df * (1 + math.log(2 * math.pi * max(residual, np.finfo(float).tiny)))
    item, rater = (ratios * residual).tolist()
    mean = g.centre + float(at.mean[0])
    return Fit(item, rater, residual, mean, -deviance / 2, perfect, (ratios[0], ratios[1]), g, at)


def _left(g: Grams, raters: bool) -> float:
    """Sum of squares that no constants of items (and raters) explain: least squares, from the same sums."""
    inside = g.power - float((1 / g.m) @ g.square)
    if not raters:
        return inside
    laplacian = np.diag(g.rated) - np.tensordot(1 / g.m, g.gram, 1)
    score = g.total - (1 / g.m) @ g.cross
    return inside - float(score @ np.linalg.pinv(laplacian, hermitian=True) @ score)


def _start(g: Grams, raters: bool) -> Array:
    grid = np.array([(a, b) for a in START for b in (START if raters else (0.0,))])
    return np.asarray(np.sqrt(grid[int(np.argmin(criterion(g, grid)[0]))]))


def _newton(g: Grams, theta: Array, raters: bool) -> Array:
    """Minimise over theta, the root of the ratios: smooth at 0, so that a boundary is an ordinary minimum."""
    free = np.array([True, raters])
    value, slope = _criterion(g, theta[None, :])
    for _ in range(ROUNDS):
        step = np.where(free, _step(g, theta, slope[0]), 0.0)
        if np.abs(step).max() < 1e-11 * (1 + np.abs(theta).max()):
            break
        # All step lengths at once: a batch costs little more than one.
        lengths = 0.5 ** np.arange(12)
        tried = np.minimum(np.abs(theta + lengths[:, None] * step), math.sqrt(EDGE))
        values, slopes = _criterion(g, tried)
        best = (
            int(np.argmax(values <= value + 1e-12 * abs(value[0])))
            if (values <= value[0] + 1e-12).any()
            else -1
        )
        if best < 0:
            break
        theta, value, slope = tried[best], values[best : best + 1], slopes[best : best + 1]
    return theta


def _criterion(g: Grams, theta: Array) -> tuple[Array, Array]:
    value, slope = criterion(g, theta**2)
    return value, 2 * theta * slope


def _step(g: Grams, theta: Array, slope: Array) -> Array:
    h = STEP * np.maximum(theta, 0.01)
    around = theta + np.array([[h[0], 0], [-h[0], 0], [0, h[1]], [0, -h[1]]])
    slopes = _criterion(g, around)[1]
    curve = np.array([(slopes[0] - slopes[1]) / (2 * h[0]), (slopes[2] - slopes[3]) / (2 * h[1])])
    turned, axes = np.linalg.eigh((curve + curve.T) / 2)
    # Uphill directions are walked downhill: the absolute curvature, bounded away from none.
    scale = np.maximum(np.abs(turned), 1e-6 * max(np.abs(turned).max(), 1e-12))
    return np.asarray(-axes @ ((axes.T @ slope) / scale))
