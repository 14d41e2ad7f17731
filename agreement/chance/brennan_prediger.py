"""Brennan–Prediger: chance agreement as if every declared point were equally likely."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from agreement.chance.linearised import corrected, rated
from agreement.chance.weights import Weighting
from agreement.estimate import Estimate


def brennan_prediger(
    ratings: ArrayLike,
    points: Sequence[float],
    weighting: Weighting = "unweighted",
    *,
    cases: ArrayLike | None = None,
    level: float = 0.95,
    held: bool = False,
) -> Estimate:
    """Return Brennan and Prediger's kappa (also S, or Randolph's free-marginal kappa), weighted or not.

    It depends on how many points are declared; see `gwet_ac` for the parameters.

    References
    ----------
    Brennan, R. L. and Prediger, D. J. (1981). *Educational and Psychological Measurement* 41, 687–699.

    Examples
    --------
    >>> brennan_prediger([[1, 1], [2, 2], [1, 2], [2, 2]], points=(1, 2)).value
    0.5
    """
    name = "Brennan–Prediger" + ("" if weighting == "unweighted" else f" ({weighting})")
    data = rated(ratings, points, weighting, cases)
    chance = float(data.weights.sum() / max(data.weights.size, 1))
    return corrected(name, data, chance, np.full(len(data.counts), chance), level=level, held=held)
