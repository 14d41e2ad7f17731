"""What the likelihood's curvature cannot see: ratings at a ceiling vary in other ways than normal ones."""

from __future__ import annotations

import numpy as np

from agreement.array import Array
from agreement.crossed.fit import Fit
from agreement.crossed.levels import predicted


def spread(values: Array, made: Fit, curvature: Array) -> Array:
    """Return the (2, 2) covariance of item and residual variance: the wider of model and sandwich.

    Given the raters' levels, items are independent, so that the squares of their scores say how uncertain
    the components are whatever the distribution (White 1982, Econometrica 50:1). With normal ratings that
    agrees with the curvature but for noise; at a ceiling it is wider. In every direction the wider is taken.

    Parameters
    ----------
    values : array of (items, raters)
    made : Fit
        Of these values, not turned.
    curvature : array of (3, 3)
        The inverse Hessian of REML.
    """
    score, normal = _scores(values, made)
    model = curvature[np.ix_([0, 2], [0, 2])]
    if not np.isfinite(model).all() or np.linalg.eigvalsh(model).min() <= 0:
        model = normal  # at a boundary the curvature may be none; the expected one always is
    n = len(score)
    bread = model @ np.linalg.inv(normal)
    meat = score.T @ score / (1 - 2 / max(n, 3)) ** 2  # as if each item were left out (HC3)
    sandwich = bread @ normal @ meat @ normal @ bread.T
    root = np.linalg.cholesky(model)
    inverse = np.linalg.inv(root)
    times, axes = np.linalg.eigh(inverse @ sandwich @ inverse.T)
    turned = root @ axes
    return np.asarray((turned * np.maximum(times, 1.0)) @ turned.T)


def _scores(values: Array, made: Fit) -> tuple[Array, Array]:
    """Each item's score in (item, residual) variance, and the covariance that normal ratings would give."""
    there = ~np.isnan(values)
    ones = np.ones(values.shape[1])
    m = there.astype(np.float64) @ ones
    left = np.where(there, values - (made.mean + predicted(made)[0]), 0.0)
    total = left @ ones
    within = np.einsum("ij,ij->i", left, left) - total**2 / m
    a, e = made.item, made.residual
    tau = e + m * a
    by_item = (total**2 / tau - m) / tau / 2
    by_residual = (within / e**2 - (m - 1) / e + total**2 / m / tau**2 - 1 / tau) / 2
    cross = (m / tau**2).sum() / 2
    expected = np.array(
        [[(m**2 / tau**2).sum() / 2, cross], [cross, ((m - 1) / e**2 + 1 / tau**2).sum() / 2]]
    )
    return np.column_stack([by_item, by_residual]), np.asarray(np.linalg.inv(expected))
