"""A matrix as a picture: a shade a cell, with the figure in it where there is room."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from agreement.array import Array
from agreement.paper.draw import WIDTH
from agreement.paper.marks import INK, SOFT, Box, Drawing, Mark, Words, breadth, fitted
from agreement.paper.shades import tint


def grid(
    values: Array,
    rows: Sequence[str],
    columns: Sequence[str],
    low: float,
    high: float,
    words: NDArray[np.object_] | None = None,
) -> Drawing:
    """Draw a matrix as shades between `low` and `high`; what is missing stays empty.

    `words`, one a cell, stand in cells that are wide enough for them.
    """
    left = min(220.0, max([breadth(name, 11) for name in rows] + [40.0]) + 14) if any(rows) else 14.0
    width = (WIDTH - left - 20) / max(len(columns), 1)
    height = max(2.0, min(22.0, 420.0 / max(len(rows), 1)))
    head = max([breadth(name, 11) for name in columns] + [0.0])
    slanted = head > width - 4
    top = 26.0
    marks: list[Mark] = []
    for j, name in enumerate(columns):
        text = str(j + 1) if slanted else name
        marks.append(Words(left + (j + 0.5) * width, top - 8, text, 11, "middle", SOFT))
    for i, name in enumerate(rows):
        y = top + i * height
        if height >= 11:
            marks.append(Words(left - 8, y + height / 2 + 4, fitted(name, left - 12, 11), 11, "end"))
        for j, column in enumerate(columns):
            value = float(values[i, j])
            if not math.isnan(value):
                depth = (value - low) / (high - low) if high > low else 0.5
                tip = f"{name or i + 1}, {column}: {value:.3g}"
                text = "" if words is None else str(words[i, j])
                marks += _cell(left + j * width, y, width, height, depth, text, tip)
    foot = top + height * len(rows)
    if slanted:
        lines = _wrapped([f"{j + 1} {name}" for j, name in enumerate(columns)], WIDTH - left)
        marks += [Words(left, foot + 18 + 15 * n, line, 11, color=SOFT) for n, line in enumerate(lines)]
        foot += 15 * len(lines)
    return Drawing(WIDTH, foot + 14, tuple(marks))


def _cell(
    x: float, y: float, width: float, height: float, depth: float, text: str, tip: str
) -> Iterator[Mark]:
    """A cell's shade, and its words where they fit."""
    gap = 0.6 if height > 4 else 0.0
    yield Box(x, y, width - 0.6, height - gap, tint(depth), tip)
    if text and height >= 16 and breadth(text, 11) < width - 6:
        ink = INK if depth < 0.5 else "#ffffff"
        yield Words(x + width / 2, y + height / 2 + 4, text, 11, "middle", ink)


def _wrapped(names: Sequence[str], width: float) -> list[str]:
    lines, line = [], ""
    for name in names:
        if line and breadth(line + "   " + name, 11) > width:
            lines.append(line)
            line = name
        else:
            line = f"{line}   {name}" if line else name
    return [*lines, line] if line else lines
