"""A design before the launch: loads, hours, ratings per item, who meets whom, and whether all are linked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotate.assignment import Assignment
from annotate.design.fill import components


@dataclass(frozen=True, slots=True)
class Overview:
    """What a lead sees before the launch.

    Attributes
    ----------
    raters : tuple of str
        In the order of `loads`, `hours` and `meetings`.
    loads : tuple of int
        Forms per rater, hidden repeats included, training not.
    hours : tuple of float
        What that takes, at the protocol's minutes an item.
    per_item : tuple of (raters, items)
        How many items have how many raters.
    meetings : array of shape (raters, raters)
        Items that two raters share; the diagonal holds the items of each.
    pieces : tuple of tuple of str
        Groups of raters linked through shared items; one piece means connected.
    repeats : int
        Hidden repeats in all.
    """

    raters: tuple[str, ...]
    loads: tuple[int, ...]
    hours: tuple[float, ...]
    per_item: tuple[tuple[int, int], ...]
    meetings: NDArray[np.int64]
    pieces: tuple[tuple[str, ...], ...]
    repeats: int

    @property
    def connected(self) -> bool:
        """Whether all raters are linked through shared items, so that one scale holds for all."""
        return len(self.pieces) == 1

    @property
    def overlap(self) -> tuple[int, int]:
        """The fewest and the most items that two raters share."""
        pairs = self.meetings[np.triu_indices(len(self.raters), 1)]
        return (int(pairs.min()), int(pairs.max())) if len(pairs) else (0, 0)


def overview(assignments: Sequence[Assignment], minutes: float) -> Overview:
    """Return what a design amounts to, training apart.

    Examples
    --------
    >>> found = overview([Assignment("1", "A"), Assignment("1", "B"), Assignment("2", "B")], minutes=30)
    >>> found.loads, found.hours, found.per_item, found.connected
    ((1, 2), (0.5, 1.0), ((1, 1), (2, 1)), True)
    """
    main = [form for form in assignments if form.round == "main"]
    raters = tuple(sorted({form.rater for form in main}))
    items = {key: place for place, key in enumerate(dict.fromkeys(form.item for form in main))}
    numbers = {rater: place for place, rater in enumerate(raters)}
    on_item = np.zeros((len(items), len(raters)), dtype=np.int64)
    forms = {(form.item, form.rater, form.occasion) for form in main}
    for item, rater, _ in forms:
        on_item[items[item], numbers[rater]] = 1
    loads = Counter(rater for _, rater, _ in forms)
    counts, how_many = np.unique(on_item.sum(axis=1), return_counts=True)
    pieces = components([list(np.flatnonzero(row)) for row in on_item])
    return Overview(
        raters=raters,
        loads=tuple(loads[rater] for rater in raters),
        hours=tuple(round(loads[rater] * minutes / 60, 2) for rater in raters),
        per_item=tuple((int(count), int(items)) for count, items in zip(counts, how_many, strict=True)),
        meetings=on_item.T @ on_item,
        pieces=tuple(sorted(tuple(raters[place] for place in sorted(piece)) for piece in pieces)),
        repeats=sum(occasion > 1 for _, _, occasion in forms),
    )
