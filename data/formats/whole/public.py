"""A study fit to be published: without texts, names and times, and without groups of one or two."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from annotate.item import Item
from annotate.jury.juror import HOMES
from annotate.protocol import Protocol
from annotate.protocol_file import parse, write
from annotate.shown import column_of
from annotate.taxonomy import LEVELS
from data.formats.whole.rare import PLACES, SMALLEST, SUPPRESSED, Told, told_of
from data.formats.whole.study import StudyFiles

Frequent = Callable[[str, str], bool]
"""Whether enough cases share a value of a column."""


def published(files: StudyFiles, salt: str) -> StudyFiles:
    """Return the study under new keys for items, cases and clinicians, with rare groups suppressed.

    Item keys may be record numbers and clinicians' keys may be names, so both are replaced; jurors and
    metrics keep theirs. Free text goes: texts, comments, reasons, text answers, spans. `salt` decides who
    gets which key; keep it nowhere, or whoever knows the old keys can find the new ones.
    """
    items = {item.key: f"item-{n}" for n, item in enumerate(_shuffled(files.items, salt, lambda i: i.key), 1)}
    cases = {
        case: f"case-{n}" for n, case in enumerate(_shuffled({i.case for i in files.items}, salt, str), 1)
    }
    people = [rater["key"] for rater in files.raters if rater["kind"] == "clinician"]
    raters = {key: f"C{n:02}" for n, key in enumerate(_shuffled(people, salt, str), 1)}
    told = _told(files)
    protocol = _protocol(files.protocol, items, cases, _named(told))
    said = _Said(items, raters, _closed(files), _hidden(files.items, told))
    return replace(
        files,
        facts={
            name: files.facts[name] for name in ("name", "title", "seed", "versions") if name in files.facts
        },
        protocol=protocol,
        protocol_texts=[files.protocol_texts[-1] if protocol == files.protocol else write(protocol)],
        items=sorted((_bare(item, items, cases, told[item.key]) for item in files.items), key=_order),
        raters=_raters(files.raters, raters),
        assignments=[
            replace(a, item=items[a.item], rater=raters.get(a.rater, a.rater)) for a in files.assignments
        ],
        history=[said.event(row) for row in files.history],
        audit=(),
        forms=(),
    )


def _order(item: Item) -> int:
    return int(item.key.rpartition("-")[2])


def _shuffled(things: Iterable[Any], salt: str, key: Callable[[Any], str]) -> list[Any]:
    return sorted(things, key=lambda thing: hashlib.sha256(f"{salt}{key(thing)}".encode()).hexdigest())


def _told(files: StudyFiles) -> Told:
    """What may be told of each item; a survey's items about the taxonomy are names, and nobody's."""
    if files.protocol.items:
        columns = {item.key: (*PLACES, *item.strata) for item in files.items}
        return {item.key: {name: column_of(item, name) for name in columns[item.key]} for item in files.items}
    asked = {question.asked_of[0] for question in files.protocol.questions if question.asked_of}
    return told_of(files.items, asked)


def _named(told: Told) -> Frequent:
    """Whether a value still stands somewhere: the protocol must not name one that does not."""
    left = {(name, value) for mine in told.values() for name, value in mine.items()}
    return lambda name, value: not value or (name, value) in left


def _hidden(items: Iterable[Item], told: Told) -> dict[str, frozenset[str]]:
    """The places of each item that are not told: an answer that confirms one would tell it again."""
    found = {}
    for item in items:
        gone = {column_of(item, level) for level in LEVELS if told[item.key][level] == SUPPRESSED}
        found[item.key] = frozenset(gone - {""})
    return found


def _protocol(
    protocol: Protocol, items: Mapping[str, str], cases: Mapping[str, str], frequent: Frequent
) -> Protocol:
    """The protocol with the new keys of its training items, and without the names of rare groups."""

    def shown(about: tuple[str, tuple[str, ...]] | None) -> tuple[str, tuple[str, ...]] | None:
        if about is None:
            return None
        column, values = about
        if column == "case":
            return column, tuple(dict.fromkeys(cases.get(value, SUPPRESSED) for value in values))
        kept = (value if frequent(column, value) else SUPPRESSED for value in values)
        return column, tuple(dict.fromkeys(kept))

    questions = tuple(replace(each, asked_of=shown(each.asked_of)) for each in protocol.questions)
    training = protocol.training
    if training is not None:
        training = replace(training, items=tuple(items.get(key, key) for key in training.items))
    design = replace(protocol.design, last=shown(protocol.design.last))
    return replace(protocol, questions=questions, design=design, training=training)


def _bare(item: Item, items: Mapping[str, str], cases: Mapping[str, str], told: Mapping[str, str]) -> Item:
    return Item(
        key=items[item.key],
        outputs=tuple(replace(output, text="") for output in item.outputs),
        case=cases[item.case] if item.case else "",
        benchmark=told["benchmark"],
        category=told["category"],
        subcategory=told["subcategory"],
        task=told["task"],
        strata={name: told[name] for name in item.strata},
    )


def _raters(raters: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    raters = list(raters)
    sizes = Counter(rater["specialty"] for rater in raters if rater["kind"] == "clinician")
    public = []
    for rater in raters:
        rare = rater["specialty"] and sizes[rater["specialty"]] < SMALLEST
        shown = SUPPRESSED if rare else rater["specialty"]
        new = {"key": names.get(rater["key"], rater["key"]), "specialty": shown, "identity": _identity(rater)}
        new |= {"left_at": ""}
        public.append(dict(rater) | new)
    return sorted(public, key=lambda rater: (rater["kind"], rater["key"]))


def _identity(rater: Mapping[str, Any]) -> dict[str, Any]:
    """What made a machine's answers, without a server of the house and without its prompt's own words."""
    if rater["kind"] == "clinician":
        return {}
    facts = dict(rater["identity"])
    if facts.get("url") not in (None, *HOMES.values()):
        facts["url"] = "(own server)"
    if facts.get("template"):
        facts["template"] = f"sha256:{hashlib.sha256(str(facts['template']).encode()).hexdigest()}"
    return facts


def _closed(files: StudyFiles) -> frozenset[str]:
    """Questions whose answers never were free text or quotes, in any version of the protocol."""
    versions = [files.protocol, *(parse(text) for text in files.protocol_texts[:-1])]
    asked = [question for version in versions for question in version.questions]
    worded = {question.key for question in asked if question.kind in ("text", "spans", "sentences")}
    return frozenset(question.key for question in asked if question.key not in worded)


@dataclass(frozen=True, slots=True)
class _Said:
    """How a rating is told in public: by new keys, without words, and without an item's rare places."""

    items: Mapping[str, str]
    raters: Mapping[str, str]
    closed: frozenset[str]
    hidden: Mapping[str, frozenset[str]]

    def event(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return one rating as the public may know it."""
        item, rater = row["item"], row["rater"]
        said = dict(row) | {"item": self.items[item], "rater": self.raters.get(rater, rater)}
        said |= {"comment": "", "submitted_at": None, "value": self._value(row)}
        if said["value"] == SUPPRESSED:
            said["number"] = None
        said["reason"] = "" if row["status"] == "answered" else row["status"]
        return said

    def _value(self, row: Mapping[str, Any]) -> str | None:
        value: str | None = row["value"]
        if value is None or row["kind"] == "metric":
            return value
        if value in self.hidden[row["item"]]:
            return SUPPRESSED
        return value if row["question"] in self.closed or _is_number(value) else "(text)"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
