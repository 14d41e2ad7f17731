"""Verdicts of other systems as a table of ratings: Inspect AI logs, promptfoo results, Langfuse scores."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from annotate.fault import Fault
from data.formats.records import cell
from data.formats.table import Table, assemble

HEADER = ["item", "part", "rater", "kind", "question", "value", "occasion", "status", "reason", "comment"]
Row = dict[str, Any]


def read_judged(path: Path, format: str) -> Table:
    """Return the verdicts in a file as a long table; scores stay as they were given.

    Parameters
    ----------
    format : "inspect", "promptfoo" or "langfuse"
    """
    if path.suffix.lower() == ".eval":
        raise Fault(
            f"{path.name} is Inspect's own packed log, which only Inspect unpacks; write it as JSON first: "
            f"inspect log dump {path.name} > {path.stem}.json"
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
        raw = _lines(text) if path.suffix.lower() == ".jsonl" else json.loads(text)
    except (OSError, ValueError, RecursionError) as fault:
        raise Fault(f"{path.name} cannot be read as JSON ({str(fault)[:100]}).") from None
    rows = list(JUDGED[format](raw))
    if not rows:
        raise Fault(f"{path.name} holds no verdicts that read as {format}; check --format.")
    table = [[cell(row.get(name)) for name in HEADER] for row in rows]
    return assemble(path.name, HEADER, table, list(range(1, len(rows) + 1)), "verdict")


def _lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def _row(
    item: object,
    rater: str,
    question: object,
    value: object,
    comment: object,
    occasion: int = 1,
    why: object = "",
) -> Row:
    said = value if isinstance(value, (str, int, float)) and value == value else None
    row = {"item": item, "rater": rater, "kind": "juror", "question": question, "occasion": occasion}
    if said is None:
        told = [one for one in (why, comment) if isinstance(one, str) and one]
        return row | {"status": "failed", "reason": ": ".join(told)[:300] or "no score was recorded"}
    value = int(said) if isinstance(said, bool) else said
    return row | {
        "value": value,
        "status": "answered",
        "comment": comment if isinstance(comment, str) else "",
    }


def _inspect(raw: Any) -> Iterator[Row]:
    """An Inspect AI log in JSON: each scorer is a juror, each key of its value a question."""
    for sample in _objects(_get(raw, "samples")):
        for scorer, score in _pairs(sample.get("scores")):
            value = _get(score, "value")
            several = value if isinstance(value, Mapping) else {scorer: value}
            for question, one in several.items():
                epoch = sample.get("epoch")
                occasion = epoch if type(epoch) is int and epoch > 0 else 1
                yield _row(
                    sample.get("id"),
                    f"inspect:{scorer}",
                    question,
                    one,
                    _get(score, "explanation"),
                    occasion,
                    _get(score, "reason"),
                )


def _promptfoo(raw: Any) -> Iterator[Row]:
    """A promptfoo result file: each model-graded assertion is a juror, its metric the question."""
    results = _get(raw, "results")
    found = _objects(_get(results, "results") if isinstance(results, Mapping) else results)
    several = len({_provider(result) for result in found}) > 1
    for result in found:
        item = _get(result.get("vars"), "item") or f"test-{result.get('testIdx')}"
        prompt = str(_get(result.get("prompt"), "label") or "")[:60]
        part = ": ".join(filter(None, [_provider(result) if several else "", prompt]))
        for assertion, one in _graded(result):
            kind = str(assertion.get("type"))
            score = None if _broken(kind, one) else one.get("score")
            row = _row(item, f"promptfoo:{kind}", assertion.get("metric") or kind, score, one.get("reason"))
            yield row | {"part": part}


def _graded(result: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Yield each model-graded assertion with what came of it.

    A rubric whose grader broke down is written without its assertion: its place tells which it was.
    """
    stated: list[Mapping[str, Any]] = []
    for one in _objects(_get(result.get("testCase"), "assert")):
        stated += [one, *_objects(one.get("assert"))]
    components = _objects(_get(result.get("gradingResult"), "componentResults"))
    placed = stated if len(stated) == len(components) else [_RUBRIC] * len(components)
    for own, one in zip(placed, components, strict=True):
        assertion = one.get("assertion")
        lost = not isinstance(assertion, Mapping) and "componentResults" not in one
        told = own if lost else assertion
        if isinstance(told, Mapping) and told.get("type") in _GRADED:
            yield told, one


def _broken(kind: str, one: Mapping[str, Any]) -> bool:
    """Whether a grader broke down: that is written with a score of 0, which nobody gave."""
    if _get(one.get("metadata"), "graderError") is True or not isinstance(one.get("assertion"), Mapping):
        return True
    said = str(one.get("reason") or "")
    if kind == "model-graded-closedqa":
        return one.get("score") == 0 and not said.startswith("The submission")
    return kind == "g-eval" and said.startswith("LLM-proposed evaluation")


def _provider(result: Mapping[str, Any]) -> str:
    provider = result.get("provider")
    return str(_get(provider, "label") or _get(provider, "id") or "")[:60]


_RUBRIC = {"type": "llm-rubric"}
_GRADED = ("llm-rubric", "g-eval", "factuality", "model-graded-closedqa", "model-graded-factuality")


def _langfuse(raw: Any) -> Iterator[Row]:
    """Langfuse scores (API or export): those of evaluators, not what people annotated."""
    for score in _objects(_get(raw, "data") if isinstance(raw, Mapping) else raw):
        if score.get("source") == "EVAL":
            # A category's `value` is at best its place in a list; what was said is the string.
            words = score.get("value") is None or score.get("dataType") == "CATEGORICAL"
            value = score.get("stringValue") if words else score.get("value")
            yield _row(
                score.get("traceId"), "langfuse:evaluator", score.get("name"), value, score.get("comment")
            )


JUDGED: dict[str, Callable[[Any], Iterator[Row]]] = {
    "inspect": _inspect,
    "promptfoo": _promptfoo,
    "langfuse": _langfuse,
}


def _get(value: object, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _pairs(value: object) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, Mapping) else []
