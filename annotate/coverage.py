"""Which subcategories of a taxonomy a study's items cover, with how many, and what lies outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from annotate.item import Item
from annotate.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Covered:
    """One subcategory: its items, and the benchmarks that they come from."""

    category: str
    subcategory: str
    items: int
    benchmarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """A study's cover of a taxonomy.

    Attributes
    ----------
    rows : tuple of Covered
        Every subcategory, also those with no item, in the order of the taxonomy.
    unknown : tuple of (subcategory, items)
        What items say that is no subcategory of this taxonomy.
    unplaced : int
        Items that say no subcategory.
    """

    rows: tuple[Covered, ...]
    unknown: tuple[tuple[str, int], ...] = ()
    unplaced: int = 0

    @property
    def covered(self) -> int:
        """How many subcategories have an item."""
        return sum(row.items > 0 for row in self.rows)


def coverage(items: Iterable[Item], taxonomy: Taxonomy) -> Coverage:
    """Return how many items each subcategory has; other spellings of a subcategory count for it.

    Examples
    --------
    >>> from data.shipped import taxonomy
    >>> found = coverage([Item("1", subcategory="Patient Provider Messaging"), Item("2")], taxonomy())
    >>> found.covered, found.unplaced, [row.items for row in found.rows if row.items]
    (1, 1, [1])
    """
    counts: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    benchmarks: dict[str, set[str]] = {}
    for said, number, names in _by_subcategory(items):
        name = taxonomy.place("subcategory", said) if said else ""
        if name:
            counts[name] += number
            benchmarks.setdefault(name, set()).update(names)
        else:
            unknown[said] += number
    unplaced = unknown.pop("", 0)
    rows = tuple(
        Covered(up.name, down.name, counts[down.name], tuple(sorted(benchmarks.get(down.name, ()))))
        for up, down in taxonomy.subcategories()
    )
    return Coverage(rows, tuple(sorted(unknown.items())), unplaced)


def _by_subcategory(items: Iterable[Item]) -> list[tuple[str, int, set[str]]]:
    counts: Counter[str] = Counter()
    names: dict[str, set[str]] = {}
    for item in items:
        counts[item.subcategory] += 1
        names.setdefault(item.subcategory, set()).update({item.benchmark} - {""})
    return [(said, count, names[said]) for said, count in counts.items()]
