"""Cohen's kappa of two raters, and Light's, its mean over pairs: on the declared scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from agreement.array import ratings as table
from agreement.chance.linearised import STEADY, standard_error, steady
from agreement.chance.table import coded
from agreement.chance.weights import Weighting, weights
from agreement.estimate import NAN, Estimate, undefined
from agreement.notes import fragile
from agreement.refusal import Refusal

Floats = NDArray[np.float64]


def cohen_kappa(
    ratings: ArrayLike,
    points: Sequence[float],
    weighting: Weighting = "unweighted",
    *,
    cases: ArrayLike | None = None,
    level: float = 0.95,
    held: bool = False,
) -> Estimate:
    """Return Cohen's kappa between two columns, on items that both rated.

    Parameters
    ----------
    ratings : array_like, shape (items, 2)
        NaN is unrated; such items are left out and counted in a note.
    points : sequence of float
        The declared scale: weights run over all of it, also over points that nobody used.
    cases : array_like, shape (items,), optional
        Items of one case count as one for the standard error.

    References
    ----------
    Cohen, J. (1968). *Psychological Bulletin* 70, 213–220; standard error of Fleiss, J. L., Cohen, J. and
    Everitt, B. S. (1969). *Psychological Bulletin* 72, 323–327.

    Examples
    --------
    >>> pairs = [[1, 1], [1, 4], [5, 5], [5, 5], [4, 5], [1, 1], [5, 4], [4, 4]]
    >>> round(cohen_kappa(pairs, points=(1, 2, 3, 4, 5), weighting="quadratic").value, 4)
    0.7634
    """
    codes = coded(table(ratings), points)
    if codes.shape[1] != 2:
        raise Refusal(f"Cohen's kappa compares two raters; there are {codes.shape[1]}: ask for Conger's.")
    found = light_kappa(ratings, points, weighting, cases=cases, level=level, held=held)
    return _renamed(found, codes)


def light_kappa(
    ratings: ArrayLike,
    points: Sequence[float],
    weighting: Weighting = "unweighted",
    *,
    cases: ArrayLike | None = None,
    level: float = 0.95,
    held: bool = False,
) -> Estimate:
    """Return Light's kappa: the mean of Cohen's over all pairs of raters with a defined one.

    See `cohen_kappa` for the parameters.

    References
    ----------
    Light, R. J. (1971). *Psychological Bulletin* 76, 365–377.

    Examples
    --------
    >>> round(light_kappa([[1, 1, 1], [2, 2, 2], [1, 2, 1], [2, 2, 2]], points=(1, 2)).value, 3)
    0.667
    """
    codes, w = coded(table(ratings), points), weights(sorted(set(points)), weighting)
    name = "Light's kappa" + ("" if weighting == "unweighted" else f" ({weighting})")
    rated = codes >= 0
    shared, raters = rated.sum(axis=1) >= 2, int(rated.any(axis=0).sum())
    codes, n = codes[shared], int(shared.sum())
    pairs = list(combinations(np.flatnonzero(rated.any(axis=0)), 2))
    found = [_pair(codes[:, a], codes[:, b], w) for a, b in pairs]
    known = [one for one in found if not np.isnan(one[0])]
    if not known:
        reason = "The raters gave one and the same point throughout." if n else "No item was rated by two."
        return undefined(name, reason, n_items=n, n_raters=raters)
    value = float(np.mean([one for one, _ in known]))
    of_case = None if cases is None else np.unique(np.asarray(cases)[shared], return_inverse=True)[1]
    # Delta method: each item's pull on a pair's kappa, averaged over pairs like kappa itself.
    influence = np.mean([pull for _, pull in known], axis=0)
    error = standard_error(influence, of_case)
    reach = error * float(ndtri((1 + level) / 2))
    low, high = max(-1.0, value - reach), min(1.0, value + reach)
    if held and error > 0:
        low, high = steady(value, influence, of_case, level)
    lost = len(found) - len(known)
    notes = (f"Pairs without a defined kappa are left out: {lost}.",) if lost else ()
    return Estimate(
        name,
        value,
        low,
        high,
        n,
        raters,
        method=f"delta method, {STEADY if held else 'normal'}" + ("" if of_case is None else " over cases"),
        level=level,
        notes=(*notes, *fragile(np.where(codes < 0, NAN, codes))),
    )


def _pair(one: NDArray[np.int64], other: NDArray[np.int64], w: Floats) -> tuple[float, Floats]:
    """Return Cohen's kappa of two columns of codes (−1 = unrated), and each item's influence on it."""
    both = (one >= 0) & (other >= 0)
    n = int(both.sum())
    if not n:
        return NAN, np.zeros(len(one))
    a, b = one[both], other[both]
    first, second = np.bincount(a, minlength=len(w)) / n, np.bincount(b, minlength=len(w)) / n
    chance = float(first @ w @ second)
    if chance >= 1 - 1e-12:
        return NAN, np.zeros(len(one))
    agreed = w[a, b]
    value = float((agreed.mean() - chance) / (1 - chance))
    credit = (w @ second)[a] + (first @ w)[b]
    pull = np.zeros(len(one))
    own = (agreed - (1 - value) * credit) / (1 - chance)
    pull[both] = (own - own.mean()) * len(one) / n
    return value, pull


def _renamed(found: Estimate, codes: NDArray[np.int64]) -> Estimate:
    lost = int((codes >= 0).any(axis=1).sum() - (codes >= 0).all(axis=1).sum())
    notes = (f"Items that only one of them rated are left out: {lost}.",) if lost else ()
    name = found.coefficient.replace("Light's", "Cohen's")
    return replace(found, coefficient=name, notes=(*found.notes, *notes), n_raters=2)
