"""How one question's answers are read: as numbers or words, on which points, laid onto the same rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from agreement.array import Array
from agreement.decision.coding import coded, scale_of
from agreement.decision.lay import onto_rows, row_keys
from agreement.matrix import Matrix
from agreement.refusal import Refusal
from agreement.report.keys import Key

MOST_POINTS = 11
"""Whole numbers over a wider range than this are scores, not points of a scale."""


def codes(people: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The rows of clinicians decide whether answers are numbers or words; without any, those of jurors."""
    if (people["kind"] == "clinician").any():
        return coded(people)
    marked, labels = coded(people.assign(kind="clinician"))
    return marked.assign(kind=people["kind"]), labels


def scores(frame: pd.DataFrame, question: str) -> pd.DataFrame:
    """A metric that scores the output as a whole, under one name of its own, stands beside every question."""
    rows = frame[frame["kind"] == "metric"]
    names = rows["question"].astype(str)
    own = rows["rater"].map(names.groupby(rows["rater"]).nunique()) == 1
    return rows[own | (names == question)].assign(question=question)


def laid_out(rows: list[Key], one: Matrix) -> Array:
    """Return a matrix on these rows, NaN where it has none."""
    known, keys = set(rows), row_keys(one)
    kept = np.array([key in known for key in keys], dtype=bool)
    items, parts = zip(*(key for key in keys if key in known), strict=True) if kept.any() else ((), ())
    inside = replace(one, values=one.values[kept], items=items, parts=parts)
    return onto_rows(rows, inside)[:, : len(one.raters)]


def points_of(
    question: str,
    columns: Mapping[str, Array],
    labels: tuple[str, ...],
    declared: Mapping[str, Sequence[float]],
) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Return the points of the scale, none for continuous scores, and what was understood."""
    if labels:
        return tuple(map(float, range(len(labels)))), ()
    if question in declared:
        return tuple(sorted(map(float, declared[question]))), ()
    human = columns["clinician"] if columns["clinician"].size else columns["juror"]
    given = np.unique(human[~np.isnan(human)])
    low, high = scale_of(human)
    step = 0.5 if (given != np.round(given)).any() else 1.0
    if not len(given) or (given / step != np.round(given / step)).any() or high - low >= MOST_POINTS * step:
        return (), ()
    if step < 1 and low >= 1 and high <= 5:
        low, high = 1.0, 5.0
    scale = tuple(map(float, np.arange(np.floor(low), np.ceil(high) + step / 2, step)))
    steps = " in halves" if step < 1 else ""
    return scale, (
        f"The scale is taken to be {scale[0]:g} to {scale[-1]:g}{steps}, as far as the ratings show: "
        "declare it if not.",
    )


def off_scale(
    question: str, scale: tuple[float, ...], columns: Mapping[str, Array], read: Mapping[str, Matrix]
) -> tuple[str, ...]:
    """Refuse clinicians' answers that are off the declared scale; say which jurors' are."""
    said = []
    for kind in ("clinician", "juror") if scale else ():
        for name, column in zip(read[kind].raters, columns[kind].T, strict=True):
            off = column[~np.isnan(column) & ~np.isin(column, scale)]
            if len(off) and kind == "clinician":
                known = ", ".join(f"{point:g}" for point in scale)
                raise Refusal(f"{off[0]:g} by {name} is not a declared point of {question!r} ({known}).")
            if len(off):
                said.append(
                    f"{name} gave {len(off)} answers that are no point of the scale (such as {off[0]:g}): "
                    "coefficients over points are left out for jurors among themselves."
                )
    return tuple(said)
