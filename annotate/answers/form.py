"""A whole form: which questions it asks, which answers hold, and what is missing before a submit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from annotate.answers.answer import Answer
from annotate.answers.check import check
from annotate.assignment import Assignment, slots
from annotate.item import Item, Output
from annotate.protocol import Protocol
from annotate.question import VERDICTS, Question
from annotate.shown import asked, shown_outputs
from annotate.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Slot:
    """One question as asked on one form: `key` is the form's key, `output` the one it is about."""

    key: str
    question: Question
    output: Output | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that a submit still needs: at which key of the form, and what, as a sentence."""

    key: str
    sentence: str


def form_slots(protocol: Protocol, item: Item, assignment: Assignment | None = None) -> tuple[Slot, ...]:
    """Return every question of the form, conditional ones included, in the order of the protocol."""
    outputs = shown_outputs(protocol, item, assignment)
    letters = slots(tuple(output.key for output in outputs))
    found: list[Slot] = []
    for question in asked(protocol, item, assignment):
        if question.per_output:
            each = zip(letters, outputs, strict=True)
            found += [Slot(f"{question.key}@{letter}", question, output) for letter, output in each]
        else:
            found.append(Slot(question.key, question))
    return tuple(found)


def check_form(
    protocol: Protocol,
    item: Item,
    form: object,
    assignment: Assignment | None = None,
    taxonomy: Taxonomy | None = None,
) -> tuple[dict[str, Answer], tuple[str, ...]]:
    """Return the checked answers by their key of the form, and a sentence for each that cannot be kept.

    An answer to a conditional question that is not asked (any more) is left out without a word.

    Examples
    --------
    >>> from data.shipped import protocol
    >>> answers, wrong = check_form(protocol("medhelm"), Item("1"), {"accuracy": {"value": 4}, "acuracy": 1})
    >>> answers["accuracy"].value, wrong
    ('4', ("'acuracy' is not a question of this form.",))
    """
    if not isinstance(form, dict):
        return {}, ("The form must be an object with one entry a question.",)
    slots_ = form_slots(protocol, item, assignment)
    outputs = shown_outputs(protocol, item, assignment)
    known = {slot.key: slot for slot in slots_}
    wrong = [f"{str(key)[:60]!r} is not a question of this form." for key in form if key not in known]
    answers: dict[str, Answer] = {}
    for slot in _open(slots_, form):
        if slot.key in form:
            found = check(
                slot.question, item, form[slot.key], outputs=outputs, output=slot.output, taxonomy=taxonomy
            )
            if isinstance(found, Answer):
                answers[slot.key] = found
            else:
                wrong.append(found)
    return answers, tuple(wrong[:100])


def complete(
    protocol: Protocol,
    item: Item,
    form: object,
    assignment: Assignment | None = None,
    taxonomy: Taxonomy | None = None,
    answers: Mapping[str, Answer] | None = None,
) -> list[Gap]:
    """Return what the form still needs before it can be submitted; an empty list when it is complete.

    `answers` are what `check_form` found in this form, from a caller who has asked already.

    Examples
    --------
    >>> from data.shipped import protocol
    >>> form = {"accuracy": {"value": "4"}, "clarity": {"unable": "other"}}
    >>> [(gap.key, gap.sentence) for gap in complete(protocol("medhelm"), Item("1"), form)]
    [('completeness', 'Answer, or say why you cannot.'), ('clarity', 'Say in a comment why.')]
    """
    wrong: tuple[str, ...] = ()
    if answers is None:
        answers, wrong = check_form(protocol, item, form, assignment, taxonomy)
    gaps = [Gap("", sentence) for sentence in wrong]
    for slot in _open(form_slots(protocol, item, assignment), form if isinstance(form, dict) else {}):
        answer = answers.get(slot.key)
        if answer is None or not answer.given:
            if slot.question.required:
                gaps.append(Gap(slot.key, _open_sentence(slot.question)))
        else:
            gaps += [Gap(slot.key, sentence) for sentence in answer.gaps]
    return gaps


def _open_sentence(question: Question) -> str:
    return "Answer, or say why you cannot." if question.unable else "Answer."


def open_slots(
    protocol: Protocol, item: Item, form: Mapping[str, Any], assignment: Assignment | None = None
) -> tuple[Slot, ...]:
    """Return the questions that are asked, given the answers so far."""
    return tuple(_open(form_slots(protocol, item, assignment), form))


def _open(slots_: tuple[Slot, ...], form: Mapping[str, Any]) -> Iterator[Slot]:
    shown: dict[tuple[str, str], Slot] = {}
    for slot in slots_:
        condition = slot.question.shown_if
        if condition is None or _holds(condition, slot, shown, form):
            shown[slot.question.key, slot.output.key if slot.output else ""] = slot
            yield slot


def _holds(
    condition: tuple[str, tuple[str, ...]],
    slot: Slot,
    shown: Mapping[tuple[str, str], Slot],
    form: Mapping[str, Any],
) -> bool:
    """Whether the earlier question was asked and answered so; of the same output where it was of one."""
    key, values = condition
    own = slot.output.key if slot.output else ""
    parent = shown.get((key, own)) or shown.get((key, ""))
    answer = form.get(parent.key) if parent else None
    said = answer.get("value") if isinstance(answer, dict) else None
    if isinstance(said, dict):
        said = said.get("verdict") if said.get("verdict") in VERDICTS else None
    given = said if isinstance(said, list) else [said]
    return any(_text(one) in values for one in given if one is not None)


def _text(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**53:
        return f"{value:.15g}"
    return value if isinstance(value, str) else ""
