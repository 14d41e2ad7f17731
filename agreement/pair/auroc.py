"""AUROC: how often a score ranks an item of one sort above an item of the other."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit, ndtri

from agreement.chance.linearised import standard_error
from agreement.estimate import Estimate, undefined
from agreement.pair.paired import Paired, midranks, paired

Floats = NDArray[np.float64]


def auroc(ratings: ArrayLike, *, cases: ArrayLike | None = None, level: float = 0.95) -> Estimate:
    """Return the area under the ROC curve of scores (first column) for a 0/1 label (second column).

    See `pearson` for the parameters. The interval is DeLong's on the logit, whole cases where items share
    one; a perfect separation has DeLong variance 0 and gets an exact binomial bound instead.

    References
    ----------
    DeLong, E. R., DeLong, D. M. and Clarke-Pearson, D. L. (1988). *Biometrics* 44, 837–845;
    for cases Obuchowski, N. A. (1997). *Biometrics* 53, 567–578.

    Examples
    --------
    >>> round(auroc([[0.1, 0], [0.4, 0], [0.35, 1], [0.8, 1]]).value, 2)
    0.75
    """
    data = paired(ratings, cases)
    bad = data.y > 0
    sick, well = int(bad.sum()), int((~bad).sum())
    if not sick or not well:
        reason = f"AUROC needs items of both sorts; there are {sick} and {well}."
        return undefined("AUROC", reason, n_items=len(bad), n_raters=2).noting(*data.notes)
    value, influence = _area(data.x, bad)
    low, high, how = _interval(value, influence, data, min(sick, well), level)
    few = (f"Only {min(sick, well)} items of the rarer sort.",) if min(sick, well) < 10 else ()
    return Estimate("AUROC", value, low, high, len(bad), 2, how, level, data.notes + few)


def auroc_of_bad(
    ratings: ArrayLike, threshold: float = 2.0, *, cases: ArrayLike | None = None, level: float = 0.95
) -> Estimate:
    """Return how well a low score (first column) finds items that clinicians (second column) call bad.

    Bad is at or below `threshold`; 0.5 is no better than chance.

    Examples
    --------
    >>> auroc_of_bad([[0.1, 1], [0.4, 2], [0.35, 4], [0.8, 5]]).value
    0.75
    """
    z = np.array(ratings, dtype=float)
    bad = np.where(np.isnan(z[:, 1]), np.nan, z[:, 1] <= threshold)
    found = auroc(np.column_stack([-z[:, 0], bad]), cases=cases, level=level)
    return found.noting(f"Bad is {threshold:g} or less by the clinicians' mean; low scores should find it.")


def _area(score: Floats, bad: NDArray[np.bool_]) -> tuple[float, Floats]:
    """Return the area, and each item's influence on it (DeLong's placements)."""
    ranks, sick, well = midranks(score), int(bad.sum()), int((~bad).sum())
    placed = np.empty(len(score))
    placed[bad] = (ranks[bad] - midranks(score[bad])) / well
    placed[~bad] = 1 - (ranks[~bad] - midranks(score[~bad])) / sick
    value = float(placed[bad].mean())
    weight = len(score) / np.where(bad, sick, well)
    return value, (placed - value) * weight


def _interval(
    value: float, influence: Floats, data: Paired, rarer: int, level: float
) -> tuple[float, float, str]:
    if value in (0.0, 1.0):
        bound = ((1 - level) / 2) ** (1 / rarer)
        how = "exact binomial bound on the rarer sort"
        return (bound, 1.0, how) if value else (0.0, 1 - bound, how)
    error = standard_error(influence, data.cases) / (value * (1 - value))
    reach = float(ndtri((1 + level) / 2)) * error
    how = "DeLong on the logit" + ("" if data.cases is None else " over cases")
    return float(expit(logit(value) - reach)), float(expit(logit(value) + reach)), how
