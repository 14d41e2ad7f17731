"""How far an import is, for whoever waits: instances read, texts checked, ratings written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

Thing = TypeVar("Thing")
EVERY = 100


@dataclass(frozen=True, slots=True)
class Step:
    """One look at an import.

    Examples
    --------
    >>> print(Step("reading run 1 of 2", 350, 1_000, "instances"))
    reading run 1 of 2: 350 of 1,000 instances
    """

    what: str
    done: int
    of: int
    things: str

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1."""
        return self.done / self.of if self.of else 1.0

    def __str__(self) -> str:
        return f"{self.what}: {self.done:,} of {self.of:,} {self.things}"


Watch = Callable[[Step], None]


def unwatched(step: Step) -> None:
    """Tell nobody."""


def watched(
    all_: Iterable[Thing], what: str, of: int, things: str, watch: Watch, every: int = EVERY
) -> Iterator[Thing]:
    """Yield things and tell after every so many of them, and at the end, how many there were.

    Examples
    --------
    >>> told = []
    >>> list(watched("abc", "reading", 3, "letters", told.append, every=2))
    ['a', 'b', 'c']
    >>> [step.done for step in told]
    [2, 3]
    """
    for number, thing in enumerate(all_, 1):
        yield thing
        if number % every == 0 or number == of:
            watch(Step(what, number, of, things))
