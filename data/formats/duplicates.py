"""The same rating twice: dropped where it says the same, a fault where it does not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.formats.findings import Findings, shorten
from data.formats.table import Table

KEY = ["item", "part", "rater", "question", "occasion", "step"]
SAID = ["value", "status", "reason", "comment", "confidence", "kind"]


def undoubled(frame: pd.DataFrame, table: Table, found: Findings, said: list[str]) -> pd.DataFrame:
    """Return each rating once; raise where one (item, part, rater, question, occasion) says two things."""
    if not frame.duplicated(KEY).any():
        return frame
    once = frame[~frame.duplicated(KEY + SAID)]
    if dropped := len(frame) - len(once):
        said.append(f"{table.name}: {dropped:,} identical rows were read once.")
    again = once.duplicated(KEY, keep=False)
    for _, group in once[again].groupby(KEY, sort=False):
        found.at(int(table.rows[group.index[1]]), "value", _sentence(group, table))
    found.stop()
    return once


def _sentence(group: pd.DataFrame, table: Table) -> str:
    first = group.iloc[0]
    rows = ", ".join(str(table.rows[at]) for at in group.index[:5])
    values = [shorten(value, 30) if value else "no value" for value in group["value"][:5]]
    return (
        f"{shorten(first['rater'])} rated {shorten(first['question'])} of {shorten(first['item'])} "
        f"{len(group)} times ({table.place}s {rows}: {', '.join(values)}); keep one, or number the occasions."
        f"{_told_apart(group, table)}"
    )


def _told_apart(group: pd.DataFrame, table: Table) -> str:
    for column in ("system", "model", "model_name", "output_key"):
        if column in table.cells and table.cells.loc[group.index, column].nunique() == len(group):
            names = np.unique(table.cells.loc[group.index, column])
            return f" The column {column!r} tells them apart: make the item of both ('… {names[0]}')."
    return ""
