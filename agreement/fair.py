"""The fair comparison: juror and clinician beside the same other clinicians, on the same items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from agreement.array import Array
from agreement.columns import COEFFICIENTS
from agreement.contest import SPARSE, Contest, contest, mean_defined
from agreement.estimate import NAN, Estimate, undefined
from agreement.refusal import Refusal
from agreement.weights import percentile


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
    judges = {"juror": juror} if rival is None else {"juror": juror, "rival": np.asarray(rival, float)}
    held = contest(clinicians, judges, [coefficient], rng=rng, cases=cases, replicates=replicates)
    return told(held, coefficient, "juror", "clinician" if rival is None else "rival", level)


def told(held: Contest, coefficient: str, first: str, second: str = "clinician", level: float = 0.95) -> Fair:
    """Return one comparison out of a contest: `first` beside `second`, in every place of a clinician."""
    if not held.places:
        return _nothing(coefficient, "No three items have the juror and two clinicians.")
    shown, drawn = held.means(coefficient, first, second)
    rows = np.unique(np.concatenate([place.rows for place in held.places]))
    raters = int((~np.isnan(held.clinicians[rows])).any(axis=0).sum())
    defined = shown[~np.isnan(shown).any(axis=1)]
    if not len(defined):
        return _nothing(coefficient, _why_undefined(held, first), len(rows), raters)
    mine, theirs = defined.mean(axis=0)
    over = "laid end to end" if held.pooled else f"mean over {len(defined)} clinicians left out in turn"
    draws = "normal draws of the sums over cases" if held.summed else "percentile bootstrap of whole cases"
    method = f"{over}; {draws}, {drawn.shape[1]} draws"

    def estimate(name: str, value: float, values: Array) -> Estimate:
        low, high = percentile(values, level)
        return Estimate(name, float(value), low, high, len(rows), raters, method, level)

    gap = estimate(f"difference in {coefficient}", mine - theirs, drawn[0] - drawn[1])
    return Fair(
        estimate(coefficient, mine, drawn[0]),
        estimate(coefficient, theirs, drawn[1]),
        gap.noting(*_notes(held, len(rows), shown)),
        tuple(
            (p.column, len(p.rows), float(j), float(c)) for p, (j, c) in zip(held.places, shown, strict=True)
        ),
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
    return jury, mean_defined(np.array(pairs))


def _notes(held: Contest, n: int, shown: Array) -> list[str]:
    notes = []
    if n < 30:
        notes.append(f"Only {n} items: read the interval, not the point.")
    flat = int(np.isnan(shown).any(axis=1).sum())
    if flat:
        notes.append(f"{flat} clinicians' places are undefined, because someone there gave one point only.")
    rated = int((~np.isnan(held.clinicians)).any(axis=0).sum())
    if not held.pooled and len(held.places) < rated:
        notes.append(
            f"{rated - len(held.places)} of {rated} clinicians share fewer than {SPARSE} items "
            "and are never the one who is left out."
        )
    return notes


def _why_undefined(held: Contest, judge: str) -> str:
    at = held.names.index(judge)
    given = np.concatenate([place.columns[:, at] for place in held.places])
    rows = np.unique(np.concatenate([place.rows for place in held.places]))
    if len(np.unique(given)) == 1:
        return f"The juror gave the same score, {given[0]:g}, to all {len(rows)} items."
    return "The clinicians' ratings do not vary on the shared items."


def _nothing(coefficient: str, reason: str, n_items: int = 0, n_raters: int = 0) -> Fair:
    none = undefined(coefficient, reason, n_items=n_items, n_raters=n_raters)
    gap = undefined(f"difference in {coefficient}", reason, n_items=n_items, n_raters=n_raters)
    return Fair(none, none, gap)


def required_items(difference: Estimate, margin: float, power: float = 0.8) -> float:
    """Return how many items in all would settle whether `difference` lies above −margin; NaN if unknowable.

    The interval's half-width shrinks with the root of the number of items; the point is taken to be the
    truth, and `power` is how often a study of that size settles it. Where the half-width only just reaches
    the margin, that is half of the time (`power` 0.5), because the next study's point falls as often below.

    Examples
    --------
    >>> d = Estimate("difference in r", 0.0, -0.2, 0.2, n_items=50, n_raters=3)
    >>> required_items(d, margin=0.1, power=0.5), required_items(d, margin=0.1)
    (200.0, 409.0)
    """
    gap = abs(difference.value + margin)
    half = (
        difference.value - difference.low
        if difference.value > -margin
        else difference.high - difference.value
    )
    if not gap > 0 or not half >= 0:
        return NAN
    sure, often = special.ndtri(0.5 + difference.level / 2), special.ndtri(power)
    return float(np.ceil(difference.n_items * (half / gap * (sure + often) / sure) ** 2 - 1e-9))
