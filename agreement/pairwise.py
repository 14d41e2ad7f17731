"""Yes/no labels pair by pair: F1 of a judge against physicians, and of each physician against the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agreement.array import Array
from agreement.estimate import Estimate, undefined
from agreement.weights import case_weights, percentile


@dataclass(frozen=True, slots=True)
class Pairwise:
    """Precision, recall and F1 of one rater's labels, each pair with a physician's label counted once."""

    precision_yes: float
    precision_no: float
    recall_yes: float
    recall_no: float
    f1_yes: float
    f1_no: float
    balanced_f1: Estimate


def pairwise_f1(
    judge: Array,
    physicians: Array,
    *,
    rng: np.random.Generator | None = None,
    cases: Sequence[object] | NDArray[Any] | None = None,
    replicates: int = 1000,
    level: float = 0.95,
) -> Pairwise:
    """Return a judge's pairwise figures against physicians, as HealthBench's meta-evaluation counts them.

    Parameters
    ----------
    judge : array of shape (items,)
        1 yes, 0 no, NaN none.
    physicians : array of shape (items, physicians)
        1, 0 or NaN.
    rng : numpy.random.Generator, optional
        For the interval; without it there is none.

    Notes
    -----
    Balanced F1 is the plain mean of the F1 of "yes" and the F1 of "no" (Arora et al. 2025, HealthBench).

    Examples
    --------
    >>> nan = float("nan")
    >>> physicians = np.array([[1, 1, 0], [1, 0, nan], [0, nan, nan]])
    >>> found = pairwise_f1(np.array([1.0, 0, 1]), physicians)
    >>> round(found.balanced_f1.value, 4)
    0.4857
    """
    counts = np.stack([_counts(judge == said, ~np.isnan(judge), physicians == label, physicians)
                       for said in (1, 0) for label in (1, 0)], axis=1)  # fmt: skip
    shown = _figures(counts.sum(axis=0, keepdims=True))
    n, raters = int(counts.any(axis=1).sum()), int((~np.isnan(physicians)).any(axis=0).sum())
    name = "balanced pairwise F1"
    if np.isnan(shown["balanced_f1"][0]):
        estimate = undefined(name, "Nobody says yes, or nobody says no.", n_items=n, n_raters=raters)
    elif rng is None:
        estimate = Estimate(name, float(shown["balanced_f1"][0]), n_items=n, n_raters=raters, method="pairs")
    else:
        draws = [
            _figures(w @ counts)["balanced_f1"] for w in case_weights(len(judge), replicates, rng, cases)
        ]
        method = f"pairs; percentile bootstrap of whole cases, {replicates} draws"
        low, high = percentile(np.concatenate(draws), level)
        estimate = Estimate(name, float(shown["balanced_f1"][0]), low, high, n, raters, method, level)
    rest = {key: float(value[0]) for key, value in shown.items() if key != "balanced_f1"}
    return Pairwise(balanced_f1=estimate, **rest)


def physicians_f1(
    physicians: Array,
    *,
    rng: np.random.Generator | None = None,
    cases: Sequence[object] | NDArray[Any] | None = None,
    replicates: int = 1000,
) -> list[Pairwise]:
    """Return the same figures of each physician against the others: what a judge's F1 is read beside.

    Examples
    --------
    >>> both = np.array([[1.0, 1], [0, 0], [1, 0]])
    >>> [round(p.balanced_f1.value, 2) for p in physicians_f1(both)]
    [0.67, 0.67]
    """
    return [
        pairwise_f1(
            physicians[:, h], np.delete(physicians, h, axis=1), rng=rng, cases=cases, replicates=replicates
        )
        for h in range(physicians.shape[1])
    ]


def _counts(said: NDArray[np.bool_], there: NDArray[np.bool_], labelled: Array, physicians: Array) -> Array:
    """Return, for each item, how many physicians gave this label while the judge said that."""
    return np.asarray((labelled & ~np.isnan(physicians)).sum(axis=1) * (said & there), float)


def _figures(counts: Array) -> dict[str, Array]:
    """Return the figures of each row of (both yes, judge yes only, judge no only, both no)."""
    tp, fp, fn, tn = counts.T
    with np.errstate(invalid="ignore", divide="ignore"):
        found = {
            "precision_yes": tp / (tp + fp),
            "precision_no": tn / (tn + fn),
            "recall_yes": tp / (tp + fn),
            "recall_no": tn / (tn + fp),
            "f1_yes": 2 * tp / (2 * tp + fp + fn),
            "f1_no": 2 * tn / (2 * tn + fp + fn),
        }
    return {**found, "balanced_f1": (found["f1_yes"] + found["f1_no"]) / 2}
