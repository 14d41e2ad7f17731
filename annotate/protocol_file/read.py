"""YAML text to Protocol: every key with its reader, and every fault at once with its line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

import yaml

from annotate import yaml_nodes as nodes
from annotate.protocol import Blinding, Crossing, Design, Protocol, Training, Unit
from annotate.protocol_file.check import faults
from annotate.question import QUESTION_KINDS, Question
from annotate.scale import Level, Point, Scale
from annotate.taxonomy import read_taxonomy
from annotate.yaml_nodes import Reader, Reading, mapping, number, one_of, text, texts, yes_no

UNITS: tuple[Unit, ...] = get_args(Unit)
CROSSINGS: tuple[Crossing, ...] = get_args(Crossing)
LEVELS: tuple[Level, ...] = get_args(Level)
ANY = float("-inf")


def parse(source: str, file: str = "") -> Protocol:
    """Return the protocol that a YAML text describes.

    Parameters
    ----------
    source : str
        The text of the file.
    file : str
        Its name, for the sentences.

    Raises
    ------
    Fault
        With every fault of the file at once, each with line, key, value and remedy.

    Examples
    --------
    >>> parse('''
    ... protocol: harm
    ... title: Is it harmful?
    ... unit: output
    ... questions:
    ...   - {key: harm, kind: choice, text: "Harmful?", points: [yes, no]}
    ... ''').question("harm").scale.points[1].value
    'no'
    >>> parse("protocol: x\\ntitle: X\\nunti: output", "x.yaml")
    Traceback (most recent call last):
        ...
    annotate.fault.Fault: x.yaml line 1: the protocol has no 'questions'; list at least one, each with key, kind and text.
    x.yaml line 1: the protocol has no 'unit'; add `unit: ` with one of: output, pair, set, conversation, item.
    x.yaml line 3: 'unti' is not a key of the protocol; did you mean 'unit'?
    """  # noqa: E501
    root = nodes.compose(source, file)
    reading = Reading(file)
    broken: set[int] = set()
    found = mapping(reading, root, _protocol_keys(broken), "the protocol")
    _required(reading, root, found)
    if all(key in found for key in _REQUIRED):
        protocol = _protocol(found)
        for path, sentence in faults(protocol):
            if not (path[0] == "questions" and len(path) > 1 and path[1] in broken):
                reading.wrong_at(_line(root, path), sentence)
        reading.stop_if_wrong()
        return protocol
    reading.stop_if_wrong()
    raise AssertionError("a key was missing and nobody said so")


def _protocol_keys(broken: set[int]) -> dict[str, Reader]:
    return {
        "protocol": text,
        "title": text,
        "citation": text,
        "unit": one_of(*UNITS),
        "taxonomy": text,
        "own_taxonomy": read_taxonomy,
        "items": one_of("subcategories"),
        "instructions": text,
        "consent": text,
        "questions": _questions(broken),
        "composite": texts,
        "summary": _lists,
        "design": _part("the design", DESIGN_KEYS),
        "blinding": _part("the blinding", BLINDING_KEYS),
        "training": _part("the training", TRAINING_KEYS),
    }


_REQUIRED = {
    "protocol": "begin with `protocol: ` and a short name such as medhelm",
    "title": "add `title: ` with what a rater reads",
    "unit": f"add `unit: ` with one of: {', '.join(UNITS)}",
    "questions": "list at least one, each with key, kind and text",
}


def _required(reading: Reading, root: yaml.Node, found: dict[str, Any]) -> None:
    pairs = root.value if isinstance(root, yaml.MappingNode) else ()
    written = {key.value: value for key, value in pairs if isinstance(key, yaml.ScalarNode)}
    for key, remedy in _REQUIRED.items():
        if key not in found and (key not in written or nodes.empty(written[key])):
            reading.wrong(root, f"the protocol has no {key!r}; {remedy}.")


def _protocol(found: dict[str, Any]) -> Protocol:
    design = dict(found.get("design", {}))
    if "groups" in design:
        design["groups"] = tuple(design["groups"].items())
        design.setdefault("per_item", sum(n for _, n in design["groups"]))
    training = found.get("training")
    return Protocol(
        name=found["protocol"],
        unit=found["unit"],
        questions=tuple(question for question in found["questions"] if question is not None),
        design=Design(**design),
        blinding=Blinding(**found.get("blinding", {})),
        training=Training(**training) if training else None,
        summary=tuple((key, how) for key, hows in found.get("summary", {}).items() for how in hows),
        **{
            key: found[key]
            for key in (
                "title",
                "composite",
                "citation",
                "instructions",
                "consent",
                "taxonomy",
                "own_taxonomy",
                "items",
            )
            if key in found
        },
    )


def _part(what: str, keys: dict[str, Reader]) -> Reader:
    return lambda reading, node, _: mapping(reading, node, keys, what)


def _each(reader: Reader) -> Callable[[Reading, yaml.Node, str], dict[str, Any]]:
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


_lists = _each(texts)


def _condition(reading: Reading, node: yaml.Node, what: str) -> tuple[str, tuple[str, ...]] | None:
    found = _lists(reading, node, what)
    if len(found) == 1:
        return next(iter(found.items()))
    reading.wrong(node, f"{what} must name one question or column with its values, e.g. {{harm: [severe]}}.")
    return None


def _questions(broken: set[int]) -> Reader:
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
    return Scale(level or _default_level(kind, points), points, low, high)


def _default_level(kind: str, points: tuple[Point, ...]) -> Level:
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
        return tuple(_point(place, value, label or value) for place, (value, label) in enumerate(found))
    if not isinstance(node, yaml.SequenceNode):
        reading.wrong(node, f"{what} must be `value: label` lines.")
        return None
    points = []
    for place, child in enumerate(node.value):
        if isinstance(child, yaml.ScalarNode):
            points.append(_point(place, child.value, child.value))
            continue
        part = mapping(reading, child, POINT_KEYS, f"point {place + 1}")
        if "value" in part:
            point = _point(place, part["value"], part.get("label", part["value"]))
            points.append(replace(point, number=float(part.get("number", point.number))))
        else:
            reading.wrong(child, f"point {place + 1} has no 'value'; add `value: `.")
    return tuple(points)


def _point(place: int, value: str, label: str) -> Point:
    return Point(value, label, float(value) if _numeric(value) else float(place))


def _severities(reading: Reading, node: yaml.Node, what: str) -> Scale | None:
    points = _points(reading, node, what)
    return Scale("ordinal", points) if points else None


def _line(root: yaml.Node, path: tuple[str | int, ...]) -> int:
    """Return the line of the deepest node on the path that was written."""
    line = root.start_mark.line + 1
    for step in path:
        if isinstance(root, yaml.MappingNode):
            pair = next(((key, value) for key, value in root.value if key.value == step), None)
            if pair is None:
                break
            line, root = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(root, yaml.SequenceNode) and isinstance(step, int) and step < len(root.value):
            root = root.value[step]
            line = root.start_mark.line + 1
    return line


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
    "shown_if": _condition,
    "asked_of": _condition,
    "steps": texts,
    "severities": _severities,
    "omissions": yes_no,
    "ties": yes_no,
    "entries": number(1, 100, whole=True),
    "level": one_of("category", "subcategory", "task"),
}
DESIGN_KEYS: dict[str, Reader] = {
    "crossing": one_of(*CROSSINGS),
    "per_item": number(1, 1000, whole=True),
    "overlap": number(0, whole=True),
    "cap": number(1, whole=True),
    "repeats": number(0, 1),
    "repeat_gap": number(0, whole=True),
    "shuffle": yes_no,
    "last": _condition,
    "groups": _each(number(1, 1000, whole=True)),
    "match": text,
    "arms": texts,
    "steps": texts,
    "adjudicate": yes_no,
    "minutes": number(0.01, 1440),
}
BLINDING_KEYS: dict[str, Reader] = {
    "system": yes_no,
    "reference": yes_no,
    "order": yes_no,
    "other_raters": yes_no,
}
TRAINING_KEYS: dict[str, Reader] = {"items": texts, "pass_mark": number(0, 1)}
