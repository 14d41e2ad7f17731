"""A report's drawing as a plotly figure: the same marks, with the numbers under the pointer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agreement.paper.marks import GRID, INK, SOFT, Box, Dot, Drawing, Line, Words

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_DARK = {INK: "#e7e9eb", SOFT: "#a9b2ba", GRID: "#333b43", "#1a6b8a": "#4aa3c7", "#2f4b7c": "#7f9bd1"}
"""Colours of the page's dark scheme for those that would be lost on it; shades of tables stay."""
_PAPER = "rgba(0,0,0,0)"
_ANCHORS = {"start": "left", "middle": "center", "end": "right"}


def plotted(drawing: Drawing, *, dark: bool = False) -> Figure:
    """Return the figure; its axes are the sheet, from the top left."""
    from plotly.graph_objects import Figure, Scatter

    drawing = _in_the_dark(drawing) if dark else drawing
    shapes = [_shape(mark) for mark in drawing.marks if isinstance(mark, Line | Box)]
    words = [_words(mark) for mark in drawing.marks if isinstance(mark, Words) and mark.text]
    figure = Figure(Scatter(**_told(drawing)))
    figure.update_layout(
        shapes=shapes,
        annotations=words,
        width=drawing.width,
        height=drawing.height,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        showlegend=False,
        plot_bgcolor=_PAPER if dark else "white",
        paper_bgcolor=_PAPER if dark else "white",
        hovermode="closest",
        xaxis={"visible": False, "range": [0, drawing.width], "fixedrange": True},
        yaxis={"visible": False, "range": [drawing.height, 0], "fixedrange": True},
    )
    return figure


def _in_the_dark(drawing: Drawing) -> Drawing:
    """The drawing in colours that show on a dark page; words on a pale box stay dark."""
    boxes = [mark for mark in drawing.marks if isinstance(mark, Box)]
    marks = (
        mark
        if isinstance(mark, Box) or (isinstance(mark, Words) and _on_any(boxes, mark))
        else replace(mark, color=_DARK.get(mark.color, mark.color))
        for mark in drawing.marks
    )
    return replace(drawing, marks=tuple(marks))


def _on_any(boxes: list[Box], words: Words) -> bool:
    across = (box for box in boxes if box.x <= words.x <= box.x + box.width)
    return any(box.y <= words.y <= box.y + box.height for box in across)


def _told(drawing: Drawing) -> dict[str, Any]:
    """Dots as they are, and an invisible point in the middle of each box that has something to say."""
    dots = [mark for mark in drawing.marks if isinstance(mark, Dot)]
    boxes = [mark for mark in drawing.marks if isinstance(mark, Box) and mark.tip]
    return {
        "mode": "markers",
        "x": [dot.x for dot in dots] + [box.x + box.width / 2 for box in boxes],
        "y": [dot.y for dot in dots] + [box.y + box.height / 2 for box in boxes],
        "hovertext": [_literal(dot.tip) for dot in dots] + [_literal(box.tip) for box in boxes],
        "hoverinfo": "text",
        "marker": {
            "size": [2 * dot.radius for dot in dots] + [min(box.width, box.height) for box in boxes],
            "color": [dot.color for dot in dots] + ["white"] * len(boxes),
            "opacity": [0.35 if dot.hollow else 1.0 for dot in dots] + [0.0] * len(boxes),
            "line": {"width": [1 if dot.hollow else 0 for dot in dots] + [0] * len(boxes)},
        },
    }


def _shape(mark: Line | Box) -> dict[str, Any]:
    if isinstance(mark, Line):
        stroke = {"color": mark.color, "width": mark.width, "dash": "dash" if mark.dashed else "solid"}
        ends = {"x0": mark.x1, "y0": mark.y1, "x1": mark.x2, "y1": mark.y2}
        return {"type": "line", "layer": "below", "line": stroke, **ends}
    ends = {"x0": mark.x, "y0": mark.y, "x1": mark.x + mark.width, "y1": mark.y + mark.height}
    return {"type": "rect", "layer": "below", "fillcolor": mark.color, "line": {"width": 0}, **ends}


def _words(mark: Words) -> dict[str, Any]:
    text = _literal(mark.text)
    return {
        "x": mark.x,
        "y": mark.y,
        "text": f"<b>{text}</b>" if mark.bold else text,
        "showarrow": False,
        "xanchor": _ANCHORS[mark.anchor],
        "yanchor": "bottom",
        "yshift": -0.36 * mark.size,  # y is where the letters stand; plotly's box ends below their tails
        "font": {"size": mark.size, "color": mark.color},
        "borderpad": 0,
    }


def _literal(text: str) -> str:
    """Plotly takes some HTML, and names of raters and systems are none."""
    return text.replace("&", "&amp;").replace("<", "&lt;")
