"""JSON Lines, or one JSON list of objects, as a table."""

from __future__ import annotations

import json
import math
from typing import Any

from annotate.fault import Fault
from data.formats.findings import Findings, shorten
from data.formats.table import Table, assemble


def read_records(name: str, text: str) -> Table:
    """Return the table that lines of JSON objects spell; null and a missing key are an empty cell.

    Examples
    --------
    >>> read_records("r.jsonl", '{"item": "001", "score": 4.0}').cells.to_dict("records")
    [{'item': '001', 'score': '4'}]
    """
    found = Findings(name)
    if text.lstrip().startswith("["):
        pairs, place = _list(name, text, found), "row"
    else:
        pairs, place = _lines(text, found), "line"
    found.stop()
    header = list(dict.fromkeys(key for _, record in pairs for key in record))
    rows = [[cell(record.get(key)) for key in header] for _, record in pairs]
    return assemble(name, header, rows, [at for at, _ in pairs], place)


def _lines(text: str, found: Findings) -> list[tuple[int, dict[str, Any]]]:
    pairs = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            found.about(f"line {number} is not JSON ({_why(error)}); write one object on each line.")
            continue
        if isinstance(record, dict):
            pairs.append((number, record))
        else:
            found.about(f'line {number} is {shorten(line)}, not an object; write {{"item": …}}.')
    return pairs


def _list(name: str, text: str, found: Findings) -> list[tuple[int, dict[str, Any]]]:
    try:
        records = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Fault(f"{name} is not JSON ({_why(error)}); is it cut off?") from None
    for number, record in enumerate(records, 1):
        if not isinstance(record, dict):
            found.about(f"row {number} is {shorten(record)}, not an object.")
    return [(n, record) for n, record in enumerate(records, 1) if isinstance(record, dict)]


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.colno}"
    return "it nests too deeply" if isinstance(error, RecursionError) else "a number of thousands of digits"


def cell(value: Any) -> str:
    """Return a JSON or spreadsheet value as text: 12.0 is ``"12"``, a list stays JSON.

    Examples
    --------
    >>> [cell(value) for value in (None, 12.0, 0.5, True, "NA", ["B", "A"])]
    ['', '12', '0.5', 'true', 'NA', '["B", "A"]']
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    isoformat = getattr(value, "isoformat", None)
    return str(isoformat()) if isoformat else str(value)


def number_text(value: float) -> str:
    """Return a float as a person writes it: whole numbers without a point.

    Examples
    --------
    >>> number_text(4.0), number_text(0.1), number_text(float("nan"))
    ('4', '0.1', 'nan')
    """
    if math.isfinite(value) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(float(value))
