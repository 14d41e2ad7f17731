"""A study for hospitals that keep FHIR: an R4 Questionnaire and a bundle of QuestionnaireResponses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

import pandas as pd

from annotate.protocol import Protocol
from annotate.question import Question
from annotate.scale import Point, Scale

ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
PART = "urn:consilium:part"
WHY_ABSENT = {"unable": "asked-unknown", "refused": "asked-declined", "failed": "error", "skipped": "unknown"}
TYPES = {"scale": "choice", "choice": "choice", "multi": "choice", "number": "decimal"}


def address(study: str) -> str:
    """Return the canonical address by which responses name their questionnaire."""
    return f"urn:consilium:study:{'-'.join(study.split())}"


def questionnaire(protocol: Protocol, study: str) -> dict[str, Any]:
    """Return a protocol as a FHIR R4 Questionnaire.

    Examples
    --------
    >>> from data.shipped import protocol
    >>> form = questionnaire(protocol("medhelm"), "ward")
    >>> form["item"][0]["linkId"], form["item"][0]["answerOption"][0]["valueCoding"]["code"]
    ('accuracy', '1')
    """
    items = [item for question in protocol.questions for item in _items(question, protocol)]
    return {
        "resourceType": "Questionnaire",
        "url": address(study),
        "title": protocol.title,
        "status": "active",
        "item": items,
    }


def _items(question: Question, protocol: Protocol) -> list[dict[str, Any]]:
    item: dict[str, Any] = {
        "linkId": question.key,
        "text": question.text or question.key,
        "type": TYPES.get(question.kind, "text"),
        "required": question.required,
        "repeats": question.kind in ("multi", "checklist", "sentences", "ranking") or question.per_output,
    }
    if item["type"] == "choice" and question.scale and question.scale.points:
        item["answerOption"] = [{"valueCoding": _coding(p, question.scale)} for p in question.scale.points]
    elif item["type"] == "choice":
        item["type"] = "text"
    if question.shown_if:
        item["enableWhen"] = _enabled(question.shown_if, protocol)
        item["enableBehavior"] = "any"
    extra = [(f"{question.key}.comment", "Comment"), (f"{question.key}.reason", "Why it is unanswered")]
    if question.severities:
        extra.append((f"{question.key}.severity", "How bad"))
    return [item, *({"linkId": key, "text": text, "type": "text", "repeats": True} for key, text in extra)]


def _coding(point: Point, scale: Scale) -> dict[str, Any]:
    coding: dict[str, Any] = {"code": point.value, "display": point.label or point.value}
    if scale.level != "nominal":
        coding["extension"] = [{"url": ORDINAL, "valueDecimal": point.number}]
    return coding


def _enabled(shown_if: tuple[str, tuple[str, ...]], protocol: Protocol) -> list[dict[str, Any]]:
    key, values = shown_if
    scale = protocol.question(key).scale
    found = {point.value: point for point in scale.points} if scale else {}
    return [
        {"question": key, "operator": "="}
        | ({"answerCoding": _coding(found[v], scale)} if scale and v in found else {"answerString": v})
        for v in values
    ]


def responses(protocol: Protocol, study: str, frame: pd.DataFrame) -> dict[str, Any]:
    """Return a bundle with one QuestionnaireResponse for each item, rater, occasion and step.

    An unanswered question has no answer but a data-absent-reason; a metric, which answers no form, has
    no response.
    """
    questions = {question.key: question for question in protocol.questions}
    people = frame[frame["kind"].ne("metric")]
    keys = ["item", "rater", "kind", "occasion", "step"]
    groups = people.groupby(keys, sort=False, observed=True) if len(people) else ()
    entries = [{"resource": _response(key, rows, questions, study)} for key, rows in groups]
    return {"resourceType": "Bundle", "type": "collection"} | ({"entry": entries} if entries else {})


def _response(
    key: tuple[Any, ...], rows: pd.DataFrame, questions: Mapping[str, Question], study: str
) -> dict[str, Any]:
    item, rater, kind, occasion, step = key
    response: dict[str, Any] = {
        "resourceType": "QuestionnaireResponse",
        "identifier": {
            "system": "urn:consilium:response",
            "value": "/".join(map(str, (item, rater, occasion, step))),
        },
        "questionnaire": address(study),
        "status": "completed",
        "subject": {"display": str(item)},
        "author": {"type": "Practitioner" if kind == "clinician" else "Device", "display": str(rater)},
        "item": [
            entry
            for question, said in rows.groupby("question", sort=False, observed=True)
            for entry in _answers(str(question), said, questions.get(str(question)))
        ],
    }
    times = pd.to_datetime(rows["submitted_at"], utc=True).dropna()
    if len(times):
        response["authored"] = times.max().to_pydatetime().astimezone(UTC).isoformat()
    return response


def _answers(key: str, rows: pd.DataFrame, question: Question | None) -> list[dict[str, Any]]:
    said = [row for row in rows.to_dict("records") if row["status"] == "answered"]
    entry: dict[str, Any] = {"linkId": key}
    if said:
        entry["answer"] = [_part(row) | _value(row, question) for row in said]
    else:
        code = WHY_ABSENT[str(rows["status"].iloc[0])]
        entry["extension"] = [{"url": ABSENT, "valueCode": code}]
    found = [entry]
    for name in ("comment", "reason"):
        texts = [
            _part(row) | {"valueString": row[name]} for row in rows.to_dict("records") if row[name].strip()
        ]
        if texts:
            found.append({"linkId": f"{key}.{name}", "answer": texts})
    return found


def _part(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {"extension": [{"url": PART, "valueString": row["part"]}]} if row["part"] else {}


def _value(row: Mapping[Any, Any], question: Question | None) -> dict[str, Any]:
    value = str(row["value"])
    if question and question.scale and TYPES.get(question.kind) == "choice":
        for point in question.scale.points:
            if point.value == value:
                return {"valueCoding": _coding(point, question.scale)}
    if question and question.kind == "number" and not pd.isna(row["number"]):
        return {"valueDecimal": float(row["number"])}
    return {"valueString": value}
