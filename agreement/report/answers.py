"""One question's answers: clinicians, jurors and metrics as columns over the same outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agreement.array import Array, Codes
from agreement.consensus import majority, mean
from agreement.decision.coding import on_scale, scale_of
from agreement.decision.lay import COMPOSITE, row_keys
from agreement.matrix import matrix
from agreement.measure import SPECIAL, measured
from agreement.panel import Jury, on_panel, seats
from agreement.report.keys import Key, cases_of
from agreement.report.reading import codes, laid_out, off_scale, points_of, scores
from agreement.turned import Turned, check_known, no_height


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
    turned : Turned or None
        How the answers were turned round, where a high value is bad; in all arrays here high is good.
    along : tuple of str
        Metrics of this very question, which were turned round, too.
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
    turned: Turned | None = None
    along: tuple[str, ...] = ()

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

    @property
    def as_given(self) -> Answers:
        """The answers as they were given, for whoever tells or shows them and compares nothing."""
        return self if self.turned is None else replace(self._round(self.turned), turned=None)

    def turn(self, along: tuple[str, ...]) -> Answers:
        """Return the answers turned round, since a high value is bad."""
        if self.labels:
            raise no_height(self.question)
        turned = Turned(*_ends(self))
        said = (*self.said, turned.sentence)
        return replace(replace(self, along=along, said=said)._round(turned), turned=turned)

    def _round(self, turned: Turned) -> Answers:
        also = np.isin(self.names["metric"], self.along)
        return replace(
            self,
            clinicians=turned.all(self.clinicians),
            jurors=turned.all(self.jurors),
            metrics=np.where(also, turned.all(self.metrics), self.metrics) if also.any() else self.metrics,
            points=tuple(turned.of(point) for point in reversed(self.points)),
        )

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


READ = ("item", "part", "rater", "kind", "question", "value", "number", "occasion", "status")


def answers(
    frame: pd.DataFrame,
    *,
    points: Mapping[str, Sequence[float]] | None = None,
    case: Mapping[Key, str] | None = None,
    slots: bool = False,
    measures: Mapping[str, str] | None = None,
    jury: Jury = None,
    high_is_bad: Sequence[str] = (),
) -> list[Answers]:
    """Return each question that a clinician or a juror answered, then their composite if there is one.

    Sets, marks, rankings and preferences are no answers in this sense: see `agreement.report.kinds`.
    Where a high value is bad, answers are turned round, so that high is good in all that is returned.
    """
    asked = frame.loc[frame["kind"] != "metric", "question"].astype(str)
    check_known(high_is_bad, asked.unique().tolist())
    frame = frame[[name for name in READ if name in frame]]  # texts that nobody reads here are not copied
    special = {name for name, one in measured(frame, measures).items() if one in SPECIAL}
    plain = [question for question in asked.unique().tolist() if question not in special]
    frame = _as_words(frame, measures or {})
    found = [_answers(frame, question, points or {}, case or {}, slots) for question in plain]
    made = [
        replace(one.turn(_of(frame, one)) if one.question in high_is_bad else one, seated=jury)
        for one in found
        if one is not None
    ]
    for question in high_is_bad:
        if question not in [one.question for one in made]:
            raise no_height(question)
    joined = composite(made, case or {})
    return made + ([joined] if joined else [])


def _of(frame: pd.DataFrame, one: Answers) -> tuple[str, ...]:
    """The metrics whose scores are about this very question, and rise where it does."""
    rows = frame[(frame["kind"] == "metric") & (frame["question"].astype(str) == one.question)]
    return tuple(sorted(rows["rater"].astype(str).unique()))


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
    marked, labels = codes(people)
    if "code" not in marked:
        return None
    machines = scores(frame, question)
    read = {
        kind: matrix(rows, question=question, kinds=[kind], value=value)
        for kind, rows, value in (
            ("clinician", marked, "code"),
            ("juror", marked, "code"),
            ("metric", machines, "number"),
        )
    }
    rows = sorted(dict.fromkeys(key for one in ("clinician", "juror") for key in row_keys(read[one])))
    columns = {kind: laid_out(rows, one) for kind, one in read.items()}
    scale, said = points_of(question, columns, labels, points)
    said += off_scale(question, scale, columns, read)
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


def _ends(one: Answers) -> tuple[float, float]:
    return (one.points[0], one.points[-1]) if one.points else scale_of(one.clinicians)


def _spread(one: Answers, kind: str, rows: Sequence[Key], columns: tuple[str, ...]) -> Array:
    values = {"clinician": one.clinicians, "juror": one.jurors, "metric": one.metrics}[kind]
    made = np.full((len(rows), len(columns)), np.nan)
    at = {key: place for place, key in enumerate(rows)}
    where = np.ix_([at[key] for key in one.rows], [columns.index(name) for name in one.names[kind]])
    made[where] = values
    return made
