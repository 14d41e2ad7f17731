"""The answers to one question of a special kind, laid out as outputs by raters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agreement.array import Codes
from agreement.measure import Measure, listed, ranks, side
from agreement.panel import Jury, seats
from agreement.refusal import Refusal
from agreement.report.keys import Key, cases_of
from agreement.unitizing import Span

Cells = NDArray[np.object_]
"""Outputs × raters; None where nobody answered."""


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What everybody said to a question whose answers are no points of a scale.

    Attributes
    ----------
    cells : mapping of kind to array of shape (rows, raters of the kind)
        A frozenset of labels, a tuple of `Span`, a dict of output to place, or -1, 0, 1; None is unrated.
    lengths : array of shape (rows,)
        Characters of each output, for spans; NaN where they are not known.
    """

    question: str
    measure: Measure
    rows: tuple[Key, ...]
    cells: Mapping[str, Cells]
    names: Mapping[str, tuple[str, ...]]
    cases: Codes | None
    lengths: NDArray[np.float64]
    said: tuple[str, ...] = ()
    seated: Jury = None

    @property
    def panel(self) -> Cells:
        """The columns of the panel's jurors."""
        return self.cells["juror"][:, seats(self.names["juror"], self.seated)]

    def cut(self, rows: NDArray[np.bool_]) -> Told:
        """Return the answers about some of the outputs."""
        return replace(
            self,
            rows=tuple(key for key, kept in zip(self.rows, rows, strict=True) if kept),
            cells={kind: cells[rows] for kind, cells in self.cells.items()},
            cases=None if self.cases is None else np.unique(self.cases[rows], return_inverse=True)[1],
            lengths=self.lengths[rows],
        )


def told(
    frame: pd.DataFrame,
    question: str,
    measure: Measure,
    case: Mapping[Key, str] | None = None,
    characters: Mapping[Key, float] | None = None,
) -> Told:
    """Return the first-occasion answers to a question, read as its measure says.

    Examples
    --------
    >>> frame = pd.DataFrame({"item": ["i", "i"], "rater": ["A", "B"], "kind": "clinician",
    ...     "question": "harms", "value": ['["dose"]', "dose | delay"]})
    >>> [sorted(cell) for cell in told(frame, "harms", "sets").cells["clinician"][0]]
    [['dose'], ['delay', 'dose']]
    """
    rows = _answered(frame, question)
    said: list[str] = []
    found = _places(rows) if _in_parts(rows, measure) else _read(rows, question, measure, said)
    keys = tuple(sorted({key for key, _, _ in found}))
    cells, names = {}, {}
    for kind in ("clinician", "juror"):
        own = {(key, rater): cell for key, (of, rater), cell in found if of == kind}
        names[kind] = tuple(sorted({rater for _, rater in own}))
        cells[kind] = np.empty((len(keys), len(names[kind])), dtype=object)
        place = {name: at for at, name in enumerate(names[kind])}
        row = {key: at for at, key in enumerate(keys)}
        for (key, rater), cell in own.items():
            cells[kind][row[key], place[rater]] = cell
    lengths = np.array([_of(characters, key) for key in keys], dtype=float)
    return Told(question, measure, keys, cells, names, cases_of(keys, case or {}), lengths, tuple(said))


def _answered(frame: pd.DataFrame, question: str) -> pd.DataFrame:
    rows = frame[(frame["question"].astype(str) == question) & frame["kind"].isin(["clinician", "juror"])]
    for column, wanted in (("occasion", 1), ("status", "answered")):
        if column in rows:
            rows = rows[rows[column] == wanted]
    part = rows["part"].fillna("").astype(str) if "part" in rows else ""
    rows = rows.assign(part=part, item=rows["item"].astype(str), rater=rows["rater"].astype(str))
    keys = rows[["item", "part", "rater"]].duplicated(keep="first").to_numpy()
    if keys.any():
        first = rows[keys].iloc[0]
        raise Refusal(
            f"{first['rater']!r} answered {question!r} more than once about item {first['item']!r}. "
            "Keep one row each, or number the repeats in the column 'occasion'."
        )
    return rows


def _in_parts(rows: pd.DataFrame, measure: Measure) -> bool:
    return measure == "ranking" and "number" in rows and bool(rows["number"].notna().any())


def _places(rows: pd.DataFrame) -> list[tuple[Key, tuple[str, str], Any]]:
    """One row an output and its place in the column of numbers: a ranking is a rater's rows of an item."""
    made: dict[tuple[Key, tuple[str, str]], dict[str, float]] = {}
    named = rows[rows["number"].notna()]
    for item, part, kind, rater, number in named[["item", "part", "kind", "rater", "number"]].itertuples(
        index=False
    ):
        made.setdefault(((item, ""), (str(kind), rater)), {})[part] = float(number)
    return [(key, who, cell) for (key, who), cell in made.items()]


def _read(
    rows: pd.DataFrame, question: str, measure: Measure, said: list[str]
) -> list[tuple[Key, tuple[str, str], Any]]:
    found, omissions, merged = [], 0, 0
    known: dict[str, Any] = {}
    numbers = rows["number"] if "number" in rows else pd.Series(np.nan, index=rows.index)
    columns = (rows["item"], rows["part"], rows["kind"], rows["rater"], rows["value"].astype(str), numbers)
    for item, part, kind, rater, value, number in zip(*columns, strict=True):
        if measure == "preference" and number == number:
            cell: Any = float(np.sign(number))
        elif value in known:
            cell = known[value]
        else:
            cell = known[value] = _cell(value, measure, f"{rater}'s {question!r} of {item!r}")
        if measure == "spans":
            marks, missing, joined = cell
            omissions, merged, cell = omissions + missing, merged + joined, marks
        found.append(((item, part), (str(kind), rater), cell))
    if omissions:
        said.append(f"Marks of something missing stand nowhere in the text and are left out: {omissions}.")
    if merged:
        said.append(f"Overlapping marks of one label by one rater were joined: {merged}.")
    return found


def _cell(value: str, measure: Measure, where: str) -> Any:
    if measure == "preference":
        if (sign := side(value)) is None:
            raise Refusal(f"{where}: {value!r} is no preference; write A, B or tie.")
        return sign
    if measure == "ranking":
        return ranks(value)
    held = listed(value)
    if measure == "sets":
        return frozenset(map(str, held)) if held is not None else frozenset(_few(value))
    if held is None:
        raise Refusal(
            f"{where}: {value[:40]!r} is no list of marks; "
            'write [{"start": 3, "end": 9, "label": "wrong"}], or [] for none.'
        )
    return _spans(held, where)


def _few(value: str) -> list[str]:
    """One label, or several with semicolons; commas may belong to a label."""
    return [part.strip() for part in value.split(";") if part.strip()]


def _spans(marks: Sequence[Any], where: str) -> tuple[tuple[Span, ...], int, int]:
    """Return marks in their order, how many omissions were left out and how many marks were joined."""
    missing = [mark for mark in marks if isinstance(mark, dict) and "missing" in mark]
    made = [_span(mark, where) for mark in marks if mark not in missing]
    kept: list[Span] = []
    for span in sorted(made, key=lambda one: (one.label, one.begin, one.end)):
        last = kept[-1] if kept else None
        if last and last.label == span.label and span.begin < last.end:
            kept[-1] = Span(last.begin, max(last.end, span.end), span.label)
        else:
            kept.append(span)
    return tuple(kept), len(missing), len(made) - len(kept)


def _span(mark: Any, where: str) -> Span:
    begin = end = label = None
    if isinstance(mark, dict):
        begin, end = mark.get("start", mark.get("begin")), mark.get("end")
        label = mark.get("label", "")
    elif isinstance(mark, list) and len(mark) in (2, 3):
        begin, end, label = mark[0], mark[1], mark[2] if len(mark) > 2 else ""
    if not (isinstance(begin, int) and isinstance(end, int) and 0 <= begin < end):
        raise Refusal(
            f"{where}: {str(mark)[:60]} is no mark; it needs a start and a later end, counted from 0."
        )
    return Span(begin, end, str(label or ""))


def _of(facts: Mapping[Key, float] | None, key: Key) -> float:
    known = facts or {}
    return known.get(key, known.get((key[0], ""), float("nan")))
