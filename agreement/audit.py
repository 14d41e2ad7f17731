"""What is known to be wrong with judges, measured: level, spread, length, family, halo, order, tricks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agreement.array import Array
from agreement.columns import pearson
from agreement.estimate import Estimate, bound, undefined
from agreement.weights import percentile, seeded_weights

Figure = Callable[[Array], Array]


@dataclass(frozen=True, slots=True)
class Finding:
    """One bias: its name, the figure (0 means none) and a sentence for a clinician."""

    bias: str
    estimate: Estimate
    sentence: str


@dataclass(frozen=True, slots=True)
class Draw:
    """How intervals are made: draws of whole cases, the same for every figure."""

    seed: int = 1
    cases: Sequence[object] | NDArray[Any] | None = None
    replicates: int = 1000
    level: float = 0.95


def level(judge: Array, clinicians: Array, how: Draw = Draw()) -> Finding:
    """Return judge minus clinicians' mean: above 0 is lenient.

    Examples
    --------
    >>> level(np.array([5.0, 4, 5, 5]), np.array([[4.0], [3], [4], [4]])).estimate.value
    1.0
    """
    gap = judge - _mean(clinicians)
    e = _mean_of("level (points)", gap, how)
    return Finding(
        "level",
        e,
        _words(e, "The judge scores {size:.2f} points {side} clinicians", "higher than", "lower than"),
    )


def spread(judge: Array, clinicians: Array, how: Draw = Draw()) -> Finding:
    """Return the log ratio of the judge's SD to a single clinician's: below 0, the judge huddles together."""
    seen = ~np.isnan(judge) & ~np.isnan(clinicians).all(axis=1)
    columns = np.column_stack([judge[seen], clinicians[seen]])
    there = (~np.isnan(columns)).astype(float)
    given = np.nan_to_num(columns)

    def ratio(w: Array) -> Array:
        n, sums, squares = (w @ part for part in (there, given, given**2))
        with np.errstate(invalid="ignore", divide="ignore"):
            variance = np.clip(squares / n - (sums / n) ** 2, 0, None)
            theirs = np.where(n[:, 1:] > 1, variance[:, 1:], np.nan)
            count = (~np.isnan(theirs)).sum(axis=1)
            return np.asarray(0.5 * np.log(variance[:, 0] / (np.nansum(theirs, axis=1) / count)))

    e = _boot("spread (log ratio of SDs)", ratio, seen, how)
    text = _words(
        e, "The judge's scores are {side} a clinician's", "more spread out than", "closer together than"
    )
    return Finding("spread", e, text)


def length(judge: Array, clinicians: Array, words: Array, how: Draw = Draw()) -> Finding:
    """Return r between the length of an output and how much the judge overrates it.

    What clinicians themselves like about length is taken out: the gap judge − clinicians is correlated.

    Examples
    --------
    >>> words = np.arange(20.0)
    >>> round(length(3 + words / 20, np.full((20, 2), 4.0), words).estimate.value, 2)
    1.0
    """
    gap = judge - _mean(clinicians)
    seen = ~np.isnan(gap) & ~np.isnan(words)
    e = _boot("length (r of words with overrating)", lambda w: pearson(gap[seen], words[seen], w), seen, how)
    return Finding(
        "length",
        e,
        _words(e, "Longer outputs are {side} by clinicians", "rated higher than", "rated lower than"),
    )


def family(judge: Array, clinicians: Array, own: NDArray[np.bool_], how: Draw = Draw()) -> Finding:
    """Return how much more the judge overrates outputs of its own model family than others'."""
    gap = judge - _mean(clinicians)
    seen = ~np.isnan(gap)
    x, mine = gap[seen], own[seen].astype(float)

    def between(w: Array) -> Array:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((w @ (x * mine)) / (w @ mine) - (w @ (x * (1 - mine))) / (w @ (1 - mine)))

    e = _boot("own family (points)", between, seen, how)
    return Finding(
        "own family",
        e,
        _words(e, "Its own family's outputs get {size:.2f} points {side} others'", "more than", "less than"),
    )


def halo(judge: Array, clinicians: Array, how: Draw = Draw()) -> Finding:
    """Return how much more the judge's answers to different questions move together than a clinician's.

    Parameters
    ----------
    judge : array of shape (items, questions)
    clinicians : array of shape (items, clinicians, questions)
    """
    seen = np.asarray(~np.isnan(judge).any(axis=1))
    pairs = [(a, b) for a in range(judge.shape[1]) for b in range(a)]

    def together(table: Array, w: Array) -> Array:
        whole = ~np.isnan(table).any(axis=1)
        if not pairs or whole.sum() < 3:
            return np.full(len(w), np.nan)
        kept = w[:, whole]
        rs = [pearson(table[whole, a], table[whole, b], kept) for a, b in pairs]
        return np.asarray(np.mean(rs, axis=0))

    def gap(w: Array) -> Array:
        theirs = np.array([together(clinicians[seen][:, h], w) for h in range(clinicians.shape[1])])
        known = ~np.isnan(theirs)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(known.any(axis=0), np.nansum(theirs, axis=0) / known.sum(axis=0), np.nan)
        return np.asarray(together(judge[seen], w) - mean)

    e = _boot("halo (difference in r between questions)", gap, seen, how)
    return Finding(
        "halo",
        e,
        _words(
            e,
            "The judge's answers to different questions move together {side} a clinician's",
            "more than",
            "less than",
        ),
    )


def shifted(bias: str, original: Array, changed: Array, what: str, how: Draw = Draw()) -> Finding:
    """Return how far a judge's score moves when only something irrelevant is changed, paired by item.

    Serves padded outputs, reversed criteria order, and planted instructions.

    Examples
    --------
    >>> found = shifted("injected instruction", np.full(20, 2.0), np.full(20, 5.0), "a planted instruction")
    >>> found.sentence
    'With a planted instruction the judge scores 3.00 points higher (3.00 to 3.00; 20 items).'
    """
    e = _mean_of(f"{bias} (points)", changed - original, how)
    return Finding(
        bias, e, _words(e, "With " + what + " the judge scores {size:.2f} points {side}", "higher", "lower")
    )


def position(moved: Array, what: str, how: Draw = Draw()) -> Finding:
    """Return how far a judge's answer follows the place of an output and not the output.

    Parameters
    ----------
    moved : array of shape (items,)
        Its answer with the outputs in the other order minus its answer in their own, both about the same
        output, counted toward the output that then stands earlier.
    what : str
        A sentence with ``{size}`` and ``{side}``: which one gains, the one shown "earlier" or "later".

    Examples
    --------
    >>> found = position(np.full(8, 1.0), "The output shown {side} gets {size:.2f} points more")
    >>> found.sentence
    'The output shown earlier gets 1.00 points more (1.00 to 1.00; 8 items). Changed with the order: 8 of 8.'
    """
    e = _mean_of("order of outputs", moved, how)
    seen = moved[~np.isnan(moved)]
    changed = f" Changed with the order: {np.count_nonzero(seen)} of {len(seen)}." if e.defined else ""
    return Finding("order of outputs", e, _words(e, what, "earlier", "later") + changed)


def mismatched(right: Array, wrong: Array, how: Draw = Draw()) -> Finding:
    """Return how often the judge scores the right output above one that answers another question.

    0.5 is a coin; the figure is the area under the ROC curve, where ties count half.

    Examples
    --------
    >>> mismatched(np.full(12, 4.0), np.full(12, 1.0)).estimate.value
    1.0
    """
    a, b = right[~np.isnan(right)], wrong[~np.isnan(wrong)]
    name = "mismatched pairs (AUROC)"
    if min(len(a), len(b)) < 3:
        return Finding(
            "mismatched pairs", undefined(name, "Fewer than three of either kind."), "Not measured."
        )
    above = (a[:, None] > b[None, :]) + 0.5 * (a[:, None] == b[None, :])
    rng = np.random.default_rng(how.seed)
    booted = np.array([
        float(above[rng.integers(0, len(a), len(a))][:, rng.integers(0, len(b), len(b))].mean())
        for _ in range(min(how.replicates, 1000))
    ])  # fmt: skip
    e = Estimate(name, float(above.mean()), *percentile(booted, how.level), len(a) + len(b), 1,
                 "bootstrap of both kinds", how.level)  # fmt: skip
    sentence = (
        f"The right output scores above a mismatched one in {e.value:.0%} of pairs "
        f"({e.low:.0%} to {e.high:.0%}); a coin would do so in 50%."
    )
    return Finding("mismatched pairs", e, sentence)


def abstention(
    judge: Mapping[str, int], clinicians: Mapping[str, int], n_judge: int, n_clinicians: int
) -> str:
    """Return a sentence that compares who says "unable to assess" how often, and why.

    Examples
    --------
    >>> abstention({"refused": 3}, {"outside my specialty": 10}, 100, 200)
    'The judge gives no answer to 3 of 100 (refused 3); clinicians to 10 of 200 (outside my specialty 10).'
    """

    def part(counts: Mapping[str, int], n: int) -> str:
        reasons = ", ".join(f"{reason} {count}" for reason, count in counts.items() if count)
        return f"{sum(counts.values())} of {n}" + (f" ({reasons})" if reasons else "")

    theirs = part(clinicians, n_clinicians)
    return f"The judge gives no answer to {part(judge, n_judge)}; clinicians to {theirs}."


def _mean(clinicians: Array) -> Array:
    count = (~np.isnan(clinicians)).sum(axis=1)
    return np.where(count > 0, np.nansum(clinicians, axis=1) / np.maximum(count, 1), np.nan)


def _mean_of(name: str, gap: Array, how: Draw) -> Estimate:
    seen = ~np.isnan(gap)
    return _boot(name, lambda w: np.asarray((w @ gap[seen]) / w.sum(axis=1)), seen, how)


def _boot(name: str, figure: Figure, seen: NDArray[np.bool_], how: Draw) -> Estimate:
    n = int(seen.sum())
    if n < 3:
        return undefined(name, f"{n} items are too few.", n_items=n)
    value = float(figure(np.ones((1, n)))[0])
    if not np.isfinite(value):
        return undefined(name, "One side does not vary, or is not there.", n_items=n)
    cases = None if how.cases is None else np.asarray(how.cases)[seen]
    drawn = seeded_weights(n, how.replicates, how.seed, cases)
    booted = np.concatenate([figure(w) for w in drawn])
    booted = np.where(np.isfinite(booted), booted, np.nan)
    method = f"percentile bootstrap of whole cases, {how.replicates} draws"
    return Estimate(name, value, *percentile(booted, how.level), n, 1, method, how.level)


def _words(e: Estimate, sentence: str, more: str, less: str) -> str:
    """Say a figure in a sentence; where its interval holds 0, say that nothing is shown."""
    if not e.defined:
        return f"Not measured: {' '.join(e.notes)}"
    said = sentence.format(size=abs(e.value), side=more if e.value > 0 else less)
    where = f"({bound(e.low)} to {bound(e.high)}; {e.n_items} items)"
    if e.low <= 0 <= e.high:
        return f"Not clearly different from none {where}."
    return f"{said} {where}."
