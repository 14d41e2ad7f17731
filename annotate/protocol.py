"""A protocol: what is rated, on which questions, by what design. A file that a study lead can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from annotate.question import Question
from annotate.taxonomy import Taxonomy

Unit = Literal[
    "output",  # one output, with or without source and reference
    "pair",  # two outputs side by side, order randomised and stored
    "set",  # n outputs side by side: n-way rating or ranking
    "conversation",  # a whole dialogue, shown as turns
    "item",  # the item itself, e.g. a subcategory to place
]
Crossing = Literal["full", "per-item", "blocks", "overlap"]


@dataclass(frozen=True, slots=True)
class Design:
    """Who rates what, as the protocol wants it; `annotate.design` turns it into assignments.

    Attributes
    ----------
    crossing : Crossing
        Every rater every item; `per_item` raters an item; balanced incomplete blocks; or all raters on
        an overlap subset of `overlap` items and `per_item` on the rest.
    repeats : float
        Share of each rater's items that come again, hidden, at least `repeat_gap` places later.
    groups : tuple of (name, raters per item)
        Rater groups (professions, specialties) that each item needs, where the protocol has them.
    last : tuple of (column, values) or None
        Items with one of these values in this column come last, whatever the order.
    match : str
        A column of the items that must name one of the rater's own specialties; empty for none.
    arms : tuple of str
        Randomised arms (e.g. with and without help), balanced within items and raters; empty for none.
    steps : tuple of str
        Steps within one item, in order (e.g. before, after); empty for one step. In the first of several
        steps a rater works unaided: the outputs are shown from the second on, and where there are arms,
        only the output that has the arm's name as its key.
    adjudicate, apart : bool, float
        Whether what raters disagree about goes to one more rater, whose answer then settles the item in the
        summaries; how far two answers on an interval or ratio scale must be apart to disagree.
    minutes : float
        What one item is expected to take; for planning, never shown to raters.
    """

    crossing: Crossing = "per-item"
    per_item: int = 2
    overlap: int = 0
    cap: int | None = None
    repeats: float = 0.0
    repeat_gap: int = 10
    shuffle: bool = True
    groups: tuple[tuple[str, int], ...] = ()
    arms: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    adjudicate: bool = False
    apart: float = 2.0
    match: str = ""
    minutes: float = 3.0
    last: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Blinding:
    """What a rater's browser must never receive.

    `other_raters` is for the record: no screen shows a rater what others said, whatever it says.
    """

    system: bool = True
    reference: bool = True
    order: bool = True
    other_raters: bool = True


@dataclass(frozen=True, slots=True)
class Training:
    """A round before the study: items with an agreed answer, feedback after each, a pass mark."""

    items: tuple[str, ...] = ()
    pass_mark: float = 0.8


@dataclass(frozen=True, slots=True)
class Protocol:
    """A whole protocol, one version of it.

    Attributes
    ----------
    name, title, citation, instructions : str
        `name` is how scripts call it; `instructions` are shown to raters (Markdown).
    composite : tuple of str
        Keys of the questions whose mean is the composite score; empty for no composite.
    summary : tuple of (question key, how)
        How each question is summed up, by the names in `SUMMARIES`, e.g. "mean" or "mean by group";
        "composite" stands for the composite score.
    consent : str
        What a rater agrees to before the first item; empty for none.
    taxonomy : str
        The shipped taxonomy that placements refer to; empty for none.
    own_taxonomy : Taxonomy or None
        The study's own, e.g. with its list of tasks; it goes before a shipped one.
    items : "" or "subcategories"
        Where the items come from if none are imported: one for each subcategory of the taxonomy, and one
        for the taxonomy as a whole.
    """

    name: str
    title: str
    unit: Unit
    questions: tuple[Question, ...]
    design: Design = Design()
    blinding: Blinding = Blinding()
    training: Training | None = None
    composite: tuple[str, ...] = ()
    summary: tuple[tuple[str, str], ...] = ()
    citation: str = ""
    instructions: str = ""
    consent: str = ""
    taxonomy: str = ""
    items: Literal["", "subcategories"] = ""
    own_taxonomy: Taxonomy | None = None

    def question(self, key: str) -> Question:
        """Return the question called `key`; a sentence as KeyError where there is none."""
        for question in self.questions:
            if question.key == key:
                return question
        known = ", ".join(question.key for question in self.questions)
        raise KeyError(f"Protocol {self.name!r} has no question {key!r} (it has {known})")
