"""A document: sections of sentences, tables and charts, the same for every format."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from agreement.estimate import Estimate, bound
from agreement.paper.marks import Drawing

Cell = str | float | int | Estimate | None
Tone = Literal["plain", "note", "good", "fair", "poor", "open"]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. Its tone colours it: a good, a fair, a poor, an open answer, or a note in small print."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """A table under a stable name. A cell that is an Estimate shows value, interval and n.

    Attributes
    ----------
    key : str
        How scripts and files call it: ``"machines_accuracy"``.
    rows : tuple of rows
        As long as `columns`.
    note : str
        What a reader must know beside it, in words.
    drawn : bool
        A chart shows the same numbers: pages fold the table away, machines get it all the same.
    of_items : bool
        The first column names items: a page that has their texts leads to them.
    """

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    drawn: bool = False
    of_items: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing under a stable name; `table` names the table that holds the same numbers."""

    key: str
    title: str
    drawing: Drawing
    table: str = ""
    note: str = ""


Block = Text | Table | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The whole.

    Attributes
    ----------
    provenance : tuple of (name, value)
        Data hash, protocol version, seed, software version: on every format.
    """

    title: str
    subtitle: str
    provenance: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...] = field(default=())

    def tables(self) -> Iterator[Table]:
        """Yield every table, in order."""
        return (b for section in self.sections for b in section.blocks if isinstance(b, Table))

    def charts(self) -> Iterator[Chart]:
        """Yield every chart, in order."""
        return (b for section in self.sections for b in section.blocks if isinstance(b, Chart))


def shown(cell: Cell) -> str:
    """Return a cell as people read it.

    Examples
    --------
    >>> shown(Estimate("r", 0.5, 0.41, 0.6, n_items=40)), shown(None), shown(0.123), shown(3)
    ('0.50 (0.41 to 0.60; n 40)', '', '0.12', '3')
    """
    if cell is None:
        return ""
    if isinstance(cell, Estimate):
        return _estimate(cell)
    if isinstance(cell, float):
        return "–" if math.isnan(cell) else f"{_unsigned(cell):.2f}"
    return str(cell)


def trimmed(table: Table) -> Table:
    """Return the table without columns in which nothing stands.

    Examples
    --------
    >>> trimmed(Table("t", "T", ("item", "part", "n"), (("a", "", 1), ("b", "", 2)))).columns
    ('item', 'n')
    """
    used = [
        i for i in range(len(table.columns)) if i == 0 or any(row[i] not in ("", None) for row in table.rows)
    ]
    columns = tuple(table.columns[i] for i in used)
    return replace(table, columns=columns, rows=tuple(tuple(row[i] for i in used) for row in table.rows))


def spread(table: Table) -> tuple[tuple[str, ...], list[list[str | float | int | None]]]:
    """Return a table for machines: an Estimate becomes value, low, high and n, in columns of their own.

    Examples
    --------
    >>> spread(Table("t", "T", ("who", "r"), (("a", Estimate("r", 0.5, n_items=4)),)))[0]
    ('who', 'r', 'r low', 'r high', 'r n')
    """
    wide = [any(isinstance(row[i], Estimate) for row in table.rows) for i in range(len(table.columns))]
    names: list[str] = []
    for name, is_wide in zip(table.columns, wide, strict=True):
        names += [name, f"{name} low", f"{name} high", f"{name} n"] if is_wide else [name]
    return tuple(names), [_spread_row(row, wide) for row in table.rows]


def _spread_row(row: tuple[Cell, ...], wide: list[bool]) -> list[str | float | int | None]:
    cells: list[str | float | int | None] = []
    for cell, is_wide in zip(row, wide, strict=True):
        if isinstance(cell, Estimate):
            numbers = (cell.value, cell.low, cell.high)
            cells += [None if math.isnan(x) else x for x in numbers] + [cell.n_items]
        else:
            plain = None if isinstance(cell, float) and math.isnan(cell) else cell
            cells += [plain, None, None, None] if is_wide else [plain]
    return cells


def _estimate(e: Estimate) -> str:
    if not e.defined:
        return f"undefined (n {e.n_items}): {e.notes[0]}" if e.notes else f"undefined (n {e.n_items})"
    if math.isnan(e.low):
        return f"{_unsigned(e.value):.2f} (no interval; n {e.n_items})"
    return f"{_unsigned(e.value):.2f} ({bound(e.low)} to {bound(e.high)}; n {e.n_items})"


def _unsigned(x: float) -> float:
    """Nobody wants to read -0.00."""
    return 0.0 if abs(x) < 0.005 else x
