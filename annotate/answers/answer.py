"""An answer that was checked, and the limits on what may arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from annotate.item import Item, Output
from annotate.question import Question
from annotate.taxonomy import Taxonomy

LONGEST_TEXT = 20_000
LONGEST_COMMENT = 10_000
LONGEST_LINE = 2_000
MOST_MARKS = 1_000


class Wrong(ValueError):
    """One sentence about an answer that cannot have come from our page."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rater said to one question, checked.

    Attributes
    ----------
    value : object
        As the kind of question has it, with points by their value and outputs by their own key;
        None where it is unable or open.
    unable : str
        Why the rater cannot judge; empty otherwise.
    gaps : tuple of str
        What is missing before it can be submitted, in sentences.
    """

    question: str
    value: Any = None
    unable: str = ""
    comment: str = ""
    confidence: str = ""
    gaps: tuple[str, ...] = ()

    @property
    def given(self) -> bool:
        """Whether anything was said: a value, or that it cannot be judged."""
        return self.value is not None or bool(self.unable)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what it is about: the item, the outputs as shown, and the one output if one."""

    question: Question
    item: Item
    outputs: tuple[Output, ...]
    output: Output | None = None
    taxonomy: Taxonomy | None = None

    def text(self) -> str:
        """Return the text that marks and sentences refer to."""
        output = self.output or (self.outputs[0] if self.outputs else None)
        if output is None:
            raise Wrong("no output is shown that could be marked")
        return output.text


def said(value: object) -> str:
    """Return a value for a sentence: quoted, and cut where it is long."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…" + text[-1]


def text(value: object, what: str, longest: int) -> str:
    """Return a text without what a database cannot keep; Wrong where it is none or too long."""
    if not isinstance(value, str):
        raise Wrong(f"{what} must be text, not {said(value)}")
    if len(value) > longest:
        raise Wrong(f"{what} has {len(value):,} characters; at most {longest:,} can be kept")
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()


def fields(value: object, what: str, known: tuple[str, ...]) -> dict[str, Any]:
    """Return a JSON object that has only known keys."""
    if not isinstance(value, dict):
        raise Wrong(f"{what} must be an object, not {said(value)}")
    for key in value:
        if key not in known:
            raise Wrong(f"{what} has {said(key)}, which is none of {', '.join(known)}")
    return value


def listed(value: object, what: str, most: int) -> list[Any]:
    """Return a JSON list of bounded length."""
    if not isinstance(value, list):
        raise Wrong(f"{what} must be a list, not {said(value)}")
    if len(value) > most:
        raise Wrong(f"{what} has {len(value):,} entries; at most {most:,} are possible")
    return value
