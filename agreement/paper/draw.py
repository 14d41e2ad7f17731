"""The report's pictures: intervals in rows, shares as bars, a matrix of shades, points with lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from agreement.array import Array
from agreement.estimate import Estimate, bound
from agreement.paper.marks import GRID, HUES, INK, SOFT, Box, Dot, Drawing, Line, Mark, Words, breadth, fitted

WIDTH = 860.0
ROW = 26.0


def intervals(
    rows: Sequence[tuple[str, Estimate]], label: str, *, zero: float = 0.0, hues: Sequence[int] = ()
) -> Drawing:
    """Draw estimates with their intervals, one a row, the figure in words at the right.

    Parameters
    ----------
    rows : sequence of (name, estimate)
    zero : float
        Where the guiding line stands.
    hues : sequence of int
        A colour for each row; all the first where empty.
    """
    known = [e for _, e in rows if e.defined]
    ends = [x for e in known for x in (e.value, e.low, e.high) if not math.isnan(x)] + [zero]
    ticks = axis(min(ends), max(ends))
    left = min(300.0, max([breadth(name) for name, _ in rows] + [60.0]) + 16)
    right = WIDTH - 210.0
    place = _scale(ticks, left, right)
    bottom = 14 + ROW * len(rows)
    marks: list[Mark] = [*_grid(ticks, place, 8, bottom, zero)]
    for i, (name, e) in enumerate(rows):
        y, color = 8 + ROW * (i + 0.5), HUES[(hues[i] if hues else 0) % len(HUES)]
        marks.append(Words(left - 10, y + 4, fitted(name, left - 14), anchor="end"))
        marks += _interval(e, y, place, color)
        marks.append(Words(right + 14, y + 4, _figure(e), size=11.5, color=INK if e.defined else SOFT))
    marks.append(Words((left + right) / 2, bottom + 34, label, anchor="middle", color=SOFT))
    return Drawing(WIDTH, bottom + 44, tuple(marks))


def shares(
    rows: Sequence[tuple[str, Sequence[float]]], points: Sequence[str], counts: Sequence[int]
) -> Drawing:
    """Draw how often each point was used, one stacked bar a row, lowest point at the left."""
    left = min(260.0, max([breadth(name) for name, _ in rows] + [60.0]) + 16)
    right = WIDTH - 90.0
    marks: list[Mark] = [*_legend(points, left)]
    for i, ((name, parts), n) in enumerate(zip(rows, counts, strict=True)):
        x, y = left, 30 + ROW * i
        marks.append(Words(left - 10, y + 16, fitted(name, left - 14), anchor="end"))
        for k, part in enumerate(parts):
            width = part * (right - left)
            tip = f"{name}: {points[k]} in {part:.0%} of {n}"
            marks.append(Box(x, y + 3, width, ROW - 6, shade(k, len(points)), tip))
            if width > 34:
                ink = "#ffffff" if k > len(points) / 2 else INK
                marks.append(Words(x + width / 2, y + 17, f"{part:.0%}", 10.5, "middle", ink))
            x += width
        marks.append(Words(right + 10, y + 17, f"n {n}", size=11, color=SOFT))
    return Drawing(WIDTH, 38 + ROW * len(rows), tuple(marks))


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
        if height >= 11:
            marks.append(
                Words(left - 8, top + (i + 0.5) * height + 4, fitted(name, left - 12, 11), 11, "end")
            )
        for j, column in enumerate(columns):
            value = float(values[i, j])
            if not math.isnan(value):
                depth = (value - low) / (high - low) if high > low else 0.5
                tip = f"{name or i + 1}, {column}: {value:.3g}"
                gap = 0.6 if height > 4 else 0.0
                marks.append(
                    Box(left + j * width, top + i * height, width - 0.6, height - gap, tint(depth), tip)
                )
                text = "" if words is None else str(words[i, j])
                if text and height >= 16 and breadth(text, 11) < width - 6:
                    middle = left + (j + 0.5) * width
                    ink = INK if depth < 0.5 else "#ffffff"
                    marks.append(Words(middle, top + (i + 0.5) * height + 4, text, 11, "middle", ink))
    foot = top + height * len(rows)
    if slanted:
        lines = _wrapped([f"{j + 1} {name}" for j, name in enumerate(columns)], WIDTH - left)
        marks += [Words(left, foot + 18 + 15 * n, line, 11, color=SOFT) for n, line in enumerate(lines)]
        foot += 15 * len(lines)
    return Drawing(WIDTH, foot + 14, tuple(marks))


def points(
    x: Array,
    y: Array,
    label_x: str,
    label_y: str,
    *,
    lines: Sequence[tuple[str, Sequence[float], Sequence[float]]] = (),
    levels: Sequence[tuple[str, float]] = (),
) -> Drawing:
    """Draw points, larger where several fall together, with lines (name, x, y) and levels (name, y)."""
    ends_x = [*x.tolist(), *(v for _, xs, _ in lines for v in xs)] or [0.0, 1.0]
    ends_y = [*y.tolist(), *(v for _, _, ys in lines for v in ys), *(v for _, v in levels)] or [0.0, 1.0]
    ticks_x, ticks_y = axis(min(ends_x), max(ends_x)), axis(min(ends_y), max(ends_y))
    left, right, top, bottom = 70.0, WIDTH - 190.0, 12.0, 352.0
    across, up = _scale(ticks_x, left, right), _scale(ticks_y, bottom, top)
    marks: list[Mark] = [*_grid(ticks_x, across, top, bottom, None)]
    for t in ticks_y:
        marks += [Line(left, up(t), right, up(t)), Words(left - 8, up(t) + 4, f"{t:g}", 11, "end", SOFT)]
    spots, counts = np.unique(np.round(np.column_stack([x, y]), 6), axis=0, return_counts=True)
    for (a, b), n in zip(spots, counts, strict=True):
        tip = f"{label_x} {a:.3g}, {label_y} {b:.3g}: {n}"
        marks.append(Dot(across(a), up(b), min(3 + 1.6 * math.sqrt(n - 1), 12), HUES[0], tip, hollow=True))
    named = []
    for k, (name, xs, ys) in enumerate(lines):
        steps = list(zip(xs, ys, strict=True))
        for (a, b), (c, d) in pairwise(steps):
            marks.append(Line(across(a), up(b), across(c), up(d), HUES[(k + 1) % len(HUES)], 2, k > 0))
        named.append((name, up(ys[-1]), HUES[(k + 1) % len(HUES)]))
    for name, v in levels:
        marks.append(Line(left, up(v), right, up(v), HUES[1], 1.6, name != levels[0][0]))
        named.append((name, up(v), HUES[1]))
    marks += _apart(named, right + 16)  # beside the largest circle on the edge
    marks.append(Words((left + right) / 2, bottom + 36, label_x, anchor="middle", color=SOFT))
    marks.append(Words(8, top + 2, fitted(label_y, 420), color=SOFT, size=11))
    return Drawing(WIDTH, bottom + 62, (*_moved(marks, 16),))


def axis(low: float, high: float) -> list[float]:
    """Return round ticks that hold both ends.

    Examples
    --------
    >>> axis(-0.13, 0.52)
    [-0.2, 0.0, 0.2, 0.4, 0.6]
    """
    if not high > low:
        low, high = low - 0.5, high + 0.5
    raw = (high - low) / 5
    size = 10 ** math.floor(math.log10(raw))
    step = next(m * size for m in (1, 2, 2.5, 5, 10) if m * size >= raw - 1e-12)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(k * step, 10) + 0.0 for k in range(first, last + 1)]


def shade(k: int, n: int) -> str:
    """Return the colour of point k of n, from pale to deep."""
    return tint(k / max(n - 1, 1))


def tint(depth: float) -> str:
    """Return a colour between pale and deep blue.

    Examples
    --------
    >>> tint(0), tint(1)
    ('#e8f1f5', '#12495e')
    """
    d = min(max(depth, 0.0), 1.0)
    ends = ((232, 241, 245), (18, 73, 94))
    return "#" + "".join(f"{round(a + (b - a) * d):02x}" for a, b in zip(*ends, strict=True))


def _scale(ticks: Sequence[float], start: float, end: float):  # type: ignore[no-untyped-def]
    low, high = ticks[0], ticks[-1]
    return lambda v: round(start + (v - low) / (high - low) * (end - start), 2)


def _grid(ticks: Sequence[float], place, top: float, bottom: float, zero: float | None):  # type: ignore[no-untyped-def]
    for t in ticks:
        guide = zero is not None and abs(t - zero) < 1e-9
        yield Line(place(t), top, place(t), bottom, SOFT if guide else GRID, 1.2 if guide else 1)
        yield Words(place(t), bottom + 16, f"{t:g}", 11, "middle", SOFT)


def _interval(e: Estimate, y: float, place, color: str) -> list[Mark]:  # type: ignore[no-untyped-def]
    if not e.defined:
        return []
    tip = f"{e.coefficient}: {_figure(e)}. {e.method}"
    bar: list[Mark] = [] if math.isnan(e.low) else [Line(place(e.low), y, place(e.high), y, color, 2.4)]
    return [*bar, Dot(place(e.value), y, 4.6, color, tip)]


def _figure(e: Estimate) -> str:
    if not e.defined:
        return f"undefined; n {e.n_items}"
    if math.isnan(e.low):
        return f"{e.value:z.2f}, no interval; n {e.n_items}"
    return f"{e.value:z.2f} ({bound(e.low)} to {bound(e.high)}); n {e.n_items}"


def _legend(names: Sequence[str], left: float) -> list[Mark]:
    marks: list[Mark] = []
    x = left
    for k, name in enumerate(names):
        text = fitted(name, 130, 11)
        marks += [Box(x, 8, 12, 12, shade(k, len(names))), Words(x + 17, 18, text, 11, color=SOFT)]
        x += 30 + breadth(text, 11)
    return marks


def _apart(named: list[tuple[str, float, str]], x: float) -> list[Mark]:
    """Names at the ends of lines, pushed apart so that none lies on another."""
    marks: list[Mark] = []
    last = -100.0
    for name, y, color in sorted(named, key=lambda one: one[1]):
        y = max(y + 4, last + 15)
        marks.append(Words(x, y, fitted(name, 170, 11), 11, color=color))
        last = y
    return marks


def _moved(marks: Sequence[Mark], down: float) -> list[Mark]:
    """Everything but the caption of the upright axis, lower by some points."""
    out: list[Mark] = []
    for mark in marks:
        if isinstance(mark, Line):
            out.append(
                Line(mark.x1, mark.y1 + down, mark.x2, mark.y2 + down, mark.color, mark.width, mark.dashed)
            )
        elif isinstance(mark, Dot):
            out.append(Dot(mark.x, mark.y + down, mark.radius, mark.color, mark.tip, mark.hollow))
        elif isinstance(mark, Words) and mark.x != 8:
            out.append(Words(mark.x, mark.y + down, mark.text, mark.size, mark.anchor, mark.color, mark.bold))
        elif isinstance(mark, Words):
            out.append(mark)
    return out


def _wrapped(names: Sequence[str], width: float) -> list[str]:
    lines, line = [], ""
    for name in names:
        if line and breadth(line + "   " + name, 11) > width:
            lines.append(line)
            line = name
        else:
            line = f"{line}   {name}" if line else name
    return [*lines, line] if line else lines
