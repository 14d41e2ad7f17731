"""What a design asks for: which items need how many of which raters; and why that cannot be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotate.design.available import Available
from annotate.fault import Fault
from annotate.item import Item
from annotate.protocol import Design
from annotate.shown import column_of
from annotate.taxonomy import spelling

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Need:
    """An item that needs `count` more raters out of those (by position) who may take it."""

    item: int
    eligible: frozenset[int]
    count: int
    group: str = ""


def needs(wanted: Design, items: Sequence[Item], raters: Sequence[Available], all_of: set[int]) -> list[Need]:
    """Return what every item needs: of each group, and only of raters who match it.

    `all_of` are the items that everybody rates who may.
    """
    groups = wanted.groups or (("", wanted.per_item),)
    sets: dict[tuple[str, str], frozenset[int]] = {}
    found = []
    for place, item in enumerate(items):
        asks = column_of(item, wanted.match) if wanted.match else ""
        for group, count in groups:
            if (group, asks) not in sets:
                sets[group, asks] = frozenset(_eligible(raters, group, asks))
            eligible = sets[group, asks]
            found.append(Need(place, eligible, len(eligible) if place in all_of else count, group))
    return found


def _eligible(raters: Sequence[Available], group: str, asks: str) -> Iterable[int]:
    wanted = spelling(asks)
    for place, rater in enumerate(raters):
        if group and rater.group != group:
            continue
        if not asks or wanted in {spelling(specialty) for specialty in rater.specialties}:
            yield place


def item_caps(wanted: Design, raters: Sequence[Available], most: int) -> Counts:
    """Return how many items each rater may get, so that items and hidden repeats stay within the cap."""
    caps = []
    for rater in raters:
        cap = rater.cap if rater.cap is not None else wanted.cap
        caps.append(most if cap is None else _items_within(cap, wanted.repeats))
    return np.array(caps, dtype=np.int64)


def _items_within(cap: int, repeats: float) -> int:
    count = int(cap / (1 + repeats)) + 1
    while count + repeat_count(count, repeats) > cap and count > 0:
        count -= 1
    return count


def repeat_count(items: int, share: float) -> int:
    """Return how many of a rater's items come again."""
    return int(items * share + 0.5)


def refuse_thin(
    found: Sequence[Need], items: Sequence[Item], raters: Sequence[Available], match: str
) -> None:
    """Raise a Fault where an item needs more raters than there are for it."""
    thin: dict[tuple[str, str, int, int], int] = defaultdict(int)
    for need in found:
        if need.count > len(need.eligible) or need.count == 0:
            asks = column_of(items[need.item], match) if match else ""
            thin[need.group, asks, need.count, len(need.eligible)] += 1
    if thin:
        raise Fault(*(_thin(*key, count, match) for key, count in sorted(thin.items())))


def _thin(group: str, asks: str, need: int, have: int, count: int, match: str) -> str:
    who = f"raters of the group {group!r}" if group else "raters"
    what = f"{count:,} items with {match} {asks!r}" if asks else f"{count:,} items"
    remedy = "add raters or ask for fewer an item"
    return f"{what} need {max(need, 1)} {who} each, and there are {have}; {remedy}."


def refuse_full(short: Sequence[Need], missing: int, caps: Counts, raters: Sequence[Available]) -> Fault:
    """Return the Fault that says by how much the caps of those who may rate fall short."""
    able = sorted(frozenset[int]().union(*(need.eligible for need in short)))
    room = int(caps[able].sum())
    wanted = room + missing
    items = len({need.item for need in short})
    who = f" ({short[0].group})" if short[0].group and len({need.group for need in short}) == 1 else ""
    return Fault(
        f"{items:,} items need {wanted:,} ratings, and the {len(able)} raters{who} who may take them "
        f"can give {room:,} within their caps; raise the cap to {-(-wanted // max(len(able), 1)):,} a rater, "
        f"add raters, or ask for fewer an item."
    )
