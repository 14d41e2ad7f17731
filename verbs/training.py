"""The training round: items with an agreed answer, feedback after each, a pass mark, as often as needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from annotate.answers import Answer, check_form
from annotate.item import Item
from annotate.protocol import Protocol
from annotate.question import Question
from data.store import Session, assignments, items, room
from data.store.assignments import Standing

if TYPE_CHECKING:
    from verbs.sitting import Sitting

COLUMN = "agreed_"
"""Column of the items file: ``agreed_accuracy`` holds the agreed answer, or several divided by ``|``."""


def agreed(item: Item, question: Question) -> tuple[str, ...]:
    """Return the answers to a question that were agreed upon; none where there are none.

    Examples
    --------
    >>> agreed(Item("t1", strata={"agreed_accuracy": "4 | 5"}), Question("accuracy", "Accuracy"))
    ('4', '5')
    """
    written = item.strata.get(COLUMN + question.key, "")
    return tuple(part.strip() for part in written.split("|") if part.strip())


def passed(session: Session, rater_id: int, protocol: Protocol, attempt: Sequence[Standing]) -> bool:
    """Whether the latest attempt reached the pass mark; true where there is no training."""
    if not attempt:
        return True
    if not all(each.done for each in attempt):
        return False
    right, asked = _score(session, protocol, attempt)
    return asked == 0 or right >= asked * _pass_mark(protocol) - 1e-9


def _pass_mark(protocol: Protocol) -> float:
    return protocol.training.pass_mark if protocol.training else 0.0


def _score(session: Session, protocol: Protocol, attempt: Sequence[Standing]) -> tuple[int, int]:
    compared = [row for each in attempt for row in _compared(session, protocol, each.assignment_id)]
    return sum(row["agrees"] for row in compared), len(compared)


def feedback(session: Session, protocol: Protocol, assignment_id: int) -> dict[str, Any]:
    """Return what was said beside what was agreed, for one item."""
    compared = _compared(session, protocol, assignment_id)
    right = sum(row["agrees"] for row in compared)
    words = (
        f"{right} of {len(compared)} answers agree." if compared else "No answer was agreed for this item."
    )
    return {"words": words, "answers": compared}


def _compared(session: Session, protocol: Protocol, assignment_id: int) -> list[dict[str, Any]]:
    row = assignments.one(session, assignment_id=assignment_id)
    draft = room.draft(session, assignment_id=assignment_id)
    assert row is not None
    item = items.one(session, item_id=row.item_id)
    answers, _ = check_form(protocol, item, dict(draft.form) if draft else {})
    pairs = [(question, agreed(item, question)) for question in protocol.questions]
    return [_comparison(question, answers.get(question.key), wanted) for question, wanted in pairs if wanted]


def _comparison(question: Question, answer: Answer | None, wanted: tuple[str, ...]) -> dict[str, Any]:
    value = "" if answer is None or answer.value is None else str(answer.value)
    yours = value or (f"unable: {answer.unable}" if answer and answer.unable else "nothing")
    return {
        "question": question.text,
        "yours": _label(question, yours),
        "agreed": " or ".join(_label(question, one) for one in wanted),
        "agrees": value in wanted,
    }


def _label(question: Question, value: str) -> str:
    points = question.scale.points if question.scale else ()
    label = next((point.label for point in points if point.value == value), "")
    return f"{value} – {label}" if label and label != value else value


def verdict(now: Sitting) -> dict[str, Any]:
    """Return how the training ended, in words, and that it can be repeated."""
    right, asked = _score(now.session, now.protocol, now.reachable)
    words = f"{right} of {asked} answers agree; the study asks for {_pass_mark(now.protocol):.0%}."
    return {"headline": "Not quite there yet", "words": words + " You can do it again.", "again": True}
