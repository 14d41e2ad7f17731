"""Raters' levels given variance components: best linear unbiased predictions and their errors."""

from __future__ import annotations

import numpy as np

from agreement.array import Array
from agreement.crossed.fit import Fit
from agreement.crossed.grams import Grams
from agreement.crossed.likelihood import Likelihood, likelihood


def predicted(made: Fit) -> tuple[Array, Array]:
    """Return each rater's level above the mean of these raters, and its standard error of prediction.

    Examples
    --------
    >>> from agreement.crossed.fit import fit
    >>> from agreement.crossed.grams import grams
    >>> value, error = predicted(fit(grams(np.array([[5, 4, 3], [4, 3, 3], [2, 2, 1], [5, 4, 4.0]]))))
    >>> bool(np.isclose(value.sum(), 0))
    True
    """
    value, variance = _predicted(made.at, np.array([made.ratios[1]]), np.array([made.rater]))
    return value[0], np.sqrt(variance[0])


def predicted_at(g: Grams, components: Array) -> tuple[Array, Array]:
    """Return (draws, raters) of levels and standard errors, one row for each (item, rater, residual)."""
    residual = np.maximum(components[:, 2], np.finfo(np.float64).tiny)
    ratios = components[:, :2] / residual[:, None]
    value, variance = _predicted(likelihood(g, ratios), ratios[:, 1], components[:, 1])
    return value, np.sqrt(variance)


def _predicted(at: Likelihood, ratio: Array, rater: Array) -> tuple[Array, Array]:
    """Henderson's predictions, and the diagonal of their error's covariance about the raters' own mean."""
    both = at.solved @ at.within
    flat = both.sum(axis=2)
    left = at.score - at.within.sum(axis=2) * at.mean[:, None]
    value = ratio[:, None] * np.einsum("pij,pj->pi", at.solved, left)
    shrunk = both - flat[:, :, None] * flat[:, None, :] / at.weight[:, None, None]
    error = rater[:, None, None] * (np.eye(flat.shape[1]) - ratio[:, None, None] * shrunk)
    row = error.mean(axis=2)
    centred = np.diagonal(error, axis1=1, axis2=2) - 2 * row + row.mean(axis=1, keepdims=True)
    return np.asarray(value), np.asarray(np.maximum(centred, 0.0))
