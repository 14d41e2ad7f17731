"""Colours between pale and deep: of the points of a scale, and of figures in a matrix."""

from __future__ import annotations


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
