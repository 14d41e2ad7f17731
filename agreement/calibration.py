"""From a juror's scores to the clinicians' scale: fitted maps, tried out of fold, stored as knots."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.stats import binom

from agreement.array import Array
from agreement.columns import NUMERIC
from agreement.estimate import Estimate, undefined
from agreement.refusal import Refusal
from agreement.weights import case_codes, case_weights, percentile

Kind = Literal["isotonic", "linear", "ordinal"]
KINDS: tuple[Kind, ...] = ("isotonic", "linear", "ordinal")
RANGE = 0.95
"""Of the range in which the half-width itself lies."""
LEAST = 10
"""Items below which no map is fitted."""


@dataclass(frozen=True, slots=True)
class Map:
    """A fitted map: straight lines between knots, level beyond them. It is stored and applied by name.

    Examples
    --------
    >>> lenient = Map("jury, accuracy", "isotonic", (1.0, 5.0), (1.0, 4.0))
    >>> lenient.apply(np.array([1.0, 3.0, 5.0, np.nan])).tolist()
    [1.0, 2.5, 4.0, nan]
    >>> Map.of(lenient.knots()) == lenient
    True
    """

    name: str
    kind: Kind
    x: tuple[float, ...]
    y: tuple[float, ...]
    n_items: int = 0

    def apply(self, scores: Array) -> Array:
        """Return `scores` on the clinicians' scale; NaN stays NaN."""
        return np.asarray(np.interp(np.asarray(scores, float), self.x, self.y))

    def knots(self) -> dict[str, Any]:
        """Return the map as plain numbers and words, ready for JSON."""
        return {
            "name": self.name,
            "kind": self.kind,
            "x": list(self.x),
            "y": list(self.y),
            "n_items": self.n_items,
        }

    @classmethod
    def of(cls, knots: Mapping[str, Any]) -> Map:
        """Return the map that `knots()` wrote."""
        x, y = tuple(map(float, knots["x"])), tuple(map(float, knots["y"]))
        if len(x) != len(y) or not x or list(x) != sorted(set(x)):
            raise Refusal(
                f"The map {knots.get('name')!r} needs as many y as x, with rising x; it has {x} and {y}."
            )
        return cls(str(knots["name"]), knots["kind"], x, y, int(knots.get("n_items", 0)))


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


def fit_map(scores: Array, reference: Array, *, kind: Kind = "isotonic", name: str = "") -> Map:
    """Fit a map from a juror's scores to the clinicians' mean.

    Parameters
    ----------
    scores, reference : array of shape (items,)
        Items with NaN in either are left out.
    kind : "isotonic", "linear" or "ordinal"
        Monotone steps; least squares, held to the range of the reference; or the expected point under a
        proportional-odds model of the rounded reference.

    Examples
    --------
    >>> fit_map(np.arange(12.0), np.arange(12.0) - 1, kind="linear").apply(np.array([3.0])).round(6).tolist()
    [2.0]
    """
    if kind not in KINDS:
        raise Refusal(f"{kind!r} is not a kind of map ({', '.join(KINDS)})")
    seen = ~np.isnan(scores) & ~np.isnan(reference)
    x, y = np.asarray(scores, float)[seen], np.asarray(reference, float)[seen]
    if len(x) < LEAST:
        raise Refusal(f"A map needs {LEAST} items with a score and a clinician; there are {len(x)}.")
    knots_x, knots_y = _FITS[kind](x, y)
    return Map(name or kind, kind, tuple(map(float, knots_x)), tuple(map(float, knots_y)), len(x))


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
            x, y = _FITS[kind](scores[fit], reference[fit])
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


def _isotonic(x: Array, y: Array) -> tuple[Array, Array]:
    """Return the least-squares rising steps by pooling adjacent violators, ties in x averaged first."""
    points, place = np.unique(x, return_inverse=True)
    weight = np.bincount(place).astype(float)
    blocks: list[tuple[float, float, int]] = []
    for mean, w in zip(np.bincount(place, y) / weight, weight, strict=True):
        blocks.append((mean, w, 1))
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            (a, wa, na), (b, wb, nb) = blocks[-2:]
            blocks[-2:] = [((a * wa + b * wb) / (wa + wb), wa + wb, na + nb)]
    return points, np.repeat([b[0] for b in blocks], [b[2] for b in blocks])


def _linear(x: Array, y: Array) -> tuple[Array, Array]:
    """Return the least-squares line as knots, level where it would leave the range of y."""
    slope = float(np.cov(x, y)[0, 1] / np.var(x, ddof=1)) if np.ptp(x) > 0 else 0.0
    if slope == 0 or np.ptp(y) == 0:
        return np.array([x.min(), x.max() + 1]), np.full(2, y.mean())
    ends = x.mean() + (np.array([y.min(), y.max()]) - y.mean()) / slope
    knots = np.unique(np.concatenate([[x.min(), x.max()], np.clip(ends, x.min(), x.max())]))
    return knots, np.clip(y.mean() + slope * (knots - x.mean()), y.min(), y.max())


def _ordinal(x: Array, y: Array) -> tuple[Array, Array]:
    """Return the expected point under proportional odds of the rounded y, on the scores that occur."""
    points, code = np.unique(np.round(y), return_inverse=True)
    knots = np.unique(x)
    if len(points) == 1 or len(knots) == 1:
        return knots, np.full(len(knots), y.mean())
    centre, spread = x.mean(), x.std()
    z = (x - centre) / spread

    def chances(parameters: Array, at: Array) -> Array:
        cuts = np.cumsum(np.concatenate([parameters[1:2], np.exp(parameters[2:])]))
        below = special.expit(cuts[None, :] - parameters[0] * at[:, None])
        edges = np.hstack([np.zeros((len(at), 1)), below, np.ones((len(at), 1))])
        return np.asarray(np.clip(np.diff(edges, axis=1), 1e-12, None))

    def loss(parameters: Array) -> float:
        # A whisper of a ridge keeps perfectly separated data finite.
        fit = -np.log(chances(parameters, z)[np.arange(len(z)), code]).sum()
        return float(fit + 0.01 * parameters[0] ** 2)

    start = np.concatenate([[1.0, -1.0], np.zeros(len(points) - 2)])
    from scipy import optimize  # slow to import, and only this kind of map needs it

    best = optimize.minimize(loss, start, method="L-BFGS-B").x
    return knots, chances(best, (knots - centre) / spread) @ points


_FITS = {"isotonic": _isotonic, "linear": _linear, "ordinal": _ordinal}
