"""Protocol to canonical YAML text, so that equal protocols have equal texts and one hash."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import Any

import yaml

from annotate.protocol import Blinding, Design, Protocol, Training
from annotate.protocol_file.questions import QUESTION_KEYS, default_level, point_at
from annotate.protocol_file.read import DESIGN_KEYS
from annotate.question import Question
from annotate.scale import Scale
from annotate.taxonomy import Category, Subcategory, Taxonomy


def write(protocol: Protocol) -> str:
    """Return the canonical text of a protocol; `parse` reads it back to an equal one.

    Defaults are left out, so the defaults of the format must never change.

    Examples
    --------
    >>> from annotate.protocol_file import parse
    >>> text = '''protocol: harm
    ... title: Is it harmful?
    ... unit: output
    ... questions:
    ... - key: harm
    ...   text: Harmful?
    ...   kind: choice
    ...   points:
    ...     yes: it is
    ...     no: it is not
    ... '''
    >>> write(parse(text)) == text
    True
    """
    return str(yaml.dump(plain(protocol), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100))


def version(protocol: Protocol) -> str:
    """Return the SHA-256 of the canonical text, in hex: the identity of this version."""
    return hashlib.sha256(write(protocol).encode("utf-8", "surrogatepass")).hexdigest()


def plain(protocol: Protocol) -> dict[str, Any]:
    """Return the protocol as the mappings and lists of its file, without what is default."""
    summary: dict[str, list[str]] = {}
    for key, how in protocol.summary:
        summary.setdefault(key, _Row()).append(how)
    everything = {
        "protocol": protocol.name,
        "title": protocol.title,
        "citation": protocol.citation,
        "unit": protocol.unit,
        "taxonomy": protocol.taxonomy,
        "own_taxonomy": _taxonomy(protocol.own_taxonomy),
        "items": protocol.items,
        "instructions": protocol.instructions,
        "consent": protocol.consent,
        "questions": [question_plain(question) for question in protocol.questions],
        "composite": _Row(protocol.composite),
        "summary": summary,
        "design": _design(protocol.design),
        "blinding": _changed(protocol.blinding, Blinding()),
        "training": _training(protocol.training),
    }
    return {key: value for key, value in everything.items() if value not in ("", [], {}, None)}


def question_plain(question: Question) -> dict[str, Any]:
    """Return one question as the mapping of its file."""
    changed = _changed(question, Question("", ""))
    changed["kind"] = question.kind
    changed.pop("severities", None)
    changed.pop("scale", None)
    if question.scale:
        changed |= _scale(question.kind, question.scale)
    if question.severities:
        changed["severities"] = _points(question.severities)
    for key in ("shown_if", "asked_of"):
        if key in changed:
            changed[key] = {changed[key][0]: _Row(changed[key][1])}
    return {key: changed[key] for key in QUESTION_KEYS if key in changed}


def _scale(kind: str, scale: Scale) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if scale.level != default_level(kind, scale.points):
        written["scale"] = scale.level
    if scale.points:
        written["points"] = _points(scale)
    for key, bound in (("low", scale.low), ("high", scale.high)):
        if bound is not None:
            written[key] = _number(bound)
    return written


def _points(scale: Scale) -> Any:
    """Write what the numbers follow from: the values, ``value: label``, or else all three."""
    if all(point_at(place, p.value, p.value) == p for place, p in enumerate(scale.points)):
        return _Row(point.value for point in scale.points)
    if all(point_at(place, p.value, p.label) == p for place, p in enumerate(scale.points)):
        return {point.value: point.label for point in scale.points}
    return [
        {"value": point.value, "label": point.label, "number": _number(point.number)}
        for point in scale.points
    ]


def _design(design: Design) -> dict[str, Any]:
    changed = _changed(design, Design())
    if design.last:
        changed["last"] = {design.last[0]: _Row(design.last[1])}
    if design.groups:
        changed["groups"] = dict(design.groups)
        changed["per_item"] = design.per_item
    return {key: changed[key] for key in DESIGN_KEYS if key in changed}


def _training(training: Training | None) -> dict[str, Any] | None:
    if training is None:
        return None
    return {"items": _Row(training.items), "pass_mark": _number(training.pass_mark)}


def _taxonomy(taxonomy: Taxonomy | None) -> dict[str, Any] | None:
    if taxonomy is None:
        return None
    head = {"taxonomy": taxonomy.name, "title": taxonomy.title}
    return head | _changed(taxonomy, Taxonomy(taxonomy.name, taxonomy.title, ()))


def _changed(thing: Any, default: Any) -> dict[str, Any]:
    """Return the fields that differ from their default, as YAML can hold them."""
    values = {field.name: getattr(thing, field.name) for field in fields(thing)}
    return {name: _yaml(value) for name, value in values.items() if value != getattr(default, name)}


def _yaml(value: Any) -> Any:
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, tuple) and value and isinstance(value[0], Category | Subcategory):
        return [{"name": place.name} | _changed(place, type(place)(place.name)) for place in value]
    if isinstance(value, tuple):
        return _Row(value)
    return value


def _number(number: float) -> float | int:
    return int(number) if float(number).is_integer() else float(number)


class _Row(list[str]):
    """A list that is written in one line."""


class _Dumper(yaml.SafeDumper):
    """Quotes a text only where our reader needs it: `yes` and `1` are texts there, `null` is not."""

    yaml_implicit_resolvers = {  # noqa: RUF012  (PyYAML's own attribute)
        first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
        for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(
    _Row,
    lambda dumper, row: dumper.represent_sequence("tag:yaml.org,2002:seq", row, flow_style=True),
)
for _kind in (int, float, bool):
    _Dumper.add_representer(
        _kind, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:str", _word(value))
    )


def _word(value: float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)
