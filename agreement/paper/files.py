"""A document as tables for machines: XLSX, CSV."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Font

from agreement.paper.document import Document, Table, spread

LONG_AGO = (1980, 1, 1, 0, 0, 0)
MOST_LETTERS = 31
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def xlsx(document: Document) -> bytes:
    """Return a workbook: what it is on the first sheet, then one sheet a table; the same bytes every time."""
    book = Workbook()
    first = book.active
    first.title = "about"
    for row in (("report", document.title), ("about", document.subtitle), *document.provenance):
        first.append([_safe(cell) for cell in row])
    names = {"about"}
    for table in document.tables():
        sheet = book.create_sheet(_sheet_name(table.key, names))
        columns, rows = spread(table)
        sheet.append([_safe(name) for name in columns])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for cells in rows:
            sheet.append([_safe(cell) for cell in cells])
        sheet.freeze_panes = "A2"
        for i, letter in enumerate(sheet.columns):
            sheet.column_dimensions[letter[0].column_letter].width = 26 if i == 0 else 14
        if table.note:
            sheet.append([])
            sheet.append([_safe(table.note)])
    out = BytesIO()
    book.save(out)
    return _timeless(out.getvalue())


def csvs(document: Document) -> dict[str, bytes]:
    """Return one CSV file a table, by name: UTF-8, estimates as value, low, high and n."""
    return {f"{table.key}.csv": _csv(table) for table in document.tables()}


def _csv(table: Table) -> bytes:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns, rows = spread(table)
    writer.writerow([_safe(name) for name in columns])
    writer.writerows([[_safe(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8")


def _safe(cell: object) -> object:
    """A text that a spreadsheet would run as a formula gets an apostrophe, and no control characters."""
    if not isinstance(cell, str):
        return cell
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", cell)
    return "'" + text if text.startswith(FORMULA) else text


def _sheet_name(key: str, taken: set[str]) -> str:
    name = re.sub(r"[\[\]:*?/\\']", " ", key)[:MOST_LETTERS].strip() or "table"
    n = 1
    while name.casefold() in taken:
        n += 1
        name = f"{name[: MOST_LETTERS - 3]}_{n}"
    taken.add(name.casefold())
    return name


def _timeless(book: bytes) -> bytes:
    """Return the workbook without the moment of its making."""
    out = BytesIO()
    with ZipFile(BytesIO(book)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content)
            info = ZipInfo(name, LONG_AGO)
            info.compress_type = ZIP_DEFLATED
            new.writestr(info, content)
    return out.getvalue()
