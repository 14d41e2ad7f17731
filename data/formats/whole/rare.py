"""What may be told of each item in public: neither a rare value nor a rare combination of values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from annotate.item import Item
from annotate.shown import column_of
from annotate.taxonomy import LEVELS

SMALLEST = 3
SUPPRESSED = "(fewer than 3)"
PLACES = ("benchmark", *LEVELS)
"""What an item is placed under; a place with one or two cases tells as much as a rare ward does."""
DEAR = 10
"""A column that the protocol asks by costs as much as so many others: an answer may tell it again."""

Told = dict[str, dict[str, str]]
"""What is told of an item, by its key, then by column."""
Codes = np.ndarray[Any, np.dtype[np.int64]]


def told_of(items: Sequence[Item], asked: Collection[str] = ()) -> Told:
    """Return the columns of every item; no combination of them is left to fewer than three cases.

    First every value that fewer than three cases share goes. Then the rarest combination is joined with the
    one that it can be joined with at the least loss: where the two differ, the value goes in both; until
    every combination is shared by three. Cases are counted, not outputs: six outputs about one patient are
    one, and stay or go together. A case of which nothing is told may stand alone.

    Parameters
    ----------
    asked : collection of str
        Columns by which the protocol asks: they go only where others would cost much more.

    Examples
    --------
    >>> wards, ages = "IIIIIEEEE", "yyyoooooo"  # two old ones in ward I; each value alone is common
    >>> items = [Item(str(n), strata={"ward": w, "age": a}) for n, (w, a) in enumerate(zip(wards, ages))]
    >>> told = told_of(items)
    >>> [(told[str(n)]["ward"], told[str(n)]["age"]) for n in (0, 3, 5)]
    [('I', '(fewer than 3)'), ('I', '(fewer than 3)'), ('E', 'o')]
    """
    columns = tuple(dict.fromkeys(name for item in items for name in (*PLACES, *item.strata)))
    told = {item.key: {name: column_of(item, name) for name in columns} for item in items}
    cases: dict[tuple[str, str], list[str]] = defaultdict(list)
    for item in items:
        cases["case", item.case] += [item.key] if item.case else []
        cases["item", item.key] += [] if item.case else [item.key]
    groups = [keys for keys in cases.values() if keys]
    for name in columns:
        _suppress_rare_values(told, groups, name)
    telling = [name for name in columns if len({mine[name] for mine in told.values()}) > 1]
    dear = np.array([DEAR if name in asked else 1 for name in telling])
    for keys, codes in zip(groups, joined(_codes(told, groups, telling), dear), strict=True):
        for key in keys:
            told[key] |= {name: SUPPRESSED for name, code in zip(telling, codes, strict=True) if code == 0}
    return told


def _suppress_rare_values(told: Told, groups: Iterable[list[str]], name: str) -> None:
    sizes = Counter(value for keys in groups for value in {told[key][name] for key in keys})
    for mine in told.values():
        if mine[name] and sizes[mine[name]] < SMALLEST:
            mine[name] = SUPPRESSED


def _codes(told: Told, groups: Sequence[list[str]], names: Sequence[str]) -> Codes:
    """Cases by columns: 0 where a value is suppressed, else a number for what the case's items say."""
    codes = np.zeros((len(groups), len(names)), dtype=np.int64)
    for place, name in enumerate(names):
        said = [frozenset(told[key][name] for key in keys) for keys in groups]
        codes[:, place] = pd.factorize(pd.Series(said))[0] + 1
        codes[[each == {SUPPRESSED} for each in said], place] = 0
    return codes


def joined(codes: Codes, dear: Codes) -> Codes:
    """Return codes with as many set to 0 as it takes for each row to come three times, or to be all 0.

    Examples
    --------
    >>> joined(np.array([[1, 1]] * 3 + [[1, 2]] * 2 + [[2, 2]] * 4), np.array([1, 1])).tolist()
    [[1, 0], [1, 0], [1, 0], [1, 0], [1, 0], [2, 2], [2, 2], [2, 2], [2, 2]]
    """
    rows, of, sizes = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
    of = of.reshape(-1)
    while len(rows) > 1:
        open_ = np.where(rows.any(axis=1), sizes, SMALLEST)  # a row of nothing but 0 says nothing
        rarest = int(open_.argmin())
        if open_[rarest] >= SMALLEST:
            break
        apart = rows != rows[rarest]
        loss = ((apart & (rows != 0)) * dear).sum(1) * sizes
        loss = loss + ((apart & (rows[rarest] != 0)) * dear).sum(1) * sizes[rarest]
        loss[rarest] = np.iinfo(np.int64).max
        other = int(loss.argmin())
        rows[[rarest, other]] = np.where(apart[other], 0, rows[rarest])
        (
            rows,
            new,
        ) = np.unique(rows, axis=0, return_inverse=True)
        of = new.reshape(-1)[of]
        sizes = np.bincount(of, minlength=len(rows))
    return np.asarray(rows[of], dtype=np.int64)
