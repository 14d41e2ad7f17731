"""Everything that an export says, as plain values: what a verb takes from the store and hands over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from annotate.assignment import Assignment
from annotate.item import Item
from annotate.protocol import Protocol

ROUNDS = {"main": "ratings", "training": "ratings-training", "adjudication": "ratings-adjudication"}
"""The file of each round's ratings. Training never mixes with the study itself."""
RATER = ("key", "kind", "specialty", "family", "identity", "left_at")
"""What a rater's row says; never who is behind a pseudonym."""


@dataclass(frozen=True, slots=True)
class StudyFiles:
    """A study to be written.

    Attributes
    ----------
    facts : mapping
        Name, title, status, seed, IRB number, protocol versions, program versions.
    protocol : Protocol
        As it stands; `protocol_texts` are its versions, oldest first.
    taxonomy_text : str
        The file of the taxonomy that the protocol refers to; empty for none.
    raters : sequence of mapping
        ``key, kind, specialty, family, identity, left_at`` of each; never who is behind a pseudonym.
    forms : sequence of mapping
        Every form that somebody has begun, as it stands.
    history : sequence of mapping
        Every rating event in the order of the chain, with its ``id``, ``supersedes``, ``kind`` and ``hash``.
    audit : sequence of mapping
        The log.
    """

    facts: Mapping[str, Any]
    protocol: Protocol
    protocol_texts: Sequence[str]
    items: Sequence[Item]
    raters: Sequence[Mapping[str, Any]]
    assignments: Sequence[Assignment]
    history: Sequence[Mapping[str, Any]]
    audit: Sequence[Mapping[str, Any]] = ()
    taxonomy_text: str = ""
    forms: Sequence[Mapping[str, Any]] = ()

    @property
    def head(self) -> str:
        """The hash of the newest rating: print it, for whoever owns the database could rebuild the chain."""
        return str(self.history[-1]["hash"]) if self.history else ""


def current(history: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Return the ratings that no later one supersedes, as a long frame with their round.

    Examples
    --------
    >>> first = {"id": 1, "supersedes": None, "item": "a", "value": "4", "round": "main"}
    >>> second = {"id": 2, "supersedes": 1, "item": "a", "value": "5", "round": "main"}
    >>> current([first, second], ["item", "value"]).to_dict("records")
    [{'item': 'a', 'value': '5', 'round': 'main'}]
    """
    gone = {row["supersedes"] for row in history}
    names = [*columns, "round"]
    rows = [[row[name] for name in names] for row in history if row["id"] not in gone]
    return pd.DataFrame(rows, columns=names)
