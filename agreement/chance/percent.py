"""Percent agreement, exact or within a distance: the share of pairs of raters that agree on an item."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from agreement.chance.linearised import corrected, rated
from agreement.chance.weights import within
from agreement.estimate import Estimate


def percent_agreement(
    ratings: ArrayLike,
    points: Sequence[float],
    distance: float = 0.0,
    *,
    cases: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return the mean over items of the share of rater pairs at most `distance` apart.

    Not corrected for chance; see `gwet_ac` for the parameters.

    Examples
    --------
    >>> twice = [[1, 2], [3, 3], [5, 3], [4, 4]]
    >>> percent_agreement(twice, points=(1, 2, 3, 4, 5)).value
    0.5
    >>> percent_agreement(twice, points=(1, 2, 3, 4, 5), distance=1).value
    0.75
    """
    name = "exact agreement" if distance == 0 else f"agreement within ±{distance:g}"
    data = rated(ratings, points, within(sorted(set(points)), distance), cases)
    return corrected(name, data, 0.0, np.zeros(len(data.counts)), level=level, lowest=0.0)
