"""MedHELM's recipe, by name and exactly, with what it hides printed beside it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from agreement.array import Array, ratings
from agreement.estimate import Estimate, undefined
from agreement.icc import icc, points
from agreement.level import tail
from agreement.meansquares import mean_squares
from agreement.notes import few_items, named
from agreement.refusal import Refusal

SHARED = 2
FEW = 5  # with fewer shared items, single pairs near r = -1 outweigh all others
REPLICATES = 2000
JURY = "two z-scored columns of item means, ICC(C,k) with k = 2 (Shrout-Fleiss ICC(3,k)), F interval"
PAIRS = "mean of ICC(C,k), k = 2, over pairs of clinicians with at least 2 shared items"
LEVELS = "z-scores remove every difference of level: a lenient rater looks as good as a strict one."


def composite(criteria: npt.ArrayLike) -> Array:
    """Return each rating's composite, the mean of its criteria; NaN where one of them is missing.

    Parameters
    ----------
    criteria : array of (questions, items, raters)

    Examples
    --------
    >>> composite([[[5.0, 3.0]], [[4.0, 3.0]], [[3.0, np.nan]]])
    array([[ 4., nan]])
    """
    array = np.asarray(criteria, dtype=np.float64)
    if array.ndim != 3:
        raise Refusal(f"Criteria come as questions by items by raters; this has {array.ndim} dimensions.")
    return np.asarray(array.mean(axis=0))


def zscored(values: npt.ArrayLike) -> Array:
    """Return every rater's ratings as z-scores (sample standard deviation, ddof 1).

    A rater with no variance (5, 5, 5 …), or with one rating, has no z-score: all NaN. That is the rule here,
    since the recipe states none; such raters are left out, and named in the notes.

    Examples
    --------
    >>> zscored([[1, 5], [2, 5], [3, 5]])
    array([[-1., nan],
           [ 0., nan],
           [ 1., nan]])
    """
    array = ratings(values)
    there = ~np.isnan(array)
    n = there.sum(axis=0)
    x = array - np.where(there, array, 0.0).sum(axis=0) / np.maximum(n, 1)
    spread = np.sqrt(np.where(there, x**2, 0.0).sum(axis=0) / np.maximum(n - 1, 1))
    largest = np.where(there, np.abs(array), 0.0).max(axis=0, initial=0.0)
    flat = (n < 2) | (spread <= 1e-12 * np.maximum(largest, np.finfo(np.float64).tiny))
    return np.asarray(np.where(flat, np.nan, x / np.where(flat, 1.0, spread)))


def jury_clinician(
    clinicians: npt.ArrayLike, jury: npt.ArrayLike, *, level: float = 0.95, name: str = "jury-clinician"
) -> tuple[Estimate, Estimate]:
    """Return the recipe's ICC(3,k) between clinicians' mean and the jury's mean, and Pearson's r beside it.

    Each rater's composites are z-scored, averaged over the clinicians and over the jurors of an item, and
    both columns are z-scored again over the items that have both. A metric is a jury of one.

    Parameters
    ----------
    clinicians, jury : array of (items, raters)
        Composites; the same items as rows.

    Returns
    -------
    (Estimate, Estimate)
        ICC(3,k), which for two z-scored columns is 2r / (1 + r), and r.

    References
    ----------
    Bedi et al. 2025, MedHELM, arXiv 2505.23802.

    Examples
    --------
    >>> clinicians = [[5, 4], [3, 3], [4, 5], [2, 1], [1, 2]]
    >>> icc_3k, r = jury_clinician(clinicians, [[4], [4], [5], [2], [3]])
    >>> bool(np.isclose(icc_3k.value, 2 * r.value / (1 + r.value)))
    True
    """
    people, machines = ratings(clinicians), ratings(jury)
    if len(people) != len(machines):
        raise Refusal(f"Clinicians rated {len(people)} items, the jury {len(machines)}; pass the same items.")
    left_out = (*_flat("Clinician", people), *_flat("Juror", machines))
    columns = np.column_stack([_item_mean(zscored(people)), _item_mean(zscored(machines))])
    both = columns[~np.isnan(columns).any(axis=1)]
    said = (*left_out, *few_items(len(both)), LEVELS, _means(people, machines))
    scored = zscored(both) if len(both) else both
    if len(both) < 3 or np.isnan(scored).any():
        reason = f"{len(both)} items have a z-score on both sides, or one side does not vary over them."
        nothing = undefined(f"{name} ICC(3,k)", reason, n_items=len(both), n_raters=2, method=JURY)
        return nothing, undefined(f"{name} r", reason, n_items=len(both), n_raters=2)
    found = icc(scored, "ICC(C,k)", level=level)
    r = float(np.clip((scored[:, 0] * scored[:, 1]).sum() / (len(scored) - 1), -1, 1))
    if not found.defined:
        nothing = undefined(f"{name} ICC(3,k)", found.notes[0], n_items=len(both), n_raters=2, method=JURY)
        return nothing, _r(name, r, len(both), level)
    made = Estimate(f"{name} ICC(3,k)", found.value, found.low, found.high, len(both), 2, JURY, level, said)
    return made, _r(name, r, len(both), level)


def clinician_clinician(
    values: npt.ArrayLike,
    *,
    rng: np.random.Generator,
    level: float = 0.95,
    replicates: int = REPLICATES,
) -> Estimate:
    """Return the recipe's mean of pairwise ICC(3,2) with its percentile bootstrap over pairs.

    Parameters
    ----------
    values : array of (items, clinicians)
        Composites; each clinician's are z-scored over all that they rated, then each pair that shares at
        least 2 items is compared on these.

    References
    ----------
    Bedi et al. 2025, MedHELM, arXiv 2505.23802.

    Examples
    --------
    >>> values = [[5, 4, None], [3, None, 3], [4, 5, 5], [2, 1, 2], [1, 2, None]]
    >>> clinician_clinician(values, rng=np.random.default_rng(0)).n_raters
    3
    """
    array = ratings(values)
    found, shared = _pairs(zscored(array))
    good, on = found[np.isfinite(found)], shared[np.isfinite(found)]
    name, there = "clinician-clinician ICC(3,k)", ~np.isnan(array)
    n, k = int(there.any(axis=1).sum()), int(there.any(axis=0).sum())
    notes = (*_flat("Clinician", array), *_lost(len(found) - len(good)))
    if not len(good):
        reason = f"No pair of clinicians shares {SHARED} items on which both vary."
        return undefined(name, reason, n_items=n, n_raters=k, method=PAIRS).noting(*notes)
    sample = good[rng.integers(0, len(good), (replicates, len(good)))].mean(axis=1)
    low, high = np.quantile(sample, [1 - tail(level), tail(level)]).tolist()
    if len(good) == 1:  # every replicate is the same pair: no interval rather than one without width
        low = high = np.nan
    method = f"{PAIRS}; percentile bootstrap of {len(good)} pairs, {replicates} replicates"
    said = (_thin(len(good), int(on.min()), int(on.max())), *_sparse(on, good), LEVELS)
    return Estimate(name, float(good.mean()), low, high, n, k, method, level, (*notes, *said))


def _pairs(scores: Array) -> tuple[Array, Array]:
    """ICC(3,2) and number of shared items of every pair that shares at least two."""
    there = ~np.isnan(scores)
    made, shared = [], []
    for one, other in combinations(range(scores.shape[1]), 2):
        both = there[:, one] & there[:, other]
        if both.sum() >= SHARED:
            made.append(float(points(mean_squares(scores[both][:, [one, other]]), "ICC(C,k)")))
            shared.append(int(both.sum()))
    return np.array(made), np.array(shared)


def _item_mean(values: Array) -> Array:
    there = ~np.isnan(values)
    n = there.sum(axis=1)
    return np.asarray(np.where(n > 0, np.where(there, values, 0.0).sum(axis=1) / np.maximum(n, 1), np.nan))


def _flat(who: str, values: Array) -> tuple[str, ...]:
    lost = np.flatnonzero(np.isnan(zscored(values)).all(axis=0) & ~np.isnan(values).all(axis=0)) + 1
    return (f"{named(who, lost)} left out: no variance, so no z-score.",) if len(lost) else ()


def _thin(pairs: int, least: int, most: int) -> str:
    on = f"{least}" if least == most else f"{least} to {most}"
    if pairs == 1:
        return f"1 pair on {on} shared items: what a single pair agrees says little about other clinicians."
    return (
        f"{pairs} pairs on {on} shared items each: single pairs are very uncertain, "
        "and pairs with a clinician in common are not independent."
    )


def _sparse(shared: Array, found: Array) -> tuple[str, ...]:
    """ICC(3,2) is near 2r / (1 + r), which has no floor as r nears -1: on 2 items r is 1 or -1."""
    few = int((shared < FEW).sum())
    if not few:
        return ()
    of = f"{few} of {len(shared)} pairs share" if len(shared) > 1 else "The only pair shares"
    said = f"{of} fewer than {FEW} items: ICC(3,k) has no lower end"
    worst = f" (lowest of a pair: {found.min():.3g})" if found.min() < -1 else ""
    return (f"{said}{worst}, so that few such pairs decide this mean; do not read it as agreement.",)


def _lost(n: int) -> tuple[str, ...]:
    return (f"{n} pair{'s' * (n > 1)} left out: their shared items have no variance.",) if n else ()


def _means(people: Array, machines: Array) -> str:
    each = [float((~np.isnan(x)).sum(axis=1).mean()) if len(x) else 0.0 for x in (people, machines)]
    return f"The mean of {each[0]:.1f} clinicians an item is compared with the mean of {each[1]:.1f}."


def _r(name: str, r: float, n: int, level: float) -> Estimate:
    """Pearson's r with Fisher's z interval."""
    if n < 4 or abs(r) == 1:
        why = f"No interval: {n} items are too few." if n < 4 else "No interval: all points lie on one line."
        made = Estimate(f"{name} r", r, n_items=n, n_raters=2, method="Pearson", level=level)
        return made.noting(why) if made.defined else made
    z, half = np.arctanh(r), float(ndtri(tail(level))) / np.sqrt(n - 3)
    low, high = np.tanh([z - half, z + half]).tolist()
    return Estimate(f"{name} r", r, low, high, n, 2, "Pearson, Fisher's z interval", level)
