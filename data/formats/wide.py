"""Files with one column a rater or one column a question, turned into one row a rating."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from annotate.scale import Scale
from data.formats.columns import ITEM_COLUMNS, plain
from data.formats.findings import Findings, listed
from data.formats.table import Table
from data.formats.values import read_values

QUESTION = "rating"
WORDS = 12
"""More different words than this in a column are texts, not answers."""


def lengthen(
    table: Table, taken: Mapping[str, str], scales: Mapping[str, Scale | None] | None, found: Findings
) -> tuple[Table, dict[str, str], dict[str, str]]:
    """Return a wide file in long form.

    Parameters
    ----------
    table, taken
        The file, and which of its columns play which part.
    scales : mapping or None
        Declared questions: columns that bear their names are questions.

    Returns
    -------
    table, taken
        One row a rating; a long file comes back as it is.
    origin : dict of str to str
        For a lengthened file: whether ``"rater"`` or ``"question"`` came from the column names.
    """
    if "value" in taken or "item" not in taken:
        return table, dict(taken), {}
    missing = [name for name in ("rater", "question") if name not in taken]
    by = "question" if missing == ["question"] else "rater"
    columns = _candidates(table, taken, scales) if missing else []
    if not columns:
        return table, dict(taken), {}
    said = _sentence(table.name, by, columns)
    if len(missing) == 2:
        said += f" The question is called {QUESTION!r}."
    long, rows = _melt(table, columns, by)
    part = dict(taken) | {by: by, "value": "value"}
    if len(missing) == 2:
        long["question"] = QUESTION
        part["question"] = "question"
    return Table(table.name, long, rows, table.place, (*table.understood, said)), part, {"by": by}


def _sentence(name: str, by: str, columns: list[str]) -> str:
    what = (
        f"1 column was read as a {by}" if len(columns) == 1 else f"{len(columns)} columns were read as {by}s"
    )
    return f"{name} is wide: {what} ({listed(columns)}); an empty cell is no rating."


def _candidates(
    table: Table, taken: Mapping[str, str], scales: Mapping[str, Scale | None] | None
) -> list[str]:
    """Columns whose cells are numbers, or the same few words, or that are named after a declared question."""
    used = set(taken.values())
    declared = {name.casefold() for name in scales or ()}
    about_items = {spelling for spellings in ITEM_COLUMNS.values() for spelling in spellings}
    free = [c for c in map(str, table.cells) if c not in used]
    named = [c for c in free if c.casefold() in declared]
    free = [c for c in free if plain(c) not in about_items]
    numbers = [c for c in free if _numeric(table.cells[c])]
    return named or numbers or ([] if "rater" in taken else _same_words(table, free))


def _same_words(table: Table, free: list[str]) -> list[str]:
    """Columns that answer in one small vocabulary, as raters do who were asked the same."""
    words = {c: set(table.cells[c].str.strip().str.casefold()) - {""} for c in free}
    words = {c: said for c, said in words.items() if 0 < len(said) <= WORDS}
    alike = [
        c
        for c, said in words.items()
        if 2 * len(said & set().union(*(words[other] for other in words if other != c))) >= len(said)
    ]
    return alike if len(alike) > 1 and len(set().union(*(words[c] for c in alike))) > 1 else []


def _numeric(column: pd.Series) -> bool:
    counts = column.value_counts()
    reading = read_values([str(text) for text in counts.index], str(column.name), None, list(counts))
    return bool(np.isfinite(reading.number).sum() > sum(wrong is not None for wrong in reading.wrong))


def _melt(table: Table, columns: Iterable[str], by: str) -> tuple[pd.DataFrame, np.ndarray]:
    columns = list(columns)
    rest = [c for c in table.cells if c not in columns and c not in (by, "value")]
    parts, rows = [], []
    for column in columns:
        filled = table.cells[column].str.strip().ne("").to_numpy()
        part = table.cells.loc[filled, rest].copy()
        part[by] = column
        part["value"] = table.cells.loc[filled, column]
        parts.append(part)
        rows.append(table.rows[filled])
    return pd.concat(parts, ignore_index=True), np.concatenate(rows)
