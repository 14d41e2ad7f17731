"""Which items raters disagree about, and the forms of the one who settles them blind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from annotate.assignment import Assignment
from annotate.item import Item
from annotate.protocol import Protocol
from annotate.question import Question
from annotate.shown import shown_outputs

SETTLED = ("scale", "choice", "multi", "number", "sentences", "checklist", "placement")
"""Kinds of question whose answers can be equal or not; marks, rankings and texts are for reading."""


@dataclass(frozen=True, slots=True)
class Said:
    """One answered row, as a disagreement is judged by it."""

    item: str
    question: str
    part: str
    rater: str
    value: str
    number: float | None = None


def disagreements(
    protocol: Protocol, said: Iterable[Said], *, apart: float = 2.0
) -> dict[str, tuple[str, ...]]:
    """Return the questions that raters disagree about, by item; items with none are left out.

    Parameters
    ----------
    apart : float
        How far two answers on an interval or ratio scale must be apart to disagree. On a nominal or
        ordinal one every difference counts.

    Examples
    --------
    >>> from data.shipped import protocol
    >>> said = [Said("1", "clarity", "", "A", "2", 2.0), Said("1", "clarity", "", "B", "4", 4.0),
    ...         Said("2", "clarity", "", "A", "3", 3.0), Said("2", "clarity", "", "B", "4", 4.0)]
    >>> disagreements(protocol("medhelm"), said)
    {'1': ('clarity',)}
    """
    questions = {question.key: question for question in protocol.questions if question.kind in SETTLED}
    answers: dict[tuple[str, str, str], list[Said]] = defaultdict(list)
    for row in said:
        if row.question in questions:
            answers[row.item, row.question, row.part].append(row)
    found: dict[str, dict[str, None]] = {}
    for (item, key, _), rows in answers.items():
        if len({row.rater for row in rows}) > 1 and _apart(questions[key], rows, apart):
            found.setdefault(item, {})[key] = None
    return {item: tuple(keys) for item, keys in found.items()}


def _apart(question: Question, rows: Sequence[Said], apart: float) -> bool:
    numbers = [row.number for row in rows if row.number is not None]
    level = question.scale.level if question.scale else "nominal"
    if level in ("interval", "ratio") and len(numbers) == len(rows):
        return max(numbers) - min(numbers) >= apart
    return len({row.value for row in rows}) > 1


def adjudication(
    protocol: Protocol,
    items: Sequence[Item],
    assignments: Iterable[Assignment],
    rater: str,
    *,
    seed: int,
) -> tuple[Assignment, ...]:
    """Return an adjudicator's forms: the items in a drawn order, outputs turned anew, in their own round.

    Items that the adjudicator rated are left out: nobody settles a case against oneself.

    Examples
    --------
    >>> from data.shipped import protocol
    >>> [form.round for form in adjudication(protocol("medhelm"), [Item("1")], (), "A01", seed=1)]
    ['adjudication']
    """
    rng = np.random.default_rng(seed)
    rated = {form.item for form in assignments if form.rater == rater}
    mine = [item for item in items if item.key not in rated]
    found = []
    for place, number in enumerate(rng.permutation(len(mine))):
        item, steps = mine[number], protocol.design.steps or ("",)
        for at, step in enumerate(steps):
            form = Assignment(
                item.key, rater, place=place * len(steps) + at + 1, round="adjudication", step=step
            )
            keys = [output.key for output in shown_outputs(protocol, item, form)]
            order = [keys[n] for n in rng.permutation(len(keys))] if protocol.blinding.order else keys
            found.append(
                Assignment(
                    item.key,
                    rater,
                    place=form.place,
                    round="adjudication",
                    output_order=tuple(order) if len(order) > 1 else (),
                    step=step,
                )
            )
    return tuple(found)
