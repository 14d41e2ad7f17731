"""What a map from a juror's scores to the clinicians' scale does out of fold, and how far one score errs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from agreement.array import Array
from agreement.columns import NUMERIC
from agreement.estimate import Estimate, undefined
from agreement.fitted_map import FITS, LEAST, Kind, Map, fit_map
from agreement.weights import case_codes, case_weights, percentile

RANGE = 0.95
"""Of the range in which the half-width itself lies."""


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """A map with what it does out of fold.

    Attributes
    ----------
    map : Map
        Fitted on all items: the one to store.
    crossed : array of shape (items,)
        Each item's score by a map that was fitted without its case; NaN where there is no score.
    figures : dict of str to Estimate
        Error, bias and agreement, each ``"… before"`` and ``"… after"``.
    """

    map: Map
    crossed: Array
    figures: dict[str, Estimate]


def calibrate(
    scores: Array,
    reference: Array,
    *,
    rng: np.random.Generator,
    kind: Kind = "isotonic",
    cases: Sequence[object] | NDArray[Any] | None = None,
    folds: int = 10,
    replicates: int = 1000,
    name: str = "",
) -> Calibration:
    """Fit a map and say what it does to items that it has not seen, whole cases left out together.

    Returns
    -------
    Calibration
        Its intervals are a bootstrap of the out-of-fold scores by case; they do not hold the map's own
        uncertainty.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> truth = rng.uniform(1, 4, 120)
    >>> lenient = calibrate(truth + 1, truth, rng=rng, replicates=100).figures
    >>> round(lenient["bias before"].value, 2), abs(lenient["bias after"].value) < 0.05
    (1.0, True)
    """
    fitted = fit_map(scores, reference, kind=kind, name=name)
    both = ~np.isnan(scores) & ~np.isnan(reference)
    kept_cases = None if cases is None else np.asarray(cases)[both]
    # Drawn first, so that the figures before the map are those that others draw from this seed.
    weights = np.concatenate(list(case_weights(int(both.sum()), replicates, rng, kept_cases)))
    crossed = _crossed(scores, reference, kind, case_codes(cases, len(scores)), folds, rng)
    seen = ~np.isnan(crossed) & ~np.isnan(reference)
    weights = weights[:, seen[both]]
    figures = {}
    for when, column in (("before", scores), ("after", crossed)):
        for label, estimate in _figures(column[seen], reference[seen], weights).items():
            figures[f"{label} {when}"] = estimate
    return Calibration(fitted, crossed, figures)


def conformal(
    scores: Array,
    reference: Array,
    *,
    rng: np.random.Generator,
    kind: Kind = "isotonic",
    cases: Sequence[object] | NDArray[Any] | None = None,
    level: float = 0.9,
) -> tuple[Map, Estimate]:
    """Return a map fitted on half of the cases, and the half-width that covers new items at `level`.

    Split conformal prediction: for a new output of a new case, the clinicians' mean lies within the
    mapped score ± this half-width with at least the stated probability (Lei et al. 2018). One item a
    case counts on the second half, so that cases are exchangeable.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x = rng.uniform(1, 5, 400)
    >>> _, half = conformal(x, x + rng.uniform(-1, 1, 400), rng=rng)
    >>> 0.8 < half.value < 1.1
    True
    """
    codes = case_codes(cases, len(scores))
    seen = ~np.isnan(scores) & ~np.isnan(reference)
    known = rng.permutation(np.unique(codes[seen]))
    fitting = np.isin(codes, known[: len(known) // 2]) & seen
    fitted = fit_map(scores[fitting], reference[fitting], kind=kind)
    rest = np.flatnonzero(seen & ~fitting)
    rest = rest[np.unique(codes[rest], return_index=True)[1]]
    residuals = np.sort(np.abs(reference[rest] - fitted.apply(scores[rest])))
    rank = int(np.ceil((len(residuals) + 1) * level))
    name = f"half-width of a {level * 100:g} % interval for one score"
    if rank > len(residuals):
        needed = int(np.ceil(level / (1 - level)))
        return fitted, undefined(name, f"{len(residuals)} cases are left for it; it needs {needed}.")
    method = "split conformal, one item a case; range of the quantile from order statistics"
    low, high = _quantile_range(residuals, level)
    return fitted, Estimate(
        name, float(residuals[rank - 1]), low, high, n_items=len(rest), method=method, level=RANGE
    )


def _quantile_range(ordered: Array, level: float) -> tuple[float, float]:
    """Return the values between which a quantile lies in 95 % of samples, whatever the distribution.

    From the binomial law of how many values lie below it; NaN where the sample is too small for an upper end.

    References
    ----------
    David and Nagaraja 2003, Order Statistics, section 7.1.
    """
    low, high = binom.ppf([(1 - RANGE) / 2, (1 + RANGE) / 2], len(ordered), level).astype(int)
    if low < 1 or high + 1 > len(ordered):
        return float("nan"), float("nan")
    return float(ordered[low - 1]), float(ordered[high])


def _crossed(
    scores: Array, reference: Array, kind: Kind, codes: NDArray[np.intp], folds: int, rng: np.random.Generator
) -> Array:
    seen = ~np.isnan(scores) & ~np.isnan(reference)
    cases = rng.permutation(np.unique(codes[seen]))
    out = np.full(len(scores), np.nan)
    for fold in np.array_split(cases, min(folds, len(cases))):
        held = np.isin(codes, fold)
        fit = seen & ~held
        if fit.sum() >= LEAST - 1:
            x, y = FITS[kind](scores[fit], reference[fit])
            out[held] = np.interp(scores[held], x, y)
    return out


def _figures(x: Array, y: Array, weights: Array) -> dict[str, Estimate]:
    one = np.ones((1, len(x)))
    how = f"out of fold; percentile bootstrap of whole cases, {len(weights)} draws"

    def mean(part: Array, w: Array) -> Array:
        return np.asarray(w @ part / w.sum(axis=1))

    makers: dict[str, Callable[[Array], Array]] = {
        "bias": lambda w: mean(x - y, w),
        "mean absolute error": lambda w: mean(np.abs(x - y), w),
        "root mean squared error": lambda w: np.asarray(np.sqrt(mean((x - y) ** 2, w))),
        "ICC(A,1)": lambda w: NUMERIC["ICC(A,1)"](x, y, w),
        "r": lambda w: NUMERIC["r"](x, y, w),
    }
    return {
        label: Estimate(label, float(make(one)[0]), *percentile(make(weights)), n_items=len(x), method=how)
        for label, make in makers.items()
    }
