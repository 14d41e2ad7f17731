"""One answer checked: its value by its kind, its reason, comment and confidence."""

from __future__ import annotations

from typing import Any

from annotate.answers.answer import LONGEST_COMMENT, Answer, Asked, Wrong, fields, said, text
from annotate.answers.kinds import KINDS
from annotate.item import Item, Output
from annotate.question import CONFIDENCES, Question
from annotate.taxonomy import Taxonomy

KEYS = ("value", "unable", "comment", "confidence")


def check(
    question: Question,
    item: Item,
    answer: object,
    *,
    outputs: tuple[Output, ...] | None = None,
    output: Output | None = None,
    taxonomy: Taxonomy | None = None,
) -> Answer | str:
    """Return the checked answer, or one sentence that says why it cannot be kept.

    Parameters
    ----------
    answer : object
        Whatever JSON arrived; see `annotate.answers` for what a page sends.
    outputs : tuple of Output, optional
        As shown (`annotate.shown.shown_outputs`); the item's own by default.
    output : Output, optional
        The one that the question is about, for questions asked of each.

    Examples
    --------
    >>> from data.shipped import protocol
    >>> accuracy = protocol("medhelm").question("accuracy")
    >>> check(accuracy, Item("1"), {"value": 4, "comment": "One slip."})
    Answer(question='accuracy', value='4', unable='', comment='One slip.', confidence='', gaps=())
    >>> check(accuracy, Item("1"), {"value": 7})
    "accuracy: '7' is not one of its points (1, 2, 3, 4, 5)."
    """
    about = Asked(question, item, item.outputs if outputs is None else outputs, output, taxonomy)
    try:
        return _checked(about, fields(answer, "an answer", KEYS))
    except Wrong as wrong:
        return f"{question.key}: {wrong}."


def _checked(about: Asked, answer: dict[str, Any]) -> Answer:
    question = about.question
    comment = text(answer.get("comment") or "", "the comment", LONGEST_COMMENT)
    confidence = _confidence(question, answer.get("confidence"))
    if answer.get("unable"):
        reason = _reason(question, answer)
        bare = reason == "other" and not comment
        return Answer(
            question.key, None, reason, comment, confidence, ("Say in a comment why.",) if bare else ()
        )
    if answer.get("value") is None:
        return Answer(question.key, comment=comment, confidence=confidence)
    value, gaps = KINDS[question.kind](about, answer["value"])
    if value is not None and not comment and wants_comment(question, value):
        gaps = (*gaps, "This answer needs a comment.")
    return Answer(question.key, value, "", comment, confidence, gaps)


def _reason(question: Question, answer: dict[str, Any]) -> str:
    if answer.get("value") is not None:
        raise Wrong("it has a value and a reason why there is none; send one of the two")
    if answer["unable"] not in question.unable:
        known = ", ".join(question.unable) or "none is offered"
        raise Wrong(f"{said(answer['unable'])} is not one of its reasons ({known})")
    return str(answer["unable"])


def _confidence(question: Question, confidence: object) -> str:
    if confidence in (None, ""):
        return ""
    if not question.confidence:
        raise Wrong("it does not ask for confidence")
    if confidence not in CONFIDENCES:
        raise Wrong(f"confidence {said(confidence)} is not one of {', '.join(CONFIDENCES)}")
    return str(confidence)


def wants_comment(question: Question, value: object) -> bool:
    """Whether this value cannot stand without a comment."""
    if question.comment == "required":
        return True
    if question.comment != "extremes" or question.scale is None or not question.scale.points:
        return False
    return value in (question.scale.points[0].value, question.scale.points[-1].value)
