"""The intraclass correlation of anonymous slots: each item is rated by others, and nobody knows by whom."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy.special import fdtri

from agreement.array import Array, rated, ratings
from agreement.crossed.fit import fit
from agreement.crossed.grams import grams
from agreement.estimate import Estimate, undefined
from agreement.icc import stepped_up
from agreement.level import tail
from agreement.notes import fragile
from agreement.refusal import Refusal

OneWay = Literal["ICC(1,1)", "ICC(1,k)"]
ONEWAY: tuple[OneWay, ...] = get_args(OneWay)
METHOD = "one-way random effects by REML, F interval on unweighted item means (Thomas-Hultquist)"


def oneway_icc(values: npt.ArrayLike, form: OneWay = "ICC(1,1)", *, level: float = 0.95) -> Estimate:
    """Return the one-way ICC of ratings in anonymous slots, any number an item.

    Where all items have as many ratings this is `agreement.icc.icc`, which also shows estimates below 0.

    Parameters
    ----------
    values : array of (items, slots)
        Ratings; NaN is an empty slot. Which slot a rating stands in changes nothing.

    References
    ----------
    Thomas & Hultquist 1978, Annals of Statistics 6:582 (the interval for unequal numbers).

    Examples
    --------
    >>> judges = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> print(oneway_icc(judges))  # Shrout & Fleiss 1979, table 4
    ICC(1,1) 0.17 (95 % interval -0.13 to 0.72; 6 items, 4 raters)
    """
    if form not in ONEWAY:
        raise Refusal(f"{form!r} is not a one-way form ({', '.join(ONEWAY)}).")
    array = ratings(values)
    kept, _, _ = rated(array)
    reason = _reason(kept)
    n, k = kept.shape
    if reason:
        return undefined(form, reason, n_items=n, n_raters=k, method=METHOD)
    made = fit(grams(kept), raters=False)
    each = 1 / made.grams.inverse
    single = np.asarray(1.0 if made.perfect else made.item / (made.item + made.residual))
    low, high = _bounds(kept, each, level)
    notes = fragile(array)
    if form == "ICC(1,k)":
        single, low, high = (stepped_up(one, np.asarray(each)) for one in (single, low, high))
        notes = (*notes, f"Of the mean of {each:.2f} ratings an item (harmonic mean).")
    value = float(single)  # REML stops at 0, the F interval goes below
    return Estimate(form, value, min(float(low), value), max(float(high), value), n, k, METHOD, level, notes)


def _reason(kept: Array) -> str:
    there = ~np.isnan(kept)
    if len(kept) < 2:
        return f"An ICC needs at least 2 items; there are {len(kept)}."
    if there.sum() <= len(kept):
        return "No item has two ratings: nothing tells items from error."
    return "All ratings are the same." if np.ptp(kept[there]) == 0 else ""


def _bounds(kept: Array, each: float, level: float) -> tuple[Array, Array]:
    """The balanced F interval with the variance of plain item means and the harmonic mean of their sizes."""
    n, size = len(kept), (~np.isnan(kept)).sum(axis=1)
    means = np.nansum(kept, axis=1) / size
    within = float(np.nansum((kept - means[:, None]) ** 2) / (size.sum() - n))
    df, upper = float(size.sum() - n), tail(level)
    with np.errstate(divide="ignore"):
        f = each * means.var(ddof=1) / np.float64(within)
    low, high = f / fdtri(n - 1, df, upper), f * fdtri(df, n - 1, upper)
    return _single(low, each), _single(high, each)


def _single(f: Array, each: float) -> Array:
    return np.asarray(1.0 if np.isposinf(f) else (f - 1) / (f + each - 1))
