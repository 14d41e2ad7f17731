"""The questions of a protocol file: their keys, their points, and the scale that these make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

import yaml

from annotate import yaml_nodes as nodes
from annotate.question import QUESTION_KINDS, Question
from annotate.scale import Level, Point, Scale
from annotate.yaml_nodes import Reader, Reading, mapping, number, one_of, text, texts, yes_no

LEVELS: tuple[Level, ...] = get_args(Level)
ANY = float("-inf")


def questions_of(broken: set[int]) -> Reader:
    """Return the reader of the list of questions; those that are wrong are noted in `broken`."""

    def read(reading: Reading, node: yaml.Node, what: str) -> list[Question | None] | None:
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            reading.wrong(node, f"{what} must be a list of questions, each beginning with `- key: `.")
            return None
        questions: list[Question | None] = []
        for place, child in enumerate(node.value):
            before = len(reading.problems)
            questions.append(_question(reading, child, f"question {place + 1}"))
            if len(reading.problems) > before:
                broken.add(place)
        return [question or Question(f"question-{n + 1}", "?") for n, question in enumerate(questions)]

    return read


def _question(reading: Reading, node: yaml.Node, what: str) -> Question | None:
    found = mapping(reading, node, QUESTION_KEYS, what)
    for key in ("key", "text"):
        if not found.get(key) and isinstance(node, yaml.MappingNode):
            reading.wrong(node, f"{what} has no {key!r}; add `{key}: `.")
    if not (found.get("key") and found.get("text")):
        return None
    scale = _scale(found)
    return Question(scale=scale, **found)


def _scale(found: dict[str, Any]) -> Scale | None:
    """Take what belongs to the scale out of a question's keys."""
    points: tuple[Point, ...] = found.pop("points", ())
    level = found.pop("scale", None)
    low, high = found.pop("low", None), found.pop("high", None)
    kind = found.get("kind", "scale")
    if not points and level is None and low is None and high is None and kind != "number":
        return None
    return Scale(level or default_level(kind, points), points, low, high)


def default_level(kind: str, points: tuple[Point, ...]) -> Level:
    """Return what may be computed with the answers where the file does not say."""
    if kind == "number":
        return "interval"
    if kind != "scale":
        return "nominal"
    return "interval" if all(_numeric(point.value) for point in points) else "ordinal"


def _numeric(value: str) -> bool:
    try:
        return abs(float(value)) < float("inf")
    except ValueError:
        return False


def _points(reading: Reading, node: yaml.Node, what: str) -> tuple[Point, ...] | None:
    """Read ``{1: poor, 2: fair}``, ``[yes, no]`` or a list of value, label and number."""
    if isinstance(node, yaml.MappingNode):
        found = [(key.value, text(reading, value, what)) for key, value in nodes.pairs(reading, node, what)]
        for key, value in node.value:
            if nodes.empty(value):
                reading.wrong(key, f"the point {key.value!r} has no label; quote a label that holds a comma.")
        return tuple(point_at(place, value, label or value) for place, (value, label) in enumerate(found))
    if not isinstance(node, yaml.SequenceNode):
        reading.wrong(node, f"{what} must be `value: label` lines.")
        return None
    points = []
    for place, child in enumerate(node.value):
        if isinstance(child, yaml.ScalarNode):
            points.append(point_at(place, child.value, child.value))
            continue
        part = mapping(reading, child, POINT_KEYS, f"point {place + 1}")
        if "value" in part:
            point = point_at(place, part["value"], part.get("label", part["value"]))
            points.append(replace(point, number=float(part.get("number", point.number))))
        else:
            reading.wrong(child, f"point {place + 1} has no 'value'; add `value: `.")
    return tuple(points)


def point_at(place: int, value: str, label: str) -> Point:
    """Return a point that stands at its value where that is a number, else at its place."""
    return Point(value, label, float(value) if _numeric(value) else float(place))


def _severities(reading: Reading, node: yaml.Node, what: str) -> Scale | None:
    points = _points(reading, node, what)
    return Scale("ordinal", points) if points else None


def by_name(reader: Reader) -> Callable[[Reading, yaml.Node, str], dict[str, Any]]:
    """Return the reader of a mapping with free keys, each value read the same way."""

    def read(reading: Reading, node: yaml.Node, what: str) -> dict[str, Any]:
        if not isinstance(node, yaml.MappingNode):
            reading.wrong(node, f"{what} must be `name: value` lines.")
            return {}
        read = {
            key.value: reader(reading, value, f"{key.value!r} in {what}")
            for key, value in nodes.pairs(reading, node, what)
        }
        return {key: value for key, value in read.items() if value is not None}

    return read


lists = by_name(texts)


def condition(reading: Reading, node: yaml.Node, what: str) -> tuple[str, tuple[str, ...]] | None:
    """Read one question or column with its values."""
    found = lists(reading, node, what)
    if len(found) == 1:
        return next(iter(found.items()))
    reading.wrong(node, f"{what} must name one question or column with its values, e.g. {{harm: [severe]}}.")
    return None


POINT_KEYS: dict[str, Reader] = {"value": text, "label": text, "number": number(ANY)}
QUESTION_KEYS: dict[str, Reader] = {
    "key": text,
    "text": text,
    "kind": one_of(*QUESTION_KINDS),
    "hint": text,
    "scale": one_of(*LEVELS),
    "points": _points,
    "low": number(ANY),
    "high": number(ANY),
    "per_output": yes_no,
    "compares": yes_no,
    "required": yes_no,
    "unable": texts,
    "comment": one_of("none", "optional", "required", "extremes"),
    "confidence": yes_no,
    "shown_if": condition,
    "asked_of": condition,
    "steps": texts,
    "severities": _severities,
    "omissions": yes_no,
    "ties": yes_no,
    "entries": number(1, 100, whole=True),
    "level": one_of("category", "subcategory", "task"),
}
