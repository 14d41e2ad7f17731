"""The intraclass correlation of complete ratings: six forms with F-based intervals."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from agreement.array import Array, complete, rated, ratings
from agreement.estimate import Estimate, undefined
from agreement.icc_interval import Bounds, bounds
from agreement.level import tail
from agreement.meansquares import MeanSquares, mean_squares
from agreement.notes import fragile
from agreement.refusal import Refusal

Form = Literal["ICC(1,1)", "ICC(A,1)", "ICC(C,1)", "ICC(1,k)", "ICC(A,k)", "ICC(C,k)"]
FORMS: tuple[Form, ...] = get_args(Form)
METHOD = {
    "1": "one-way random effects, F interval",
    "A": "two-way random effects, absolute agreement, F interval (Satterthwaite)",
    "C": "two-way, consistency, F interval",
}
ROUNDING = 1e-12  # a total this small beside its parts is 0
STEPPED = ", single-rater bounds stepped up by Spearman-Brown"


def icc(values: npt.ArrayLike, form: Form = "ICC(A,1)", *, level: float = 0.95) -> Estimate:
    """Return one intraclass correlation of complete ratings.

    Items and raters without any rating are left out; any other unrated cell makes the coefficient
    undefined here: `agreement.crossed.crossed_icc` is for incomplete ratings.

    The interval is the classical F, equal to R's `psych` and `irr` and to pingouin's, and takes scores to be
    normal. Where a third or more of the ratings stand at one end of the scale ("nearly all say 5") it is too
    short (a nominal 95 % held 86 to 91 % in simulations): pass what `iccs` returns through
    `agreement.icc_ceiling.held`, as the report does. Nearer the middle `held` changes nothing.

    Parameters
    ----------
    values : array of (items, raters)
        Ratings; NaN is unrated.
    form : Form
        1: anonymous raters, each item by others; A: absolute agreement; C: consistency, level differences
        forgiven. 1: of a single rater; k: of the mean of all. Shrout & Fleiss call them (1,·), (2,·), (3,·).

    References
    ----------
    McGraw & Wong 1996, Psychological Methods 1:30; Shrout & Fleiss 1979, Psychological Bulletin 86:420.

    Examples
    --------
    >>> judges = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> print(icc(judges, "ICC(A,1)"))
    ICC(A,1) 0.29 (95 % interval 0.02 to 0.76; 6 items, 4 raters)
    """
    if form not in FORMS:
        raise Refusal(f"{form!r} is not a form of the ICC ({', '.join(FORMS)}).")
    return iccs(values, level=level, forms=(form,))[form]


def iccs(
    values: npt.ArrayLike, *, level: float = 0.95, forms: tuple[Form, ...] = FORMS
) -> dict[Form, Estimate]:
    """Return all six forms at once: the mean squares are made once.

    Examples
    --------
    >>> judges = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> [round(estimate.value, 2) for estimate in iccs(judges).values()]
    [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]
    """
    tail(level)
    array = ratings(values)
    whole = complete(array)
    kept = array if whole else rated(array)[0]
    reason = _reason(kept, whole)
    if reason:
        n, k = kept.shape
        return {form: undefined(form, reason, n_items=n, n_raters=k, method=_method(form)) for form in forms}
    ms = mean_squares(kept)
    notes = fragile(array)
    intervals = {model: bounds(ms, model, level) for model in dict.fromkeys(form[4] for form in forms)}
    return {form: _estimate(ms, form, intervals[form[4]], level, notes) for form in forms}


def _reason(kept: Array, whole: bool) -> str:
    n, k = kept.shape
    if n < 2 or k < 2:
        return f"An ICC needs at least 2 items and 2 raters; there are {n} and {k}."
    if not (whole or complete(kept)):
        unrated = int(np.isnan(kept).sum())
        return f"{unrated} of {kept.size} cells are unrated: the ICC of incomplete ratings is fitted by REML."
    return "All ratings are the same." if _constant(kept[:2]) and _constant(kept) else ""


def _constant(values: Array) -> bool:
    return bool((values == values[0, 0]).all())


def _estimate(ms: MeanSquares, form: Form, single: Bounds, level: float, notes: tuple[str, ...]) -> Estimate:
    value = float(points(ms, form))
    n, k = int(ms.n), int(ms.k)
    if value != value or ms.items == ms.error == 0:
        reason = "No variance between items to relate to: the items have the same mean."
        return undefined(form, reason, n_items=n, n_raters=k, method=_method(form)).noting(*notes)
    if ms.items == 0:
        notes = (*notes, "No interval: all items have the same mean.")
        return Estimate(form, value, n_items=n, n_raters=k, method=_method(form), level=level, notes=notes)
    low, high = (float(stepped_up(one, ms.k) if form[6] == "k" else one) for one in single)
    # Far below 0 Satterthwaite's bounds can miss the estimate itself: an interval always holds it.
    return Estimate(form, value, min(low, value), max(high, value), n, k, _method(form), level, notes)


def _method(form: str) -> str:
    return METHOD[form[4]] + (STEPPED if form[6] == "k" else "")


def stepped_up(single: Array | float, k: Array) -> Array:
    """Return the reliability of the mean of k raters from that of one (Spearman-Brown).

    Examples
    --------
    >>> float(stepped_up(np.float64(0.5), np.float64(3)))
    0.75
    """
    below = 1 + (k - 1) * single
    if isinstance(below, float):
        return np.float64(k * single / below if below > ROUNDING else -np.inf)
    nothing = np.full(np.shape(below), -np.inf)
    return np.asarray(np.divide(k * single, below, out=nothing, where=below > ROUNDING))


def _ratio(item: Array, total: Array) -> Array:
    """Undefined where the estimated total variance is not positive: no share of it can be taken."""
    if isinstance(total, float):  # one study: numbers are ten times faster than arrays of one
        return np.float64(item / total if total > ROUNDING * abs(item) else np.nan)
    return np.asarray(item / np.where(total > ROUNDING * abs(item), total, np.nan))


def points(ms: MeanSquares, form: Form) -> Array:
    """Return the coefficient from mean squares, in batches where they are (McGraw & Wong, table 4)."""
    b, j, e, w, n, k = ms.items, ms.raters, ms.error, ms.within, ms.n, ms.k
    if form == "ICC(1,1)":
        return _ratio(b - w, b + (k - 1) * w)
    if form == "ICC(A,1)":
        return _ratio(b - e, b + (k - 1) * e + k * (j - e) / n)
    if form == "ICC(C,1)":
        return _ratio(b - e, b + (k - 1) * e)
    if form == "ICC(1,k)":
        return _ratio(b - w, b)
    if form == "ICC(A,k)":
        return _ratio(b - e, b + (j - e) / n)
    return _ratio(b - e, b)
