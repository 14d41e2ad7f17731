"""The fair comparison: juror and clinician beside the same other clinicians, on the same items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agreement.array import Array
from agreement.columns import COEFFICIENTS, TwoColumn
from agreement.estimate import NAN, Estimate, undefined
from agreement.refusal import Refusal
from agreement.weights import case_weights, percentile

SPARSE = 8
"""A clinician with fewer shared items than this has no coefficient of her own worth averaging."""


@dataclass(frozen=True, slots=True)
class Fair:
    """What the fair comparison found.

    Attributes
    ----------
    juror, clinician : Estimate
        Agreement with the mean of the other clinicians: the juror's, and a clinician's in her own place.
    difference : Estimate
        Juror minus clinician, with a paired interval.
    places : tuple of (clinician's column, items, juror's agreement, her agreement)
        The parts of the mean, one for each clinician that was left out in turn.
    """

    juror: Estimate
    clinician: Estimate
    difference: Estimate
    places: tuple[tuple[int, int, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """One clinician left out: the rows she shares, the juror, herself, and what the others said there."""

    column: int
    rows: NDArray[np.intp]
    juror: Array
    clinician: Array
    others: Array


def fair(
    clinicians: Array,
    juror: Array,
    *,
    rng: np.random.Generator,
    coefficient: str = "ICC(A,1)",
    cases: Sequence[object] | NDArray[Any] | None = None,
    rival: Array | None = None,
    replicates: int = 2000,
    level: float = 0.95,
) -> Fair:
    """Compare a juror with a clinician in that clinician's own place, for every clinician in turn.

    For each clinician h: agreement(juror, mean of the others) minus agreement(h, mean of the same
    others), on the same items; then the mean over h. Comparing the juror with the mean of all, and
    clinicians with one another, would flatter the juror: a mean is easier to agree with.

    Parameters
    ----------
    clinicians : array of shape (items, clinicians)
        NaN = unrated; two of six an item is enough. Codes 0, 1, 2 … where `coefficient` is ``"kappa"``.
    juror : array of shape (items,)
        NaN = no verdict.
    cases : sequence of shape (items,), optional
        Outputs of one case are drawn together.
    rival : array of shape (items,), optional
        Another juror or a baseline, put into the clinician's place: is the juror better than that?

    Returns
    -------
    Fair
        NaN with a sentence where fewer than three items are shared or nothing varies.

    Notes
    -----
    Where most clinicians share fewer than 8 items with others, their places are laid end to end and one
    coefficient is taken over all of them; `method` says so.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> truth = rng.normal(size=(80, 1))
    >>> raters = truth + rng.normal(size=(80, 4))
    >>> found = fair(raters[:, :3], raters[:, 3], rng=rng, coefficient="r", replicates=200)
    >>> found.difference.low < 0 < found.difference.high
    True
    """
    if coefficient not in COEFFICIENTS:
        raise Refusal(f"{coefficient!r} is not a coefficient of two columns ({', '.join(COEFFICIENTS)})")
    clinicians, juror = np.asarray(clinicians, float), np.asarray(juror, float)
    if clinicians.ndim != 2 or juror.shape != clinicians.shape[:1]:
        raise Refusal(
            f"{clinicians.shape} clinicians' ratings and {juror.shape} of the juror "
            "do not lie beside each other"
        )
    places, pooled = _places(clinicians, juror, rival, coefficient == "kappa")
    if not places:
        return _nothing(coefficient, "No three items have the juror and two clinicians.")
    statistic = COEFFICIENTS[coefficient]
    shown = np.array([_agreements(place, statistic, np.ones((1, len(juror)))) for place in places])[:, :, 0]
    blocks = [
        _mean_over_places(places, statistic, weights)
        for weights in case_weights(len(juror), replicates, rng, cases)
    ]
    return _found(
        coefficient, places, shown, np.concatenate(blocks, axis=1), pooled, level, clinicians, juror
    )


def naive(clinicians: Array, juror: Array, weights: Array, coefficient: str = "r") -> tuple[Array, Array]:
    """Return what published comparisons set side by side, for each replicate: do not decide by it.

    The juror with the mean of *all* clinicians, and the mean over pairs of clinicians with one another.
    It is here so that reports and benchmarks can show what it does to a juror that is just one more
    clinician.
    """
    statistic = COEFFICIENTS[coefficient]
    seen = ~np.isnan(juror) & ~np.isnan(clinicians).all(axis=1)
    means = np.nanmean(clinicians[seen], axis=1)
    jury = statistic(juror[seen], means, weights[:, seen])
    pairs = []
    for a in range(clinicians.shape[1]):
        for b in range(a):
            both = ~np.isnan(clinicians[:, a]) & ~np.isnan(clinicians[:, b])
            if both.sum() > 2:
                pairs.append(statistic(clinicians[both, a], clinicians[both, b], weights[:, both]))
    return jury, _mean(np.array(pairs))


def _places(clinicians: Array, juror: Array, rival: Array | None, labels: bool) -> tuple[list[_Place], bool]:
    """Return one place a clinician, or all laid end to end where most are too short to stand alone."""
    every = [_place(clinicians, juror, rival, h, labels) for h in range(clinicians.shape[1])]
    shared = [place for place in every if len(place.rows)]
    long = [place for place in shared if len(place.rows) >= SPARSE]
    if 2 * sum(len(place.rows) for place in long) >= sum(len(place.rows) for place in shared):
        return [place for place in long if len(place.rows) > 2], False
    joined = _Place(
        -1,
        np.concatenate([place.rows for place in shared]),
        *(np.concatenate([getattr(p, part) for p in shared]) for part in ("juror", "clinician", "others")),
    )
    return ([joined] if len(joined.rows) > 2 else []), True


def _place(clinicians: Array, juror: Array, rival: Array | None, h: int, labels: bool) -> _Place:
    others = np.delete(clinicians, h, axis=1)
    own = clinicians[:, h]
    seen = ~np.isnan(juror) & ~np.isnan(own) & ~np.isnan(others).all(axis=1)
    if rival is not None:
        seen, own = seen & ~np.isnan(rival), rival
    rows = np.flatnonzero(seen)
    if labels:
        said = _shares(others[rows], _labels(clinicians, juror, own))
    else:
        said = np.nanmean(others[rows], axis=1) if len(rows) else np.empty(0)
    return _Place(h, rows, juror[rows], own[rows], said)


def _labels(*columns: Array) -> int:
    return int(max((np.nanmax(column) for column in columns if (~np.isnan(column)).any()), default=0)) + 1


def _shares(others: Array, labels: int) -> Array:
    """Return the share of the others that gave each label, (items, labels)."""
    counts = np.stack([(others == label).sum(axis=1) for label in range(labels)], axis=1).astype(float)
    return np.asarray(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))


def _agreements(place: _Place, statistic: TwoColumn, weights: Array) -> tuple[Array, Array]:
    w = weights[:, place.rows]
    return statistic(place.juror, place.others, w), statistic(place.clinician, place.others, w)


def _mean_over_places(places: list[_Place], statistic: TwoColumn, weights: Array) -> Array:
    """Return mean agreement, (2, replicates), juror then clinician, over places where both are defined."""
    both = np.array([_agreements(place, statistic, weights) for place in places])
    both[np.isnan(both).any(axis=1)[:, None, :].repeat(2, axis=1)] = np.nan
    return np.stack([_mean(both[:, side]) for side in (0, 1)])


def _mean(rows: Array) -> Array:
    """Return the mean over rows of what is defined, NaN where nothing is."""
    if not len(rows):
        return np.full(1, np.nan)
    count = (~np.isnan(rows)).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(count > 0, np.nansum(rows, axis=0) / count, np.nan)


def _found(
    coefficient: str,
    places: list[_Place],
    shown: Array,
    replicates: Array,
    pooled: bool,
    level: float,
    clinicians: Array,
    juror: Array,
) -> Fair:
    rows = np.unique(np.concatenate([place.rows for place in places]))
    raters = int((~np.isnan(clinicians[rows])).any(axis=0).sum())
    defined = shown[~np.isnan(shown).any(axis=1)]
    if not len(defined):
        return _nothing(coefficient, _why_undefined(juror[rows]), len(rows), raters)
    jury, human = defined.mean(axis=0)
    over = "all places laid end to end" if pooled else f"mean over {len(defined)} clinicians left out in turn"
    method = f"{over}; percentile bootstrap of whole cases, {replicates.shape[1]} draws"

    def estimate(name: str, value: float, values: Array) -> Estimate:
        low, high = percentile(values, level)
        return Estimate(name, float(value), low, high, len(rows), raters, method, level)

    notes = _notes(len(rows), shown, clinicians, places, pooled)
    return Fair(
        estimate(coefficient, jury, replicates[0]),
        estimate(coefficient, human, replicates[1]),
        estimate(f"difference in {coefficient}", jury - human, replicates[0] - replicates[1]).noting(*notes),
        tuple((p.column, len(p.rows), float(j), float(c)) for p, (j, c) in zip(places, shown, strict=True)),
    )


def _notes(n: int, shown: Array, clinicians: Array, places: list[_Place], pooled: bool) -> list[str]:
    notes = []
    if n < 30:
        notes.append(f"Only {n} items: read the interval, not the point.")
    flat = int(np.isnan(shown).any(axis=1).sum())
    if flat:
        notes.append(f"{flat} clinicians' places are undefined, because someone there gave one point only.")
    rated = int((~np.isnan(clinicians)).any(axis=0).sum())
    if not pooled and len(places) < rated:
        notes.append(
            f"{rated - len(places)} of {rated} clinicians share fewer than {SPARSE} items "
            "and are never the one who is left out."
        )
    return notes


def _why_undefined(juror: Array) -> str:
    if len(np.unique(juror)) == 1:
        return f"The juror gave the same score, {juror[0]:g}, to all {len(juror)} items."
    return "The clinicians' ratings do not vary on the shared items."


def _nothing(coefficient: str, reason: str, n_items: int = 0, n_raters: int = 0) -> Fair:
    none = undefined(coefficient, reason, n_items=n_items, n_raters=n_raters)
    gap = undefined(f"difference in {coefficient}", reason, n_items=n_items, n_raters=n_raters)
    return Fair(none, none, gap)


def required_items(difference: Estimate, margin: float) -> float:
    """Return how many items in all would settle whether `difference` lies above −margin; NaN if unknowable.

    The interval's half-width shrinks with the root of the number of items; the point is taken to stay.

    Examples
    --------
    >>> d = Estimate("difference in r", 0.0, -0.2, 0.2, n_items=50, n_raters=3)
    >>> required_items(d, margin=0.1)
    200.0
    """
    gap = abs(difference.value + margin)
    half = (
        difference.value - difference.low
        if difference.value > -margin
        else difference.high - difference.value
    )
    if not gap > 0 or not half >= 0:
        return NAN
    return float(np.ceil(difference.n_items * (half / gap) ** 2 - 1e-9))
