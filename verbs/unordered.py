"""Answers that stand on no scale are words to a report: one of some points, the better of two outputs.

A store keeps the number of every point, also where it is only the point's place in a list. Read as figures
these would have means and correlations, and a preference no Bradley–Terry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from agreement.measure import side
from annotate.question import Question

SIDES = {-1: "A", 0: "tie", 1: "B"}


def of_protocol(frame: pd.DataFrame, questions: Sequence[Question]) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return a study's ratings with words only where its protocol has no order, and what those are.

    Examples
    --------
    >>> from annotate.scale import Point, Scale
    >>> points = tuple(Point(word, word, at) for at, word in enumerate(["top", "none", "bottom"]))
    >>> question = Question("q", "Which?", kind="choice", scale=Scale("nominal", points), compares=True)
    >>> said = pd.DataFrame({"question": "q", "kind": "juror", "value": ["top", "none"], "number": [0.0, 1]})
    >>> worded, measures = of_protocol(said, [question])
    >>> worded["value"].tolist(), worded["number"].tolist(), measures
    (['A', 'tie'], [nan, nan], {'q': 'preference'})
    """
    measures: dict[str, str] = {}
    for question in questions:
        scale = question.scale
        if question.kind not in ("choice", "scale") or scale is None or scale.level != "nominal":
            continue
        points, mine = scale.points, _mine(frame, question.key)
        if question.compares:
            frame = _in_words(frame, mine, _sides([point.value for point in points]))
            measures[question.key] = "preference"
        elif len(points) > 2:
            frame = _in_words(frame, mine, {})
    asked = set(frame["question"].astype(str).unique())
    return frame, {question: one for question, one in measures.items() if question in asked}


def of_file(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a file's ratings without the numbers that stand beside A, B and tie.

    Examples
    --------
    >>> said = pd.DataFrame({"question": ["q", "r"], "kind": "juror", "value": ["A", "4"], "number": [0, 4]})
    >>> of_file(said)["number"].tolist()
    [nan, 4.0]
    """
    numbered = frame["number"].notna()
    first = frame[numbered].drop_duplicates("question")
    for row in first[["question", "value"]].itertuples(index=False):
        if side(str(row.value)) is None:
            continue
        mine = _mine(frame, str(row.question))
        words = frame.loc[mine & numbered, "value"].drop_duplicates()
        if all(side(str(word)) is not None for word in words):
            frame = _in_words(frame, mine, {})
    return frame


def _mine(frame: pd.DataFrame, question: str) -> pd.Series[bool]:
    return (frame["question"].astype(str) == question) & (frame["kind"].astype(str) != "metric")


def _sides(values: Sequence[str]) -> Mapping[str, str]:
    """Return what each point of a question that compares means: what mirrors it means the other output."""
    last = len(values) - 1
    return {value: SIDES[(2 * at > last) - (2 * at < last)] for at, value in enumerate(values)}


def _in_words(frame: pd.DataFrame, mine: pd.Series[bool], words: Mapping[str, str]) -> pd.DataFrame:
    value = frame["value"].where(~mine, frame["value"].map(lambda said: words.get(str(said), said)))
    return frame.assign(value=value, number=frame["number"].where(~mine))
