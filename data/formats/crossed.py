"""Files in which an item stands once a system: what was judged there is the item as that system made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from data.formats.columns import ITEM_COLUMNS, plain
from data.formats.findings import shorten
from data.formats.table import Table

CASE = "case"
SEPARATORS = (" · ", " ·· ", " ··· ")


def by_system(table: Table, taken: Mapping[str, str], said: list[str]) -> Table:
    """Return a table of which each item is one system's: ``doc1`` rated for m1 and m2 becomes two items.

    Only where every row names its system, an item has several, and a rater rated several: a column `model`
    that says who judged is no system. What the file called the item becomes the `case`, if it has no other,
    so that intervals draw the outputs of one document together.

    Examples
    --------
    >>> cells = pd.DataFrame({"item": ["d", "d"], "rater": ["A", "A"], "model": ["m1", "m2"]})
    >>> table, said = Table("r.csv", cells, cells.index.to_numpy(), "line"), []
    >>> made = by_system(table, {"item": "item", "rater": "rater"}, said)
    >>> made.cells[["item", "case"]].values.tolist()
    [['d · m1', 'd'], ['d · m2', 'd']]
    >>> print(said[0])
    r.csv: every system ('model') of an item was read as its own item, as 'd · m1'; 'item' is its case.
    """
    column = _system(table, taken)
    if not column:
        return table
    whole, system = table.cells[taken["item"]].str.strip(), table.cells[column].str.strip()
    between = next((mark for mark in SEPARATORS if not whole.str.contains(mark, regex=False).any()), " | ")
    made = table.cells.assign(**{taken["item"]: whole + between + system})
    cased = any(plain(str(name)) in ITEM_COLUMNS[CASE] for name in made if name not in taken.values())
    if not cased:
        made[CASE] = whole
    said.append(
        f"{table.name}: every system ({column!r}) of an item was read as its own item, as "
        f"{shorten(made[taken['item']].iloc[0])}" + ("." if cased else f"; {taken['item']!r} is its case.")
    )
    return replace(table, cells=made)


def _system(table: Table, taken: Mapping[str, str]) -> str:
    """Return the column that tells apart what stands under one item; "" where there is none."""
    if not {"item", "rater"} <= set(taken):
        return ""
    free = [str(name) for name in table.cells if name not in taken.values()]
    spelled = {plain(name): name for name in reversed(free)}
    for spelling in ITEM_COLUMNS["system"]:
        if spelling in spelled and _tells_apart(table.cells, taken, spelled[spelling]):
            return spelled[spelling]
    return ""


def _tells_apart(cells: pd.DataFrame, taken: Mapping[str, str], column: str) -> bool:
    system = cells[column]
    thing = [taken[name] for name in ("item", "part") if name in taken]
    return bool(
        system.str.strip().ne("").all()
        and _several(cells, thing, column)
        and _several(cells, [taken["rater"]], column)
    )


def _several(cells: pd.DataFrame, keys: list[str], column: str) -> bool:
    pairs = cells[[*keys, column]].drop_duplicates()
    return bool(pairs.duplicated(keys).any())
