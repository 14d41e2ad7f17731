"""The intraclass correlation of incomplete ratings, from crossed REML variance components."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from agreement.array import Array, rated, ratings
from agreement.crossed.components import DRAWS, Components, components, estimated, sampled
from agreement.crossed.connected import split
from agreement.estimate import Estimate, undefined
from agreement.level import tail
from agreement.notes import fragile, thin_raters
from agreement.refusal import Refusal

CrossedForm = Literal["ICC(A,1)", "ICC(C,1)", "ICC(A,k)", "ICC(C,k)", "ICC(Q,k)"]
CROSSED: tuple[CrossedForm, ...] = get_args(CrossedForm)
METHOD = f"crossed random effects by REML, Monte-Carlo interval ({DRAWS} draws of mean squares)"


def crossed_icc(
    values: npt.ArrayLike,
    form: CrossedForm = "ICC(A,1)",
    *,
    level: float = 0.95,
    rng: np.random.Generator | None = None,
) -> Estimate:
    """Return one intraclass correlation of ratings that may be incomplete: two of eight clinicians an item.

    Parameters
    ----------
    values : array of (items, raters)
        Ratings; NaN is unrated.
    form : CrossedForm
        A: absolute agreement; C: consistency. 1: of a single rater; k: of the mean of the raters that an item
        has (harmonic mean). Q: of such means when items are compared that had other raters, so that what
        their severities differ by counts as error.
    rng : Generator or None
        For the interval; None takes a fixed seed, so that the same ratings give the same interval.

    References
    ----------
    ten Hove, Jorgensen & van der Ark 2024, Psychological Methods 29:967 (the forms);
    Tian & Cappelleri 2004, J. Biopharm. Stat. 14:1021 (the interval, complete case).

    Examples
    --------
    >>> judges = [[9, None, 5, 8], [6, 1, 3, 2], [8, 4, 6, None],
    ...           [7, 1, 2, 6], [None, 5, 6, 9], [6, 2, None, 7]]
    >>> round(crossed_icc(judges).value, 4)  # R: lme4
    0.3158
    """
    if form not in CROSSED:
        raise Refusal(f"{form!r} is not a form of the crossed ICC ({', '.join(CROSSED)}).")
    return crossed_iccs(values, level=level, rng=rng)[form]


def crossed_iccs(
    values: npt.ArrayLike, *, level: float = 0.95, rng: np.random.Generator | None = None
) -> dict[CrossedForm, Estimate]:
    """Return all forms from one fit.

    Examples
    --------
    >>> judges = [[9, None, 5, 8], [6, 1, 3, 2], [8, 4, 6, None],
    ...           [7, 1, 2, 6], [None, 5, 6, 9], [6, 2, None, 7]]
    >>> {form: round(estimate.value, 2) for form, estimate in crossed_iccs(judges).items()}
    {'ICC(A,1)': 0.32, 'ICC(C,1)': 0.69, 'ICC(A,k)': 0.6, 'ICC(C,k)': 0.88, 'ICC(Q,k)': 0.8}
    """
    tail(level)
    array = ratings(values)
    kept, _, _ = rated(array)
    reason = unfit(kept)
    if reason:
        n, k = kept.shape
        return {form: undefined(form, reason, n_items=n, n_raters=k, method=METHOD) for form in CROSSED}
    made = components(kept)
    notes = (*fragile(array), *thin_raters(array), *split(kept), *_boundary(made))
    draws = None if made.perfect else sampled(made, rng)
    return {form: _estimate(made, form, draws, level, notes) for form in CROSSED}


def crossed_value(form: CrossedForm) -> Callable[[Array], float]:
    """Return the coefficient without its interval, for `agreement.bootstrap` and `agreement.difference`.

    Examples
    --------
    >>> judges = np.array([[9, np.nan, 5, 8], [6, 1, 3, 2], [8, 4, 6, np.nan], [7, 1, 2, 6]])
    >>> crossed_value("ICC(C,1)")(judges) == crossed_icc(judges, "ICC(C,1)").value
    True
    """

    def value(values: Array) -> float:
        kept, _, _ = rated(values)
        if unfit(kept):
            return float("nan")
        made = estimated(kept)
        return float(share(made.variance, form, made.per_item, made.apart))

    return value


def unfit(kept: Array) -> str:
    """Return why no crossed model can be fitted to these ratings, or "".

    Examples
    --------
    >>> unfit(np.array([[1, np.nan], [np.nan, 2]]))
    'No item has two ratings beyond what tells raters and items apart: nothing is left to measure error by.'
    """
    n, k = kept.shape
    if n < 2 or k < 2:
        return f"An ICC needs at least 2 items and 2 raters; there are {n} and {k}."
    there = ~np.isnan(kept)
    if there.sum() - n - k + 1 < 1:
        return (
            "No item has two ratings beyond what tells raters and items apart: "
            "nothing is left to measure error by."
        )
    return "All ratings are the same." if np.ptp(kept[there]) == 0 else ""


def _boundary(made: Components) -> tuple[str, ...]:
    said = []
    if made.variance[0] == 0:
        said.append("REML finds no variance between items: the ICC is 0 at its lower limit.")
    if made.variance[1] == 0:
        said.append("REML finds no variance between raters: their levels differ by no more than chance.")
    if made.perfect:
        said.append("The raters differ by constants only: no residual variance, no interval.")
    return tuple(said)


def _estimate(
    made: Components, form: CrossedForm, draws: Array | None, level: float, notes: tuple[str, ...]
) -> Estimate:
    value = float(share(made.variance, form, made.per_item, made.apart))
    low = high = np.nan
    if draws is not None:
        sample = share(draws, form, made.per_item, made.apart)
        low, high = np.quantile(sample, [1 - tail(level), tail(level)]).tolist()
        low, high = min(low, value), max(high, value)
    if form.endswith("k)"):
        notes = (*notes, f"Of the mean of {made.per_item:.2f} raters an item (harmonic mean).")
    return Estimate(form, value, low, high, made.items, made.raters, METHOD, level, notes)


def share(variance: Array, form: CrossedForm, k: float, apart: float) -> Array:
    """Return the coefficient of components (..., 3), item variance over item variance and error."""
    item, rater, residual = np.moveaxis(variance, -1, 0)
    error = {
        "ICC(A,1)": rater + residual,
        "ICC(C,1)": residual,
        "ICC(A,k)": (rater + residual) / k,
        "ICC(C,k)": residual / k,
        "ICC(Q,k)": apart * rater + residual / k,
    }[form]
    return np.asarray(item / np.maximum(item + error, np.finfo(np.float64).tiny))
