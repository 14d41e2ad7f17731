"""How uncertain the variance components are: the inverse of the REML Hessian on the variance scale."""

from __future__ import annotations

import numpy as np

from agreement.array import Array
from agreement.crossed.fit import Fit
from agreement.crossed.likelihood import likelihood

STEP = 1e-4
FLOOR = 1e-2  # steps for a component near 0 are taken from this share of the total


def covariance(made: Fit) -> Array:
    """Return the (3, 3) covariance of (item, rater, residual); NaN where the likelihood has no curvature.

    Examples
    --------
    >>> from agreement.crossed.fit import fit
    >>> from agreement.crossed.grams import grams
    >>> judges = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9],
    ...                    [6, 2, 4, 7.0]])
    >>> made = fit(grams(judges))
    >>> # balanced: the residual's variance is 2 / df times its square
    >>> bool(np.isclose(covariance(made)[2, 2], 2 / 15 * made.residual**2, rtol=1e-3))
    True
    """
    at = made.components
    steps = STEP * np.maximum(at, FLOOR * at.sum())
    around = np.concatenate([at + np.diag(steps), at - np.diag(steps)])
    slopes = _slopes(made, around)
    curve = (slopes[:3] - slopes[3:]) / (2 * steps[:, None])
    curve = (curve + curve.T) / 2
    if not np.isfinite(curve).all() or np.linalg.cond(curve) > 1e14:
        return np.full((3, 3), np.nan)
    return np.asarray(np.linalg.inv(curve))


def _slopes(made: Fit, points: Array) -> Array:
    """Gradient of minus the log-likelihood in (item, rater, residual)."""
    s = points[:, 2]
    ratios = points[:, :2] / s[:, None]
    at = likelihood(made.grams, ratios)
    by = at.logdet_by + at.rss_by / s[:, None]
    df = made.grams.ratings - 1
    residual = (df - at.rss / s - (by * ratios).sum(axis=1)) / s
    return np.asarray(np.column_stack([by / s[:, None], residual]) / 2)
