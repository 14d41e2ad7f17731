"""Which sentences to look at first in outputs that clinicians found bad: for the report and for a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from agreement.array import Array
from agreement.consensus import majority
from agreement.decision.lay import COMPOSITE
from agreement.mmil import NOT_LIKERT
from agreement.report.answers import Answers
from agreement.report.keys import Key
from agreement.report.settings import Settings
from agreement.statements import Bag, Suggested, suggest
from annotate.item import Item
from annotate.protocol_file import parse
from annotate.sentences import sentences

YES = ("yes", "true", "present", "met", "1")
HARMLESS = ("supported", "correct", "accurate", "faithful", "fine", "ok", "no", "none", "0")
_NUMBERED = re.compile(r"(?:(.*)/)?(\d+)")


@dataclass(frozen=True, slots=True)
class Split:
    """An output in sentences, with what it was written from."""

    key: Key
    sentences: tuple[str, ...]
    source: str
    case: str


def statements(
    answers: Sequence[Answers],
    items: Iterable[Item],
    *,
    harmless: Mapping[str, str] | None = None,
    settings: Settings | None = None,
    texts: bool = True,
) -> tuple[Suggested, ...]:
    """Return, for each strict yes or no about outputs with text, the sentences to look at first.

    Parameters
    ----------
    answers : sequence of Answers
        As a report holds them (`agreement.paper.whole.Whole.answers`).
    items : iterable of Item
        With the outputs' texts and sources.
    harmless : mapping of question to value, optional
        The point that says that a sentence is fine, as the protocol declares it (`harmless_points`).
    texts : bool
        Put the sentences themselves into the result; a report that leaves the house goes without.

    Returns
    -------
    tuple of Suggested
        Empty where clinicians judged no sentences; a refusal in words where it cannot be done.
    """
    split = _split(items)
    answers = [one.as_given for one in answers]
    marked = [one for one in answers if _is_marks(one, split)]
    if not marked:
        return ()
    how = settings or Settings()
    rest = [one for one in answers if one not in marked and one.question != COMPOSITE]
    rest = [one for one in rest if any(row in split for row in one.rows) and one.clinicians.size]
    strict = [one for one in rest if _strict(one)]
    flagged, flags = _flags(marked, harmless or {})
    if not flags:
        return ()
    if not strict:
        return (Suggested("", flagged, refused=_none(rest)),)
    found = (_suggested(one, flagged, flags, split, how) for one in strict)
    return tuple(found if texts else map(without_texts, found))


def harmless_points(protocol: str) -> dict[str, str]:
    """Return, for each question about sentences, the point that says that a sentence is fine: the first."""
    asked = parse(protocol).questions if protocol else ()
    scales = {q.key: q.scale for q in asked if q.kind == "sentences"}
    return {key: scale.points[0].value for key, scale in scales.items() if scale and scale.points}


def _suggested(
    one: Answers,
    flagged: str,
    flags: Mapping[tuple[Key, int], float],
    split: Mapping[Key, Split],
    how: Settings,
) -> Suggested:
    bad = dict(zip(one.rows, _bad(one), strict=True))
    bags = [
        Bag(
            key, known.sentences, known.source, float(bad[key]),
            tuple(flags.get((key, n), float("nan")) for n in range(1, len(known.sentences) + 1)), known.case,
        )
        for key, known in split.items()
        if key in bad
    ]  # fmt: skip
    return suggest(
        one.question, flagged, bags, seed=how.seed, replicates=min(how.replicates, 500), level=how.level
    )


def _split(items: Iterable[Item]) -> dict[Key, Split]:
    made = {}
    for item in items:
        for output in item.outputs:
            parts = tuple(output.text[start:end] for start, end in sentences(output.text))
            if parts:
                key = (item.key, output.key)
                made[key] = Split(key, parts, item.source, item.case or item.key)
    return made


def _is_marks(one: Answers, split: Mapping[Key, Split]) -> bool:
    """Whether each answered row is a sentence of a known output, and some output has several.

    A question that was left open or could not be judged has a row about the whole output, without an answer.
    """
    answered = [bool(row.any()) for row in ~np.isnan(one.clinicians)]
    rows = [row for row, there in zip(one.rows, answered, strict=True) if there]
    if one.question.endswith(".severity") or one.question == COMPOSITE or any(row in split for row in rows):
        return False
    places = [_place(row) for row in rows]
    known = [p for p in places if p and p[0] in split and 1 <= p[1] <= len(split[p[0]].sentences)]
    return len(known) == len(places) > len({p[0] for p in known})


def _place(row: Key) -> tuple[Key, int] | None:
    found = _NUMBERED.fullmatch(row[1])
    return ((row[0], found[1] or ""), int(found[2])) if found else None


def _flags(
    marked: Sequence[Answers], harmless: Mapping[str, str]
) -> tuple[str, dict[tuple[Key, int], float]]:
    """Return the first question whose fine point is known, and what most clinicians said of each sentence."""
    for one in marked:
        fine = _fine(one, harmless.get(one.question))
        if fine is None or not one.clinicians.size:
            continue
        said = np.where(np.isnan(one.clinicians), np.nan, one.clinicians != fine)
        flags = majority(said).values
        return one.question, {
            place: float(flag)
            for place, flag in zip(map(_place, one.rows), flags, strict=True)
            if place and not np.isnan(flag)
        }
    return "", {}


def _fine(one: Answers, declared: str | None) -> float | None:
    """Return the code of the point that says that a sentence is fine; None where nothing tells."""
    if one.labels:
        names = [label.casefold() for label in one.labels]
        wanted = (declared.casefold(),) if declared else HARMLESS
        return next((float(names.index(name)) for name in wanted if name in names), None)
    return 0.0 if np.isin(one.clinicians[~np.isnan(one.clinicians)], (0.0, 1.0)).all() else None


def _strict(one: Answers) -> bool:
    given = one.clinicians[~np.isnan(one.clinicians)]
    if one.labels:
        return len(one.labels) == 2 and any(label.casefold() in YES for label in one.labels)
    return bool(len(given)) and bool(np.isin(given, (0.0, 1.0)).all())


def _bad(one: Answers) -> Array:
    """Return what most clinicians said: 1 for yes; NaN where they are evenly split."""
    yes = next((n for n, label in enumerate(one.labels) if label.casefold() in YES), 1)
    return majority(np.where(np.isnan(one.clinicians), np.nan, one.clinicians == yes)).values


def _none(rest: Sequence[Answers]) -> str:
    graded = ", ".join(one.question for one in rest) or "no other question"
    return NOT_LIKERT.format(graded)


def without_texts(found: Suggested) -> Suggested:
    """Return the suggestions by number alone: what may leave the house."""
    return replace(found, suggestions=tuple(replace(one, text="") for one in found.suggestions))
