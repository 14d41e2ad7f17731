"""What a rater's browser receives about an item. What is blinded is left out here, not hidden there."""

from __future__ import annotations

from typing import Any

from annotate.assignment import Assignment, slots
from annotate.item import Item, Output
from annotate.protocol import Protocol
from annotate.question import CONFIDENCES, Question
from annotate.scale import Scale
from annotate.sentences import sentences
from annotate.shown import asked, shown_outputs
from annotate.taxonomy import LEVELS, Category, Place, Taxonomy


def screen(
    protocol: Protocol, item: Item, assignment: Assignment | None = None, taxonomy: Taxonomy | None = None
) -> dict[str, Any]:
    """Return everything that the rating page may know about an item, as JSON has it.

    The item's own key, its strata, its systems and its outputs' keys are never in it; the reference only
    where the protocol does not blind it, and the assigned place only where that place is to be reviewed.

    Examples
    --------
    >>> from annotate.question import Question
    >>> protocol = Protocol("p", "P", "output", (Question("note", "A note", kind="text"),))
    >>> item = Item("gpt-17", (Output("Rest.", system="gpt"),), source="Cough.", references=("Gold.",))
    >>> page = screen(protocol, item)
    >>> page["source"], page["outputs"], page["references"]
    ('Cough.', [{'key': 'A', 'title': 'Answer', 'text': 'Rest.', 'sentences': []}], [])
    """
    questions = asked(protocol, item, assignment)
    outputs = shown_outputs(protocol, item, assignment)
    letters = slots(tuple(str(place) for place in range(len(outputs))))
    split = any(question.kind == "sentences" for question in questions)
    return {
        "unit": protocol.unit,
        "label": _label(protocol, item),
        "prompt": item.prompt,
        "source": item.source,
        "outputs": [
            _output(protocol, letter, output, len(outputs), split)
            for letter, output in zip(letters, outputs, strict=True)
        ],
        "references": [] if protocol.blinding.reference else list(item.references),
        "criteria": [{"key": criterion.key, "text": criterion.text} for criterion in item.criteria],
        "questions": [_question(question) for question in questions],
        "taxonomy": _taxonomy(taxonomy, item, questions),
    }


def _label(protocol: Protocol, item: Item) -> str:
    """Return what an item without texts is called on its page."""
    if protocol.unit != "item" or item.source or item.prompt:
        return ""
    return item.task or item.subcategory or item.benchmark or item.key


def _output(protocol: Protocol, letter: str, output: Output, count: int, split: bool) -> dict[str, Any]:
    title = f"Answer {letter}" if count > 1 else "Answer"
    if output.system and not protocol.blinding.system:
        title += f" · {output.system}"
    found = [list(pair) for pair in sentences(output.text)] if split else []
    return {"key": letter, "title": title, "text": output.text, "sentences": found}


def _question(question: Question) -> dict[str, Any]:
    scale = question.scale
    return {
        "key": question.key,
        "text": question.text,
        "hint": question.hint,
        "kind": question.kind,
        "points": _points(scale),
        "low": scale.low if scale else None,
        "high": scale.high if scale else None,
        "severities": _points(question.severities),
        "required": question.required,
        "per_output": question.per_output,
        "unable": list(question.unable),
        "comment": question.comment,
        "confidence": list(CONFIDENCES) if question.confidence else [],
        "shown_if": [question.shown_if[0], list(question.shown_if[1])] if question.shown_if else None,
        "omissions": question.omissions,
        "ties": question.ties,
        "entries": question.entries,
        "level": question.level,
    }


def _points(scale: Scale | None) -> list[dict[str, str]]:
    return [{"value": point.value, "label": point.label} for point in scale.points] if scale else []


def _taxonomy(
    taxonomy: Taxonomy | None, item: Item, questions: tuple[Question, ...]
) -> dict[str, Any] | None:
    """Return the tree where a placement is asked for, with the item's assigned place."""
    reviewed = {question.level for question in questions if question.kind == "placement"}
    if taxonomy is None or not reviewed:
        return None
    deepest = max(LEVELS.index(level) for level in reviewed)
    assigned = [(level, getattr(item, level)) for level in LEVELS[: deepest + 1] if getattr(item, level)]
    return {
        "assigned": [
            {"level": level, "name": name, "definition": _definition(taxonomy, level, name)}
            for level, name in assigned
        ],
        "tree": [_category(category) for category in taxonomy.categories],
        "places": [_place(place) for place in taxonomy.places()],
    }


def _definition(taxonomy: Taxonomy, level: str, name: str) -> str:
    if level == "category":
        return next((each.definition for each in taxonomy.categories if each.name == name), "")
    return next((each.definition for _, each in taxonomy.subcategories() if each.name == name), "")


def _category(category: Category) -> dict[str, Any]:
    below = [
        {"name": each.name, "definition": each.definition, "tasks": list(each.tasks)}
        for each in category.subcategories
    ]
    return {"name": category.name, "definition": category.definition, "subcategories": below}


def _place(place: Place) -> dict[str, str]:
    above = " / ".join(place.above[:-1])
    label = f"{place.name} ({above})" if above else place.name
    return {
        "path": place.path,
        "level": place.level,
        "name": place.name,
        "above": above,
        "label": label,
        "search": place.path.lower(),
    }
