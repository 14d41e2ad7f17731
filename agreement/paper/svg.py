"""A drawing as SVG."""

from __future__ import annotations

from html import escape

from agreement.paper.marks import Box, Dot, Drawing, Line, Mark, Words

FACE = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"


def svg(drawing: Drawing, title: str = "") -> str:
    """Return a drawing as an SVG element that scales with its page; a pointer at rest reads the numbers.

    Examples
    --------
    >>> svg(Drawing(10, 5, (Line(0, 0, 9, 4),)), "a <line>")[-83:]
    '</title><line x1="0" y1="0" x2="9" y2="4" stroke="#e4e7eb" stroke-width="1"/></svg>'
    """
    w, h = f"{drawing.width:g}", f"{drawing.height:g}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" '
        f'role="img" font-family="{FACE}"><title>{escape(title)}</title>'
    )
    return head + "".join(_mark(mark) for mark in drawing.marks) + "</svg>"


def _mark(mark: Mark) -> str:
    if isinstance(mark, Line):
        dash = ' stroke-dasharray="5 4"' if mark.dashed else ""
        ends = f'x1="{mark.x1:g}" y1="{mark.y1:g}" x2="{mark.x2:g}" y2="{mark.y2:g}"'
        return f'<line {ends} stroke="{mark.color}" stroke-width="{mark.width:g}"{dash}/>'
    if isinstance(mark, Box):
        place = f'x="{mark.x:.2f}" y="{mark.y:.2f}" width="{mark.width:.2f}" height="{mark.height:.2f}"'
        return f'<rect {place} fill="{mark.color}">{_tip(mark.tip)}</rect>'
    if isinstance(mark, Dot):
        fill = (
            f'fill="{mark.color}" fill-opacity="0.28" stroke="{mark.color}"'
            if mark.hollow
            else f'fill="{mark.color}"'
        )
        return (
            f'<circle cx="{mark.x:g}" cy="{mark.y:g}" r="{mark.radius:.2f}" {fill}>{_tip(mark.tip)}</circle>'
        )
    return _words(mark)


def _words(mark: Words) -> str:
    bold = ' font-weight="600"' if mark.bold else ""
    place = f'x="{mark.x:g}" y="{mark.y:g}" font-size="{mark.size:g}" text-anchor="{mark.anchor}"'
    return f'<text {place} fill="{mark.color}"{bold}>{escape(mark.text)}</text>' if mark.text else ""


def _tip(tip: str) -> str:
    return f"<title>{escape(tip)}</title>" if tip else ""
