"""Excel workbooks and Parquet files as tables."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from annotate.fault import Fault
from data.formats.damaged import DAMAGED
from data.formats.findings import listed, shorten
from data.formats.headers import is_title
from data.formats.records import cell
from data.formats.table import Table, assemble
from data.formats.unpacked import bounded_members

UNPACKED = 1 << 30
CELLS = 50_000_000
"""The reader lays a sheet out whole: one cell in the farthest corner would ask for 550 GB and end the app."""
STRADDLES = 512
"""So much of a piece is looked at again with the next: a cell may lie across both."""
_UNCOUNTED = re.compile(
    rb"""<c (?=[^>]*\br=["']([A-Z]{1,3}[0-9]{1,7})["'])(?![^>]*\bt=["']str["'])[^>]*>\s*<f\b"""
    rb"""(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"""
)
"""A formula whose result is not kept; one that gave an empty text is of type str."""
_CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")


def read_workbook(path: Path) -> Table:
    """Return a workbook's sheet: the one called ratings or items, else the first with cells."""
    _bounded(path)
    try:
        sheets = {title: list(_filled(rows)) for title, rows in _sheets(path)}
    except Exception as error:
        raise Fault(f"{path.name} cannot be read as an Excel workbook ({error}); save it as CSV.") from None
    filled = [title for title, rows in sheets.items() if rows]
    if not filled:
        raise Fault(f"{path.name} is empty.")
    named = [title for title in filled if title.strip().lower() in ("ratings", "items")]
    title = (named or filled)[0]
    others = [other for other in filled if other != title]
    said = f"{path.name}: sheet {title!r} was read, {listed(others)} was not."
    return _sheet(path.name, sheets[title], (said,) if others else ())


def _bounded(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                bounded_members(path.name, archive.infolist(), UNPACKED, "save it as CSV")
            area, uncounted = _looked_over(archive) if "xl/workbook.xml" in names else (0, "")
    except Fault:
        raise
    except DAMAGED:
        raise Fault(f"{path.name} is a damaged workbook or archive; save it again.") from None
    if "xl/workbook.xml" not in names:
        raise Fault(f"{path.name} is an archive without a HELM run, an export or a workbook; unpack it.")
    if uncounted:
        raise Fault(
            f"{path.name}: cell {uncounted} holds a formula without its result, as scripts write them; open "
            "it in a spreadsheet program and save it, or write values."
        )
    if area > CELLS:
        raise Fault(
            f"{path.name} spans {area:,} cells, most of them empty; delete the stray cell far to the right "
            "or below, or save it as CSV."
        )


def _looked_over(archive: zipfile.ZipFile) -> tuple[int, str]:
    """Return how many cells the largest sheet spans, empty ones included, and a formula without a result."""
    largest, uncounted = 0, ""
    for member in archive.infolist():
        if not member.filename.endswith(".xml"):
            continue
        rows, columns, before = 0, 0, b""
        with archive.open(member) as file:
            while piece := file.read(1 << 20):
                found = _CELL.findall(before + piece)
                rows = max([rows, *map(int, {row for _, row in found})])
                columns = max([columns, *map(_column, {column for column, _ in found})])
                if rows * columns > CELLS:  # it is refused anyway
                    return rows * columns, ""
                if b"<f" in piece and not uncounted and (cell := _UNCOUNTED.search(before + piece)):
                    uncounted = cell[1].decode()
                before = piece[-STRADDLES:]
        largest = max(largest, rows * columns)
    return largest, uncounted


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def _sheets(path: Path) -> Iterator[tuple[str, Iterable[Sequence[Any]]]]:
    """Every sheet with its rows, by calamine, which takes a twentieth of openpyxl's time."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    for title in book.sheet_names:
        yield title, book.get_sheet_by_name(title).to_python(skip_empty_area=False)


def _filled(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(rows, 1):
        cells = [value if isinstance(value, str) else cell(value) for value in row]
        if any(text.strip() for text in cells):
            yield number, cells


def _sheet(name: str, rows: list[tuple[int, list[str]]], said: tuple[str, ...]) -> Table:
    while len(rows) > 1 and is_title(rows[0][1], rows[1][1]):
        title = next(cell.strip() for cell in rows[0][1] if cell.strip())
        said += (f"{name}: {shorten(title)} stands above the header; left out.",)
        rows = rows[1:]
    (_, header), *body = rows
    width = max(len(cells) for _, cells in rows)
    filled = [cells + [""] * (width - len(cells)) for _, cells in body]
    header = header + [""] * (width - len(header))
    return assemble(name, header, filled, [number for number, _ in body], "row", said)


def read_parquet(path: Path) -> Table:
    """Return a Parquet file as text; a missing value is an empty cell."""
    import pyarrow.parquet as parquet

    try:
        with parquet.ParquetFile(path) as file:
            _bounded_parquet(path.name, file.metadata)
            words = [field.name for field in file.schema_arrow if _is_words(field)]
        table = parquet.read_table(path, read_dictionary=words)
        _bounded_words(path.name, table)
    except Fault:
        raise
    except Exception as error:
        raise Fault(f"{path.name} cannot be read as Parquet ({error}); write it again.") from None
    if not table.num_rows:
        raise Fault(f"{path.name} has columns ({listed(table.column_names)}) and no rows.")
    columns = [[cell(value) for value in column.to_pylist()] for column in table.columns]
    rows = [list(row) for row in zip(*columns, strict=True)]
    keep = [at for at, row in enumerate(rows) if any(text.strip() for text in row)]
    return assemble(
        path.name,
        [str(column) for column in table.column_names],
        [rows[at] for at in keep],
        [at + 1 for at in keep],
        "row",
    )


def _bounded_parquet(name: str, about: Any) -> None:
    spans = about.num_rows * about.num_columns
    if spans > CELLS:
        raise Fault(f"{name} holds {spans:,} cells; import it in parts.")
    size = sum(about.row_group(number).total_byte_size for number in range(about.num_row_groups))
    if size > UNPACKED:
        raise Fault(f"{name} unpacks to {size / 2**30:.1f} GiB; import it in parts.")


def _is_words(field: Any) -> bool:
    import pyarrow

    kinds = (pyarrow.types.is_string, pyarrow.types.is_large_string, pyarrow.types.is_binary)
    return any(kind(field.type) for kind in kinds)


def _bounded_words(name: str, table: Any) -> None:
    """Refuse a text that stands once in the file and a million times in its rows."""
    import pyarrow
    import pyarrow.compute as compute

    size = 0
    for column in table.columns:
        for chunk in column.chunks if pyarrow.types.is_dictionary(column.type) else ():
            lengths = compute.binary_length(chunk.dictionary)
            size += compute.sum(compute.take(lengths, chunk.indices)).as_py() or 0
    if size > UNPACKED:
        raise Fault(f"{name} unpacks to {size / 2**30:.1f} GiB; import it in parts.")


def write_binary(frame: pd.DataFrame, path: Path, sheet: str) -> None:
    """Write a frame as XLSX or Parquet: text stays text, also where it begins like a formula."""
    if path.suffix.lower() == ".parquet":
        frame.to_parquet(path, index=False)
        return
    _write_workbook(frame, path, sheet)


def _write_workbook(frame: pd.DataFrame, path: Path, title: str) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.append([_text(sheet, str(name), path.name) for name in frame.columns])
    for row in frame.itertuples(index=False):
        cells: list[Any] = []
        for value in row:
            if isinstance(value, str):
                cells.append(_text(sheet, value, path.name))
            else:
                cells.append(None if _empty(value) else _plain(value))
        sheet.append(cells)
    book.save(path)


def _text(sheet: Any, text: str, name: str) -> Any:
    """A cell that is text also where it begins like a formula."""
    from openpyxl.cell import WriteOnlyCell

    kept = WriteOnlyCell(sheet, value=_legal(text, name))
    kept.data_type = "s"
    return kept


def _legal(text: str, name: str) -> str:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if len(text) > 32_767:
        raise Fault(
            f"{name} cannot hold a text of {len(text):,} characters (Excel's limit is 32,767); "
            "write CSV, JSONL or Parquet."
        )
    return str(ILLEGAL_CHARACTERS_RE.sub("\ufffd", text))


def _empty(value: Any) -> bool:
    return value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value))


def _plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    return value.item() if isinstance(value, np.generic) else value
