"""What a lead wants to know before the launch, one thing a line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from annotate.design import Overview


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
    return [*said, *_table(view)]


def _table(view: Overview) -> list[str]:
    if len(view.raters) > 12:
        return []
    width = max(len(name) for name in view.raters)
    column = max(width, len(str(int(view.meetings.max()))))
    lines = [" " * width + "".join(f"  {name:>{column}}" for name in view.raters)]
    for name, row in zip(view.raters, np.asarray(view.meetings), strict=True):
        lines.append(f"{name:>{width}}" + "".join(f"  {int(count):>{column}}" for count in row))
    return lines
