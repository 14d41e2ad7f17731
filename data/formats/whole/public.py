"""A study fit to be published: without texts, names and times, and without groups of one or two."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from annotate.item import Item
from annotate.jury.juror import HOMES
from annotate.protocol import Protocol
from annotate.protocol_file import parse, write
from data.formats.whole.study import StudyFiles

SMALLEST = 3
SUPPRESSED = "(fewer than 3)"
WORDS = ("comment", "reason")


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
    kept = _strata_sizes(files.items)
    protocol = _protocol(files.protocol, items)
    closed = _closed(files)
    return replace(
        files,
        facts={
            name: files.facts[name] for name in ("name", "title", "seed", "versions") if name in files.facts
        },
        protocol=protocol,
        protocol_texts=[files.protocol_texts[-1] if protocol == files.protocol else write(protocol)],
        items=sorted((_bare(item, items, cases, kept) for item in files.items), key=_order),
        raters=_raters(files.raters, raters),
        assignments=[
            replace(a, item=items[a.item], rater=raters.get(a.rater, a.rater)) for a in files.assignments
        ],
        history=[_event(row, items, raters, closed) for row in files.history],
        audit=(),
    )


def _order(item: Item) -> int:
    return int(item.key.rpartition("-")[2])


def _shuffled(things: Iterable[Any], salt: str, key: Callable[[Any], str]) -> list[Any]:
    return sorted(things, key=lambda thing: hashlib.sha256(f"{salt}{key(thing)}".encode()).hexdigest())


def _strata_sizes(items: Iterable[Item]) -> dict[str, Counter[str]]:
    """How many cases share a stratum: six outputs about one patient are one."""
    cases = {(name, value, item.case or item.key) for item in items for name, value in item.strata.items()}
    counts: dict[str, Counter[str]] = {}
    for name, value, _ in cases:
        counts.setdefault(name, Counter())[value] += 1
    return counts


def _protocol(protocol: Protocol, items: Mapping[str, str]) -> Protocol:
    """The protocol with the new keys of its training items."""
    if protocol.training is None:
        return protocol
    trained = tuple(items.get(key, key) for key in protocol.training.items)
    return replace(protocol, training=replace(protocol.training, items=trained))


def _bare(
    item: Item, items: Mapping[str, str], cases: Mapping[str, str], counts: Mapping[str, Counter[str]]
) -> Item:
    strata = {
        name: value if counts[name][value] >= SMALLEST else SUPPRESSED for name, value in item.strata.items()
    }
    return Item(
        key=items[item.key],
        outputs=tuple(replace(output, text="") for output in item.outputs),
        case=cases[item.case] if item.case else "",
        benchmark=item.benchmark,
        category=item.category,
        subcategory=item.subcategory,
        task=item.task,
        strata=strata,
    )


def _raters(raters: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    raters = list(raters)
    sizes = Counter(rater["specialty"] for rater in raters if rater["kind"] == "clinician")
    public = []
    for rater in raters:
        rare = rater["specialty"] and sizes[rater["specialty"]] < SMALLEST
        shown = SUPPRESSED if rare else rater["specialty"]
        new = {"key": names.get(rater["key"], rater["key"]), "specialty": shown, "identity": _identity(rater)}
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


def _event(
    row: Mapping[str, Any], items: Mapping[str, str], raters: Mapping[str, str], closed: frozenset[str]
) -> dict[str, Any]:
    said = dict(row) | {"item": items[row["item"]], "rater": raters.get(row["rater"], row["rater"])}
    said |= {"comment": "", "submitted_at": None}
    said["reason"] = "" if row["status"] == "answered" else row["status"]
    if row["value"] is not None and row["kind"] != "metric" and row["question"] not in closed:
        said["value"] = row["value"] if _is_number(row["value"]) else "(text)"
    return said


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
