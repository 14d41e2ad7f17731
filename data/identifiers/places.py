"""Marks in a text that is redacted: they stay on the same words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from annotate.sentences import sentences
from data.identifiers.find import Finding, find, redact


@dataclass(frozen=True)
class Redacted:
    """A text before and after redaction, and where each place of it has gone.

    Examples
    --------
    >>> text = Redacted("Seen by Dr. Ann Lee on 03/14/2021 for back pain.")
    >>> text.after
    'Seen by Dr. [name] on [date] for back pain.'
    >>> start = text.before.index("back")
    >>> moved = text.moved({"start": start, "end": start + 9, "quote": "back pain"})
    >>> moved, text.after[moved["start"] : moved["end"]]
    ({'start': 33, 'end': 42, 'quote': 'back pain'}, 'back pain')
    >>> text.moved({"start": 16, "end": 19, "quote": "Lee"})["quote"]
    '[name]'
    """

    before: str

    @cached_property
    def findings(self) -> Sequence[Finding]:
        """What is redacted, in the order of the text."""
        return find(self.before)

    @cached_property
    def after(self) -> str:
        """The text with each finding's kind in its place."""
        return redact(self.before, self.findings)

    @property
    def same_sentences(self) -> bool:
        """Whether it still has as many sentences: what was said of the third is then said of the third."""
        return not self.findings or len(sentences(self.before)) == len(sentences(self.after))

    def holds(self, mark: Mapping[str, Any]) -> bool:
        """Whether a mark quotes the words that stand at its place."""
        return self.before[mark["start"] : mark["end"]] == mark.get("quote")

    def moved(self, mark: Mapping[str, Any]) -> dict[str, Any]:
        """Return a mark on the same words, and on the whole of what stands for those that are redacted."""
        start, end = self._place(mark["start"], False), self._place(mark["end"], True)
        return dict(mark) | {"start": start, "end": end, "quote": self.after[start:end]}

    def _place(self, offset: int, last: bool) -> int:
        shift = 0
        for finding in self.findings:
            if offset <= finding.start:
                break
            label = len(f"[{finding.kind}]")
            if offset < finding.end:
                return finding.start + shift + (label if last else 0)
            shift += label - (finding.end - finding.start)
        return offset + shift
