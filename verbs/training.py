"""The training round: items with an agreed answer, feedback after each, a pass mark, as often as needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from annotate.fault import Fault
from annotate.item import Item
from annotate.protocol import Protocol
from annotate.question import Question
from data.store import Session, assignments, items, ratings
from data.store.assignments import Standing

if TYPE_CHECKING:
    from verbs.sitting import Sitting

COLUMN = "agreed_"
"""Column of the items file: ``agreed_accuracy`` holds the agreed answer, or several divided by ``|``."""

COMPARABLE = ("scale", "choice", "number", "placement", "text")
"""The kinds of question whose answer is one value, which can be the agreed one or not."""


def agreed(item: Item, question: Question) -> tuple[str, ...]:
    """Return the answers to a question that were agreed upon; none where there are none.

    Examples
    --------
    >>> agreed(Item("t1", strata={"agreed_accuracy": "4 | 5"}), Question("accuracy", "Accuracy"))
    ('4', '5')
    """
    written = item.strata.get(COLUMN + question.key, "")
    return tuple(part.strip() for part in written.split("|") if part.strip())


def check_agreed(protocol: Protocol, items: Iterable[Item]) -> None:
    """Refuse agreed answers that no rater could ever give: nobody would pass the round.

    Examples
    --------
    >>> from data.shipped import protocol
    >>> check_agreed(protocol("medhelm"), [Item("t1", strata={"agreed_accuracy": "7"})])
    Traceback (most recent call last):
        ...
    annotate.fault.Fault: Item 't1': '7' in column 'agreed_accuracy' is no point; write one of 1, 2, 3, 4, 5.
    """
    columns = ((item, column) for item in items for column in item.strata if column.startswith(COLUMN))
    wrong = [sentence for item, column in columns for sentence in _wrong(protocol, item, column)]
    if wrong:
        raise Fault(*wrong)


def _wrong(protocol: Protocol, item: Item, column: str) -> Iterator[str]:
    question = next((one for one in protocol.questions if COLUMN + one.key == column), None)
    where = f"Item {item.key!r}"
    if question is None:
        known = ", ".join(one.key for one in protocol.questions)
        yield f"{where}: column {column!r} names no question of the protocol ({known})."
    elif question.kind not in COMPARABLE or question.per_output:
        yield f"{where}: {question.key!r} is of a kind that has no agreed answer; take column {column!r} out."
    elif question.kind in ("scale", "choice") and question.scale:
        points = [point.value for point in question.scale.points]
        for value in agreed(item, question):
            if value not in points:
                yield (
                    f"{where}: {value!r} in column {column!r} is no point; write one of {', '.join(points)}."
                )


def passed(session: Session, protocol: Protocol, attempt: Sequence[Standing]) -> bool:
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
    """Count what agrees of the answers as first submitted: a later one was given with the agreed in sight."""
    compared = [
        row for each in attempt for row in _compared(session, protocol, each.assignment_id, first=True)
    ]
    return sum(row["agrees"] for row in compared), len(compared)


def feedback(session: Session, protocol: Protocol, assignment_id: int) -> dict[str, Any]:
    """Return what was said beside what was agreed, for one item."""
    compared = _compared(session, protocol, assignment_id, first=False)
    right = sum(row["agrees"] for row in compared)
    words = (
        f"{right} of {len(compared)} answers agree." if compared else "No answer was agreed for this item."
    )
    return {"words": words, "answers": compared}


def _compared(
    session: Session, protocol: Protocol, assignment_id: int, *, first: bool
) -> list[dict[str, Any]]:
    row = assignments.one(session, assignment_id=assignment_id)
    assert row is not None
    item = items.one(session, item_id=row.item_id)
    said = ratings.said(session, assignment=row, first=first)
    pairs = [(question, agreed(item, question)) for question in protocol.questions]
    return [_comparison(question, said.get(question.key, ""), wanted) for question, wanted in pairs if wanted]


def _comparison(question: Question, value: str, wanted: tuple[str, ...]) -> dict[str, Any]:
    return {
        "question": question.text,
        "yours": _label(question, value or "nothing"),
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
    words = (
        f"{right} of {asked} answers agreed when first given; the study asks for "
        f"{_pass_mark(now.protocol):.0%}. You can do it again."
    )
    return {"headline": "Not quite there yet", "words": words, "again": True}
