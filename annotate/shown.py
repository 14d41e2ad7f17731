"""Which outputs of an item a form shows, in which order, and which questions it asks about them."""

from __future__ import annotations

from annotate.assignment import Assignment
from annotate.item import Item, Output
from annotate.protocol import Protocol
from annotate.question import Question
from annotate.sentences import sentences


def shown_outputs(protocol: Protocol, item: Item, assignment: Assignment | None = None) -> tuple[Output, ...]:
    """Return the item's outputs as this form shows them: in the stored order, blinded by their places.

    The first of several steps is done unaided and shows none; where a later step has an arm, it shows
    the output that has the arm's name as its key, if there is one.

    Examples
    --------
    >>> from data.shipped import protocol
    >>> item = Item("1", (Output("one", key="x"), Output("two", key="y")))
    >>> order = Assignment("1", "C01", output_order=("y", "x"))
    >>> [output.text for output in shown_outputs(protocol("medhelm"), item, order)]
    ['two', 'one']
    """
    step, arm, order = ("", "", ()) if assignment is None else _said(assignment)
    steps = protocol.design.steps
    if steps and step in ("", steps[0]):
        return ()
    outputs = [output for output in item.outputs if not (steps and arm) or output.key == arm]
    places = {key: place for place, key in enumerate(order)}
    return tuple(sorted(outputs, key=lambda output: places.get(output.key, len(places))))


def _said(assignment: Assignment) -> tuple[str, str, tuple[str, ...]]:
    return assignment.step, assignment.arm, assignment.output_order


def asked(protocol: Protocol, item: Item, assignment: Assignment | None = None) -> tuple[Question, ...]:
    """Return the questions that this form has, before any answer decides about the conditional ones.

    Left out are questions of another step, of other items (`asked_of`), about outputs where none is
    shown, about an empty checklist, and about the task of an item that was given none.
    """
    step = assignment.step if assignment else ""
    outputs = shown_outputs(protocol, item, assignment)
    return tuple(
        question
        for question in protocol.questions
        if _fits_step(question, step) and _fits_item(question, item) and _has_matter(question, item, outputs)
    )


def _fits_step(question: Question, step: str) -> bool:
    return not question.steps or not step or step in question.steps


def _fits_item(question: Question, item: Item) -> bool:
    if question.kind == "placement" and question.level == "task" and not item.task:
        return False
    if question.asked_of is None:
        return True
    column, values = question.asked_of
    return str(column_of(item, column)) in values


def column_of(item: Item, column: str) -> str:
    """Return what an item says in a column: a level of the taxonomy, the benchmark, the case, a stratum."""
    if column in ("benchmark", "category", "subcategory", "task", "case"):
        return str(getattr(item, column))
    return item.strata.get(column, "")


def _has_matter(question: Question, item: Item, outputs: tuple[Output, ...]) -> bool:
    if question.kind == "checklist":
        return bool(item.criteria)
    if question.kind == "sentences":
        return any(sentences(output.text) for output in outputs)
    if question.kind in ("spans", "ranking") or question.per_output or question.compares:
        return bool(outputs)
    return True
