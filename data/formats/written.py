"""A frame as a file: CSV, TSV, XLSX, JSONL or Parquet, by its ending; written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import pandas as pd

from annotate.fault import Fault
from data.formats.appear import appearing
from data.formats.records import cell

WRITTEN = (".csv", ".tsv", ".xlsx", ".jsonl", ".parquet")


def write_table(frame: pd.DataFrame, path: Path, *, sheet: str = "table") -> None:
    """Write a frame; numbers without needless digits, nothing as an empty cell, times in ISO 8601.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "t.csv"
    >>> write_table(pd.DataFrame({"item": ["NA"], "number": [4.0]}), path)
    >>> path.read_text(encoding="utf-8")
    'item,number\\nNA,4\\n'
    """
    ending = path.suffix.lower()
    if ending not in WRITTEN:
        raise Fault(f"{path.name} cannot be written: give it one of the endings {', '.join(WRITTEN)}.")
    with appearing(path) as part:
        _write(frame, part, ending, sheet)


def _write(frame: pd.DataFrame, path: Path, ending: str, sheet: str) -> None:
    if ending in (".xlsx", ".parquet"):
        from data.formats.binary import write_binary

        write_binary(frame, path, sheet)
        return
    text = as_text(frame)
    if ending == ".jsonl":
        lines = (_object({str(k): str(v) for k, v in record.items()}) for record in text.to_dict("records"))
        path.write_text("".join(lines), encoding="utf-8", newline="")
        return
    separator = "\t" if ending == ".tsv" else ","
    # The csv module does not quote a lone carriage return, and reads it as the end of a line.
    lone = any("\r" in cell for column in text for cell in text[column])
    quoting: Literal[0, 1] = 1 if lone else 0  # QUOTE_ALL, QUOTE_MINIMAL
    text.to_csv(path, index=False, sep=separator, encoding="utf-8", lineterminator="\n", quoting=quoting)


def _object(record: dict[str, str]) -> str:
    return json.dumps({key: value for key, value in record.items() if value}, ensure_ascii=False) + "\n"


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Return every cell as text.

    Examples
    --------
    >>> as_text(pd.DataFrame({"n": [1.0, float("nan")]}))["n"].tolist()
    ['1', '']
    """
    return pd.DataFrame({name: _texts(frame[name]) for name in frame}, columns=frame.columns)


def _texts(column: pd.Series) -> list[str]:
    blank = column.isna().to_numpy()
    values = column.tolist()
    return ["" if empty else cell(value) for value, empty in zip(values, blank, strict=True)]
