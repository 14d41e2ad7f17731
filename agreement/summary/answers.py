"""The answers to one question as the ways of summing up read them, and what they return."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from agreement.alpha.krippendorff import Level
from agreement.estimate import Estimate, undefined
from agreement.matrix import Matrix, matrix

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a way of summing up must know of a question.

    Attributes
    ----------
    question : str
        Its key; ``"composite"`` for the composite score.
    points : tuple of (value, label, number)
        The declared points, also those that nobody used; empty where it has none.
    measured : Level
        What may be computed with the numbers.
    level : str
        Placement: the column of the items that was reviewed.
    composite : tuple of str
        The questions that a composite is made of.
    """

    question: str
    points: tuple[tuple[str, str, float], ...] = ()
    measured: Level = "nominal"
    level: str = "subcategory"
    composite: tuple[str, ...] = ()

    @property
    def numbers(self) -> list[float]:
        """The numbers of the declared points, ascending."""
        return sorted(number for _, _, number in self.points)

    def label(self, number: float) -> str:
        """Return the value of the point that stands there."""
        return next((value for value, _, at in self.points if at == number), f"{number:g}")


@dataclass(frozen=True, slots=True)
class Summary:
    """One question summed up one way: figures by name, a table or texts where those were asked for."""

    question: str
    how: str
    figures: dict[str, Estimate] = field(default_factory=dict)
    table: pd.DataFrame | None = None
    texts: tuple[str, ...] = ()


def answered(frame: pd.DataFrame, asked: Asked, kinds: Sequence[str] = ("clinician",)) -> pd.DataFrame:
    """Return the first-occasion answers of these kinds to the question, with a number for each value.

    A value without a number (a place, a word) gets its place among the values, so that equal is equal.
    """
    if asked.question == "composite":
        frame = _composite(frame, asked)
    rows = frame[(frame["question"].astype(str) == asked.question) & frame["kind"].astype(str).isin(kinds)]
    for column, wanted in (("occasion", 1), ("status", "answered")):
        if column in rows:
            rows = rows[rows[column] == wanted]
    rows = rows.copy()
    if "step" in rows and rows["step"].astype(str).nunique() > 1:
        rows["part"] = rows["step"].astype(str) + "/" + rows["part"].astype(str)
    if len(rows) and rows["number"].isna().all() and "value" in rows:
        values = rows["value"].astype(str)
        rows["number"] = values.map({value: float(n) for n, value in enumerate(sorted(set(values)))})
    return rows


def _composite(frame: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Return one row for each rater's composite of an item: the mean where all its questions are answered."""
    keys = [name for name in ("item", "part", "rater", "occasion", "step") if name in frame]
    mine = frame[frame["question"].astype(str).isin(asked.composite)]
    plain = mine.assign(**{name: mine[name].astype(str) for name in keys if name != "occasion"})
    found = plain.groupby(keys, sort=False)["number"].agg(["mean", "sum", "count"]).reset_index()
    found = found[found["count"] == len(asked.composite)]
    rest = plain.drop(columns=["question", "number", "value"], errors="ignore").drop_duplicates(keys)
    return (
        found.rename(columns={"mean": "number", "sum": "total"})
        .merge(rest, on=keys)
        .assign(question="composite", value=lambda rows: rows["number"].astype(str), status="answered")
    )


def ratings(rows: pd.DataFrame, question: str, kinds: Sequence[str] = ("clinician",)) -> Matrix:
    """Return answers as items by raters."""
    return matrix(rows, question=question, kinds=kinds)


def cases(rows: pd.DataFrame) -> NDArray[np.int64]:
    """Return a code for each row's case; an item without one is its own."""
    names = rows["item"].astype(str)
    if "case" in rows:
        of = rows["case"].astype(str)
        names = names.where(of == "", "case " + of)
    return np.asarray(pd.factorize(names)[0], dtype=np.int64)


def clustered(
    name: str,
    values: Floats,
    of_case: NDArray[np.int64],
    n_raters: int,
    n_items: int | None = None,
    *,
    level: float = 0.95,
) -> Estimate:
    """Return the mean of all answers, its interval by whole cases (linearised, t)."""
    n = len(values)
    if not n:
        return undefined(name, "Nobody answered.", n_raters=n_raters)
    value, error, groups = float(values.mean()), _error(values, of_case), int(of_case.max()) + 1
    reach = float(stats.t.ppf((1 + level) / 2, groups - 1)) * error if groups > 1 else float("nan")
    how = "mean of all answers; linearised over cases, t"
    found = Estimate(name, value, value - reach, value + reach, n_items or groups, n_raters, how, level)
    return found if groups > 1 else found.noting("One case has no spread, so there is no interval.")


def clustered_share(
    name: str,
    hits: NDArray[np.bool_],
    of_case: NDArray[np.int64],
    n_raters: int,
    n_items: int | None = None,
    *,
    level: float = 0.95,
) -> Estimate:
    """Return a share of all answers; Wilson's interval on the answers' worth when cases repeat.

    Several answers about one case are worth less than as many about several cases: the number of
    answers is divided by the design effect, as Korn and Graubard (1998) do.
    """
    n = len(hits)
    if not n:
        return undefined(name, "Nobody answered.", n_raters=n_raters)
    p, groups = float(hits.mean()), int(of_case.max()) + 1
    error = _error(hits.astype(float), of_case) if groups > 1 else float("nan")
    worth = float(groups) if groups < n and p in (0.0, 1.0) else float(n)
    if 0 < p < 1 and error > 0:
        worth = min(float(n), p * (1 - p) / error**2)
    z = float(stats.norm.ppf((1 + level) / 2))
    middle = (p + z * z / (2 * worth)) / (1 + z * z / worth)
    half = z / (1 + z * z / worth) * np.sqrt(p * (1 - p) / worth + z * z / (4 * worth**2))
    low, high = max(0.0, min(p, middle - half)), min(1.0, max(p, middle + half))
    how = "Wilson interval, design effect of cases"
    return Estimate(name, p, low, high, n_items or groups, n_raters, how, level)


def _error(values: Floats, of_case: NDArray[np.int64]) -> float:
    off = np.bincount(of_case, values - values.mean())
    groups = len(off)
    return (
        float(np.sqrt((off**2).sum() * groups / (groups - 1)) / len(values)) if groups > 1 else float("nan")
    )


def raters_in(rows: pd.DataFrame) -> int:
    """Return how many raters said something."""
    return int(rows["rater"].astype(str).nunique())


def items_in(rows: pd.DataFrame) -> int:
    """Return how many items something was said about."""
    return int(rows["item"].astype(str).nunique())


def lists(values: Iterable[object]) -> list[list[Any]]:
    """Return the lists that values hold as JSON; a text that is none is a list of its lines."""
    return [_list(str(value)) for value in values]


def _list(value: str) -> list[Any]:
    try:
        found = json.loads(value)
    except ValueError:
        return value.splitlines()
    return found if isinstance(found, list) else [found]
