"""The report's pictures: intervals in rows, shares as bars, points with lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from agreement.array import Array
from agreement.estimate import Estimate, bound
from agreement.paper.axes import Place, axis, lines_at, placing
from agreement.paper.marks import HUES, INK, SOFT, Box, Dot, Drawing, Line, Mark, Words, breadth, fitted
from agreement.paper.shades import shade

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
    place = placing(ticks, left, right)
    bottom = 14 + ROW * len(rows)
    marks: list[Mark] = [*lines_at(ticks, place, 8, bottom, zero)]
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
    across, up = placing(ticks_x, left, right), placing(ticks_y, bottom, top)
    marks: list[Mark] = [*lines_at(ticks_x, across, top, bottom)]
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
    caption = Words(8, top + 2, fitted(label_y, 420), color=SOFT, size=11)  # above all else, which makes room
    return Drawing(WIDTH, bottom + 62, (*(_lower(mark, 16) for mark in marks), caption))


def _interval(e: Estimate, y: float, place: Place, color: str) -> list[Mark]:
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


def _lower(mark: Mark, by: float) -> Mark:
    if isinstance(mark, Line):
        return replace(mark, y1=mark.y1 + by, y2=mark.y2 + by)
    return replace(mark, y=mark.y + by)
