"""Gwet's AC1 (unweighted) and AC2 (weighted): chance agreement from how spread the points are."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.typing import ArrayLike

from agreement.chance.linearised import corrected, rated
from agreement.chance.weights import Weighting
from agreement.estimate import Estimate

CAUTION = (
    "AC depends on how many points are declared and rises with a ceiling: read it beside kappa or alpha."
)


def gwet_ac(
    ratings: ArrayLike,
    points: Sequence[float],
    weighting: Weighting = "unweighted",
    *,
    cases: ArrayLike | None = None,
    level: float = 0.95,
    held: bool = False,
) -> Estimate:
    """Return AC1, or AC2 with weights, for any number of raters and unrated cells.

    Parameters
    ----------
    ratings : array_like, shape (items, raters)
        NaN is unrated. Items with one rating inform chance agreement only.
    points : sequence of float
        The declared scale, also points that nobody used: AC depends on them.
    weighting : str
        ``"unweighted"`` is AC1; ``"linear"``, ``"quadratic"`` and ``"ordinal"`` are AC2.
    cases : array_like, shape (items,), optional
        Items of one case count as one for the standard error.

    References
    ----------
    Gwet, K. L. (2008). *British Journal of Mathematical and Statistical Psychology* 61, 29–48.

    Examples
    --------
    >>> nine = [[5, 5], [5, 5], [5, 4], [4, 4], [5, 5], [4, 5], [5, 5], [5, 5]]
    >>> round(gwet_ac(nine, points=(4, 5)).value, 4), round(gwet_ac(nine, points=(1, 2, 3, 4, 5)).value, 4)
    (0.6, 0.7241)
    """
    name = "AC1" if weighting == "unweighted" else f"AC2 ({weighting})"
    data = rated(ratings, points, weighting, cases)
    q, share = len(data.weights), data.shares if len(data.counts) else data.weights[0] * 0
    spread = data.weights.sum() / (q * (q - 1)) if q > 1 else 1.0
    of_item = spread * (data.counts @ (1 - share)) / data.per_item
    chance = float(spread * (share * (1 - share)).sum()) if q > 1 else 1.0
    return corrected(name, data, chance, of_item, level=level, held=held).noting(CAUTION)
