"""The published JSON Schema of the report's figures: names that scripts may rely on."""

from __future__ import annotations

from typing import Any

NUMBER = {"type": ["number", "null"]}
TEXTS = {"type": "array", "items": {"type": "string"}}
ESTIMATE: dict[str, Any] = {
    "type": "object",
    "description": "One figure: null is undefined, and then the notes say why.",
    "required": ["coefficient", "value", "low", "high", "n_items", "n_raters", "method", "level", "notes"],
    "properties": {
        "coefficient": {"type": "string"},
        "value": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "n_items": {"type": "integer", "minimum": 0},
        "n_raters": {"type": "integer", "minimum": 0},
        "method": {"type": "string"},
        "level": {"type": "number"},
        "notes": TEXTS,
    },
}
FIGURE: dict[str, Any] = {
    **ESTIMATE,
    "description": "A coefficient, with what it compares.",
    "required": [*ESTIMATE["required"], "question", "between", "rater", "stratum", "form"],
    "properties": {
        **ESTIMATE["properties"],
        "question": {"type": "string"},
        "between": {"type": "string"},
        "rater": {"type": "string"},
        "stratum": {"type": "string"},
        "form": {"type": "string"},
    },
}
DECISION: dict[str, Any] = {
    "type": "object",
    "required": [
        "answer",
        "in_words",
        "counts",
        "usable",
        "more_items",
        "rule",
        "because",
        "checks",
        "figures",
    ],
    "properties": {
        "answer": {"enum": ["use", "use calibrated and with review", "cannot tell yet", "do not use"]},
        "in_words": {"type": "string"},
        "counts": {"type": "boolean"},
        "usable": {"type": "boolean"},
        "more_items": {"type": ["integer", "null"]},
        "rule": {"type": "string"},
        "because": TEXTS,
        "checks": {"type": "array", "items": {"type": "object", "required": ["rule", "state", "sentence"]}},
        "figures": {"type": "object", "additionalProperties": ESTIMATE},
        "calibration": {"type": ["object", "null"]},
    },
}
PASSPORT: dict[str, Any] = {
    "type": "object",
    "required": ["judge", "identity", "answer", "usable", "questions", "plan", "data", "void_if"],
    "properties": {
        "judge": {"type": "string"},
        "answer": DECISION["properties"]["answer"],
        "usable": {"type": "boolean"},
        "questions": {"type": "object", "additionalProperties": DECISION},
        "plan": {"type": "object", "required": ["hash", "margin", "coefficient"]},
    },
}
TABLE: dict[str, Any] = {
    "type": "object",
    "required": ["title", "columns", "rows", "note"],
    "properties": {
        "title": {"type": "string"},
        "columns": TEXTS,
        "rows": {"type": "array", "items": {"type": "array"}},
        "note": {"type": "string"},
    },
}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Consilium agreement report",
    "type": "object",
    "required": ["title", "provenance", "figures", "questions", "raters", "said", "judges", "tables", "seed"],
    "properties": {
        "title": {"type": "string"},
        "provenance": {"type": "object", "additionalProperties": {"type": "string"}},
        "figures": {"type": "array", "items": FIGURE},
        "questions": {"type": "array", "items": {"type": "object"}},
        "raters": {"type": "array", "items": {"type": "object"}},
        "said": TEXTS,
        "seed": {"type": "integer"},
        "replicates": {"type": "integer"},
        "level": {"type": "number"},
        "judges": {"type": "object", "additionalProperties": PASSPORT},
        "tables": {"type": "object", "additionalProperties": TABLE},
    },
}
