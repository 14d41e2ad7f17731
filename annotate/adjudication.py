"""Which items raters disagree about, and the forms of the one who settles them blind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from annotate.assignment import Assignment
from annotate.item import Item
from annotate.protocol import Protocol
from annotate.question import Question
from annotate.shown import shown_outputs

SETTLED = ("scale", "choice", "multi", "number", "sentences", "checklist", "placement")
"""Kinds of question whose answers can be equal or not; marks, rankings and texts are for reading."""
TOGETHER = "settled"
"""Whose answers the settled ones are."""


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
    protocol: Protocol, said: Iterable[Said], *, apart: float | None = None
) -> dict[str, tuple[str, ...]]:
    """Return the questions that raters disagree about, by item; items with none are left out.

    Parameters
    ----------
    apart : float, optional
        How far two answers on an interval or ratio scale must be apart to disagree; by default what the
        protocol says. On a nominal or ordinal one every difference counts.

    Examples
    --------
    >>> from data.shipped import protocol
    >>> said = [Said("1", "clarity", "", "A", "2", 2.0), Said("1", "clarity", "", "B", "4", 4.0),
    ...         Said("2", "clarity", "", "A", "3", 3.0), Said("2", "clarity", "", "B", "4", 4.0)]
    >>> disagreements(protocol("medhelm"), said)
    {'1': ('clarity',)}
    """
    found: dict[str, dict[str, None]] = {}
    for (item, key, _), rows in _together(protocol, said).items():
        if _disputed(protocol, rows, apart):
            found.setdefault(item, {})[key] = None
    return {item: tuple(keys) for item, keys in found.items()}


def settled(
    protocol: Protocol, said: Iterable[Said], adjudicated: Iterable[Said], *, apart: float | None = None
) -> tuple[list[Said], int]:
    """Return one answer for each item and question, and how many disputes are still open.

    Where raters agree the answer is theirs (their mean on an interval or ratio scale), else it is the
    adjudicator's. A dispute without her answer is open, and has none.

    Examples
    --------
    >>> from data.shipped import protocol
    >>> said = [Said("1", "clarity", "", "A", "2", 2.0), Said("1", "clarity", "", "B", "4", 4.0),
    ...         Said("2", "clarity", "", "A", "3", 3.0), Said("2", "clarity", "", "B", "4", 4.0),
    ...         Said("3", "clarity", "", "A", "1", 1.0), Said("3", "clarity", "", "B", "5", 5.0)]
    >>> hers = [Said("1", "clarity", "", "A01", "2", 2.0)]
    >>> answers, still_open = settled(protocol("medhelm"), said, hers)
    >>> [(answer.item, answer.value) for answer in answers], still_open
    ([('1', '2'), ('2', '3.5')], 1)
    """
    hers = {(row.item, row.question, row.part): row for row in adjudicated}
    found, still_open = [], 0
    for place, rows in _together(protocol, said).items():
        if not _disputed(protocol, rows, apart):
            found.append(_agreed(rows))
        elif place in hers:
            found.append(replace(hers[place], rater=TOGETHER))
        else:
            still_open += 1
    return found, still_open


def _together(protocol: Protocol, said: Iterable[Said]) -> dict[tuple[str, str, str], list[Said]]:
    """What was said of the same: by item, question and part."""
    settling = {question.key for question in protocol.questions if question.kind in SETTLED}
    answers: dict[tuple[str, str, str], list[Said]] = defaultdict(list)
    for row in said:
        if row.question in settling:
            answers[row.item, row.question, row.part].append(row)
    return answers


def _disputed(protocol: Protocol, rows: Sequence[Said], apart: float | None) -> bool:
    apart = protocol.design.apart if apart is None else apart
    return len({row.rater for row in rows}) > 1 and _apart(protocol.question(rows[0].question), rows, apart)


def _agreed(rows: Sequence[Said]) -> Said:
    """What raters who agree say together: one answer, or the mean of numbers that lie close."""
    numbers = [row.number for row in rows if row.number is not None]
    if len({row.value for row in rows}) == 1 or len(numbers) < len(rows):
        return replace(rows[0], rater=TOGETHER)
    mean = sum(numbers) / len(numbers)
    return replace(rows[0], rater=TOGETHER, value=f"{mean:g}", number=mean)


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
