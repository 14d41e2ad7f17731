"""Files too large to read at once: their rows one after the other, with the place of each."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from annotate.fault import Fault
from data.formats.findings import shorten
from data.formats.records import cell

Placed = tuple[int, list[str]]
BATCH = 1_000
"""How many rows of a Parquet file are unpacked at a time."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A header and the rows under it, read as they are asked for.

    Attributes
    ----------
    place : str
        What the number of a row counts: ``"line"`` or ``"row"``.
    each : iterator of (int, list of str)
        Where a row stands, and its cells.
    share : callable
        Says which share of the file has been read.
    """

    header: list[str]
    place: str
    each: Iterator[Placed]
    share: Callable[[], float]


@contextmanager
def rows_of(path: Path) -> Iterator[Rows]:
    """Open a CSV, JSONL or Parquet file of any size.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "items.jsonl"
    >>> _ = path.write_text('{"item": 1, "output": "Rest."}\\n', encoding="utf-8")
    >>> with rows_of(path) as rows:
    ...     rows.header, list(rows.each), rows.share()
    (['item', 'output'], [(1, ['1', 'Rest.'])], 1.0)
    """
    if path.suffix.lower() == ".parquet":
        yield _parquet(path)
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            yield (_csv if path.suffix.lower() == ".csv" else _jsonl)(path, file)
        except UnicodeDecodeError as fault:
            raise Fault(f"{path.name} is not UTF-8 ({fault}); save it as UTF-8.") from fault


def _read_of(file: IO[str]) -> Callable[[], float]:
    size = os.fstat(file.fileno()).st_size
    return lambda: os.lseek(file.fileno(), 0, os.SEEK_CUR) / size


def _csv(path: Path, file: IO[str]) -> Rows:
    reader = csv.reader(file, strict=True)
    try:
        header = next(filter(None, reader), [])
    except csv.Error as fault:
        raise _unclosed(path, 1, fault) from fault
    return Rows(header, "line", _csv_rows(path, reader, len(header)), _read_of(file))


def _csv_rows(path: Path, reader: Any, width: int) -> Iterator[Placed]:
    line = reader.line_num + 1
    try:
        for row in reader:
            while len(row) > width and not row[-1].strip():  # a spreadsheet's habit
                row.pop()
            if row and len(row) != width:
                raise Fault(
                    f"{path.name}: line {line} has {len(row)} cells but the header has {width}; "
                    "quote a cell that holds a comma."
                )
            if row:
                yield line, row
            line = reader.line_num + 1
    except csv.Error as fault:
        raise _unclosed(path, line, fault) from fault


def _unclosed(path: Path, line: int, fault: csv.Error) -> Fault:
    return Fault(f"{path.name}: line {line}: {fault}; close the quotation mark, or double it in a text.")


def _jsonl(path: Path, file: IO[str]) -> Rows:
    records = _records(path, file)
    first = next(records, None)
    if first is None:
        raise Fault(f"{path.name} is empty.")
    header = list(first[1])
    return Rows(header, "line", _jsonl_rows(path, header, first, records), _read_of(file))


def _records(path: Path, file: IO[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(file, 1):
        try:
            record = json.loads(line) if line.strip() else {}
        except (ValueError, RecursionError) as fault:
            raise Fault(
                f"{path.name}: line {number} is not JSON ({fault}); write one object on each line."
            ) from fault
        if not isinstance(record, dict):
            raise Fault(f'{path.name}: line {number} is {shorten(line)}, not an object; write {{"item": …}}.')
        if record:
            yield number, record


def _jsonl_rows(
    path: Path,
    header: list[str],
    first: tuple[int, dict[str, Any]],
    rest: Iterator[tuple[int, dict[str, Any]]],
) -> Iterator[Placed]:
    yield first[0], [cell(first[1][key]) for key in header]
    known = set(header)
    for number, record in rest:
        if new := [key for key in record if key not in known]:
            raise Fault(
                f"{path.name}: line {number} has {new[0]!r}, which the first line has not; a file this large "
                "must name every key in its first line."
            )
        yield number, [cell(record.get(key)) for key in header]


def _parquet(path: Path) -> Rows:
    import pyarrow.parquet as parquet

    try:
        # Read through a small buffer: a writer may have put the whole file into one row group.
        file = parquet.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False)
    except Exception as fault:
        raise Fault(f"{path.name} cannot be read as Parquet ({fault}); write it again.") from None
    header, read = [str(name) for name in file.schema_arrow.names], [0]
    return Rows(header, "row", _parquet_rows(file, read), lambda: read[0] / max(file.metadata.num_rows, 1))


def _parquet_rows(file: Any, read: list[int]) -> Iterator[Placed]:
    for batch in file.iter_batches(BATCH):
        columns = [_texts(column) for column in batch.columns]
        for row in zip(*columns, strict=True):
            read[0] += 1
            yield read[0], list(row)


def _texts(column: Any) -> list[str]:
    if str(column.type) in ("string", "large_string"):  # by far the quickest way
        texts: list[str] = column.fill_null("").to_pylist()
        return texts
    return [cell(value) for value in column.to_pylist()]
