"""A ratings file that is written as ratings come: CSV or Parquet."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from annotate.fault import Fault
from annotate.rating import RaterKind, Rating
from data.formats.appear import swept

GROUP = 50_000
"""How many ratings are in memory before a Parquet file takes them."""
COLUMNS = ("item", "part", "rater", "kind", "question", "value", "status", "reason", "comment")


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
        if path.suffix.lower() not in _FILES:
            raise Fault(f"{path.name} cannot be written: give it the ending .csv or .parquet.")
        if not path.parent.is_dir():
            raise Fault(f"{path.name} cannot be written: there is no folder {path.parent}.")
        if path.is_dir():
            raise Fault(f"{path.name} cannot be written: there is a folder of this name.")
        self.path, self.kind = path, kind
        self._part = path.with_name(f".{path.name}.{os.getpid()}")

    def __enter__(self) -> RatingsFile:
        try:
            swept(self.path)
            self._rows = _FILES[self.path.suffix.lower()](self._part)
        except OSError as error:
            raise self._unwritable(error) from error
        return self

    def write(self, rating: Rating) -> None:
        """Write one row."""
        r = rating
        value = "" if r.value is None else str(r.value)
        try:
            self._rows.write(
                (r.item, r.part, r.rater, self.kind, r.question, value, r.status, r.reason, r.comment)
            )
        except OSError as error:
            raise self._unwritable(error) from error

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._rows.close()
            if kind is None:
                self._part.replace(self.path)
        except OSError as error:
            if kind is None:
                raise self._unwritable(error) from error
        finally:
            with suppress(OSError):
                self._part.unlink(missing_ok=True)

    def _unwritable(self, error: OSError) -> Fault:
        return Fault(f"{self.path} cannot be written: {error.strerror or error}; name another place.")


class _Csv:
    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._rows = csv.writer(self._file, lineterminator="\n")
        self._rows.writerow(COLUMNS)

    def write(self, row: tuple[str, ...]) -> None:
        self._rows.writerow(row)

    def close(self) -> None:
        self._file.close()


class _Parquet:
    def __init__(self, path: Path) -> None:
        import pyarrow
        from pyarrow.parquet import ParquetWriter

        self._schema = pyarrow.schema([(name, pyarrow.string()) for name in COLUMNS])
        self._file, self._held = ParquetWriter(path, self._schema), list[tuple[str, ...]]()

    def write(self, row: tuple[str, ...]) -> None:
        self._held.append(row)
        if len(self._held) == GROUP:
            self._put()

    def _put(self) -> None:
        import pyarrow

        columns = list(zip(*self._held, strict=True))
        self._file.write_table(pyarrow.table([pyarrow.array(c) for c in columns], schema=self._schema))
        self._held.clear()

    def close(self) -> None:
        if self._held:
            self._put()
        self._file.close()


_FILES: Mapping[str, type[_Csv] | type[_Parquet]] = {".csv": _Csv, ".parquet": _Parquet}
