"""Kendall's W: how far several raters put the items in one order."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from agreement.array import ratings as table
from agreement.bootstrap import interval
from agreement.chance.linearised import standard_error
from agreement.estimate import NAN, Estimate, undefined
from agreement.level import tail
from agreement.notes import fragile
from agreement.pair.paired import midranks
from agreement.weights import case_codes, case_weights

Floats = NDArray[np.float64]
MANY = 2_000
"""Items, or whole cases, from which on the jackknife's interval is the drawn one, as far as draws tell."""


def kendall_w(
    ratings: ArrayLike,
    *,
    rng: np.random.Generator | None = None,
    replicates: int = 2000,
    cases: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return Kendall's coefficient of concordance, corrected for ties, on items that every rater rated.

    Parameters
    ----------
    ratings : array_like, shape (items, raters)
        NaN is unrated; items that anyone left out are left out, because a rank needs all of them.
    rng : numpy Generator, optional
        Draws the item bootstrap; without it there is no interval. From 2,000 items (or cases) on it is the
        normal one of the infinitesimal jackknife, which is then as wide (a test holds it).

    References
    ----------
    Kendall, M. G. and Babington Smith, B. (1939). *Annals of Mathematical Statistics* 10, 275–287;
    Efron, B. (1982). *The Jackknife, the Bootstrap and Other Resampling Plans*, chapter 6.

    Examples
    --------
    >>> round(kendall_w([[1, 2, 1], [2, 1, 2], [3, 3, 4], [4, 4, 3]]).value, 3)
    0.822
    """
    x = table(ratings)
    x = x[:, (~np.isnan(x)).any(axis=0)] if x.size else x
    kept = ~np.isnan(x).any(axis=1)
    lost = int((~np.isnan(x)).any(axis=1).sum() - kept.sum())
    notes = (f"Items that a rater left out are left out: {lost}.",) if lost else ()
    n, raters = int(kept.sum()), x.shape[1]
    if n < 2 or raters < 2:
        reason = f"{n} items are rated by all {raters} raters; W needs 2 items and 2 raters."
        return undefined("Kendall's W", reason, n_items=n, n_raters=raters).noting(*notes)
    value = float(_w(x[kept], np.ones((1, n)))[0])
    if np.isnan(value):
        reason = "No rater tells the items apart."
        return undefined("Kendall's W", reason, n_items=n, n_raters=raters).noting(*notes)
    low, high, how, more = NAN, NAN, "no interval", tuple[str, ...]()
    of_case = None if cases is None else np.asarray(cases)[kept]
    units = n if of_case is None else len(np.unique(of_case))
    if rng is not None and (units >= MANY or n >= 10 * MANY):
        reach = float(ndtri(tail(level))) * standard_error(n * _influence(x[kept]), case_codes(of_case, n))
        low, high, how = max(0.0, value - reach), min(1.0, value + reach), "infinitesimal jackknife, normal"
    elif rng is not None:
        drawn = [_w(x[kept], block) for block in case_weights(n, replicates, rng, of_case)]
        low, high, more = interval(np.concatenate(drawn), level)
        how = f"{'item' if cases is None else 'case'} bootstrap, {replicates} replicates, percentile"
    return Estimate("Kendall's W", value, low, high, n, raters, how, level, (*notes, *more, *fragile(x)))


def _w(x: Floats, weights: Floats) -> Floats:
    """Return W under each row of count weights: each rater's ranks come from sums along its own order."""
    n, raters = weights.sum(axis=1), x.shape[1]
    total, ties = np.zeros_like(weights), np.zeros(len(weights))
    for column in x.T:
        ranks, tied = _ranks(column, weights)
        total, ties = total + ranks, ties + tied
    spread = (weights * (total - raters * (n[:, None] + 1) / 2) ** 2).sum(axis=1)
    most = raters**2 * (n**3 - n) - raters * ties
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(most > 1e-9, 12 * spread / most, np.nan)


def _influence(x: Floats) -> Floats:
    """Return by how much W changes with the weight of each item: with its own rank, and those it moves."""
    n, raters = x.shape
    off = sum(midranks(column) for column in x.T) - raters * (n + 1) / 2
    moved, tied, ties = np.zeros(n), np.zeros(n), 0.0
    for column in x.T:
        _, place, size = np.unique(column, return_inverse=True, return_counts=True)
        size, of_point = size.astype(float), np.bincount(place, off)
        above = of_point.sum() - np.cumsum(of_point)
        moved += (above + of_point / 2)[place]
        tied += (3 * size**2 - 1)[place]
        ties += float((size**3 - size).sum())
    most = raters**2 * (float(n) ** 3 - n) - raters * ties
    change_of_most = raters**2 * (3 * float(n) ** 2 - 1) - raters * tied
    return np.asarray(12 * (off**2 + 2 * moved - (off @ off) * change_of_most / most) / most)


def _ranks(column: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return mean ranks of a column under each row of weights, and Σ (t³ − t) over its ties."""
    if len(weights) == 1 and (weights == 1).all():
        sizes = np.unique(column, return_counts=True)[1].astype(float)
        return midranks(column)[None, :], np.array([(sizes**3 - sizes).sum()])
    distinct, place = np.unique(column, return_inverse=True)
    order = np.argsort(place, kind="stable")
    size = np.add.reduceat(weights[:, order], np.searchsorted(place[order], np.arange(len(distinct))), axis=1)
    rank = np.cumsum(size, axis=1) - (size - 1) / 2
    return rank[:, place], (size**3 - size).sum(axis=1)
