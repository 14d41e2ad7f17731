"""A document as one HTML file that opens offline: nothing is fetched, nothing runs."""

from __future__ import annotations

import math
from html import escape

from agreement.estimate import Estimate
from agreement.paper.document import Block, Cell, Chart, Document, Section, Table, Text, shown
from agreement.paper.svg import FACE, svg

STYLE = """
:root{color-scheme:light}*{box-sizing:border-box}
html{scroll-behavior:smooth}
body{margin:0;font:15px/1.55 FACE;color:#1f2933;background:#f5f7f8}
nav{position:fixed;left:0;top:0;bottom:0;width:232px;padding:26px 14px 20px 24px;overflow:auto;
background:#fff;border-right:1px solid #e4e7eb;font-size:13.5px}
nav b{display:block;margin-bottom:12px;font-size:15px}
nav a{display:block;padding:5px 8px;margin:0 0 1px -8px;color:#3e4c59;text-decoration:none;border-radius:6px}
nav a:hover,nav a:focus{background:#eef3f6;color:#12495e}
main{margin-left:232px;padding:30px 44px 80px;max-width:1080px}
header h1{font-size:27px;line-height:1.25;margin:0 0 4px}
header p{margin:0;color:#52606d}
section{background:#fff;border:1px solid #e4e7eb;border-radius:10px;padding:20px 26px 24px;margin-top:22px}
h2{font-size:19.5px;margin:0 0 10px}h3{font-size:15px;margin:26px 0 6px}
p{margin:8px 0;max-width:78ch}
p.note,figcaption,caption+*{color:#52606d}
p.note,div.note,.under,.more{font-size:13px;color:#52606d;max-width:92ch}
.good,.fair,.poor,.open{margin:10px 0;border-left:5px solid;border-radius:4px;padding:9px 14px;max-width:none}
.good{border-color:#3f7d4e;background:#eef6f0}.fair{border-color:#b7791f;background:#fdf6e7}
.poor{border-color:#b23a48;background:#fbeeef}.open{border-color:#5c6b73;background:#f1f4f6}
div ul{margin:4px 0 0;padding-left:20px}li{margin:3px 0}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:13.3px;min-width:50%}
th,td{text-align:left;padding:5px 14px 5px 0;border-bottom:1px solid #e9edf0;vertical-align:top}
th{color:#52606d;font-weight:600;border-bottom:1.5px solid #cbd2d9}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.e{white-space:nowrap;font-variant-numeric:tabular-nums}
td:first-child{min-width:112px}.tall td{min-width:96px}
.tall td:nth-child(2){min-width:136px}.tall td small{display:block}
.long{max-height:470px;overflow:auto;border-bottom:1px solid #cbd2d9}
.more{font-weight:600}
.long th{position:sticky;top:0;background:#fff}
details{margin:2px 0 8px}summary{cursor:pointer;color:#52606d;font-size:13px}
td.u{white-space:normal;min-width:170px}td small{color:#616e7c;font-size:12px}
figure{margin:14px 0 6px}figure svg{max-width:100%;height:auto;display:block}
dl{display:grid;grid-template-columns:max-content 1fr;gap:3px 18px;font-size:13px;margin:14px 0 0}
dt{color:#616e7c}dd{margin:0;overflow-wrap:anywhere}
@media(max-width:820px){nav{display:none}main{margin:0;padding:18px}}
@media print{@page{size:A4;margin:15mm 13mm}body{background:#fff;font-size:10pt}nav{display:none}
main{margin:0;padding:0;max-width:none}section{border:0;padding:0;margin-top:8mm}table{font-size:8pt}
th,td{padding-right:7px}td.e,td.n{white-space:normal}.wide{overflow:visible}.long{max-height:none}
.more{display:none}h2,h3{break-after:avoid}tr,figure,p{break-inside:avoid}}
""".replace("FACE", FACE)

LONG = 24
"""A table of more rows scrolls in its own frame on the screen; on paper it runs on."""


def html(document: Document) -> bytes:
    """Return the whole document as one HTML file in UTF-8.

    Examples
    --------
    >>> page = html(Document("A <title>", "", ()))
    >>> b"A &lt;title&gt;" in page, b"http" in page
    (True, False)
    """
    links = "".join(f'<a href="#{escape(s.key)}">{escape(s.title)}</a>' for s in document.sections)
    facts = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in document.provenance)
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(document.title)}</title><style>{STYLE}</style></head><body>"
        f'<nav aria-label="Contents"><b>Contents</b>{links}</nav><main>'
        f"<header><h1>{escape(document.title)}</h1><p>{escape(document.subtitle)}</p><dl>{facts}</dl></header>"
        f"{''.join(map(_section, document.sections))}</main></body></html>"
    )
    # The only address in a file that fetches nothing is SVG's name, which HTML does not need.
    return page.replace(' xmlns="http://www.w3.org/2000/svg"', "").encode("utf-8")


def _section(section: Section) -> str:
    blocks = "".join(map(_block, section.blocks))
    return f'<section id="{escape(section.key)}"><h2>{escape(section.title)}</h2>{blocks}</section>'


def _block(block: Block) -> str:
    if isinstance(block, Text):
        tone = "" if block.tone == "plain" else f' class="{block.tone}"'
        head, _, rest = block.text.partition("\n")
        if rest:
            lines = "".join(f"<li>{escape(line)}</li>" for line in rest.split("\n"))
            return f"<div{tone}><b>{escape(head)}</b><ul>{lines}</ul></div>"
        return f"<p{tone}>{escape(block.text)}</p>"
    if isinstance(block, Chart):
        return _chart(block)
    return _table(block)


def _chart(chart: Chart) -> str:
    note = f'<p class="under">{escape(chart.note)}</p>' if chart.note else ""
    picture = svg(chart.drawing, chart.title)
    return f'<h3>{escape(chart.title)}</h3><figure id="{escape(chart.key)}">{picture}</figure>{note}'


def _table(table: Table) -> str:
    numeric = [_numeric(row[i] for row in table.rows) for i in range(len(table.columns))]
    head = "".join(
        f'<th scope="col"{_class("n" if n else "")}>{escape(name)}</th>'
        for name, n in zip(table.columns, numeric, strict=True)
    )
    rows = "".join(f"<tr>{''.join(map(_cell, row, numeric))}</tr>" for row in table.rows)
    note = f'<p class="under">{escape(table.note)}</p>' if table.note else ""
    tall = sum(any(isinstance(row[i], Estimate) for row in table.rows) for i in range(len(table.columns))) > 3
    frame = "wide long" if len(table.rows) > LONG else "wide"
    if len(table.rows) > LONG:
        note = f'<p class="more">{len(table.rows)} rows: scroll in the table to see all of them.</p>{note}'
    body = (
        f'<div class="{frame}"><table id="{escape(table.key)}"{_class("tall" if tall else "")}>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{note}"
    )
    if table.drawn:
        return f"<details><summary>The same as a table</summary>{body}</details>"
    return f"<h3>{escape(table.title)}</h3>{body}"


def _cell(cell: Cell, numeric: bool) -> str:
    if isinstance(cell, Estimate):
        tip = escape(" ".join(filter(None, [f"{cell.coefficient}: {cell.method}.", *cell.notes])), quote=True)
        if not cell.defined:
            return f'<td class="e u" title="{tip}"><small>{escape(shown(cell))}</small></td>'
        figure, _, rest = shown(cell).partition(" ")
        return f'<td class="e" title="{tip}">{figure} <small>{escape(rest)}</small></td>'
    return f"<td{_class('n' if numeric else '')}>{escape(shown(cell))}</td>"


def _numeric(cells) -> bool:  # type: ignore[no-untyped-def]
    kept = [cell for cell in cells if cell is not None and not (isinstance(cell, float) and math.isnan(cell))]
    return bool(kept) and all(isinstance(cell, int | float) for cell in kept)


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""
