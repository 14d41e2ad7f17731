"""What is judged: an item with its source, its prompt, one or more outputs and perhaps a reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Output:
    """A text that a system wrote. `key` tells the outputs of one item apart; `system` is blinded."""

    text: str
    system: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to judge.

    Attributes
    ----------
    key : str
        Its name within the study.
    outputs : tuple of Output
        One for most protocols; two for a pair; none where the item itself is judged (a subcategory).
    source, prompt : str
        What the system read, and what it was asked.
    references : tuple of str
        Gold texts; none where there is none.
    case : str
        Outputs about the same patient or document share a case; empty means the item is its own case.
    benchmark, category, subcategory, task : str
        Its place in the taxonomy, as assigned.
    strata : mapping of str to str
        Any other column that a report may be split by.
    criteria : tuple of Criterion
        Its own checklist, for protocols whose criteria differ by item.
    """

    key: str
    outputs: tuple[Output, ...] = ()
    source: str = ""
    prompt: str = ""
    references: tuple[str, ...] = ()
    case: str = ""
    benchmark: str = ""
    category: str = ""
    subcategory: str = ""
    task: str = ""
    strata: Mapping[str, str] = field(default_factory=dict)
    criteria: tuple[Criterion, ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of an item's own checklist, with its weight; negative for what must not happen."""

    key: str
    text: str
    weight: float = 1.0
    required: bool = False
