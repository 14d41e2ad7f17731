"""A drawing as PNG, without a browser."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from agreement.paper.marks import PAPER, Box, Dot, Drawing, Line, Words

SHARP = 2


def png(drawing: Drawing) -> bytes:
    """Return a drawing as a PNG file of twice its size in pixels.

    Examples
    --------
    >>> png(Drawing(10, 5, (Line(0, 0, 9, 4),)))[:4]
    b'\\x89PNG'
    """
    image = Image.new("RGB", (int(drawing.width * SHARP), int(drawing.height * SHARP)), PAPER)
    pen = ImageDraw.Draw(image)
    for mark in drawing.marks:
        if isinstance(mark, Line):
            _line(pen, mark)
        elif isinstance(mark, Box):
            ends = [mark.x, mark.y, mark.x + mark.width, mark.y + mark.height]
            pen.rectangle([v * SHARP for v in ends], fill=mark.color)
        elif isinstance(mark, Dot):
            ends = [mark.x - mark.radius, mark.y - mark.radius, mark.x + mark.radius, mark.y + mark.radius]
            fill = None if mark.hollow else mark.color
            pen.ellipse([v * SHARP for v in ends], fill=fill, outline=mark.color, width=SHARP)
        else:
            _words(pen, mark)
    out = BytesIO()
    image.save(out, "PNG", optimize=False, compress_level=2)  # flat colours: more takes thrice as long
    return out.getvalue()


def _line(pen: ImageDraw.ImageDraw, mark: Line) -> None:
    width = max(1, round(mark.width * SHARP))
    a, b = (mark.x1 * SHARP, mark.y1 * SHARP), (mark.x2 * SHARP, mark.y2 * SHARP)
    if not mark.dashed:
        pen.line([a, b], fill=mark.color, width=width)
        return
    length = max(abs(b[0] - a[0]), abs(b[1] - a[1]))
    steps = max(1, int(length // (5 * SHARP)))
    for k in range(0, steps, 2):
        ends = [
            (a[0] + (b[0] - a[0]) * t / steps, a[1] + (b[1] - a[1]) * t / steps)
            for t in (k, min(k + 1, steps))
        ]
        pen.line(ends, fill=mark.color, width=width)


def _words(pen: ImageDraw.ImageDraw, mark: Words) -> None:
    anchor = {"start": "ls", "middle": "ms", "end": "rs"}[mark.anchor]
    font = ImageFont.load_default(mark.size * SHARP)
    pen.text((mark.x * SHARP, mark.y * SHARP), mark.text, fill=mark.color, font=font, anchor=anchor)
