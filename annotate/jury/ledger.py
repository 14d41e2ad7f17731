"""What a run needs kept, and when: a small protocol that `data` fulfils."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from annotate.jury.form import Form
from annotate.jury.juror import Juror, canonical
from annotate.jury.reading import Reading
from annotate.jury.reply import Raw, Usage


@dataclass(frozen=True, slots=True)
class Call:
    """One question to one juror: asked once, answered once, paid once.

    Attributes
    ----------
    key : str
        Hash of the juror's identity, the whole request as sent, the item, the sample and the control.
    request : str
        The body as sent, as JSON.
    control : str
        The check on the jurors that it belongs to; empty for a verdict that counts.
    """

    key: str
    juror: Juror
    item: str
    sample: int
    control: str
    request: str
    form: Form

    @property
    def rater(self) -> str:
        """Return whose ratings the answers become."""
        return rater_of(self.juror.rater, self.control)


def rater_of(juror: str, control: str) -> str:
    """Return the rater of a control; repeats are further occasions of the juror itself.

    Examples
    --------
    >>> rater_of("gpt@1a2b3c4d", "padded"), rater_of("gpt@1a2b3c4d", "repeats")
    ('gpt@1a2b3c4d/padded', 'gpt@1a2b3c4d')
    """
    return f"{juror}/{control}" if control and control != "repeats" else juror


def key_for(juror: Juror, request: str, item: str, sample: int, control: str) -> str:
    """Return the key of a call: the same call is never paid twice, a changed one is another."""
    facts = canonical([juror.identity, request, item, sample, "" if control == "repeats" else control])
    return hashlib.sha256(facts.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Cost:
    """What a reply cost, in dollars, by which price list of which day."""

    dollars: float
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class Read:
    """What was made of one attempt's reply."""

    call: Call
    number: int
    reading: Reading
    model: str = ""
    usage: Usage | None = None
    cost: Cost | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Calls handed over together. It is kept before it is submitted, its number before it is asked after."""

    token: str
    rater: str
    keys: tuple[str, ...]
    number: str = ""
    state: str = "submitting"
    at: datetime | None = None


class Ledger(Protocol):
    """The memory of a run. What returns an awaitable is on disk when that is done."""

    def salt(self) -> str:
        """Return the secret that fences are made from, the same for the ledger's whole life."""

    def alone(self) -> AbstractContextManager[None]:
        """Hold the ledger, so that no second run asks the same calls; a `Fault` where one does."""

    def names(self, juror: Juror) -> set[str]:
        """Return the names under which this juror, told by its identity, has been asked."""

    def settled(self, juror: Juror) -> set[str]:
        """Return the keys whose verdict stands. A call that failed unpaid may be tried again."""

    def outdated(self, juror: Juror) -> set[str]:
        """Return the keys whose verdict an older version of the parser read, or another request's replaced.

        A text that was changed and changed back has its first verdict again, unasked.
        """

    def replies(self, key: str) -> Sequence[tuple[int, Raw]]:
        """Return the attempts of a call that brought a reply, in order, with their raw replies."""

    def answered(self, juror: Juror) -> dict[str, int]:
        """Return the keys with any attempt at all and the number of the last one."""

    async def sending(self, call: Call, number: int, batch: str = "") -> None:
        """Record that a request is about to leave."""

    async def received(self, key: str, number: int, raw: Raw) -> None:
        """Record a raw reply, before anybody reads it."""

    def read(self, read: Read) -> None:
        """Record what was made of a reply."""

    def settle(self, call: Call, number: int, reading: Reading) -> None:
        """Record a call's verdict; the last one stands."""

    async def flush(self) -> None:
        """Wait until everything is on disk."""

    async def batch(self, batch: Batch) -> None:
        """Record a batch, or its new state."""

    def batches(self, juror: Juror, *, done: bool = False) -> Iterable[Batch]:
        """Return the batches that are not yet done, oldest first; with `done` those that are, too."""

    def served(self) -> Iterable[tuple[str, str, int]]:
        """Return which models answered each rater's calls, and how often."""

    def allowed(self) -> set[str]:
        """Return the endpoints to which this study's texts may go."""

    def tokens_seen(self, juror: Juror) -> tuple[int, int, int]:
        """Return how many replies told their usage, and their mean input and output tokens."""
