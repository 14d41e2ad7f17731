"""Columns that the reader of a file names, where their own names do not say what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from data.formats.columns import RATING_COLUMNS, plain
from data.formats.findings import Findings, listed, shorten
from data.formats.table import Table

BETWEEN = " · "


@dataclass(frozen=True, slots=True)
class Named:
    """What a reader said of a file's columns.

    Attributes
    ----------
    table : Table
        With a column for each name that several columns make together.
    taken : dict of str to str
        Canonical name -> column.
    values : tuple of str
        Columns that stand side by side and hold the ratings.
    used : set of str
        All columns that were named: they play no other part.
    """

    table: Table
    taken: dict[str, str]
    values: tuple[str, ...]
    used: frozenset[str]


def named(table: Table, given: Sequence[str], found: Findings) -> Named:
    """Return which columns play the parts that ``item=bottle`` and ``item=week+dish`` name.

    Parameters
    ----------
    given : sequence of str
        What `--column` says; columns with ``+`` between them are one name together, or for ``value``
        the columns side by side that hold the ratings.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame({"week": ["1"], "dish": ["soup"], "Ann": ["4"], "Ben": ["5"]})
    >>> table = Table("r.csv", cells, cells.index.to_numpy(), "line")
    >>> made = named(table, ["item=week+dish", "value=Ann+Ben"], Findings("r.csv"))
    >>> made.taken, made.values, made.table.cells["week + dish"].item()
    ({'item': 'week + dish'}, ('Ann', 'Ben'), '1 · soup')
    """
    taken: dict[str, str] = {}
    values: tuple[str, ...] = ()
    used: set[str] = set()
    for text in given:
        part, _, theirs = text.partition("=")
        columns = _columns(table, theirs)
        if plain(part) not in RATING_COLUMNS or not columns:
            found.about(_unknown(table, text, plain(part), theirs))
            continue
        used |= set(columns)
        if plain(part) == "value" and len(columns) > 1:
            values = tuple(columns)
        else:
            taken[plain(part)], table = _joined(table, columns)
    return Named(table, taken, values, frozenset(used))


def _columns(table: Table, theirs: str) -> list[str]:
    """Return the columns that a text names; none where one of them is not there."""
    spelled = {plain(name): name for name in reversed(table.names)} | {name: name for name in table.names}
    wanted = [theirs.strip()] if theirs.strip() in spelled else [one.strip() for one in theirs.split("+")]
    columns = [spelled.get(one) or spelled.get(plain(one)) for one in wanted]
    return [one for one in columns if one] if all(columns) else []


def _joined(table: Table, columns: list[str]) -> tuple[str, Table]:
    if len(columns) == 1:
        return columns[0], table
    name, cells = " + ".join(columns), [table.cells[column].str.strip() for column in columns]
    whole = cells[0]
    for more in cells[1:]:
        whole = whole + BETWEEN + more
    return name, replace(table, cells=table.cells.assign(**{name: whole}))


def _unknown(table: Table, text: str, part: str, theirs: str) -> str:
    if part not in RATING_COLUMNS:
        return f"was given --column {text}, but {shorten(part)} is none of {listed(RATING_COLUMNS)}."
    return (
        f"has no column {shorten(theirs)}, which --column {text} names (its columns: {listed(table.names)})."
    )
