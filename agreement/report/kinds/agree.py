"""The coefficients of each special kind of answer, among any number of columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agreement.alpha.krippendorff import alpha
from agreement.array import Array, Codes
from agreement.chance.gwet import gwet_ac
from agreement.estimate import Estimate, undefined
from agreement.kendall_w import kendall_w
from agreement.masi import alpha_sets
from agreement.ranking import mean_of_items, preference_agreement, ranking_agreement
from agreement.report.kinds.told import Cells
from agreement.report.settings import Settings
from agreement.unitizing import Span, alpha_unitizing

Lined = Iterator[tuple[Estimate, str]]
"""Estimates with the form that a line of the report says."""
MOST_LABELS = 12


def sets(cells: Cells, lengths: Array, cases: Codes | None, settings: Settings) -> Lined:
    """Alpha with the MASI distance, how much two sets overlap, and how often they are the same."""
    yield alpha_sets(cells.tolist(), **settings.drawn(cases)), "sets of labels, MASI distance"
    each = _over_pairs(cells, lambda a, b: len(a & b) / len(a | b) if a | b else 1.0)
    yield _mean("overlap (Jaccard)", each, cells, cases, settings), "pairs of sets: shared labels over all"
    same = _over_pairs(cells, lambda a, b: float(a == b))
    yield _mean("exact agreement", same, cells, cases, settings), "pairs of sets: all labels the same"


def spans(cells: Cells, lengths: Array, cases: Codes | None, settings: Settings) -> Lined:
    """Unitizing alpha over all labels and of each, and how many marked characters are shared."""
    ends = [max((span.end for cell in row if cell for span in cell), default=1) for row in cells]
    unknown = np.isnan(lengths) | (lengths < ends)
    size = np.where(unknown, ends, lengths).astype(int)
    notes: tuple[str, ...] = ()
    if unknown.any():
        notes = (
            f"Outputs whose text is not known are taken to end with their last mark: {int(unknown.sum())}. "
            "Give the items' texts for the right figure.",
        )
    shape = {} if cases is None else {"cases": cases}
    labels = sorted({span.label for row in cells for cell in row if cell for span in cell})
    for label in (None, *(labels if 1 < len(labels) <= MOST_LABELS else [])):
        found = alpha_unitizing(
            cells.tolist(), size.tolist(), label=label, rng=settings.rng(),
            replicates=settings.replicates, level=settings.level, **shape,
        )  # fmt: skip
        yield found.noting(*notes), "marked characters" + ("" if label is None else f", label {label!r}")
    each = _over_pairs(cells, _shared)
    yield _mean("overlap (Dice)", each, cells, cases, settings), "pairs: characters that both marked alike"


def rankings(cells: Cells, lengths: Array, cases: Codes | None, settings: Settings) -> Lined:
    """Kendall's tau-b between every two raters and his W, both item by item."""
    tables = _tables(cells)
    if not tables.size:
        yield undefined("ranking agreement (tau-b)", "Nobody ranked anything."), "places, item by item"
        return
    found = ranking_agreement(tables, cases=cases, level=settings.level)
    yield found, "places, item by item"
    each = np.array([kendall_w(item[(~np.isnan(item)).any(axis=1)].T).value for item in tables])
    yield _mean("mean Kendall's W", each, cells, cases, settings), "places, item by item"
    best = np.array([[_best(cell) for cell in row] for row in cells], dtype=object)
    same = _over_pairs(best, lambda a, b: float(a == b))
    yield _mean("same output first", same, cells, cases, settings), "pairs of rankings"


def preferences(cells: Cells, lengths: Array, cases: Codes | None, settings: Settings) -> Lined:
    """How often two raters prefer the same output, with ties and without, and beyond chance."""
    signs = np.array([[np.nan if cell is None else cell for cell in row] for row in cells], dtype=float)
    signs = signs.reshape(cells.shape)
    over = settings.over(cases)
    yield preference_agreement(signs, **over), "A, B or tie; the strength does not count"
    yield preference_agreement(signs, ties=False, **over), "pairs of raters without a tie"
    yield alpha(signs, "nominal", **settings.drawn(cases)), "A, B or tie"
    points = (-1.0, 0.0, 1.0) if (signs == 0).any() else (-1.0, 1.0)
    yield gwet_ac(signs, points, held=True, **over), f"{len(points)} answers"


COEFFICIENTS: dict[str, Callable[[Cells, Array, Codes | None, Settings], Lined]] = {
    "sets": sets,
    "spans": spans,
    "ranking": rankings,
    "preference": preferences,
}
"""Measure -> what is computed of its columns."""


def consensus(cells: Cells, measure: str) -> NDArray[np.object_]:
    """Return what the columns say together: what more than half say, or of rankings the mean places.

    Examples
    --------
    >>> cells = np.empty((1, 3), dtype=object)
    >>> cells[0] = [frozenset("ab"), frozenset("a"), frozenset("c")]
    >>> consensus(cells, "sets")[0]
    frozenset({'a'})
    """
    make: dict[str, Callable[[Any], Any]] = {
        "sets": _most_labels,
        "spans": _most_characters,
        "ranking": _mean_places,
        "preference": _majority,
    }
    made = np.empty(len(cells), dtype=object)
    for at, row in enumerate(cells):
        said = [cell for cell in row if cell is not None]
        made[at] = make[measure](said) if said else None
    return made


def _most_labels(said: Sequence[frozenset[str]]) -> frozenset[str]:
    every = frozenset().union(*said)
    return frozenset(one for one in every if 2 * sum(one in cell for cell in said) > len(said))


def _most_characters(said: Sequence[tuple[Span, ...]]) -> tuple[Span, ...]:
    made = []
    for label in sorted({span.label for cell in said for span in cell}):
        marks = [(s.begin, s.end) for cell in said for s in cell if s.label == label]
        votes = np.zeros(max(end for _, end in marks) + 1, dtype=int)
        for begin, end in marks:
            votes[begin:end] += 1
        edges = np.flatnonzero(np.diff(np.concatenate([[0], (2 * votes > len(said)).astype(int), [0]])))
        made += [Span(int(b), int(e), label) for b, e in zip(edges[::2], edges[1::2], strict=True)]
    return tuple(made)


def _mean_places(said: Sequence[dict[str, float]]) -> dict[str, float]:
    shared = set(said[0]).intersection(*said)
    return {name: sum(cell[name] for cell in said) / len(said) for name in sorted(shared)}


def _majority(said: Sequence[float]) -> float | None:
    return next((one for one in (-1.0, 0.0, 1.0) if 2 * said.count(one) > len(said)), None)


def _over_pairs(cells: NDArray[np.object_], score: Callable[[Any, Any], float]) -> Array:
    """Return each output's mean over pairs of raters; NaN where fewer than two answered."""
    made = np.full(len(cells), np.nan)
    for at, row in enumerate(cells):
        said = [cell for cell in row if cell is not None]
        found = [score(a, b) for a, b in combinations(said, 2)]
        known = [one for one in found if one == one]
        made[at] = np.mean(known) if known else np.nan
    return made


def _mean(name: str, each: Array, cells: Cells, cases: Codes | None, settings: Settings) -> Estimate:
    raters = sum(any(cell is not None for cell in column) for column in cells.T)
    reason = "No output has two comparable answers."
    return mean_of_items(name, each, raters, cases, settings.level, reason, lowest=0.0)


def _shared(one: Sequence[Span], other: Sequence[Span]) -> float:
    """Dice: twice the characters marked alike by both, over those marked by each; both empty is 1."""
    total = sum(s.end - s.begin for s in (*one, *other))
    both = sum(
        max(0, min(a.end, b.end) - max(a.begin, b.begin)) for a in one for b in other if a.label == b.label
    )
    return 2 * both / total if total else 1.0


def _tables(cells: Cells) -> Array:
    """Return places as items × raters × outputs, NaN where an output was not ranked."""
    names = [sorted({name for cell in row if cell for name in cell}) for row in cells]
    made = np.full((*cells.shape, max(map(len, names), default=0)), np.nan)
    for i, row in enumerate(cells):
        for j, cell in enumerate(row):
            for name, place in (cell or {}).items():
                made[i, j, names[i].index(name)] = place
    return made


def _best(cell: dict[str, float] | None) -> frozenset[str] | None:
    if not cell:
        return None
    return frozenset(name for name, place in cell.items() if place == min(cell.values()))
