"""A run's verdicts beside those that came before: nothing new, a first occasion, or a further one.

Files of runs (HELM, Inspect, promptfoo, Langfuse) do not number occasions across files: each run is one. A
rater's verdicts in a run are weighed as a whole. Where each is known word for word, the run is a copy and
brings nothing. Where one differs, the rater has judged again, and all of them are a further occasion: if only
those that differ were kept, a rater who mostly repeats itself would look as if it never did.
A failed call is no verdict: the run that has one fills its place, and a later failure takes none away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass, field

from data.formats.findings import number_of

Form = dict[str, tuple[str, ...]]
"""What was said to each question and part: status, value, reason, comment."""
Occasions = dict[int, Form]
Known = MutableMapping[tuple[str, str], Occasions]
"""Rater and item -> what was said on each occasion."""
NOTHING_NEW = 0
RUN = "run"
"""The column of a frame that says in which run a row stands; empty where the file numbers its occasions."""


@dataclass(slots=True)
class Heard:
    """What a rater said of one item in one run; `rows` are where each answer stands in the files."""

    form: Form = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


Run = dict[str, dict[int, Heard]]
"""One rater's forms in one run, by item and by their number in the run."""
Row = tuple[str, str, str, int, str, tuple[str, ...]]
"""Run, rater, item, number of the form in the run, question and part, what was said."""


def runs_of(rows: Iterable[Row]) -> list[tuple[str, Run]]:
    """Return each rater's forms in each run, in the order in which they come."""
    found: dict[tuple[str, str], Run] = {}
    for at, (run, rater, item, number, question, said) in enumerate(rows):
        forms = found.setdefault((rater, run), {}).setdefault(item, {})
        heard = forms.setdefault(number, Heard())
        heard.form[question], heard.rows[question] = said, at
    return [(rater, forms) for (rater, _), forms in found.items()]


def said_of(status: str, value: str, reason: str, comment: str) -> tuple[str, ...]:
    """Return an answer as it is compared: why a call failed is our own wording, and no part of it."""
    return (status, "", "", comment) if status == "failed" else (status, value, reason, comment)


@dataclass(slots=True)
class Told:
    """How a rater's verdicts were taken.

    Attributes
    ----------
    occasion : dict of row to int
        The occasion of each row, `NOTHING_NEW` where it is known already.
    further, repeated : Counter of rater
        Forms on a further occasion, and those of them that repeat an earlier one word for word.
    filled : int
        Answers in the place of failed calls.
    """

    occasion: dict[int, int] = field(default_factory=dict)
    further: Counter[str] = field(default_factory=Counter)
    repeated: Counter[str] = field(default_factory=Counter)
    filled: int = 0

    def sentences(self) -> list[str]:
        """Return who said something again, in words for the lead."""
        said = []
        if self.further:
            who = ", ".join(f"{rater} ({count:,})" for rater, count in sorted(self.further.items()))
            said.append(
                f"Said again in another run, as a further occasion: {who}. Comparisons take the first "
                "occasion; later ones show how far a rater repeats itself."
            )
        if same := self.repeated.total():
            said.append(
                f"Of these, {same:,} are word for word as before: a reply that a run took from its cache "
                "is no second reading."
            )
        if self.filled:
            said.append(f"In the place of failed calls: {number_of(self.filled, 'answer')}.")
        return said


def told_again(runs: Iterable[tuple[str, Run]], known: Known) -> Told:
    """Return the occasion of every row of these runs; `known` grows with them.

    Examples
    --------
    >>> rows = [("v1", "gpt", "a", 1, "clarity", ("answered", "4", "", "")),
    ...         ("v2", "gpt", "a", 1, "clarity", ("answered", "4", "", "")),
    ...         ("v3", "gpt", "a", 1, "clarity", ("answered", "5", "", ""))]
    >>> told_again(runs_of(rows), {}).occasion
    {0: 1, 1: 0, 2: 2}
    """
    told = Told()
    for rater, items in runs:
        mine = {item: known.setdefault((rater, item), {}) for item in items}
        copy = all(_known(each.form, mine[item]) for item, forms in items.items() for each in forms.values())
        for item, forms in items.items():
            for each in forms.values():
                _take(told, rater, each, mine[item], copy=copy)
    return told


def _take(told: Told, rater: str, heard: Heard, before: Occasions, *, copy: bool) -> None:
    occasion = _occasion(heard.form, before, copy=copy)
    there = before.get(occasion, {})
    if occasion == NOTHING_NEW:
        told.occasion |= dict.fromkeys(heard.rows.values(), NOTHING_NEW)
        return
    if there and _failed(there) and not _failed(heard.form):
        told.filled += len(heard.form)
        there = {}
    if before and occasion not in before:
        told.further[rater] += 1
        told.repeated[rater] += any(_same(heard.form, form) for form in before.values())
    told.occasion |= {at: NOTHING_NEW if name in there else occasion for name, at in heard.rows.items()}
    before[occasion] = heard.form | there


def _occasion(form: Form, before: Occasions, *, copy: bool) -> int:
    failed = (number for number, said in before.items() if _failed(said) and not _failed(form))
    if copy:
        same = (number for number, said in before.items() if _same(form, said))
        return next(same, next(failed, NOTHING_NEW if before else 1))
    return next(failed, max(before, default=0) + 1)


def _known(form: Form, before: Occasions) -> bool:
    """Whether a form says nothing else than what is known; of an item not yet judged it cannot."""
    if _failed(form) or all(_failed(said) for said in before.values()):
        return True
    return any(_same(form, said) for said in before.values())


def _same(form: Form, said: Form) -> bool:
    """Whether two forms agree where both say something: a protocol may ask more later."""
    return all(said[question] == what for question, what in form.items() if question in said)


def _failed(form: Form) -> bool:
    return all(status == "failed" for status, *_ in form.values())
