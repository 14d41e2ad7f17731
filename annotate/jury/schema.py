"""The JSON schema of a form: explanation before score, the declared points and nothing else."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from annotate.jury.form import UNABLE, Ask, Form

Schema = dict[str, Any]


@lru_cache(maxsize=64)
def schema_of(form: Form) -> Schema:
    """Return the schema that a reply to `form` must satisfy.

    Scores are enums: bounds are dropped by one provider's own schema transform.
    """
    return _object({ask.name: _field(ask) for ask in form.asks})


def _field(ask: Ask) -> Schema:
    if ask.question.kind == "text":
        text: Schema = {"type": "string"}
        return {"type": "array", "items": text} if ask.question.entries else text
    if ask.question.kind == "checklist":
        return _object({name: _explained(_point(ask)) for name in part_names(ask)})
    if ask.question.kind == "sentences":
        return _object(
            {"explanation": {"type": "string"}, "scores": _object(dict.fromkeys(part_names(ask), _mark(ask)))}
        )
    return _explained(_answer(ask))


def part_names(ask: Ask) -> list[str]:
    """Return the names of an ask's parts in the reply: criteria by number, as their keys may be anything."""
    return [f"c{n}" if ask.question.kind == "checklist" else part for n, (part, _) in enumerate(ask.parts, 1)]


def _explained(score: Schema) -> Schema:
    return _object({"explanation": {"type": "string"}, "score": score})


def _answer(ask: Ask) -> Schema:
    if ask.question.kind in ("multi", "ranking"):
        return {"type": "array", "items": {"type": "string", "enum": [point.value for point in ask.points]}}
    if not ask.points:
        return _number(ask)
    return _point(ask)


def _mark(ask: Ask) -> Schema:
    severities = ask.question.severities
    if severities is None or not severities.points:
        return _point(ask)
    harms = [point.value for point in severities.points]
    return _object({"label": _point(ask), "severity": {"type": ["string", "null"], "enum": [*harms, None]}})


def _number(ask: Ask) -> Schema:
    extra = [{"type": "string", "enum": [UNABLE]}] * ask.unable + [{"type": "null"}] * bool(
        ask.question.shown_if
    )
    return {"anyOf": [{"type": "number"}, *extra]} if extra else {"type": "number"}


def _point(ask: Ask) -> Schema:
    values: list[int | str | None] = [ask.said(point) for point in ask.points]
    values += [UNABLE] * ask.unable + [None] * bool(ask.question.shown_if)
    types = list(dict.fromkeys(_TYPES[type(value)] for value in values))
    return {"type": types[0] if len(types) == 1 else types, "enum": values}


_TYPES = {int: "integer", str: "string", type(None): "null"}


def _object(properties: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
