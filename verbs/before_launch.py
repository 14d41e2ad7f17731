"""What a lead wants to know before the launch, one thing a line."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from agreement.planning.width import width_for_items
from annotate.design import Overview

EXPECTED = 0.5
"""The agreement that a width is said for: moderate, as published clinicians reach it."""


def sentences(view: Overview, changes: Sequence[str] = ()) -> list[str]:
    """Return what a lead wants to know before the launch, one thing a line."""
    low, high = min(view.loads), max(view.loads)
    said = [f"Protocol: {change}" for change in changes]
    counts = ", ".join(f"{count} on {number:,} items" for count, number in view.per_item)
    said.append(f"Ratings per item: {counts}.")
    hours = f"{min(view.hours):.1f}" if low == high else f"{min(view.hours):.1f} to {max(view.hours):.1f}"
    load = f"{low}" if low == high else f"{low} to {high}"
    said.append(f"Forms per rater: {load}, about {hours} hours each; {view.repeats} hidden repeats in all.")
    said.append(f"Items that two raters share: {view.overlap[0]} to {view.overlap[1]}.")
    if not view.connected:
        pieces = " | ".join(", ".join(piece) for piece in view.pieces)
        said.append(
            f"Not all raters are linked through shared items ({pieces}): levels of raters cannot be "
            "compared across these groups. More ratings per item or an overlap subset link them."
        )
    return [*said, expected_width(view)]


def expected_width(view: Overview) -> str:
    """Return how sure the study can be of its raters' agreement, in words.

    Examples
    --------
    >>> from annotate.assignment import Assignment
    >>> from annotate.design import overview
    >>> pairs = [Assignment(str(n), rater) for n in range(60) for rater in "AB"]
    >>> print(expected_width(overview(pairs, minutes=3))[:80])
    If raters agree moderately (ICC near 0.5), its interval will be about 0.38 wide,
    """
    shared = [(count, items) for count, items in view.per_item if count > 1]
    items = sum(number for _, number in shared)
    if items < 2:
        return "No two items have two raters, so agreement cannot be measured; ask for 2 raters an item."
    raters = items / sum(number / count for count, number in shared)
    width = width_for_items(EXPECTED, items, raters)
    if not math.isfinite(width) or width > 1:
        return f"With {items} items of two or more raters, agreement will hardly be measurable; add items."
    return (
        f"If raters agree moderately (ICC near {EXPECTED:g}), its interval will be about {width:.2f} wide, "
        f"from {items:,} items with two or more raters."
    )


def table(view: Overview) -> list[str]:
    """Return how many items two raters share, as lines of text; none for more than twelve raters."""
    if len(view.raters) > 12:
        return []
    width = max(len(name) for name in view.raters)
    column = max(width, len(str(int(view.meetings.max()))))
    lines = [" " * width + "".join(f"  {name:>{column}}" for name in view.raters)]
    for name, row in zip(view.raters, np.asarray(view.meetings), strict=True):
        lines.append(f"{name:>{width}}" + "".join(f"  {int(count):>{column}}" for count in row))
    return lines
