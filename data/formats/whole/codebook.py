"""The codebook: every question and every point in words, and every column of the other files."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from annotate.protocol import Protocol
from annotate.question import Question

COLUMNS = {
    "item": "what was rated",
    "part": "which part of it: an output, a criterion, a sentence; empty for the whole",
    "rater": "who rated, under a pseudonym",
    "kind": "clinician, juror or metric",
    "question": "what was asked",
    "value": "what was said; empty where unanswered",
    "number": "where the value stands on the question's scale",
    "occasion": "1, and from 2 hidden repeats and further samples",
    "step": "the step of the design, where it has several",
    "status": "answered, unable, refused, failed or skipped",
    "reason": "why it is unanswered",
    "comment": "the rater's words",
    "confidence": "how sure the rater said to be",
    "submitted_at": "when, in UTC",
}


def codebook(protocol: Protocol) -> pd.DataFrame:
    """Return one row a point of every question, and one a column of the ratings file.

    Examples
    --------
    >>> from data.shipped import protocol
    >>> book = codebook(protocol("medhelm"))
    >>> book[book["question"] == "clarity"]["value"].tolist()
    ['1', '2', '3', '4', '5']
    """
    rows = [row for question in protocol.questions for row in _rows(question)]
    rows += [{"column": name, "text": text} for name, text in COLUMNS.items()]
    names = ["column", "question", "text", "kind", "level", "value", "label", "number", "asked_of"]
    return pd.DataFrame(rows, columns=names).astype({"number": "float64"})


def _rows(question: Question) -> Iterator[dict[str, object]]:
    about: dict[str, object] = {
        "column": "question",
        "question": question.key,
        "text": question.text,
        "kind": question.kind,
    }
    yield from _points(about | {"asked_of": _asked(question)}, question)
    if question.severities:
        severe = {"question": f"{question.key}.severity", "text": f"How bad: {question.text}"}
        for point in question.severities.points:
            level = {"level": question.severities.level, "value": point.value}
            yield about | severe | level | {"label": point.label, "number": point.number}


def _points(about: dict[str, object], question: Question) -> Iterator[dict[str, object]]:
    scale = question.scale
    if scale is None or not scale.points:
        low = "" if scale is None or scale.low is None else f"from {scale.low:g} "
        high = "" if scale is None or scale.high is None else f"to {scale.high:g}"
        yield about | {"level": scale.level if scale else "", "label": (low + high).strip()}
        return
    for point in scale.points:
        yield about | {
            "level": scale.level,
            "value": point.value,
            "label": point.label,
            "number": point.number,
        }


def _asked(question: Question) -> str:
    """When the question is asked, where it is not always."""
    said = []
    if question.shown_if:
        said.append(f"after {question.shown_if[0]} = {' or '.join(question.shown_if[1])}")
    if question.asked_of:
        said.append(f"items with {question.asked_of[0]} = {' or '.join(question.asked_of[1])}")
    if question.steps:
        said.append(f"in step {' and '.join(question.steps)}")
    return "; ".join(said)
