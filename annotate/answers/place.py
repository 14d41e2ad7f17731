"""A placement: confirm, move, ambiguous between some, or none; kept as the place that the rater means."""

from __future__ import annotations

from typing import Any

from annotate.answers.answer import LONGEST_LINE, Asked, Wrong, fields, listed, said, text
from annotate.question import VERDICTS

AMBIGUOUS = "ambiguous"
NONE = "not in the taxonomy"
"""What is kept where no one place is meant."""


def placement(about: Asked, value: object) -> tuple[Any, tuple[str, ...]]:
    """Check a verdict with its place or places; they are kept as names at the question's level."""
    found = fields(value, "it", ("verdict", "place", "between", "name"))
    verdict = found.get("verdict")
    if verdict not in VERDICTS:
        raise Wrong(f"{said(verdict)} is not one of {', '.join(VERDICTS)}")
    if verdict == "confirm":
        return _confirmed(about), ()
    if verdict == "move":
        return _moved(about, found.get("place"))
    if verdict == "none":
        name = text(found.get("name") or "", "the name", LONGEST_LINE)
        return {"verdict": "none", "place": NONE, "name": name}, ()
    between = [_name(about, one) for one in listed(found.get("between") or [], "it", 20)]
    gaps = ("Choose the two places (or more) between which it stands.",) if len(set(between)) < 2 else ()
    return {"verdict": "ambiguous", "place": AMBIGUOUS, "between": between}, gaps


def _confirmed(about: Asked) -> dict[str, Any]:
    assigned = str(getattr(about.item, about.question.level))
    if not assigned:
        raise Wrong(f"the item was given no {about.question.level} that could be confirmed")
    return {"verdict": "confirm", "place": assigned}


def _moved(about: Asked, place: object) -> tuple[Any, tuple[str, ...]]:
    if place in (None, ""):
        return {"verdict": "move"}, ("Choose the place where it belongs.",)
    name = _name(about, place)
    if name == getattr(about.item, about.question.level):
        return {"verdict": "confirm", "place": name}, ()
    return {"verdict": "move", "place": name}, ()


def _name(about: Asked, place: object) -> str:
    if about.taxonomy is None:
        raise Wrong("the study has no taxonomy to choose from")
    name = about.taxonomy.at_level(about.question.level, place) if isinstance(place, str) else None
    if name is None:
        raise Wrong(f"{said(place)} is not a {about.question.level} of the taxonomy {about.taxonomy.name!r}")
    return name
