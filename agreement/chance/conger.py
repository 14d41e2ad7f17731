"""Conger's kappa: chance agreement from each rater's own shares, averaged over pairs of raters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agreement.chance.linearised import Rated, corrected, rated
from agreement.chance.weights import Weighting
from agreement.estimate import Estimate


def conger_kappa(
    ratings: ArrayLike,
    points: Sequence[float],
    weighting: Weighting = "unweighted",
    *,
    cases: ArrayLike | None = None,
    level: float = 0.95,
    held: bool = False,
) -> Estimate:
    """Return Conger's kappa, the generalisation of Cohen's to any number of raters, also incomplete.

    The columns are stable raters; see `gwet_ac` for the parameters.

    References
    ----------
    Conger, A. J. (1980). *Psychological Bulletin* 88, 322–328; with missing ratings and weights as in
    Gwet, K. L. (2014). *Handbook of Inter-Rater Reliability*, 4th ed.

    Examples
    --------
    >>> round(conger_kappa([[1, 1], [2, 2], [1, 2], [2, 2]], points=(1, 2)).value, 3)
    0.5
    """
    name = "Conger's kappa" + ("" if weighting == "unweighted" else f" ({weighting})")
    data = rated(ratings, points, weighting, cases)
    chance, of_item = _chance(data)
    return corrected(name, data, chance, of_item, level=level, held=held)


def _chance(data: Rated) -> tuple[float, NDArray[np.float64]]:
    """Return pe over pairs of different raters, and the terms whose distances from it are its influence."""
    q, given = len(data.weights), data.codes >= 0
    present = given.any(axis=0)
    codes, given = data.codes[:, present], given[:, present]
    n, raters = codes.shape
    if raters < 2:
        return 0.0, np.zeros(n)
    shares = np.stack(
        [np.bincount(c[g], minlength=q) / g.sum() for c, g in zip(codes.T, given.T, strict=True)]
    )
    # Against rater g stand all the others: their shares, weighted, are g's credit for each point.
    credit = (shares.sum(axis=0) - shares) @ data.weights / (raters - 1)
    expected = (shares * credit).sum(axis=1)
    earned = np.where(given, credit[np.arange(raters), codes] - expected, 0.0)
    chance = float(expected.mean())
    return chance, chance + (earned * n / given.sum(axis=0)).mean(axis=1)
