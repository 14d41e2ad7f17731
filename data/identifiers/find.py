"""Find and redact. A pattern flags; it never certifies that a text is free of identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from data.identifiers.patterns import ANYWHERE, MARKED, Rule

KINDS = (
    "name",
    "place",
    "date",
    "age",
    "phone",
    "email",
    "social security",
    "record",
    "health plan",
    "account",
    "licence",
    "vehicle",
    "device",
    "url",
    "ip",
    "other id",
)
"""Safe Harbor's 18 without fax (found as phone), biometrics and photographs (which are no text)."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One span of a text that may identify somebody."""

    start: int
    end: int
    kind: str
    text: str


def find(text: str) -> list[Finding]:
    """Return what may identify a person, in the order of the text, without overlaps.

    It sees patterns and names that stand after a title or a word like *patient*. It misses names without
    such a word, misspelled labels, and everything that only a reader can tell.

    Examples
    --------
    >>> [(f.kind, f.text) for f in find("Dr. Ann Lee saw her on 03/14/2021, MRN 00482913.")]
    [('name', 'Ann Lee'), ('date', '03/14/2021'), ('record', '00482913')]
    >>> find("BP 120/80, strength 5/5, take 1/2 tablet of 2.5 mg; a 67-year-old.")
    []
    """
    found = sorted(set(_all(text)), key=lambda f: (f.start, -f.end, KINDS.index(f.kind)))
    kept: list[Finding] = []
    for finding in found:
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
        elif finding.end > kept[-1].end:
            kept[-1] = _joined(text, kept[-1], finding)
    return kept


def _joined(text: str, first: Finding, second: Finding) -> Finding:
    return Finding(first.start, second.end, first.kind, text[first.start : second.end])


def redact(text: str, findings: Iterable[Finding]) -> str:
    """Return the text with each finding's kind in its place.

    Examples
    --------
    >>> text = "Call 555-867-5309."
    >>> redact(text, find(text))
    'Call [phone].'
    """
    parts, at = [], 0
    for finding in sorted(findings):
        parts += [text[at : finding.start], f"[{finding.kind}]"]
        at = finding.end
    return "".join([*parts, text[at:]])


def _all(text: str) -> Iterator[Finding]:
    for rule in ANYWHERE:
        yield from _matches(rule, text, 0, len(text))
    for marked in MARKED:
        for start, end in _near(marked.mark, text, marked.around):
            for rule in marked.rules:
                yield from _matches(rule, text, start, end)


def _matches(rule: Rule, text: str, start: int, end: int) -> Iterator[Finding]:
    for match in rule.pattern.finditer(text, start, end):
        group = match.lastindex or 0
        said = match[group]
        if rule.holds is None or rule.holds(said):
            kind = rule.kind if rule.kinds is None else rule.kinds[(match[1] or match[2]).lower()]
            yield Finding(match.start(group), match.end(group), kind, said)


def _near(marks: re.Pattern[str], text: str, around: int) -> Iterator[tuple[int, int]]:
    """Stretches around marks, joined where they touch."""
    start = end = -1
    for match in marks.finditer(text):
        if match.start() - around > end:
            if end >= 0:
                yield start, end
            start = max(0, match.start() - around)
        end = min(len(text), match.end() + around)
    if end >= 0:
        yield start, end
