"""Items files of any size, a part at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from annotate.fault import Fault
from annotate.item import Item
from data.formats.columns import ITEM_COLUMNS, recognise
from data.formats.findings import Findings
from data.formats.items import read_items, understand_items
from data.formats.parts import Rows, rows_of
from data.formats.table import Table, assemble

WHOLE = 64_000_000
"""Up to this many bytes a file is read at once, which finds every fault in it at once, too."""
PARTS = (".csv", ".jsonl", ".ndjson", ".parquet")
ROWS = 2_000


class ItemsStream:
    """The items of a file, in order, with the share of the file that has been read.

    A file larger than `whole` bytes is read a part at a time if it is CSV with commas, JSONL or Parquet; the
    rows of one item must be neighbours in it.

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
        parts = self.path.suffix.lower() in PARTS
        return parts and self.path.is_file() and self.path.stat().st_size > self._whole

    def _all(self) -> Iterator[Item]:
        file = read_items(self.path)
        self.understood = file.understood
        for at, item in enumerate(file.items):
            self.share = at / len(file.items)
            yield item

    def _parts(self) -> Iterator[Item]:
        with rows_of(self.path) as rows, closing(_Seen(self.path.name)) as seen:
            for table in _tables(self.path.name, rows):
                read = understand_items(table)
                self.understood = self.understood or read.understood
                self.share = rows.share()
                seen.add([item.key for item in read.items])
                yield from read.items


def _tables(name: str, rows: Rows) -> Iterator[Table]:
    """Yield some rows at a time, never half an item."""
    header = [column.strip() for column in rows.header]
    taken = recognise(header, ITEM_COLUMNS, Findings(name))
    column = header.index(taken["item"]) if "item" in taken else 0
    held: list[list[str]] = []
    places: list[int] = []
    for place, row in rows.each:
        if len(held) >= ROWS and row[column] != held[-1][column]:
            yield assemble(name, header, held, places, rows.place)
            held, places = [], []
        held.append(row)
        places.append(place)
    yield assemble(name, header, held, places, rows.place)


class _Seen:
    """The items that were read, in a file that SQLite deletes by itself: memory must not grow with them."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._keys = sqlite3.connect("", isolation_level=None)
        self._keys.execute("CREATE TABLE seen (item TEXT PRIMARY KEY) WITHOUT ROWID")

    def add(self, keys: list[str]) -> None:
        """Note the items of one part; a Fault where one was in an earlier part."""
        marks = ",".join("?" * len(keys))
        again = self._keys.execute(f"SELECT item FROM seen WHERE item IN ({marks}) LIMIT 1", keys).fetchone()
        if again:
            raise Fault(
                f"{self._name}: the rows of item {again[0]!r} must be neighbours in a file this large."
            )
        self._keys.execute("BEGIN")
        self._keys.executemany("INSERT INTO seen VALUES (?)", [(key,) for key in keys])
        self._keys.execute("COMMIT")

    def close(self) -> None:
        """Forget them."""
        self._keys.close()
