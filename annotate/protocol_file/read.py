"""YAML text to Protocol: every key with its reader, and every fault at once with its line."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, get_args

import yaml

from annotate import yaml_nodes as nodes
from annotate.protocol import Blinding, Crossing, Design, Protocol, Training, Unit
from annotate.protocol_file.check import faults
from annotate.protocol_file.questions import by_name, condition, lists, questions_of
from annotate.taxonomy import read_taxonomy
from annotate.yaml_nodes import Reader, Reading, mapping, number, one_of, text, texts, yes_no

UNITS: tuple[Unit, ...] = get_args(Unit)
CROSSINGS: tuple[Crossing, ...] = get_args(Crossing)


def parse(source: str, file: str = "", *, taxonomies: Collection[str] | None = None) -> Protocol:
    """Return the protocol that a YAML text describes.

    Parameters
    ----------
    source : str
        The text of the file.
    file : str
        Its name, for the sentences.
    taxonomies : collection of str, optional
        The shipped taxonomies that it may name, for a file that is new; by default it may name any.

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
    found = mapping(reading, root, protocol_keys(broken), "the protocol")
    _required(reading, root, found)
    if all(key in found for key in _REQUIRED):
        protocol = _protocol(found)
        for path, sentence in faults(protocol):
            if not (path[0] == "questions" and len(path) > 1 and path[1] in broken):
                reading.wrong_at(_line(root, path), sentence)
        named = protocol.taxonomy if taxonomies is not None and not protocol.own_taxonomy else ""
        if named and named not in (taxonomies or ()):
            said = f"no taxonomy called {named!r} is shipped{nodes.meant(named, taxonomies or ())}"
            reading.wrong_at(_line(root, ("taxonomy",)), said)
        reading.stop_if_wrong()
        return protocol
    reading.stop_if_wrong()
    raise AssertionError("a key was missing and nobody said so")


def protocol_keys(broken: set[int]) -> dict[str, Reader]:
    """Return the keys of the file; questions that are wrong are noted in `broken` by their place."""
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
        "questions": questions_of(broken),
        "composite": texts,
        "summary": lists,
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


DESIGN_KEYS: dict[str, Reader] = {
    "crossing": one_of(*CROSSINGS),
    "per_item": number(1, 1000, whole=True),
    "overlap": number(0, whole=True),
    "cap": number(1, whole=True),
    "repeats": number(0, 1),
    "repeat_gap": number(0, whole=True),
    "shuffle": yes_no,
    "last": condition,
    "groups": by_name(number(1, 1000, whole=True)),
    "match": text,
    "arms": texts,
    "steps": texts,
    "adjudicate": yes_no,
    "apart": number(0.001, 1e9),
    "minutes": number(0.01, 1440),
}
BLINDING_KEYS: dict[str, Reader] = {
    "system": yes_no,
    "reference": yes_no,
    "order": yes_no,
    "other_raters": yes_no,
}
TRAINING_KEYS: dict[str, Reader] = {"items": texts, "pass_mark": number(0, 1)}
