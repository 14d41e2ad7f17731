"""Percent agreement, exact or within a distance: the share of pairs of raters that agree on an item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

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
    held: bool = False,
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
    found = corrected(name, data, 0.0, np.zeros(len(data.counts)), level=level, held=held, lowest=0.0)
    return bounded(
        found, int(data.paired.sum()) if data.cases is None else int(data.cases.max(initial=0)) + 1
    )


def bounded(found: Estimate, n: int) -> Estimate:
    """Return a share that is exactly 0 or 1 with the exact binomial bound of `n` items: its t has no width.

    Examples
    --------
    >>> full = Estimate("exact agreement", 1.0, 1.0, 1.0, n_items=30, n_raters=2)
    >>> round(bounded(full, 30).low, 3)  # 0.025 ** (1 / 30)
    0.884
    """
    if found.value not in (0.0, 1.0) or n < 1:
        return found
    bound = ((1 - found.level) / 2) ** (1 / n)
    low, high = (bound, 1.0) if found.value else (0.0, 1 - bound)
    return replace(found, low=low, high=high, method="exact binomial bound")
