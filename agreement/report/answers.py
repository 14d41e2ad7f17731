"""One question's answers: clinicians, jurors and metrics as columns over the same outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agreement.array import Array, Codes
from agreement.consensus import majority, mean
from agreement.decision.coding import coded, on_scale, scale_of
from agreement.decision.lay import COMPOSITE, onto_rows, row_keys
from agreement.matrix import Matrix, matrix
from agreement.panel import Jury, on_panel, seats
from agreement.refusal import Refusal
from agreement.report.keys import Key, cases_of
from agreement.report.kinds.measure import SPECIAL, measured

MOST_POINTS = 11


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What everybody said to one question.

    Attributes
    ----------
    rows : tuple of (item, part)
        The outputs.
    clinicians, jurors, metrics : arrays of shape (rows, raters of the kind)
        NaN is unrated. Codes where there are `labels`.
    names : mapping of kind to tuple of str
        The columns' raters.
    points : tuple of float
        The scale's points; empty for continuous scores.
    labels : tuple of str
        Words, where answers have no order.
    cases : array of shape (rows,) or None
        A code for each row's case; None where every row is its own.
    slots : bool
        Columns are anonymous slots, not people.
    seated : tuple of str or None
        The jurors whose mean is the jury; None: all but checks and baselines.
    """

    question: str
    rows: tuple[Key, ...]
    clinicians: Array
    jurors: Array
    metrics: Array
    names: Mapping[str, tuple[str, ...]]
    points: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()
    cases: Codes | None = None
    slots: bool = False
    said: tuple[str, ...] = field(default=())
    seated: Jury = None

    @property
    def human(self) -> Array:
        """The clinicians' mean of each output, or their majority where answers are words."""
        return majority(self.clinicians).values if self.labels else mean(self.clinicians)

    @property
    def panel(self) -> Array:
        """The columns of the panel's jurors, without checks and baselines."""
        return self.jurors[:, seats(self.names["juror"], self.seated)]

    @property
    def astray(self) -> tuple[str, ...]:
        """Jurors of the panel on another scale than its others, with whom they have no mean."""
        if self.labels:
            return ()
        names = [name for name in self.names["juror"] if on_panel(name, self.seated)]
        off = [
            name
            for name, column in zip(names, self.panel.T, strict=True)
            if not on_scale(column, self.clinicians, "juror")
        ]
        return tuple(off) if len(off) < len(names) else ()

    @property
    def jury(self) -> Array:
        """The panel's mean, or majority, where all of its jurors who answer this question answered.

        There is none of jurors on two scales.
        """
        if self.astray:
            return np.full(len(self.rows), np.nan)
        there = ~np.isnan(self.panel)
        own = self.panel[:, there.any(axis=0)]
        whole = ~np.isnan(own).any(axis=1) & (own.shape[1] > 0)
        made = majority(own).values if self.labels else mean(own)
        return np.where(whole, made, np.nan)

    def cut(self, rows: NDArray[np.bool_]) -> Answers:
        """Return the answers about some of the outputs."""
        cases = None if self.cases is None else np.unique(self.cases[rows], return_inverse=True)[1]
        return replace(
            self,
            rows=tuple(key for key, kept in zip(self.rows, rows, strict=True) if kept),
            clinicians=self.clinicians[rows],
            jurors=self.jurors[rows],
            metrics=self.metrics[rows],
            cases=cases,
        )


def answers(
    frame: pd.DataFrame,
    *,
    points: Mapping[str, Sequence[float]] | None = None,
    case: Mapping[Key, str] | None = None,
    slots: bool = False,
    measures: Mapping[str, str] | None = None,
    jury: Jury = None,
) -> list[Answers]:
    """Return each question that a clinician or a juror answered, then their composite if there is one.

    Sets, marks, rankings and preferences are no answers in this sense: see `agreement.report.kinds`.
    """
    asked = frame.loc[frame["kind"] != "metric", "question"].astype(str)
    special = {name for name, one in measured(frame, measures).items() if one in SPECIAL}
    plain = [question for question in asked.unique().tolist() if question not in special]
    frame = _as_words(frame, measures or {})
    found = [_answers(frame, question, points or {}, case or {}, slots) for question in plain]
    made = [replace(one, seated=jury) for one in found if one is not None]
    joined = composite(made, case or {})
    return made + ([joined] if joined else [])


def composite(found: Sequence[Answers], case: Mapping[Key, str]) -> Answers | None:
    """Return the mean over the questions on the most common scale, where a rater answered all of them.

    A file that asks a question of this name keeps its own.
    """
    numeric = [one for one in found if not one.labels and np.isfinite(one.clinicians).any()]
    ends = [_ends(one) for one in numeric]
    shared = max(ends, key=ends.count, default=None)
    alike = [one for one, end in zip(numeric, ends, strict=True) if end == shared]
    if len(alike) < 2 or any(one.question == COMPOSITE for one in found):
        return None
    rows = tuple(dict.fromkeys(key for one in alike for key in one.rows))
    names = {k: tuple(sorted({n for one in alike for n in one.names[k]})) for k in alike[0].names}
    made, lost = {}, 0
    for kind, columns in names.items():
        each = np.stack([_spread(one, kind, rows, columns) for one in alike])
        some, every = (~np.isnan(each)).any(axis=0), (~np.isnan(each)).all(axis=0)
        lost += int((some & ~every).sum()) if kind != "metric" else 0
        made[kind] = np.where(every, each.mean(axis=0), np.nan)
    said = [f"The composite is the mean of {', '.join(one.question for one in alike)}."]
    if lost:
        said.append(f"Ratings that lack an answer to some of these have no composite: {lost}.")
    return Answers(
        COMPOSITE,
        rows,
        made["clinician"],
        made["juror"],
        made["metric"],
        names,
        cases=cases_of(rows, case),
        slots=alike[0].slots,
        said=tuple(said),
        seated=alike[0].seated,
    )


def _as_words(frame: pd.DataFrame, measures: Mapping[str, str]) -> pd.DataFrame:
    """Questions that were declared nominal have words where they have numbers."""
    names = [name for name, one in measures.items() if one == "nominal"]
    if not names:
        return frame
    mine = frame["question"].isin(names) & (frame["kind"] != "metric")
    return frame.assign(number=frame["number"].where(~mine))


def _answers(
    frame: pd.DataFrame,
    question: str,
    points: Mapping[str, Sequence[float]],
    case: Mapping[Key, str],
    slots: bool,
) -> Answers | None:
    people = frame[(frame["question"].astype(str) == question) & (frame["kind"] != "metric")]
    marked, labels = _coded(people)
    if "code" not in marked:
        return None
    machines = _metrics(frame, question)
    read = {
        kind: matrix(rows, question=question, kinds=[kind], value=value)
        for kind, rows, value in (
            ("clinician", marked, "code"),
            ("juror", marked, "code"),
            ("metric", machines, "number"),
        )
    }
    rows = sorted(dict.fromkeys(key for one in ("clinician", "juror") for key in row_keys(read[one])))
    columns = {kind: _columns(rows, one) for kind, one in read.items()}
    scale, said = _points(question, columns, labels, points)
    said += _off(question, scale, columns, read)
    return Answers(
        question,
        tuple(rows),
        columns["clinician"],
        columns["juror"],
        columns["metric"],
        {kind: one.raters for kind, one in read.items()},
        scale,
        labels,
        cases_of(rows, case),
        slots,
        said,
    )


def _coded(people: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The rows of clinicians decide whether answers are numbers or words; without any, those of jurors."""
    if (people["kind"] == "clinician").any():
        return coded(people)
    marked, labels = coded(people.assign(kind="clinician"))
    return marked.assign(kind=people["kind"]), labels


def _metrics(frame: pd.DataFrame, question: str) -> pd.DataFrame:
    """A metric that scores the output as a whole, under one name of its own, stands beside every question."""
    rows = frame[frame["kind"] == "metric"]
    names = rows["question"].astype(str)
    own = rows["rater"].map(names.groupby(rows["rater"]).nunique()) == 1
    return rows[own | (names == question)].assign(question=question)


def _columns(rows: list[Key], one: Matrix) -> Array:
    known, keys = set(rows), row_keys(one)
    kept = np.array([key in known for key in keys], dtype=bool)
    items, parts = zip(*(key for key in keys if key in known), strict=True) if kept.any() else ((), ())
    inside = replace(one, values=one.values[kept], items=items, parts=parts)
    return onto_rows(rows, inside)[:, : len(one.raters)]


def _points(
    question: str,
    columns: Mapping[str, Array],
    labels: tuple[str, ...],
    declared: Mapping[str, Sequence[float]],
) -> tuple[tuple[float, ...], tuple[str, ...]]:
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


def _off(
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


def _ends(one: Answers) -> tuple[float, float]:
    return (one.points[0], one.points[-1]) if one.points else scale_of(one.clinicians)


def _spread(one: Answers, kind: str, rows: Sequence[Key], columns: tuple[str, ...]) -> Array:
    values = {"clinician": one.clinicians, "juror": one.jurors, "metric": one.metrics}[kind]
    made = np.full((len(rows), len(columns)), np.nan)
    at = {key: place for place, key in enumerate(rows)}
    where = np.ix_([at[key] for key in one.rows], [columns.index(name) for name in one.names[kind]])
    made[where] = values
    return made
