"""A document as PDF on A4, by reportlab; the same document gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from io import BytesIO
from typing import Any

from reportlab import rl_config
from reportlab.graphics import shapes
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import CondPageBreak, KeepTogether, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Grid

from agreement.estimate import Estimate
from agreement.paper.document import Block, Cell, Chart, Document, Table, Text, shown
from agreement.paper.marks import INK, SOFT, Box, Dot, Drawing, Line, Words

WIDTH = A4[0] - 30 * mm
TONES = {"good": "#eef6f0", "fair": "#fdf6e7", "poor": "#fbeeef", "open": "#f1f4f6"}
FACE, BOLD = "Vera", "VeraBd"


def pdf(document: Document) -> bytes:
    """Return the document as a PDF file.

    Examples
    --------
    >>> pdf(Document("A title", "", ()))[:5]
    b'%PDF-'
    """
    _faces()
    out = BytesIO()
    template = SimpleDocTemplate(
        out, pagesize=A4, title=document.title, author="Consilium", creator="Consilium", invariant=1,
        leftMargin=15 * mm, rightMargin=15 * mm, topMargin=16 * mm, bottomMargin=18 * mm,
    )  # fmt: skip
    foot = _foot(document)
    template.build(list(_story(document)), onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _story(document: Document) -> Iterator[Any]:
    yield Paragraph(_said(document.title), _style(17, bold=True, after=2))
    yield Paragraph(_said(document.subtitle), _style(9, color=SOFT, after=4))
    for name, value in document.provenance:
        yield Paragraph(f"{_said(name)}: {_said(value)}", _style(7, color=SOFT))
    for section in document.sections:
        yield CondPageBreak(60 * mm)
        yield Spacer(1, 5 * mm)
        yield Paragraph(_said(section.title), _style(12.5, bold=True, after=4))
        for block in section.blocks:
            yield from _block(block)


def _block(block: Block) -> Iterator[Any]:
    if isinstance(block, Text):
        small = block.tone == "note"
        style = _style(7.4 if small else 8.6, color=SOFT if small else INK, before=3, after=3)
        if block.tone in TONES:
            style.backColor, style.borderPadding = colors.HexColor(TONES[block.tone]), 4
            style.spaceBefore, style.spaceAfter = 5, 7
        head, _, rest = _said(block.text).partition("\n")
        text = f"<b>{head}</b><br/>" + rest.replace("\n", "<br/>") if rest else head
        yield KeepTogether([Paragraph(text, style)])
    elif isinstance(block, Chart):
        parts: list[Any] = [
            Paragraph(_said(block.title), _style(9, bold=True, before=5, after=2)),
            _drawn(block.drawing),
        ]
        if block.note:
            parts.append(Paragraph(_said(block.note), _style(7, color=SOFT, after=3)))
        yield KeepTogether(parts)
    elif not block.drawn:
        yield from _table(block)


def _table(table: Table) -> Iterator[Any]:
    yield CondPageBreak(30 * mm)  # a title does not stay behind without its first rows
    yield Paragraph(_said(table.title), _style(9, bold=True, before=5, after=2))
    size = 7.2 if len(table.columns) <= 6 else 6.2 if len(table.columns) <= 9 else 5.4
    body, head = _style(size), _style(size, bold=True, color=SOFT)
    cells = [[Paragraph(_said(name), head) for name in table.columns]]
    cells += [[Paragraph(_cell(cell), body) for cell in row] for row in table.rows]
    grid = Grid(cells, colWidths=_widths(table, size), repeatRows=1, hAlign="LEFT")
    grid.setStyle([
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.HexColor("#cbd2d9")),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, colors.HexColor("#e4e7eb")),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 5),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
    ])  # fmt: skip
    yield grid
    if table.note:
        yield Paragraph(_said(table.note), _style(7, color=SOFT, before=2, after=3))


def _cell(cell: Cell) -> str:
    """A figure breaks before its n, not within it."""
    text = _said(shown(cell))
    return text.replace("; n ", "; n&nbsp;") if isinstance(cell, Estimate) else text


def _widths(table: Table, size: float) -> list[float]:
    """Columns as wide as what they hold, within the page; a longest word is broken only where it must be."""
    least, wish = [], []
    for i, name in enumerate(table.columns):
        texts = [_plain(name), *(_plain(shown(row[i])) for row in table.rows)]
        words = [word for text in texts for word in text.split()] or [""]
        least.append(min(max(pdfmetrics.stringWidth(w, BOLD, size) for w in words) + 8, 120))
        wish.append(min(max(pdfmetrics.stringWidth(t, FACE, size) for t in texts) + 8, 260))
    if sum(least) > WIDTH:
        return [w * WIDTH / sum(least) for w in least]
    more = [max(0.0, w - m) for w, m in zip(wish, least, strict=True)]
    share = min(1.0, (WIDTH - sum(least)) / max(sum(more), 1e-9))
    return [m + extra * share for m, extra in zip(least, more, strict=True)]


def _drawn(drawing: Drawing) -> Any:
    by = WIDTH / drawing.width
    sheet = shapes.Drawing(WIDTH, drawing.height * by)
    for mark in drawing.marks:
        sheet.add(_mark(mark, drawing.height, by))
    return sheet


def _mark(mark: Line | Box | Dot | Words, height: float, by: float) -> Any:
    if isinstance(mark, Line):
        line = shapes.Line(mark.x1 * by, (height - mark.y1) * by, mark.x2 * by, (height - mark.y2) * by)
        line.strokeColor, line.strokeWidth = colors.HexColor(mark.color), mark.width * by
        line.strokeDashArray = [3, 2] if mark.dashed else None
        return line
    if isinstance(mark, Box):
        y = (height - mark.y - mark.height) * by
        box = shapes.Rect(mark.x * by, y, mark.width * by, mark.height * by)
        box.fillColor, box.strokeColor = colors.HexColor(mark.color), None
        return box
    if isinstance(mark, Dot):
        dot = shapes.Circle(mark.x * by, (height - mark.y) * by, mark.radius * by)
        dot.strokeColor, dot.strokeWidth = colors.HexColor(mark.color), 0.6
        dot.fillColor = None if mark.hollow else colors.HexColor(mark.color)
        return dot
    text = shapes.String(mark.x * by, (height - mark.y) * by, _plain(mark.text))
    text.fontName, text.fontSize = BOLD if mark.bold else FACE, mark.size * by * 0.9
    text.fillColor, text.textAnchor = colors.HexColor(mark.color), mark.anchor
    return text


def _foot(document: Document) -> Any:
    line = " · ".join(f"{name} {_short(value)}" for name, value in document.provenance[:4])

    def draw(canvas: Any, template: Any) -> None:
        canvas.saveState()
        canvas.setFont(FACE, 6)
        canvas.setFillColor(colors.HexColor(SOFT))
        canvas.drawString(15 * mm, 10 * mm, _plain(line)[:150])
        canvas.drawRightString(A4[0] - 15 * mm, 10 * mm, str(template.page))
        canvas.restoreState()

    return draw


def _short(value: str) -> str:
    """The value with its hashes cut to what tells them apart.

    Examples
    --------
    >>> _short("chain of hashes ends in a4929e174dbbb2a4ba964c3f1b0a1530")
    'chain of hashes ends in a4929e174dbb'
    """
    return " ".join(word if len(word) <= 16 else word[:12] for word in value.split())[:60]


def _style(
    size: float, *, bold: bool = False, color: str = INK, before: float = 0, after: float = 0
) -> ParagraphStyle:
    return ParagraphStyle(
        "p", fontName=BOLD if bold else FACE, fontSize=size, leading=size * 1.35, splitLongWords=1,
        textColor=colors.HexColor(color), spaceBefore=before, spaceAfter=after,
    )  # fmt: skip


def _faces() -> None:
    rl_config.invariant = 1
    if FACE not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(FACE, "Vera.ttf"))
        pdfmetrics.registerFont(TTFont(BOLD, "VeraBd.ttf"))
        pdfmetrics.registerFontFamily(FACE, normal=FACE, bold=BOLD, italic=FACE, boldItalic=BOLD)


def _said(text: str) -> str:
    return escape(_plain(text), quote=False)


def _plain(text: str) -> str:
    """The text in letters that the face has; the others become a question mark, and HTML keeps them."""
    known = pdfmetrics.getFont(FACE).face.charToGlyph
    return "".join(c if ord(c) in known or c == "\n" else _NEAR.get(c, "?") for c in text)


_NEAR = {"−": "-", "…": "...", "→": "->", "·": "-", "≥": ">=", "≤": "<=", "×": "x", "\u00a0": " "}
