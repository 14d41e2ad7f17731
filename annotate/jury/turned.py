"""Outputs shown in the other order: what was said about the first of two is about the second."""

from __future__ import annotations

from dataclasses import replace

from annotate.jury.form import Form
from annotate.jury.reading import Answer, Reading
from annotate.scale import Point


def turned_back(reading: Reading, form: Form) -> Reading:
    """Return a reading about the outputs in the item's own order.

    Answers about one output, and places in a ranking, carry its key already; those that compare two
    outputs are mirrored, as they are for people whose form showed the other order.

    Examples
    --------
    >>> from annotate.jury.form import Ask
    >>> from annotate.question import Question
    >>> from annotate.scale import likert
    >>> question = Question("better", "Which?", compares=True)
    >>> form = Form((Ask("better", question, points=likert("A", "same", "B").points),), swapped=True)
    >>> turned_back(Reading("usable", (Answer("better", "", "1", 1.0),)), form).answers[0].value
    '3'
    """
    if not form.swapped:
        return reading
    scales = {ask.question.key: ask.points for ask in form.asks if ask.question.compares}
    return replace(
        reading, answers=tuple(_mirrored(each, scales.get(each.question, ())) for each in reading.answers)
    )


def _mirrored(answer: Answer, points: tuple[Point, ...]) -> Answer:
    for point, other in zip(points, points[::-1], strict=True):
        if point.value == answer.value:
            return replace(answer, value=other.value, number=other.number)
    return answer
