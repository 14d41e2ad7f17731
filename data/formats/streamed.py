"""Items files of any size, a part at a time, and long ratings written as they come."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from annotate.fault import Fault
from annotate.item import Item
from annotate.rating import RaterKind, Rating
from data.formats.columns import ITEM_COLUMNS, recognise
from data.formats.findings import Findings
from data.formats.items import read_items, understand_items
from data.formats.table import Table, assemble

WHOLE = 64_000_000
"""Up to this many bytes a file is read at once, which finds every fault in it at once, too."""
ROWS = 2_000
COLUMNS = ("item", "part", "rater", "kind", "question", "value", "status", "reason", "comment")


class ItemsStream:
    """The items of a file, in order, with the share of the file that has been read.

    A file larger than `whole` bytes must be CSV with commas, and the rows of one item must be neighbours.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "items.csv"
    >>> _ = path.write_text("item,output\\na,Rest.\\nb,Walk.\\n", encoding="utf-8")
    >>> stream = ItemsStream(path)
    >>> [item.key for item in stream], stream.share
    (['a', 'b'], 1.0)
    """

    def __init__(self, path: Path, *, whole: int = WHOLE) -> None:
        self.path = path
        self.understood: tuple[str, ...] = ()
        self.share = 0.0
        self._whole = whole

    def __iter__(self) -> Iterator[Item]:
        self.share = 0.0
        yield from self._parts() if self._large() else self._all()
        self.share = 1.0

    def _large(self) -> bool:
        lines = self.path.suffix.lower() == ".csv"
        return lines and self.path.is_file() and self.path.stat().st_size > self._whole

    def _all(self) -> Iterator[Item]:
        file = read_items(self.path)
        self.understood = file.understood
        for at, item in enumerate(file.items):
            self.share = at / len(file.items)
            yield item

    def _parts(self) -> Iterator[Item]:
        size, seen = self.path.stat().st_size, set[int]()
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            for table in self._tables(csv.reader(file, strict=True)):
                read = understand_items(table)
                self.understood = self.understood or read.understood
                self.share = os.lseek(file.fileno(), 0, os.SEEK_CUR) / size
                for item in read.items:
                    if hash(item.key) in seen:
                        raise Fault(f"{self.path.name}: the rows of item {item.key!r} must be neighbours.")
                    seen.add(hash(item.key))
                    yield item

    def _tables(self, rows: Iterator[list[str]]) -> Iterator[Table]:
        """Yield some rows at a time, never half an item."""
        header = next(rows)
        taken = recognise([name.strip() for name in header], ITEM_COLUMNS, Findings(self.path.name))
        column = [name.strip() for name in header].index(taken["item"]) if "item" in taken else 0
        held: list[list[str]] = []
        for row in filter(None, rows):
            if len(row) != len(header):
                sentence = f"the row of item {row[0]!r} has {len(row)} cells but the header has {len(header)}"
                raise Fault(f"{self.path.name}: {sentence}; quote a cell that holds a comma.")
            if len(held) >= ROWS and row[column] != held[-1][column]:
                yield self._table(header, held)
                held = []
            held.append(row)
        yield self._table(header, held)

    def _table(self, header: list[str], rows: list[list[str]]) -> Table:
        return assemble(self.path.name, header, rows, [0] * len(rows), "line")


class RatingsFile:
    """A long ratings file that is written as ratings come, and appears whole when it is complete.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "ratings.csv"
    >>> with RatingsFile(path, "metric") as file:
    ...     file.write(Rating("a", "length@1", "length", "2.0", 2.0))
    >>> print(path.read_text(encoding="utf-8"), end="")
    item,part,rater,kind,question,value,status,reason,comment
    a,,length@1,metric,length,2.0,answered,,
    """

    def __init__(self, path: Path, kind: RaterKind) -> None:
        if path.suffix.lower() != ".csv":
            raise Fault(f"{path.name} cannot be written: give it the ending .csv.")
        if not path.parent.is_dir():
            raise Fault(f"{path.name} cannot be written: there is no folder {path.parent}.")
        self.path, self.kind = path, kind
        self._part = path.with_name(f".{path.name}.{os.getpid()}")

    def __enter__(self) -> RatingsFile:
        self._file = self._part.open("w", encoding="utf-8", newline="")
        self._rows = csv.writer(self._file, lineterminator="\n")
        self._rows.writerow(COLUMNS)
        return self

    def write(self, rating: Rating) -> None:
        """Write one row."""
        r = rating
        value = "" if r.value is None else r.value
        self._rows.writerow(
            (r.item, r.part, r.rater, self.kind, r.question, value, r.status, r.reason, r.comment)
        )

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        if kind is None:
            self._part.replace(self.path)
        self._part.unlink(missing_ok=True)
