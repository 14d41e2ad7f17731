"""A drawing as plain marks, lines, boxes, dots and words, so that every format draws the same picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

INK, SOFT, GRID, PAPER = "#1f2933", "#616e7c", "#e4e7eb", "#ffffff"
HUES = ("#1a6b8a", "#c2571a", "#4f7942", "#7b4b94", "#a8763e", "#2f4b7c", "#b23a48", "#5c6b73")
"""Colours told apart in print and by most colour-blind readers; order, not meaning."""

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Line:
    """From one point to another."""

    x1: float
    y1: float
    x2: float
    y2: float
    color: str = GRID
    width: float = 1.0
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; `tip` is read when the pointer rests on it."""

    x: float
    y: float
    width: float
    height: float
    color: str
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled or a hollow circle."""

    x: float
    y: float
    radius: float
    color: str
    tip: str = ""
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text, `y` at its foot."""

    x: float
    y: float
    text: str
    size: float = 12.0
    anchor: Anchor = "start"
    color: str = INK
    bold: bool = False


Mark = Line | Box | Dot | Words


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks on a sheet, from the top left."""

    width: float
    height: float
    marks: tuple[Mark, ...]


_NARROW, _WIDE = set("iljtfrI.,:;'|!()[]/ -"), set("mwMW%@")


def breadth(text: str, size: float = 12.0) -> float:
    """Return about how wide a text is in a common sans-serif face, on the safe side.

    Examples
    --------
    >>> breadth("iii") < breadth("mmm")
    True
    """
    units = sum(
        0.37
        if c in _NARROW
        else 0.92
        if c in _WIDE
        else 1.0
        if ord(c) > 0x2E80
        else 0.68
        if c.isupper()
        else 0.63  # as in DejaVu Sans, the broadest that is met
        for c in text
    )
    return units * size


def fitted(text: str, width: float, size: float = 12.0) -> str:
    """Return the text, cut with an ellipsis where it is wider than `width`.

    Examples
    --------
    >>> fitted("a very long label indeed", 60)
    'a very l…'
    """
    if breadth(text, size) <= width:
        return text
    while text and breadth(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"
