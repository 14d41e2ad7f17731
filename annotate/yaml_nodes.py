"""YAML text as nodes that know their line: every scalar is its text, so `no` and `1.0` stay what they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import yaml

from annotate.fault import Fault
from annotate.storable import storable

LARGEST = 1_000_000
"""Characters; a file is a page or two, so more is a mistake or an attack."""
DEEPEST = 20

Reader = Callable[["Reading", yaml.Node, str], Any]


class Reading:
    """One pass over a file: what is wrong is collected with its line and said all at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[tuple[int, str]] = []

    def wrong(self, node: yaml.Node, sentence: str) -> None:
        """Note what is wrong at this node."""
        self.wrong_at(node.start_mark.line + 1, sentence)

    def wrong_at(self, line: int, sentence: str) -> None:
        """Note what is wrong in this line, counted from 1."""
        self.problems.append((line, sentence))

    def stop_if_wrong(self) -> None:
        """Raise the Fault with every problem so far, in the order of the lines."""
        if self.problems:
            place = f"{self.file} line" if self.file else "Line"
            raise Fault(*(f"{place} {line}: {text}" for line, text in sorted(set(self.problems))))


def compose(text: str, file: str) -> yaml.Node:
    """Return the root node of a YAML text; a Fault with the line where it is not one."""
    place = f"{file} line" if file else "Line"
    if len(text) > LARGEST:
        raise Fault(f"{place} 1: the file has {len(text):,} characters; at most {LARGEST:,}.")
    try:
        _refuse_tricks(text, place)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        raise Fault(_syntax(error, place)) from None
    if root is None:
        raise Fault(f"{place} 1: the file is empty; write its first key.")
    return root


def _refuse_tricks(text: str, place: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise Fault(f"{place} {line}: '*{event.anchor}' refers elsewhere; write the value out.")
        if isinstance(event, yaml.ScalarEvent) and storable(event.value) != event.value:
            raise Fault(f"{place} {line}: a text holds a character that no database keeps; remove it.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise Fault(
                f"{place} {line}: nested more than {DEEPEST} deep; no file of ours needs more than 8."
            )


def _syntax(error: Exception, place: str) -> str:
    mark, opened = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else 1
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
    remedy = "quote a text that holds ': ' or starts with a sign"
    if "'\\t'" in problem:
        remedy = "indent with blanks, not with a tab"
    elif "end of stream" in problem and opened:
        line, remedy = opened.line + 1, "close the quotation mark that opens in this line"
    elif "expected ',' or" in problem and opened:
        remedy = f"close the bracket that opens in line {opened.line + 1}, or {remedy}"
    elif "another document" in problem:
        remedy = "remove the line '---' and what follows it"
    return f"{place} {line}: not valid YAML ({problem}); {remedy}."


def empty(node: yaml.Node) -> bool:
    """Whether a key was written without a value (or with `null`), which leaves its default."""
    return bool(node.tag == "tag:yaml.org,2002:null")


def mapping(reading: Reading, node: yaml.Node, keys: Mapping[str, Reader], what: str) -> dict[str, Any]:
    """Read the keys that are there, each by its reader; unknown and doubled keys are noted."""
    if not isinstance(node, yaml.MappingNode):
        reading.wrong(node, f"{what} must be `key: value` lines (keys: {', '.join(keys)}).")
        return {}
    found: dict[str, Any] = {}
    for key, value in pairs(reading, node, what):
        if key.value not in keys:
            reading.wrong(key, f"{key.value!r} is not a key of {what}{meant(key.value, keys)}")
        elif not empty(value):
            found[key.value] = keys[key.value](reading, value, f"{key.value!r} of {what}")
    return {key: value for key, value in found.items() if value is not None}


def pairs(reading: Reading, node: yaml.MappingNode, what: str) -> list[tuple[yaml.Node, yaml.Node]]:
    """Return key and value nodes; a key that comes twice is noted with both lines."""
    first: dict[str, int] = {}
    kept: list[tuple[yaml.Node, yaml.Node]] = []
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            reading.wrong(key, f"a key of {what} must be a word.")
            continue
        if key.value in first:
            reading.wrong(
                key, f"{key.value!r} of {what} is already in line {first[key.value]}; keep one of the two."
            )
            continue
        first[key.value] = key.start_mark.line + 1
        kept.append((key, value))
    return kept


def meant(word: str, known: Iterable[str]) -> str:
    """Return the remedy for a word that is not known: the nearest one, or all of them."""
    close = get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; use one of: {', '.join(known)}."


def text(reading: Reading, node: yaml.Node, what: str) -> str | None:
    """Read one text."""
    if isinstance(node, yaml.ScalarNode):
        return str(node.value).strip()
    reading.wrong(node, f"{what} must be one text; if it holds ': ', put it in quotes.")
    return None


def yes_no(reading: Reading, node: yaml.Node, what: str) -> bool | None:
    """Read true or false."""
    word = (text(reading, node, what) or "").lower()
    if word in {"true", "yes", "on"}:
        return True
    if word in {"false", "no", "off"}:
        return False
    reading.wrong(node, f"{what} is {word!r}; write true or false.")
    return None


def number(low: float, high: float = float("inf"), *, whole: bool = False) -> Reader:
    """Return the reader of a number between bounds."""
    kind = "a whole number" if whole else "a number"
    bounds = f"from {low:g} to {high:g}" if high < float("inf") else f"of {low:g} or more"
    if low == float("-inf"):
        bounds = "such as 0.5"

    def read(reading: Reading, node: yaml.Node, what: str) -> float | None:
        raw = text(reading, node, what)
        try:
            value = float(str(raw))
        except ValueError:
            value = float("nan")
        if low <= value <= high and abs(value) < float("inf") and (not whole or value == int(value)):
            return int(value) if whole else value
        reading.wrong(node, f"{what} is {raw!r}; write {kind} {bounds}.")
        return None

    return read


def one_of(*options: str) -> Reader:
    """Return the reader of one word out of some."""

    def read(reading: Reading, node: yaml.Node, what: str) -> str | None:
        word = text(reading, node, what)
        if word is None or word in options:
            return word
        close = get_close_matches(word, options, n=1)
        meant = f"did you mean {close[0]!r}? " if close else ""
        reading.wrong(node, f"{what} is {word!r}; {meant}write one of: {', '.join(options)}.")
        return None

    return read


def texts(reading: Reading, node: yaml.Node, what: str) -> tuple[str, ...] | None:
    """Read a list of texts; one text alone is a list of one."""
    if isinstance(node, yaml.ScalarNode):
        return (str(node.value),)
    if isinstance(node, yaml.SequenceNode):
        return tuple(word for word in (text(reading, part, what) for part in node.value) if word is not None)
    reading.wrong(node, f"{what} must be a list, e.g. [one, two].")
    return None
