"""The same rating twice: dropped where it says the same, a fault where it does not."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from data.formats.findings import Findings, listed, shorten
from data.formats.table import Table

KEY = ["item", "part", "rater", "question", "occasion", "step"]
SAID = ["value", "status", "reason", "comment", "confidence", "kind"]
SHOWN = 3


def undoubled(
    frame: pd.DataFrame, table: Table, free: Sequence[str], found: Findings, said: list[str]
) -> pd.DataFrame:
    """Return each rating once; raise where one (item, part, rater, question, occasion) says two things.

    `free` are the columns that no rating has: one of them may tell the two apart.
    """
    told = [name for name in KEY if len(frame) and frame[name].ne(frame[name].iloc[0]).any()]
    if not frame.duplicated(told or KEY).any():
        found.stop()
        return frame
    once = frame[~frame.duplicated(KEY + SAID)]
    if dropped := len(frame) - len(once):
        said.append(f"{table.name}: {dropped:,} identical rows were read once.")
    again = once[once.duplicated(KEY, keep=False)]
    if len(again):
        second = again.index[again.duplicated(KEY)][0]
        found.at(int(table.rows[second]), "value", _sentence(again, table, free))
    found.stop()
    return once


def _sentence(again: pd.DataFrame, table: Table, free: Sequence[str]) -> str:
    """One sentence, however many they are: a file that is not what it seems has thousands."""
    first = again.drop_duplicates(KEY)
    shown = [_one(again, key, table) for key in first[KEY][:SHOWN].itertuples(index=False)]
    more = f"; and {len(first) - SHOWN:,} more" if len(first) > SHOWN else ""
    return f"{'; '.join(shown)}{more}; {_remedy(again, table, free)}"


def _one(again: pd.DataFrame, key: tuple[object, ...], table: Table) -> str:
    group = again[(again[KEY] == list(key)).all(axis=1)]
    one = group.iloc[0]
    rows = listed((table.rows[at] for at in group.index), 5)
    values = [shorten(value, 30) if value else "no value" for value in group["value"]]
    part = f" (part {shorten(one['part'])})" if one["part"] else ""
    return (
        f"{shorten(one['rater'])} rated {shorten(one['question'])} of {shorten(one['item'])}{part} "
        f"{len(group)} times ({table.place}s {rows}: {listed(values, 5)})"
    )


def _remedy(again: pd.DataFrame, table: Table, free: Sequence[str]) -> str:
    for column in free:
        if not again[KEY].assign(told=table.cells[column]).duplicated().any():
            return (
                f"the column {column!r} tells them apart: rename it 'occasion' if it numbers the repeats, "
                "or write it behind the item's name if it says what was rated."
            )
    return "keep one row each, or number the repeats in a column 'occasion'."
