"""The data card of a public export: what it is, how it was made, what was left out."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from annotate.shown import column_of
from data.formats.whole.rare import PLACES, SMALLEST, SUPPRESSED
from data.formats.whole.study import StudyFiles


def card(files: StudyFiles, frame: pd.DataFrame) -> str:
    """Return the data card as Markdown."""
    protocol = files.protocol
    kinds = Counter(str(rater["kind"]) for rater in files.raters)
    unanswered = int(frame["status"].ne("answered").sum()) if len(frame) else 0
    lines = [
        f"# {files.facts.get('title') or files.facts['name']}",
        "",
        f"Ratings of {len(files.items):,} items by {_kinds(kinds)}, made with Consilium.",
        "",
        "## How they were made",
        "",
        f"- Protocol: {protocol.title}{f' ({protocol.citation})' if protocol.citation else ''}",
        f"- Unit: {protocol.unit}. Design: {protocol.design.crossing}, {protocol.design.per_item} an item.",
        f"- Random seed of the design: {files.facts.get('seed', 0)}.",
        f"- Questions: {', '.join(question.key for question in protocol.questions)} (see codebook.csv).",
        f"- Ratings: {len(frame):,}, of which {unanswered:,} unanswered, with their status.",
        f"- Hash of the newest rating in the study's log: {files.head or 'no rating yet'}.",
        "",
        "## What was left out",
        "",
        "- All texts: sources, prompts, outputs, references, comments, reasons, free-text answers.",
        "- Names and times. Items, cases and clinicians have new keys; their order says nothing.",
        f"- Strata, places in the taxonomy and specialties of fewer than {SMALLEST} cases or clinicians.",
        *_combinations(files),
        "- The audit log and superseded ratings.",
        "",
        "This lowers the risk that somebody is recognised; it does not certify that nobody can be.",
        "",
        *_coverage(files),
        "## Before you publish",
        "",
        "Add: who made it, the ethics approval, the licence, whom to ask.",
        "",
    ]
    return "\n".join(lines)


def _combinations(files: StudyFiles) -> list[str]:
    """What was done about combinations, and how much of each column is gone; names of a survey have none."""
    if files.protocol.items:
        return []
    columns = dict.fromkeys(name for item in files.items for name in (*PLACES, *item.strata))
    gone = {name: sum(column_of(item, name) == SUPPRESSED for item in files.items) for name in columns}
    cost = ", ".join(f"{name} in {count:,}" for name, count in gone.items() if count)
    asked = sorted({each.asked_of[0] for each in files.protocol.questions if each.asked_of})
    again = ", ".join(name for name in asked if gone.get(name))
    said = f" Which questions were asked of an item may tell its {again} again." if again else ""
    return [
        f"- Of any combination of strata and places that fewer than {SMALLEST} cases share, as much as makes "
        f"it common. So {SMALLEST} cases or more share all that items.csv says of a case beside its systems, "
        "or none of it is said. "
        f"Suppressed, as “{SUPPRESSED}”: {cost or 'nothing'}{' items' if cost else ''}.{said}",
    ]


def _kinds(kinds: Counter[str]) -> str:
    said = [f"{number} {kind}{'' if number == 1 else 's'}" for kind, number in sorted(kinds.items())]
    return ", ".join(said) or "nobody yet"


def _coverage(files: StudyFiles) -> list[str]:
    counts = Counter(item.benchmark for item in files.items if item.benchmark)
    if not counts:
        return []
    return [
        "## Items by benchmark",
        "",
        *(f"- {name}: {number:,}" for name, number in counts.most_common()),
        "",
    ]
