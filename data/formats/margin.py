"""Wide files that do not name their items: the rows' own names, or their numbers, stand for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from data.formats.columns import plain
from data.formats.findings import shorten
from data.formats.table import Table

ROWS = (
    "rownames",
    "row_names",
    "row_name",
    "rowname",
    "row",
    "row_id",
    "index",
    "no",
    "nr",
    "nummer",
    "number",
)
Candidates = Callable[[Table, Mapping[str, str], None], list[str]]


def items_named(
    table: Table, taken: Mapping[str, str], chosen: Sequence[str], candidates: Candidates
) -> tuple[Table, dict[str, str]]:
    """Return a file of raters side by side with a column ``item``; any other file as it is.

    Examples
    --------
    >>> cells = pd.DataFrame({"Ann": ["1", "2"], "Ben": ["2", "2"]})
    >>> table = Table("r.csv", cells, cells.index.to_numpy(), "line", margin=pd.Series(["x", "y"]))
    >>> made, taken = items_named(table, {}, [], lambda table, taken, scales: list(table.cells))
    >>> made.cells["item"].tolist(), made.understood
    (['x', 'y'], ('r.csv: the first column, which has no name, was read as the item.',))
    """
    if {"item", "rater", "kind", "question", "value"} & set(taken):
        return table, dict(taken)
    margin, called = _margin(table)
    raters = chosen or candidates(table, taken, None)
    if len(raters) < 2 or (margin is None and not chosen and len(raters) < len(table.names)):
        return table, dict(taken)
    if margin is None:
        said = f"{table.name} does not name its items: they are called by their row, from 1."
        margin = pd.Series([str(n) for n in range(1, len(table.cells) + 1)], dtype="str")
    else:
        which = shorten(called) if called else "the first column, which has no name,"
        said = f"{table.name}: {which} was read as the item."
    left_out = f"{table.name}: column 1 has no name and was left out."
    understood = (*(one for one in table.understood if one != left_out), said)
    cells = table.cells.assign(item=margin.set_axis(table.cells.index))
    return replace(table, cells=cells, understood=understood), {**taken, "item": "item"}


def row_names(table: Table) -> list[str]:
    """Return the columns that only name or number the rows, by their names and cells."""
    named = [name for name in table.names if plain(name) in ROWS]
    return [name for name in named if _once(table.cells[name])]


def _once(cells: pd.Series) -> bool:
    told = cells.str.strip()
    return bool(told.ne("").all() and not told.duplicated().any())


def _margin(table: Table) -> tuple[pd.Series | None, str]:
    """Return what names each row once, and what it is called in a sentence ("" for no name)."""
    for name in row_names(table):
        return table.cells[name].str.strip(), name
    once = table.margin is not None and _once(table.margin)
    return (table.margin.str.strip() if table.margin is not None and once else None), ""
