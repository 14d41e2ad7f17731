"""The lines above a table's rows: titles that spreadsheets carry, and headers of two lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.formats.columns import ITEM_COLUMNS, RATING_COLUMNS, plain

_KNOWN = frozenset(s for table in (ITEM_COLUMNS, RATING_COLUMNS) for names in table.values() for s in names)
_NUMBER = re.compile(r"\s*[+-]?[\d.,]+\s*%?\s*")


def is_title(row: Sequence[str], after: Sequence[str]) -> bool:
    """Return whether a line above others is a title: one cell, no column's name, and then a wider line.

    Examples
    --------
    >>> is_title(["Ward 7, 2025", "", ""], ["item", "rater", "score"])
    True
    >>> is_title(["item"], ["a", "4"])
    False
    """
    filled = [cell.strip() for cell in row if cell.strip()]
    wider = sum(bool(cell.strip()) for cell in after) > 1
    return len(filled) == 1 and wider and plain(filled[0]) not in _KNOWN


def joined(header: Sequence[str], row: Sequence[str]) -> list[str] | None:
    """Return one header of two lines where the upper has merged cells; None where it has none.

    Examples
    --------
    >>> joined(["item", "Rater 1", "", "Rater 2", ""], ["", "tone", "dose", "tone", "dose"])
    ['item', 'Rater 1 tone', 'Rater 1 dose', 'Rater 2 tone', 'Rater 2 dose']
    >>> joined(["item", "score"], ["", "4"]) is None
    True
    """
    bare = [n for n, name in enumerate(header) if not name.strip() and row[n].strip()]
    words = not any(_NUMBER.fullmatch(cell) for cell in row)
    if not bare or not header[0].strip() or row[0].strip() or not words:
        return None
    names, last = [], ""
    for name, below in zip(header, row, strict=True):
        last = name.strip() or last
        names.append(f"{last} {below.strip()}".strip())
    return names
