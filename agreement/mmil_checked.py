"""How well sentences are ordered, on those that clinicians flagged: the mixture beside plain overlap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from agreement.array import Array
from agreement.estimate import Estimate, undefined
from agreement.mmil import fit, numbered, strict_labels
from agreement.weights import case_weights, percentile

METHOD = "rank sum; percentile bootstrap of whole outputs or cases, {} draws"


def cross_validated(
    features: Any,
    bags: Sequence[object] | NDArray[Any],
    bag_labels: NDArray[Any],
    truth: Array,
    overlap: Array,
    *,
    rho: float,
    rng: np.random.Generator,
    cases: Sequence[object] | NDArray[Any] | None = None,
    folds: int = 5,
    replicates: int = 500,
    level: float = 0.95,
    **rest: Any,
) -> dict[str, Estimate]:
    """Return the AUROC on sentences that clinicians flagged, beside a plain ordering by source overlap.

    Parameters
    ----------
    truth : array of shape (sentences,)
        1 or 0 where clinicians judged the sentence; NaN elsewhere. Never seen in the fold that predicts it.
    overlap : array of shape (sentences,)
        Share of the sentence's words that the source has: low first.
    cases : sequence of shape (sentences,), optional
        What is held out and drawn together; None: the outputs.

    Returns
    -------
    dict
        ``"mixture"``, ``"overlap"``, and ``"difference"``, the first less the second on the same draws: show
        the first only beside the second.
    """
    groups, codes = numbered(bags if cases is None else cases), numbered(bags)
    x, z = np.asarray(features), strict_labels(bag_labels, bags)
    count = int(groups.max()) + 1
    scores = np.full(len(codes), np.nan)
    for fold in np.array_split(rng.permutation(count), min(folds, count)):
        held = np.isin(groups, fold)
        if len(np.unique(z[~held])) < 2:
            continue
        found = fit(
            x[~held], codes[~held], z[~held], rho=rho, known=np.where(held, np.nan, truth)[~held], **rest
        )
        inside = found.predict(x[held], positive_bag=True)
        scores[held] = np.where(z[held], inside, 0.0)
    order = np.where(z, 1 - np.asarray(overlap, float), -1.0)
    seed = int(rng.integers(2**31))
    made = {
        name: auroc(
            said, truth, bags=groups, rng=np.random.default_rng(seed), replicates=replicates, level=level
        )
        for name, said in (("mixture", scores), ("overlap", order))
    }
    return made | {"difference": _difference(scores, order, truth, groups, seed, replicates, level)}


def auroc(
    scores: Array,
    truth: Array,
    *,
    bags: Sequence[object] | NDArray[Any] | None = None,
    rng: np.random.Generator | None = None,
    replicates: int = 500,
    level: float = 0.95,
) -> Estimate:
    """Return the area under the ROC curve over sentences with a known label; ties count half.

    Examples
    --------
    >>> auroc(np.array([0.9, 0.2, 0.4]), np.array([1.0, 0.0, np.nan])).value
    1.0
    """
    seen = ~np.isnan(truth) & ~np.isnan(scores)
    s, t = scores[seen], truth[seen] > 0.5
    n = len(t)
    if t.all() or not t.any():
        return undefined("AUROC", "It needs sentences of both kinds with a known label.", n_items=n)
    one = _area(s, t, np.ones(n))
    if rng is None:
        return Estimate("AUROC", one, n_items=n, method="rank sum")
    kept = None if bags is None else np.asarray(bags)[seen]
    booted = np.array([_area(s, t, w) for block in case_weights(n, replicates, rng, kept) for w in block])
    return Estimate("AUROC", one, *percentile(booted, level), n, 0, METHOD.format(replicates), level)


def _difference(
    one: Array,
    other: Array,
    truth: Array,
    groups: NDArray[np.intp],
    seed: int,
    replicates: int,
    level: float,
) -> Estimate:
    """Return the first area less the second, both on the same sentences and the same draws."""
    seen = ~np.isnan(truth) & ~np.isnan(one) & ~np.isnan(other)
    a, b, t = one[seen], other[seen], truth[seen] > 0.5
    n, name = len(t), "AUROC difference"
    if t.all() or not t.any():
        return undefined(name, "It needs sentences of both kinds with a known label.", n_items=n)
    draws = case_weights(n, replicates, np.random.default_rng(seed), groups[seen])
    booted = np.array([_area(a, t, w) - _area(b, t, w) for block in draws for w in block])
    value = _area(a, t, np.ones(n)) - _area(b, t, np.ones(n))
    return Estimate(name, value, *percentile(booted, level), n, 0, METHOD.format(replicates), level)


def _area(s: Array, t: NDArray[np.bool_], w: Array) -> float:
    """Return the weighted rank-sum area."""
    good, bad = w * ~t, w * t
    if not good.sum() or not bad.sum():
        return float("nan")
    place = stats.rankdata(s, method="dense") - 1
    below = np.bincount(place, good)
    under = np.cumsum(below) - below
    return float((bad * (under[place] + 0.5 * below[place])).sum() / (good.sum() * bad.sum()))
