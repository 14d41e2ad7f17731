"""Agreement on rankings and on paired preferences: item by item, among the raters of each."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from agreement.chance.linearised import standard_error
from agreement.estimate import NAN, Estimate, undefined
from agreement.notes import few_items
from agreement.refusal import Refusal

Floats = NDArray[np.float64]


def ranking_agreement(
    rankings: ArrayLike, *, cases: ArrayLike | None = None, level: float = 0.95
) -> Estimate:
    """Return the mean over items of Kendall's tau-b between every two raters' rankings of its outputs.

    Parameters
    ----------
    rankings : array_like, shape (items, raters, outputs)
        Ranks, 1 is best, equal ranks are ties; NaN is not ranked.
    cases : array_like, shape (items,), optional
        Items of one case count as one for the interval.

    References
    ----------
    Kendall, M. G. (1945). *Biometrika* 33, 239–251.

    Examples
    --------
    >>> two_items = [[[1, 2, 3], [1, 3, 2]], [[1, 2, 3], [1, 2, 3]]]
    >>> round(ranking_agreement(two_items).value, 3)
    0.667
    """
    ranks = np.asarray(rankings, dtype=float)
    if ranks.ndim != 3:
        raise Refusal(f"Rankings are items × raters × outputs; these have the shape {ranks.shape}.")
    each = np.array([_mean_tau(item) for item in ranks])
    raters = int((~np.isnan(ranks)).any(axis=(0, 2)).sum()) if ranks.size else 0
    return mean_of_items(
        "ranking agreement (tau-b)", each, raters, cases, level, "No two raters ranked an item."
    )


def preference_agreement(
    preferences: ArrayLike,
    *,
    ties: bool = True,
    cases: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return the mean over items of the share of rater pairs that prefer the same output.

    Parameters
    ----------
    preferences : array_like, shape (items, raters)
        Below 0 for the first, above 0 for the second, 0 for a tie; the strength does not count. NaN is
        unrated. Blind order must be undone before.
    ties : bool
        Whether a tie is an answer like the others; else pairs with a tie are left out.

    Examples
    --------
    >>> blind = [[1, 1, 0], [-1, -1, -1], [2, -1, 1]]
    >>> round(preference_agreement(blind).value, 3), round(preference_agreement(blind, ties=False).value, 3)
    (0.556, 0.778)
    """
    signs = np.sign(np.asarray(preferences, dtype=float))
    if signs.ndim != 2:
        raise Refusal(f"Preferences are items × raters; these have the shape {signs.shape}.")
    raters = int((~np.isnan(signs)).any(axis=0).sum()) if signs.size else 0
    votes = np.stack([(signs == sign).sum(axis=1) for sign in ((-1, 0, 1) if ties else (-1, 1))], axis=1)
    total = votes.sum(axis=1)
    pairs = total * (total - 1)
    with np.errstate(invalid="ignore"):
        each = np.where(pairs > 0, (votes * (votes - 1)).sum(axis=1) / np.maximum(pairs, 1), np.nan)
    name = "preference agreement" + ("" if ties else " (without ties)")
    return mean_of_items(name, each, raters, cases, level, "No item has two preferences to compare.")


def _mean_tau(item: Floats) -> float:
    found = [_tau(item[a], item[b]) for a, b in combinations(range(len(item)), 2)]
    known = [tau for tau in found if not np.isnan(tau)]
    return float(np.mean(known)) if known else NAN


def _tau(one: Floats, other: Floats) -> float:
    both = ~np.isnan(one) & ~np.isnan(other)
    a, b = (np.sign(np.subtract.outer(each[both], each[both])) for each in (one, other))
    spread = float((a**2).sum() * (b**2).sum())
    return float((a * b).sum()) / spread**0.5 if spread > 0 else NAN


def mean_of_items(
    name: str,
    each: Floats,
    raters: int,
    cases: ArrayLike | None,
    level: float,
    reason: str,
    *,
    lowest: float = -1.0,
) -> Estimate:
    """Return the mean of one value an item (NaN = none), with Student's t over items or whole cases."""
    kept = ~np.isnan(each)
    n, lost = int(kept.sum()), int((~kept).sum())
    notes = (f"Items without two comparable answers are left out: {lost}.",) if lost else ()
    if not n:
        return undefined(name, reason, n_items=0, n_raters=raters)
    of_case = None if cases is None else np.unique(np.asarray(cases)[kept], return_inverse=True)[1]
    groups = n if of_case is None else int(of_case.max()) + 1
    value = float(each[kept].mean())
    t = float(stdtrit(groups - 1, (1 + level) / 2)) if groups > 1 else NAN
    reach = t * standard_error(each[kept], of_case)
    low, high = max(lowest, value - reach), min(1.0, value + reach)
    return Estimate(name, value, low, high, n, raters, "mean over items, t", level, (*notes, *few_items(n)))
