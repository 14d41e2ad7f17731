"""Fleiss' kappa: chance agreement from the points' shares over all raters."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.typing import ArrayLike

from agreement.chance.linearised import corrected, rated
from agreement.chance.weights import Weighting
from agreement.estimate import Estimate


def fleiss_kappa(
    ratings: ArrayLike,
    points: Sequence[float],
    weighting: Weighting = "unweighted",
    *,
    cases: ArrayLike | None = None,
    level: float = 0.95,
    held: bool = False,
) -> Estimate:
    """Return Fleiss' kappa, weighted or not, for any number of raters and unrated cells.

    Raters need not be the same people from item to item; see `gwet_ac` for the parameters.

    References
    ----------
    Fleiss, J. L. (1971). *Psychological Bulletin* 76, 378–382; with missing ratings and weights as in
    Gwet, K. L. (2014). *Handbook of Inter-Rater Reliability*, 4th ed.

    Examples
    --------
    >>> print(fleiss_kappa([[1, 1], [2, 2], [1, 2], [2, 2]], points=(1, 2)))
    Fleiss' kappa 0.47 (95 % interval -1.00 to 1.00; 4 items, 2 raters)
    """
    name = "Fleiss' kappa" + ("" if weighting == "unweighted" else f" ({weighting})")
    data = rated(ratings, points, weighting, cases)
    share = data.shares if len(data.counts) else data.weights[0] * 0
    expected = data.weights @ share
    of_item = (data.counts @ expected) / data.per_item
    return corrected(name, data, float(share @ expected), of_item, level=level, held=held)
