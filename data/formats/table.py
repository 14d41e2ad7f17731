"""Any table that a spreadsheet or a script writes, as text cells that remember their line."""

from __future__ import annotations

import csv
import io
import re
import tarfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from annotate.fault import Fault
from data.formats.findings import Findings, listed, shorten
from data.formats.headers import is_title, joined

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".jsonl", ".ndjson", ".json", ".parquet")
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"Rar!")
csv.field_size_limit(1 << 30)  # a discharge summary is longer than the default of 131,072 characters


@dataclass(frozen=True, slots=True)
class Table:
    """A file as text.

    Attributes
    ----------
    name : str
        The file's name, as sentences say it.
    cells : DataFrame of text
        One column a column, as named in the file; an empty cell is ``""``.
    rows : array of int
        Where each row stands in the file: a line (CSV, JSONL) or a row (XLSX, Parquet).
    place : "line" or "row"
        What `rows` counts.
    understood : tuple of str
        What had to be understood to read it: separators, encodings, sheets.
    margin : Series of text, optional
        The first column where it has no name, as statistics programs write the names of rows.
    """

    name: str
    cells: pd.DataFrame
    rows: npt.NDArray[np.int64]
    place: str
    understood: tuple[str, ...] = ()
    margin: pd.Series | None = None

    @property
    def names(self) -> list[str]:
        """Its columns, in order."""
        return [str(name) for name in self.cells.columns]


def read_table(path: Path | str) -> Table:
    """Read CSV, TSV, semicolon CSV, XLSX, JSONL, JSON or Parquet; what it is, its bytes say.

    Parameters
    ----------
    path : path
        The file.

    Returns
    -------
    Table
        Every cell as text. ``"NA"`` stays ``"NA"`` and ``"001"`` stays ``"001"``; a number that a
        spreadsheet keeps as 12.0 is ``"12"``.

    Raises
    ------
    Fault
        Where it is no table: every ragged line, every doubled column, at once.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "r.csv"
    >>> _ = path.write_text("item;score\\n001;4,5\\n", encoding="utf-8")
    >>> table = read_table(path)
    >>> table.cells.to_dict("records"), table.understood
    ([{'item': '001', 'score': '4,5'}], ('r.csv is separated by semicolons.',))
    """
    path = Path(path)
    if path.is_dir() or not path.exists():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise Fault(f"{path} {what}; give a file ({', '.join(SUFFIXES)}).")
    with path.open("rb") as file:
        head = file.read(8)
    if not head:
        raise Fault(f"{path.name} is empty.")
    return _tidy(_by_magic(path, head))


def _by_magic(path: Path, head: bytes) -> Table:
    from data.formats import binary, records

    if head.startswith(b"PK\x03\x04"):
        return binary.read_workbook(path)
    if head.startswith(b"PAR1"):
        return binary.read_parquet(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Fault(f"{path.name} is an old Excel workbook (.xls); save it as .xlsx or CSV.")
    if head.startswith(_PACKED) or tarfile.is_tarfile(path):
        raise Fault(f"{path.name} is a packed archive; unpack it and import what is in it, or zip a folder.")
    text, understood = decode(path)
    start = text.lstrip()[:1]
    if start == "{" or path.suffix.lower() in (".json", ".jsonl", ".ndjson"):
        return replace(records.read_records(path.name, text), understood=understood)
    return _delimited(path.name, text, understood)


def decode(path: Path) -> tuple[str, tuple[str, ...]]:
    """Return a file's text, and a sentence where it is not UTF-8."""
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(path, raw, "utf-16"), (f"{path.name} is UTF-16 text.",)
    if b"\0" in raw[:4096]:
        raise Fault(f"{path.name} is not a text file; give CSV, TSV, XLSX, JSONL or Parquet.")
    try:
        return raw.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
    said = f"{path.name} is not UTF-8 (line {line}); it was read as Windows-1252 (latin-1): check accents."
    try:
        return raw.decode("cp1252"), (said,)
    except UnicodeDecodeError:
        return raw.decode("latin-1"), (said,)


def _decoded(path: Path, raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        raise Fault(f"{path.name} begins like UTF-16 text but is cut off; save it as UTF-8.") from None


def _delimited(name: str, text: str, understood: tuple[str, ...]) -> Table:
    from data.formats.plainly import read_plain

    delimiter = _delimiter(text)
    if plain := read_plain(name, text, delimiter):
        return replace(plain, understood=_separated(name, delimiter, understood))
    if told := re.match(r"sep=([^\r\n])\r?\n", text):  # Excel's own first line
        delimiter, text = told[1], "\n" + text[told.end() :]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found = Findings(name)
    header: list[str] = []
    rows: list[list[str]] = []
    lines: list[int] = []
    start = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                if not header:
                    header = row
                elif not rows and is_title(header, row):
                    understood += (f"{name}: {shorten(_first(header))} stands above the header; left out.",)
                    header = row
                elif _fits(row, header, found, start):
                    rows.append(row)
                    lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        found.about(f"line {start}: {_unclosed(str(error))}")
    found.stop()
    return assemble(name, header, rows, lines, "line", _separated(name, delimiter, understood))


def _separated(name: str, delimiter: str, understood: tuple[str, ...]) -> tuple[str, ...]:
    if delimiter == ",":
        return understood
    return (*understood, f"{name} is separated by {DELIMITERS.get(delimiter, repr(delimiter))}.")


def _first(row: list[str]) -> str:
    return next(cell.strip() for cell in row if cell.strip())


def _unclosed(error: str) -> str:
    if "unexpected end of data" in error:
        return "a quotation mark opens here and never closes; close it, or double it inside a quoted text."
    return f'{error}; double a quotation mark inside a quoted text ("" for ").'


def _fits(row: list[str], header: list[str], found: Findings, line: int) -> bool:
    """Whether a row has the header's cells; empty cells to the right are a spreadsheet's habit."""
    while len(row) > len(header) and not row[-1].strip():
        row.pop()
    if len(row) == len(header):
        return True
    found.about(
        f"line {line} has {len(row)} cells but the header has {len(header)}; "
        "quote a cell that holds the separator, or add the missing cells."
    )
    return False


def _delimiter(text: str) -> str:
    """Return what separates the header: outside quotes, the character that occurs most."""
    header = re.sub(r'"[^"]*"', "", text.lstrip("\r\n \ufeff").partition("\n")[0])
    counts = {mark: header.count(mark) for mark in DELIMITERS}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] else ","


def assemble(
    name: str,
    header: list[str],
    rows: list[list[str]],
    lines: list[int],
    place: str,
    understood: tuple[str, ...] = (),
) -> Table:
    """Return a table of equally long rows; doubled columns and an empty file are faults."""
    header = [re.sub(r"\s+", " ", column).strip() for column in header]
    header = ["" if re.fullmatch(r"Unnamed: \d+", column) else column for column in header]  # pandas' index
    if rows and (two := joined(header, rows[0])):
        understood += (f"{name}: its two header lines were read as one ({listed(two[1:], 4)}).",)
        header, rows, lines = two, rows[1:], lines[1:]
    doubled = sorted({column for column in header if column and header.count(column) > 1})
    if doubled:
        raise Fault(f"{name} has the column {shorten(doubled[0])} more than once; rename or delete one.")
    if not rows:
        raise Fault(f"{name} has a header ({listed(header)}) and no rows." if header else f"{name} is empty.")
    columns = list(zip(*rows, strict=True))
    names = [column or f"column {number}" for number, column in enumerate(header, 1)]
    cells = {n: pd.Series(column, dtype="str") for n, column in zip(names, columns, strict=True)}
    margin = None if header[0] or len(columns) < 2 else cells[names[0]]
    nameless = [n for n, column in zip(names, header, strict=True) if not column]
    for column in nameless:
        filled = cells.pop(column).str.strip().ne("").any()
        if filled:
            understood += (f"{name}: {column} has no name and was left out.",)
    return Table(name, pd.DataFrame(cells), np.array(lines, dtype=np.int64), place, understood, margin)


def _tidy(table: Table) -> Table:
    """Return the table without NUL characters' risk: no store can keep them."""
    found = Findings(table.name, table.place)
    for column in table.cells:
        hit = table.cells[column].str.contains("\0", regex=False).to_numpy()
        for at in np.flatnonzero(hit)[:50]:
            found.at(int(table.rows[at]), str(column), "holds a NUL character; delete it.")
    found.stop()
    return table
