"""A point of a scale as it arrives: its value, or the number that the value is."""

from __future__ import annotations

from annotate.answers.answer import Wrong, said
from annotate.scale import Scale


def point_value(scale: Scale | None, value: object, what: str) -> str:
    """Return the declared value of a point; Wrong where it is not one.

    Examples
    --------
    >>> from annotate.scale import likert
    >>> point_value(likert("poor", "fair"), 2, "points")
    '2'
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**53:
        value = f"{value:.15g}"
    points = scale.points if scale else ()
    for point in points:
        if isinstance(value, str) and value == point.value:
            return point.value
    known = ", ".join(point.value for point in points)
    raise Wrong(f"{said(value)} is not one of its {what} ({known})")
