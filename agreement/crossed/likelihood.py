"""The profiled REML likelihood of two variance ratios and its gradient, for a batch of points at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agreement.array import Array
from agreement.crossed.grams import Grams


@dataclass(frozen=True, slots=True, eq=False)
class Likelihood:
    """At each ratio pair: `logdet` and residual `rss`, with gradients (points, 2) in the ratios.

    -2 log likelihood = (N - 1) log s + logdet + rss / s + (N - 1) log 2 pi, s the residual variance.
    """

    logdet: Array
    rss: Array
    logdet_by: Array
    rss_by: Array
    mean: Array
    solved: Array  # S = (I + rater ratio * A)^-1, (points, raters, raters)
    within: Array  # A, the raters' cross product once items are integrated out
    score: Array  # v, the raters' sums of ratings once items are integrated out
    weight: Array  # 1'V^-1 1


def likelihood(g: Grams, ratios: Array) -> Likelihood:
    """Evaluate at `ratios` (points, 2): item and rater variance over residual variance.

    Items are integrated out per rater count (a rank-one inverse each), raters by one solve of their
    own size: nothing grows with the number of items (Bates et al. 2015, J. Stat. Softw. 67(1), section 3,
    for the likelihood itself).
    """
    a, b = ratios[:, :1], ratios[:, 1]
    c, c_by = a / (1 + g.m * a), 1 / (1 + g.m * a) ** 2
    within = np.diag(g.rated) - np.tensordot(c, g.gram, 1)
    score, power = g.total - c @ g.cross, g.power - c @ g.square
    within_by, score_by, power_by = -np.tensordot(c_by, g.gram, 1), -c_by @ g.cross, -c_by @ g.square
    identity = np.eye(g.raters)
    inner = identity + b[:, None, None] * within
    solved = np.linalg.inv(inner)
    both = solved @ within  # S A, symmetric: S and A share their eigenvectors
    ones, sv = solved.sum(axis=2), np.einsum("pij,pj->pi", solved, score)
    weight, cross = both.sum(axis=(1, 2)), sv.sum(axis=1)
    power_left = power - b * (score * sv).sum(axis=1)
    weight_by_a = np.einsum("pi,pij,pj->p", ones, within_by, ones)
    cross_by_a = (ones * score_by).sum(axis=1) - b * np.einsum("pi,pij,pj->p", ones, within_by, sv)
    inside = np.einsum("pi,pij,pj->p", sv, within_by, sv)
    left_by_a = power_by - 2 * b * (sv * score_by).sum(axis=1) + b**2 * inside
    flat = both.sum(axis=2)  # S A 1
    weight_by_b, cross_by_b = -(flat * flat).sum(axis=1), -(flat * sv).sum(axis=1)
    left_by_b = -(sv * sv).sum(axis=1)
    mean = cross / weight
    logdet = np.log1p(g.m * a) @ g.n + np.linalg.slogdet(inner)[1] + np.log(weight)
    by_a = (g.m / (1 + g.m * a)) @ g.n + b * np.einsum("pij,pij->p", solved, within_by) + weight_by_a / weight
    by_b = np.trace(both, axis1=1, axis2=2) + weight_by_b / weight
    rss_by_a = left_by_a - 2 * mean * cross_by_a + mean**2 * weight_by_a
    rss_by_b = left_by_b - 2 * mean * cross_by_b + mean**2 * weight_by_b
    return Likelihood(
        logdet,
        power_left - mean * cross,
        np.stack([by_a, by_b], axis=1),
        np.stack([rss_by_a, rss_by_b], axis=1),
        mean,
        np.asarray(solved, dtype=np.float64),
        within,
        score,
        weight,
    )


def criterion(g: Grams, ratios: Array) -> tuple[Array, Array]:
    """Return -2 log likelihood without its constant, at the best residual variance, and its gradient."""
    made = likelihood(g, ratios)
    df = g.ratings - 1
    rss = np.maximum(made.rss, np.finfo(float).tiny)
    return made.logdet + df * np.log(rss), made.logdet_by + df * made.rss_by / rss[:, None]
