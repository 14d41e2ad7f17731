"""What must hold between the parts of a protocol: each fault with the path to the key that is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotate.protocol import Design, Protocol
from annotate.question import VERDICTS, Question
from annotate.scale import Scale
from annotate.summing import SUMMARIES, summing

Path = tuple[str | int, ...]
Found = tuple[Path, str]

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")
POINTED = ("scale", "choice", "multi", "spans", "sentences")
CONDITIONAL = ("scale", "choice", "multi", "placement")


def faults(protocol: Protocol) -> list[Found]:
    """Return every rule that the protocol breaks, with the path to the key.

    Examples
    --------
    >>> from annotate.protocol import Protocol
    >>> from annotate.question import VERDICTS, Question
    >>> faults(Protocol("p", "P", "output", (Question("why", "Why?", "text"),), composite=("why",)))
    [(('composite',), "composite takes 'why', a text question; only scale and number questions have a mean.")]
    """
    return [
        *_names(protocol),
        *(
            found
            for n, question in enumerate(protocol.questions)
            for found in _question(protocol, n, question)
        ),
        *_composite(protocol),
        *_summary(protocol),
        *_design(protocol.design),
    ]


def _names(protocol: Protocol) -> Iterator[Found]:
    if not NAME.fullmatch(protocol.name):
        yield ("protocol",), f"the name {protocol.name!r} must be letters, digits, '-', '_' and '.' only."
    if not protocol.questions:
        yield ("questions",), "there is no question; list at least one."
    if protocol.items and not (protocol.taxonomy or protocol.own_taxonomy):
        yield ("items",), f"items come from {protocol.items!r} of a taxonomy; add `taxonomy: medhelm`."
    seen: set[str] = set()
    for place, question in enumerate(protocol.questions):
        path = ("questions", place, "key")
        if question.key in seen:
            yield path, f"a question before it is called {question.key!r} too; give each its own key."
        if question.key == "composite" or not NAME.fullmatch(question.key):
            yield (
                path,
                f"the key {question.key!r} must be letters, digits, '-', '_' and '.', and not 'composite'.",
            )
        seen.add(question.key)


def _question(protocol: Protocol, place: int, question: Question) -> Iterator[Found]:
    def at(key: str) -> Path:
        return ("questions", place, key)

    for key, sentence in (
        *_points(question),
        *_belongs(question),
        *_outputs(protocol, question),
        *_conditions(protocol, place, question),
    ):
        yield at(key), f"question {question.key!r}: {sentence}"


def _points(question: Question) -> Iterator[tuple[str, str]]:
    scale, kind = question.scale, question.kind
    if kind in POINTED:
        least = 1 if kind in ("multi", "spans") else 2
        if scale is None or len(scale.points) < least:
            yield "points", f"a {kind} question needs {least} or more points; add `points:`."
        else:
            yield from _doubled(scale, "points")
        if scale is not None and (scale.low, scale.high) != (None, None):
            yield "low", "'low' and 'high' are for number questions; the points are the bounds."
    elif kind == "number":
        if scale and scale.points:
            yield "points", "a number question has 'low' and 'high', not points; or make it `kind: scale`."
        if scale and scale.low is not None and scale.high is not None and scale.low >= scale.high:
            yield "low", f"'low' {scale.low:g} must be below 'high' {scale.high:g}."
    elif scale is not None:
        yield "points" if scale.points else "scale", f"a {kind} question has no scale; remove it."
    if kind == "scale" and scale and scale.points and not _rising(scale):
        yield "points", "the points of a scale must rise or fall in number from first to last."
    if question.severities:
        yield from _doubled(question.severities, "severities")


def _rising(scale: Scale) -> bool:
    numbers = [point.number for point in scale.points]
    return sorted(set(numbers)) in (numbers, numbers[::-1])


def _doubled(scale: Scale, key: str) -> Iterator[tuple[str, str]]:
    seen: set[str | float] = set()
    for point in scale.points:
        if not point.value:
            yield key, "a point has no value; give each a short one."
        if _worth(point.value) in seen:
            yield key, f"the point {point.value!r} comes twice; give each its own value."
        seen.add(_worth(point.value))


def _worth(value: str) -> str | float:
    """Return what tells points apart: `1` and `1.0` are one point to a spreadsheet."""
    try:
        return float(value)
    except ValueError:
        return value


def _belongs(question: Question) -> Iterator[tuple[str, str]]:
    """Keys that mean something for some kinds only."""
    only = {
        "severities": (question.severities is not None, ("spans", "sentences")),
        "omissions": (question.omissions, ("spans",)),
        "ties": (question.ties, ("ranking",)),
        "entries": (bool(question.entries), ("text",)),
        "level": (question.level != "subcategory", ("placement",)),
    }
    for key, (used, kinds) in only.items():
        if used and question.kind not in kinds:
            yield key, f"{key!r} is for {' and '.join(kinds)} questions, not for {question.kind}; remove it."
    if question.comment == "extremes" and question.kind != "scale":
        yield "comment", "comment 'extremes' is for scale questions; write optional or required."


def _outputs(protocol: Protocol, question: Question) -> Iterator[tuple[str, str]]:
    several = protocol.unit in ("pair", "set")
    if question.per_output and not several:
        yield "per_output", f"unit {protocol.unit!r} has one output; remove it or make the unit pair or set."
    if question.per_output and (question.kind == "ranking" or question.compares):
        yield "per_output", "a question about all outputs cannot be asked of each; remove it."
    if question.compares and (protocol.unit != "pair" or question.kind not in ("scale", "choice")):
        yield "compares", "'compares' is for scale and choice questions about a pair."
    if question.kind == "ranking" and not several:
        yield "kind", f"a ranking needs several outputs, and the unit is {protocol.unit!r}; make it set."
    if question.kind in ("spans", "sentences") and several and not question.per_output:
        yield "kind", f"{question.kind} mark one output; add `per_output: true`."
    if question.kind in ("spans", "sentences") and protocol.unit == "item":
        yield "kind", f"{question.kind} mark an output, and the unit is 'item'; make it output."
    if question.kind == "placement" and not (protocol.taxonomy or protocol.own_taxonomy):
        yield "kind", "a placement needs a taxonomy; add `taxonomy: medhelm` to the protocol."


def _conditions(protocol: Protocol, place: int, question: Question) -> Iterator[tuple[str, str]]:
    for step in question.steps:
        if step not in protocol.design.steps:
            known = ", ".join(protocol.design.steps) or "none"
            yield "steps", f"{step!r} is not a step of the design (steps: {known})."
    if question.shown_if is None:
        return
    key, values = question.shown_if
    before = {other.key: other for other in protocol.questions[:place]}
    if key not in before:
        known = ", ".join(before) or "none"
        yield "shown_if", f"it follows from {key!r}, which is not a question before it (before it: {known})."
        return
    if before[key].per_output and not question.per_output:
        yield "shown_if", f"{key!r} is asked of each output, so this must be too: add `per_output: true`."
    yield from _values(before[key], values)


def _values(before: Question, values: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if before.kind not in CONDITIONAL:
        yield (
            "shown_if",
            f"{before.key!r} is a {before.kind} question; only {', '.join(CONDITIONAL)} can decide.",
        )
        return
    points = before.scale.points if before.scale else ()
    known = VERDICTS if before.kind == "placement" else tuple(point.value for point in points)
    for value in values:
        if value not in known:
            yield "shown_if", f"{value!r} is not an answer to {before.key!r} ({', '.join(known)})."


def _composite(protocol: Protocol) -> Iterator[Found]:
    known = {question.key: question for question in protocol.questions}
    for key in protocol.composite:
        if key not in known:
            yield ("composite",), f"composite takes {key!r}, which is not a question ({', '.join(known)})."
        elif known[key].kind not in ("scale", "number"):
            kind = known[key].kind
            yield (
                ("composite",),
                f"composite takes {key!r}, a {kind} question; only scale and number questions have a mean.",
            )


def _summary(protocol: Protocol) -> Iterator[Found]:
    known = [question.key for question in protocol.questions] + (["composite"] if protocol.composite else [])
    for key, how in protocol.summary:
        if key not in known:
            yield ("summary", key), f"summary of {key!r}, which is not a question ({', '.join(known)})."
        try:
            summing(how)
        except ValueError as error:
            yield ("summary", key), f"{error}; ways: {', '.join(SUMMARIES)}, each also with ' by COLUMN'."


def _design(design: Design) -> Iterator[Found]:
    if design.groups and sum(count for _, count in design.groups) != design.per_item:
        total = sum(count for _, count in design.groups)
        yield (
            ("design", "per_item"),
            f"the groups add up to {total} raters an item, per_item says {design.per_item}.",
        )
    if design.crossing == "overlap" and not design.overlap:
        yield (
            ("design", "crossing"),
            "crossing 'overlap' needs `overlap: ` with how many items all raters share.",
        )
    if design.crossing != "overlap" and design.overlap:
        yield ("design", "overlap"), f"'overlap' is for crossing 'overlap', and it is {design.crossing!r}."
    if design.apart != Design().apart and not design.adjudicate:
        yield ("design", "apart"), "'apart' says what goes to an adjudicator; add `adjudicate: true`."
    for key in ("steps", "arms"):
        names = getattr(design, key)
        if len(names) == 1 or len(set(names)) < len(names):
            yield ("design", key), f"{key!r} needs two or more different names, or none."
        for name in names:
            if not NAME.fullmatch(name):
                yield ("design", key), f"{name!r} in {key!r} must be letters, digits, '-', '_' and '.' only."
