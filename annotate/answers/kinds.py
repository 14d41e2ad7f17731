"""What a value must look like, one function a kind: it returns the value to keep and what is missing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from annotate.answers.answer import LONGEST_LINE, LONGEST_TEXT, Asked, Wrong, listed, said, text
from annotate.answers.marks import sentence_marks, spans
from annotate.answers.place import placement
from annotate.answers.points import point_value
from annotate.assignment import slots
from annotate.question import QuestionKind

Checked = tuple[Any, tuple[str, ...]]


def _point(about: Asked, value: object) -> Checked:
    """Keep the point; one that compares outputs is turned back to the item's own order."""
    question = about.question
    chosen = point_value(question.scale, value, "points")
    if question.compares and question.scale and _turned(about):
        values = [point.value for point in question.scale.points]
        chosen = values[len(values) - 1 - values.index(chosen)]
    return chosen, ()


def _turned(about: Asked) -> bool:
    own = [output.key for output in about.item.outputs]
    return [output.key for output in about.outputs] == own[::-1] != own


def _multi(about: Asked, value: object) -> Checked:
    points = about.question.scale.points if about.question.scale else ()
    chosen = {point_value(about.question.scale, one, "points") for one in listed(value, "it", len(points))}
    if len(chosen) < len(listed(value, "it", len(points))):
        raise Wrong(f"{said(value)} names a point twice")
    return [point.value for point in points if point.value in chosen], ()


def _number(about: Asked, value: object) -> Checked:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Wrong(f"{said(value)} is not a number")
    written = value.strip().replace(",", ".") if isinstance(value, str) else value
    if written == "":
        return None, ()
    try:
        number = float(written)
    except (ValueError, OverflowError):
        raise Wrong(f"{said(value)} is not a number") from None
    if not math.isfinite(number) or (isinstance(written, str) and not written.isascii()):
        raise Wrong(f"{said(value)} is not a number")
    scale = about.question.scale
    if scale is not None:
        try:
            scale.number(number)
        except ValueError as error:
            raise Wrong(str(error)) from None
    return int(number) if number.is_integer() and abs(number) < 2**53 else number, ()


def _ranking(about: Asked, value: object) -> Checked:
    letters = slots(tuple(output.key for output in about.outputs))
    places = [
        [one] if isinstance(one, str) else listed(one, "a place", 26)
        for one in listed(value, "it", len(letters))
    ]
    flat = [letter for place in places for letter in place]
    for letter in flat:
        if not isinstance(letter, str) or letter not in letters:
            raise Wrong(f"{said(letter)} is not one of the outputs shown ({', '.join(letters)})")
    if len(set(flat)) < len(flat):
        raise Wrong(f"{said(value)} names an output twice")
    if not about.question.ties and any(len(place) > 1 for place in places):
        raise Wrong("it allows no ties")
    left = len(letters) - len(flat)
    gaps = (f"Place all outputs: {left} {'is' if left == 1 else 'are'} left.",) if left else ()
    return [[letters[letter] for letter in place] for place in places if place], gaps


def _checklist(about: Asked, value: object) -> Checked:
    if not isinstance(value, dict):
        raise Wrong(f"it must be an object, not {said(value)}")
    known = [criterion.key for criterion in about.item.criteria]
    for key, met in value.items():
        if key not in known:
            raise Wrong(f"{said(key)} is not a criterion of this item")
        if met not in ("met", "not met"):
            raise Wrong(f"{said(met)} is not 'met' or 'not met'")
    left = len(known) - len(value)
    gaps = (f"Go through the whole list: {left} {'is' if left == 1 else 'are'} left.",) if left else ()
    return {key: value[key] for key in known if key in value} or None, gaps


def _text(about: Asked, value: object) -> Checked:
    entries = about.question.entries
    if not entries:
        return text(value, "the text", LONGEST_TEXT) or None, ()
    lines = value.splitlines() if isinstance(value, str) else listed(value, "it", entries)
    if len(lines) > entries:
        raise Wrong(f"it has {len(lines)} lines; at most {entries} are asked for")
    kept = [text(line, "a line", LONGEST_LINE) for line in lines]
    return [line for line in kept if line] or None, ()


KINDS: dict[QuestionKind, Callable[[Asked, object], Checked]] = {
    "scale": _point,
    "choice": _point,
    "multi": _multi,
    "number": _number,
    "ranking": _ranking,
    "spans": spans,
    "sentences": sentence_marks,
    "checklist": _checklist,
    "placement": placement,
    "text": _text,
}
