"""The long frame: what was said, ready for `agreement`. One query, however many ratings there are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Literal, cast

import numpy as np
import pandas as pd
from sqlalchemy import bindparam, text
from sqlmodel import Session, col, select

from annotate.rating import RATER_KINDS, RaterKind
from data.tables import ItemRow, Rater

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Which = Literal["current", "first"]
_WORDS = ("value", "reason", "comment", "confidence")

# How a database joins a column into one text. Keys and numbers need no quoting; free words come as JSON.
# (A separator that is computed, such as char(31), would be computed for every row.)
# SQLite writes only 15 digits of a number unless asked for the 17 that keep every bit.
_BETWEEN = "\x1f"
_SQLITE = {
    "few": f"group_concat({{}}, '{_BETWEEN}')",
    "words": "json_group_array({})",
    "number": "group_concat(CASE WHEN number IS NULL THEN 'nan' WHEN number = CAST(number AS INTEGER) "
    "THEN CAST(number AS INTEGER) ELSE printf('%!.17g', number) END)",
}
_POSTGRESQL = {
    "few": f"string_agg({{}}::text, '{_BETWEEN}')",
    "words": "json_agg({})::text",
    "number": "string_agg(coalesce(number::text, 'nan'), ',')",
}


def ratings_frame(
    session: Session,
    *,
    study_id: int,
    kinds: Iterable[RaterKind],
    which: Which = "current",
    rounds: Sequence[str] = ("main",),
    words: Sequence[str] = (),
) -> pd.DataFrame:
    """Return one row a rating: item, part, rater, kind, question, occasion, step, status, number.

    Parameters
    ----------
    kinds : iterable of RaterKind
        The kinds of rater to read. Required: machines never slip into a human reference.
    which : "current" or "first"
        What raters say now, or what they said first.
    rounds : sequence of str
        Training answers stay out unless asked for.
    words : sequence of str
        Further columns of text: "value", "reason", "comment", "confidence".
    """
    raters = _raters(session, study_id, tuple(kinds))
    unknown = set(words) - set(_WORDS)
    if unknown:
        raise ValueError(f"{sorted(unknown)} are no text columns of a rating ({', '.join(_WORDS)})")
    names = ("item_id", "rater_id", "occasion", "part", "question", "step", "status", *words)
    columns = _fetch(session, study_id, sorted(raters), which, rounds, names)
    return _frame(columns, _items(session, study_id), raters)


def _fetch(
    session: Session,
    study_id: int,
    rater_ids: list[int],
    which: Which,
    rounds: Sequence[str],
    names: Sequence[str],
) -> dict[str, Any]:
    """Read whole columns: the database joins each into one text, which costs a third of reading rows."""
    if not rater_ids:
        return {name: [] for name in (*names, "number")}
    joined = _SQLITE if session.get_bind().dialect.name == "sqlite" else _POSTGRESQL
    columns = [joined["words" if name in _WORDS else "few"].format(name) for name in names]
    columns.append(joined["number"])
    source = "rating" if which == "current" else "rating_event"
    first = " AND supersedes IS NULL" if which == "first" else ""
    query = text(
        f"SELECT {', '.join(columns)} FROM (SELECT * FROM {source} WHERE study_id = :study_id "
        f"AND rater_id IN ({', '.join(map(str, rater_ids))}) AND round IN :rounds{first}) AS mine"
    ).bindparams(bindparam("rounds", list(rounds), expanding=True))
    row = session.connection().execute(query, {"study_id": study_id}).one()
    lists = {name: _split(name, column) for name, column in zip(names, row, strict=False)}
    return lists | {"number": np.fromstring(row[-1] or "", sep=",")}


def _split(name: str, column: str | None) -> list[Any]:
    if column is None:
        return []
    return list(json.loads(column)) if name in _WORDS else column.split(_BETWEEN)


def _frame(
    columns: dict[str, Any], items: dict[int, str], raters: dict[int, tuple[str, str]]
) -> pd.DataFrame:
    item_ids = np.asarray(columns["item_id"], dtype=np.int64)
    rater_ids = np.asarray(columns["rater_id"], dtype=np.int64)
    frame = {
        "item": _keyed(item_ids, items),
        "part": _coded(columns["part"]),
        "rater": _keyed(rater_ids, {number: key for number, (key, _) in raters.items()}),
        "kind": _kinds(rater_ids, raters),
        "question": _coded(columns["question"]),
        "occasion": np.asarray(columns["occasion"], dtype=np.int64),
        "step": _coded(columns["step"]),
        "status": _coded(columns["status"]),
        "number": np.asarray(columns["number"], dtype=float),
    }
    frame |= {name: columns[name] for name in _WORDS if name in columns}
    return pd.DataFrame(frame)


def _coded(words: list[str]) -> pd.Categorical[str]:
    """Return few words, each met many times, as codes."""
    categories = sorted(set(words))
    code = {word: number for number, word in enumerate(categories)}
    codes = np.fromiter(map(code.__getitem__, words), np.int64, len(words))
    return pd.Categorical.from_codes(codes, categories=pd.Index(categories, dtype=object))


def _keyed(ids: Numbers, keys: dict[int, str]) -> pd.Categorical[str]:
    """Return row numbers as keys, without a string a row: codes into the sorted numbers."""
    numbers = np.asarray(sorted(keys), dtype=np.int64)
    codes = np.searchsorted(numbers, ids)
    return pd.Categorical.from_codes(
        codes, categories=pd.Index([keys[number] for number in numbers.tolist()], dtype=object)
    )


def _kinds(rater_ids: Numbers, raters: dict[int, tuple[str, str]]) -> pd.Categorical[str]:
    numbers = np.asarray(sorted(raters), dtype=np.int64)
    kinds = np.asarray([RATER_KINDS.index(cast(RaterKind, raters[n][1])) for n in numbers.tolist()], np.int64)
    codes = kinds[np.searchsorted(numbers, rater_ids)] if len(numbers) else rater_ids
    return pd.Categorical.from_codes(codes, categories=pd.Index(RATER_KINDS, dtype=object))


def _items(session: Session, study_id: int) -> dict[int, str]:
    found = session.exec(select(ItemRow.id, ItemRow.key).where(ItemRow.study_id == study_id))
    return {number: key for number, key in found if number is not None}


def _raters(session: Session, study_id: int, kinds: tuple[RaterKind, ...]) -> dict[int, tuple[str, str]]:
    wanted = select(Rater.id, Rater.key, Rater.kind).where(
        Rater.study_id == study_id, col(Rater.kind).in_(kinds)
    )
    return {number: (key, kind) for number, key, kind in session.exec(wanted) if number is not None}
