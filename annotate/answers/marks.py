"""Marks in the output: spans with label and severity, omissions, and one judgement a sentence."""

from __future__ import annotations

from typing import Any

from annotate.answers.answer import LONGEST_LINE, MOST_MARKS, Asked, Wrong, fields, listed, said, text
from annotate.answers.points import point_value
from annotate.sentences import sentences

SPAN_KEYS = ("start", "end", "quote", "label", "severity", "missing")


def spans(about: Asked, value: object) -> tuple[Any, tuple[str, ...]]:
    """Check every mark against the output: its offsets must hold the words that it quotes."""
    marks = [_mark(about, mark) for mark in listed(value, "it", MOST_MARKS)]
    question = about.question
    gaps = []
    if any("missing" in mark and not mark["missing"] for mark in marks):
        gaps.append("Say what is missing.")
    if question.scale and question.scale.points and any("label" not in mark for mark in marks):
        gaps.append("Choose a label for each mark.")
    if question.severities and any("severity" not in mark for mark in marks):
        gaps.append("Say how severe each mark is.")
    return marks, tuple(gaps)


def _mark(about: Asked, value: object) -> dict[str, Any]:
    found = fields(value, "a mark", SPAN_KEYS)
    mark = _omission(about, found) if "missing" in found else _span(about, found)
    if found.get("label") not in (None, ""):
        mark["label"] = point_value(about.question.scale, found["label"], "labels")
    if found.get("severity") not in (None, ""):
        mark["severity"] = point_value(about.question.severities, found["severity"], "severities")
    return mark


def _omission(about: Asked, found: dict[str, Any]) -> dict[str, Any]:
    if not about.question.omissions:
        raise Wrong("it does not ask for what is missing")
    if "start" in found or "end" in found:
        raise Wrong("what is missing has no place in the text; send 'missing' without 'start' and 'end'")
    return {"missing": text(found["missing"], "what is missing", LONGEST_LINE)}


def _span(about: Asked, found: dict[str, Any]) -> dict[str, Any]:
    output = about.text()
    start, end = _offset(found, "start"), _offset(found, "end")
    if not 0 <= start < end <= len(output):
        raise Wrong(f"{start} to {end} is not within the output's {len(output):,} characters")
    if found.get("quote") != output[start:end]:
        raise Wrong(f"the output says {said(output[start:end])} there, not {said(found.get('quote'))}")
    return {"start": start, "end": end, "quote": output[start:end]}


def _offset(found: dict[str, Any], key: str) -> int:
    value = found.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Wrong(f"{key!r} of a mark must be a whole number, not {said(value)}")
    return value


def sentence_marks(about: Asked, value: object) -> tuple[Any, tuple[str, ...]]:
    """Check one judgement for each sentence of the output, in order; null where there is none yet."""
    count = len(sentences(about.text()))
    given = listed(value, "it", max(count, 1))
    if len(given) != count:
        raise Wrong(f"it has {len(given)} judgements for {count} sentences")
    marks = [_judgement(about, one) for one in given]
    left = sum(mark is None for mark in marks)
    gaps = [f"Judge every sentence: {left} {'is' if left == 1 else 'are'} left."] if left else []
    if any(_bare(about, mark) for mark in marks if mark):
        gaps.append("Say how severe each flagged sentence is.")
    return marks, tuple(gaps)


def _judgement(about: Asked, value: object) -> dict[str, str] | None:
    if value is None:
        return None
    found = fields(value, "a sentence", ("value", "severity"))
    mark = {"value": point_value(about.question.scale, found.get("value"), "points")}
    if found.get("severity") not in (None, "") and not _harmless(about, mark):
        mark["severity"] = point_value(about.question.severities, found["severity"], "severities")
    return mark


def _bare(about: Asked, mark: dict[str, str]) -> bool:
    return about.question.severities is not None and not _harmless(about, mark) and "severity" not in mark


def _harmless(about: Asked, mark: dict[str, str]) -> bool:
    points = about.question.scale.points if about.question.scale else ()
    return bool(points) and mark["value"] == points[0].value
