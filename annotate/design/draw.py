"""The design itself: from protocol, items and raters to every assignment of the study."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from annotate.assignment import Assignment
from annotate.design.available import Available
from annotate.design.fill import connect, fill
from annotate.design.needs import Counts, Need, item_caps, needs, refuse_full, refuse_thin
from annotate.design.order import arms, forms, places
from annotate.design.quota import Shortage, quotas, sorts
from annotate.fault import Fault
from annotate.item import Item
from annotate.protocol import Protocol
from annotate.shown import column_of


def design(
    protocol: Protocol, items: Sequence[Item], raters: Sequence[Available], *, seed: int
) -> tuple[Assignment, ...]:
    """Return every assignment: who rates what, when, on which occasion, in which arm, shown how.

    Every item gets exactly as many raters as the protocol asks for; loads are within 1 of each other
    where eligibility and caps allow it; any two raters meet about equally often, and all are linked
    through shared items where that is possible. The same arguments give the same design.

    Parameters
    ----------
    seed : int
        Stored with the study; decides every draw.

    Raises
    ------
    Fault
        Where the design cannot be, with the arithmetic.

    Examples
    --------
    >>> from data.shipped import protocol
    >>> items = [Item(str(n)) for n in range(6)]
    >>> drawn = design(protocol("medhelm"), items, [Available(name) for name in "ABC"], seed=1)
    >>> len(drawn), sorted({form.rater: form.place for form in drawn}.items())
    (12, [('A', 4), ('B', 4), ('C', 4)])
    >>> design(protocol("medhelm"), items, [Available("A")], seed=1)
    Traceback (most recent call last):
        ...
    annotate.fault.Fault: 6 items need 2 raters each, and there are 1; add raters or ask for fewer an item.
    """
    _refuse_doubles(items, raters)
    rng = np.random.default_rng(seed)
    trained, rated = _training(protocol, items)
    taken = _taken(protocol, rated, raters, rng)
    drawn = arms(protocol.design, taken, rng)
    column, values = protocol.design.last or ("", ())
    late = [bool(column) and column_of(item, column) in values for item in rated]
    found = training_forms(protocol, trained, raters)
    for number, rater in enumerate(raters):
        mine = [place for place, names in enumerate(taken) if number in names]
        order = places(protocol.design, rater.rater, [late[place] for place in mine], rng)
        met = [(mine[place], occasion) for place, occasion in order]
        of_mine = {item: arm for (item, who), arm in drawn.items() if who == number}
        found += forms(protocol, rated, rater.rater, met, of_mine, rng)
    return tuple(found)


def _taken(
    protocol: Protocol, items: Sequence[Item], raters: Sequence[Available], rng: np.random.Generator
) -> list[list[int]]:
    """Return the raters of every item, by position."""
    wanted = protocol.design
    shared = set(range(len(items))) if wanted.crossing == "full" else set[int]()
    if wanted.crossing == "overlap":
        if wanted.overlap > len(items):
            raise Fault(f"All raters shall share {wanted.overlap} items, and there are {len(items)}.")
        shared = {int(place) for place in rng.permutation(len(items))[: wanted.overlap]}
    found = needs(wanted, items, raters, shared)
    refuse_thin(found, items, raters, wanted.match)
    caps = item_caps(wanted, raters, len(items))
    return place_raters(found, caps, [[] for _ in items], raters, rng)


def place_raters(
    found: Sequence[Need],
    caps: Counts,
    on_item: list[list[int]],
    raters: Sequence[Available],
    rng: np.random.Generator,
) -> list[list[int]]:
    """Return the raters of every item once the needs are met, on top of those already on it."""
    loads = np.zeros(len(raters), dtype=np.int64)
    for names in on_item:
        loads[names] += 1
    alike = sorts(found, len(raters))
    try:
        shares = quotas(alike, caps, loads, rng)
    except Shortage as short:
        stuck = [need for sort in short.stuck for need in sort.needs]
        raise refuse_full(stuck, short.missing, caps - loads, raters) from None
    taken = fill(alike, shares, on_item, rng)
    connect(alike, on_item, taken)
    return taken


def _refuse_doubles(items: Sequence[Item], raters: Sequence[Available]) -> None:
    if not items:
        raise Fault("The study has no items yet; import them first.")
    if not raters:
        raise Fault("No rater was named; name at least one.")
    for what, keys in (("item", [item.key for item in items]), ("rater", [rater.rater for rater in raters])):
        if len(set(keys)) < len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            raise Fault(f"The {what} {twice!r} comes twice; name each once.")


def _training(protocol: Protocol, items: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """Return the items of the training round in its order, and those of the study itself."""
    wanted = protocol.training.items if protocol.training else ()
    known = {item.key: item for item in items}
    unknown = [key for key in wanted if key not in known]
    if unknown:
        raise Fault(
            f"The training round names items that the study lacks: {', '.join(unknown[:5])}; import them."
        )
    rated = [item for item in items if item.key not in wanted]
    if not rated:
        raise Fault("Every item is in the training round; import items to rate.")
    return [known[key] for key in wanted], rated


def training_forms(
    protocol: Protocol, items: Sequence[Item], raters: Sequence[Available]
) -> list[Assignment]:
    """Return the training forms: every rater all items, in the protocol's order, outputs as they are."""
    steps = protocol.design.steps or ("",)
    return [
        Assignment(
            item.key,
            rater.rater,
            place=place * len(steps) + number + 1,
            round="training",
            arm=protocol.design.arms[0] if protocol.design.arms else "",
            step=step,
        )
        for rater in raters
        for place, item in enumerate(items)
        for number, step in enumerate(steps)
    ]
