"""From a checked form to ratings: one row a question, or one a part where an answer has parts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from annotate.answers.answer import Answer
from annotate.answers.form import Slot, check_form, complete, open_slots
from annotate.assignment import Assignment
from annotate.fault import Fault
from annotate.item import Item
from annotate.protocol import Protocol
from annotate.question import Question
from annotate.rating import Rating
from annotate.taxonomy import Taxonomy

Part = tuple[str, str, float | None]
"""Part, value, number."""


def rows(
    protocol: Protocol,
    item: Item,
    form: dict[str, Any],
    assignment: Assignment,
    *,
    taxonomy: Taxonomy | None = None,
    submitted_at: datetime | None = None,
    answers: Mapping[str, Answer] | None = None,
) -> tuple[Rating, ...]:
    """Return the ratings that a complete form says; a Fault with every gap where it is not complete.

    `Rating.part` names, joined by ``/`` where there are several: the output, then the criterion, the number
    of the sentence, or the output that a rank belongs to. (The step is the assignment's, kept with it.)
    A flagged sentence has a second row, question ``"<key>.severity"``. A question that was left open is
    ``skipped``; one that was not asked has no row. `answers` are what `check_form` found in this form, from
    a caller who has asked already.

    Examples
    --------
    >>> from data.shipped import protocol
    >>> form = {"accuracy": {"value": "4"}, "completeness": {"value": "5"},
    ...         "clarity": {"unable": "output unreadable"}}
    >>> for row in rows(protocol("medhelm"), Item("1"), form, Assignment("1", "C01")):
    ...     print(row.question, row.status, row.value, row.reason or "-")
    accuracy answered 4 -
    completeness answered 5 -
    clarity unable None output unreadable
    """
    gaps = complete(protocol, item, form, assignment, taxonomy, answers)
    if gaps:
        raise Fault(*(f"{gap.key}: {gap.sentence}" if gap.key else gap.sentence for gap in gaps))
    if answers is None:
        answers, _ = check_form(protocol, item, form, assignment, taxonomy)
    found: list[Rating] = []
    for slot in open_slots(protocol, item, form, assignment):
        answer = answers.get(slot.key, Answer(slot.question.key))
        found += _ratings(slot, answer, assignment, submitted_at)
    return tuple(found)


def _ratings(slot: Slot, answer: Answer, where: Assignment, at: datetime | None) -> Iterator[Rating]:
    prefix = [slot.output.key] if slot.output and slot.output.key else []
    if answer.value is None:
        status, reason = ("unable", answer.unable) if answer.unable else ("skipped", "left open")
        yield Rating(
            where.item,
            where.rater,
            slot.question.key,
            None,
            part="/".join(prefix),
            occasion=where.occasion,
            status="unable" if status == "unable" else "skipped",
            reason=reason,
            comment=answer.comment,
            confidence=answer.confidence,
            submitted_at=at,
        )
        return
    comment = _comment(answer)
    for question, (part, value, number) in _parts(slot.question, answer.value):
        yield Rating(
            where.item,
            where.rater,
            question,
            value,
            number,
            part="/".join([*prefix, part] if part else prefix),
            occasion=where.occasion,
            comment=comment,
            confidence=answer.confidence,
            submitted_at=at,
        )
        comment = ""  # said once, on the first of the parts


def _parts(question: Question, value: Any) -> Iterator[tuple[str, Part]]:
    if question.kind == "sentences":
        yield from _sentences(question, value)
    elif question.kind == "ranking":
        yield from ((question.key, part) for part in _ranks(value))
    elif question.kind == "checklist":
        for criterion, met in value.items():
            yield question.key, (criterion, met, 1.0 if met == "met" else 0.0)
    else:
        yield question.key, ("", *_one(question, value))


def _one(question: Question, value: Any) -> tuple[str, float | None]:
    if question.kind in ("scale", "choice"):
        return value, question.scale.number(value) if question.scale else None
    if question.kind == "number":
        return repr(value), float(value)
    if question.kind == "placement":
        return str(value["place"]), None
    if question.kind == "text" and not question.entries:
        return value, None
    return json.dumps(value, ensure_ascii=False, sort_keys=True), None


def _sentences(question: Question, marks: list[dict[str, str]]) -> Iterator[tuple[str, Part]]:
    for place, mark in enumerate(marks, 1):
        scale, severities = question.scale, question.severities
        number = scale.number(mark["value"]) if scale else None
        yield question.key, (str(place), mark["value"], number)
        if "severity" in mark and severities:
            severity = mark["severity"]
            yield f"{question.key}.severity", (str(place), severity, severities.number(severity))


def _ranks(places: list[list[str]]) -> Iterator[Part]:
    """Yield each output with its rank, the mean rank where several share a place."""
    better = 0
    for place in places:
        rank = better + (len(place) + 1) / 2
        for key in place:
            yield key, f"{rank:g}", rank
        better += len(place)


def _comment(answer: Answer) -> str:
    """Return the comment, with what a placement says beside its place."""
    value = answer.value if isinstance(answer.value, dict) else {}
    said = ""
    if value.get("between"):
        said = f"Between: {'; '.join(value['between'])}."
    elif value.get("name"):
        said = f"Proposed: {value['name']}."
    return " ".join(part for part in (said, answer.comment) if part)
