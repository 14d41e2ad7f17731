"""Files with one column a rater or one column a question, turned into one row a rating."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from annotate.scale import Scale
from data.formats.columns import ITEM_COLUMNS, plain
from data.formats.findings import Findings, listed
from data.formats.margin import items_named, row_names
from data.formats.named import Named
from data.formats.table import Table
from data.formats.values import read_values

QUESTION = "rating"
WORDS = 12
"""More different words than this in a column are texts, not answers."""


def lengthen(
    table: Table,
    taken: Mapping[str, str],
    scales: Mapping[str, Scale | None] | None,
    found: Findings,
    stated: Named | None = None,
) -> tuple[Table, dict[str, str], dict[str, str]]:
    """Return a wide file in long form.

    Parameters
    ----------
    table, taken
        The file, and which of its columns play which part.
    scales : mapping or None
        Declared questions: columns that bear their names are questions.
    stated : Named, optional
        What was said of the columns: those that hold ratings, and those that do not.

    Returns
    -------
    table, taken
        One row a rating; a long file comes back as it is.
    origin : dict of str to str
        For a lengthened file: whether ``"rater"`` or ``"question"`` came from the column names.
    """
    if "value" in taken:
        return table, dict(taken), {}
    chosen = list(stated.values) if stated else []
    if scales is None:
        table, taken = items_named(table, taken, chosen, _candidates)
    missing = [name for name in ("item", "rater", "question") if name not in taken]
    if missing not in (["item"], ["item", "question"], ["rater"], ["question"], ["rater", "question"]):
        return table, dict(taken), {}
    by = "question" if missing == ["question"] else "item" if "item" in missing else "rater"
    if by == "item" and (scales is not None or table.cells[taken["rater"]].duplicated().any()):
        return table, dict(taken), {}
    columns = chosen or _candidates(table, taken, scales, stated.used if stated else ())
    if not columns:
        return table, dict(taken), {}
    named = {column: {by: column} for column in columns}
    said = _sentence(table.name, by, columns)
    if len(missing) == 2:
        crossed = _crossed(table, taken, scales or {})
        question = _only(scales) if not crossed else ""
        if not crossed and not question:
            found.about(
                f"does not say what was asked; add a column 'question' ({listed(scales or ())}), or name "
                "each column after rater and question, such as 'C1 accuracy'."
            )
            found.stop()
        named = crossed or {column: {by: column, "question": question} for column in columns}
        said = _crossing(table.name, crossed) if crossed else f"{said} The question is called {question!r}."
    long, rows = _melt(table, named)
    part = dict(taken) | {name: name for name in (*missing, "value")}
    return Table(table.name, long, rows, table.place, (*table.understood, said)), part, {"by": by}


def _only(scales: Mapping[str, Scale | None] | None) -> str:
    """What everybody was asked, where no column says so: the protocol's only question."""
    if scales is None:
        return QUESTION
    return next(iter(scales)) if len(scales) == 1 else ""


def _crossed(
    table: Table, taken: Mapping[str, str], scales: Mapping[str, Scale | None]
) -> dict[str, dict[str, str]]:
    """Columns that name rater and question both: ``C1_accuracy``, ``accuracy (C1)``, ``Rater 1 accuracy``."""
    found = {}
    for column in map(str, table.cells):
        for question in sorted(scales, key=len, reverse=True):
            rater = _without(column, question)
            if rater and column not in taken.values():
                found[column] = {"rater": rater, "question": question}
                break
    return found


def _without(column: str, question: str) -> str:
    """Return the rater in a column's name before or after a question; nothing where there is none."""
    asked = re.escape(question)
    before = re.fullmatch(rf"(.+?)\s*[\s_.:/|-]\s*\(?{asked}\)?", column, re.IGNORECASE)
    after = re.fullmatch(rf"{asked}\s*(?:[\s_.:/|-]|(?=\())\s*\(?(.+?)\)?", column, re.IGNORECASE)
    match = before or after
    return match[1].strip() if match else ""


def _crossing(name: str, crossed: Mapping[str, Mapping[str, str]]) -> str:
    people = dict.fromkeys(parts["rater"] for parts in crossed.values())
    asked = dict.fromkeys(parts["question"] for parts in crossed.values())
    return (
        f"{name} is wide: {len(crossed)} columns were read as raters ({listed(people)}) by questions "
        f"({listed(asked)}); an empty cell is no rating."
    )


def _sentence(name: str, by: str, columns: list[str]) -> str:
    what = (
        f"1 column was read as a {by}" if len(columns) == 1 else f"{len(columns)} columns were read as {by}s"
    )
    return f"{name} is wide: {what} ({listed(columns)}); an empty cell is no rating."


def _candidates(
    table: Table,
    taken: Mapping[str, str],
    scales: Mapping[str, Scale | None] | None,
    stated: Collection[str] = (),
) -> list[str]:
    """Columns whose cells are numbers, or the same few words, or that are named after a declared question."""
    used = {*taken.values(), *stated, *row_names(table)}
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


def _melt(table: Table, named: Mapping[str, Mapping[str, str]]) -> tuple[pd.DataFrame, np.ndarray]:
    """One row for each filled cell of the named columns, with what the column's name says beside it."""
    said = {name for told in named.values() for name in told} | {"value"}
    rest = [c for c in table.cells if c not in named and c not in said]
    parts, rows = [], []
    for column, told in named.items():
        filled = table.cells[column].str.strip().ne("").to_numpy()
        part = table.cells.loc[filled, rest].copy()
        for name, text in told.items():
            part[name] = text
        part["value"] = table.cells.loc[filled, column]
        parts.append(part)
        rows.append(table.rows[filled])
    return pd.concat(parts, ignore_index=True), np.concatenate(rows)
