"""The identifier check over what is imported: every text of every item, each distinct text once."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from annotate.item import Item
from data.identifiers.find import Finding, find, redact


@dataclass(frozen=True, slots=True)
class Flagged:
    """A finding in its place."""

    item: str
    field: str
    text: str
    finding: Finding

    def shown(self, around: int = 30) -> str:
        """Return the finding with the words around it, for the lead to judge.

        Examples
        --------
        >>> Flagged("a", "source", "Call 555-867-5309 now.", find("Call 555-867-5309 now.")[0]).shown()
        "a, source: phone '555-867-5309' in 'Call [555-867-5309] now.'"
        """
        start, end = self.finding.start, self.finding.end
        before, after = self.text[max(0, start - around) : start], self.text[end : end + around]
        place = " ".join(f"{before}[{self.finding.text}]{after}".split())
        return f"{self.item}, {self.field}: {self.finding.kind} {self.finding.text!r} in {place!r}"


def texts(item: Item) -> Iterator[tuple[str, str]]:
    """Yield every text of an item with the name of its field."""
    yield "source", item.source
    yield "prompt", item.prompt
    for output in item.outputs:
        yield f"output {output.key}".strip(), output.text
    for reference in item.references:
        yield "reference", reference
    for criterion in item.criteria:
        yield "criteria", criterion.text
    yield from item.strata.items()


def check(items: Iterable[Item], others: Iterable[tuple[str, str, str]] = ()) -> list[Flagged]:
    """Return what may identify a person in the texts of items, and in others: (item, field, text).

    Examples
    --------
    >>> [flagged.finding.kind for flagged in check([Item("a", source="Seen on 03/14/2021.")])]
    ['date']
    """
    known: dict[str, list[Finding]] = {}
    flagged = []
    mine = ((item.key, field, text) for item in items for field, text in texts(item))
    for key, field, text in itertools.chain(mine, others):
        if text not in known:
            known[text] = find(text)
        flagged += [Flagged(key, field, text, finding) for finding in known[text]]
    return flagged


def redacted(item: Item) -> Item:
    """Return the item with every finding's kind in its place.

    Examples
    --------
    >>> redacted(Item("a", source="Seen on 03/14/2021.")).source
    'Seen on [date].'
    """
    clean: Callable[[str], str] = lambda text: redact(text, find(text))  # noqa: E731
    return replace(
        item,
        source=clean(item.source),
        prompt=clean(item.prompt),
        outputs=tuple(replace(output, text=clean(output.text)) for output in item.outputs),
        references=tuple(clean(reference) for reference in item.references),
        criteria=tuple(replace(criterion, text=clean(criterion.text)) for criterion in item.criteria),
        strata={name: clean(value) for name, value in item.strata.items()},
    )


def counted(flagged: Iterable[Flagged]) -> str:
    """Return how many findings of each kind there are, in words.

    Examples
    --------
    >>> counted(check([Item("a", source="Seen on 03/14/2021 and 03/15/2021.")]))
    '2 × date'
    """
    kinds = Counter(one.finding.kind for one in flagged)
    return ", ".join(f"{number:,} × {kind}" for kind, number in kinds.most_common())
