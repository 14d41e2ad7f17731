"""The items file: what was judged, with its place in the taxonomy and any stratum."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from annotate.item import Criterion, Item, Output
from data.formats import columns
from data.formats.findings import Findings, listed, shorten
from data.formats.table import Table, read_table
from data.formats.written import write_table

TEXTS = ("source", "prompt", "output", "reference")
STRATUM = "stratum:"  # before the name of a stratum that would be read as something else
FIXED = ("item", "part", "system", "benchmark", "category", "subcategory", "task", "case", *TEXTS, "criteria")


@dataclass(frozen=True, slots=True)
class ItemsFile:
    """An items file as it was understood.

    Attributes
    ----------
    items : tuple of Item
        In the order of the file; rows that share an item are its outputs.
    understood : tuple of str
        Sentences about what had to be understood: print them.
    """

    items: tuple[Item, ...]
    understood: tuple[str, ...]


def read_items(path: Path | str) -> ItemsFile:
    """Read an items file; a second row of an item is a second output of it.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "items.csv"
    >>> _ = path.write_text("id,model,response,ward\\n7,m1,Rest.,ICU\\n", encoding="utf-8")
    >>> file = read_items(path)
    >>> file.items[0].outputs[0].text, file.items[0].strata
    ('Rest.', {'ward': 'ICU'})
    """
    return understand_items(read_table(path))


def understand_items(table: Table, *, exact: bool = False) -> ItemsFile:
    """Return the items in a table that is already read; `exact` takes every column by its own name."""
    found = Findings(table.name, table.place)
    known = {name: (name,) for name in FIXED} if exact else columns.ITEM_COLUMNS
    taken = columns.recognise(table.names, known, found)
    if "item" not in taken:
        found.about(
            f"has no column 'item'; rename the one that names each item (its columns: {listed(table.cells)})."
        )
    found.stop()
    pairs = [f"{theirs!r} as {ours}" for ours, theirs in taken.items() if theirs != ours]
    said = [*table.understood, *([f"{table.name}: read {', '.join(pairs)}."] if pairs else [])]
    said += columns.rivals(taken, table.names, columns.ITEM_COLUMNS)
    strata = [str(c) for c in table.cells if c not in taken.values()]
    if strata:
        said.append(f"{table.name}: strata: {listed(strata)}.")
    cells = table.cells.rename(columns={theirs: ours for ours, theirs in taken.items()})
    items = _items(cells, strata, table, found, exact)
    found.stop()
    return ItemsFile(items, tuple(said))


def _items(
    cells: pd.DataFrame, strata: Sequence[str], table: Table, found: Findings, exact: bool
) -> tuple[Item, ...]:
    keys = [unicodedata.normalize("NFC", key).strip() for key in cells["item"]]
    if not exact and all(key.endswith(".0") and key[:-2].isdigit() for key in keys):
        keys = [key[:-2] for key in keys]
    rows: dict[str, list[int]] = {}
    for at, key in enumerate(keys):
        if key:
            rows.setdefault(key, []).append(at)
        else:
            found.at(int(table.rows[at]), "item", "is empty; name the item.")
    records: list[dict[str, str]] = [
        {str(name): str(text) for name, text in record.items()} for record in cells.to_dict("records")
    ]
    return tuple(
        _item(key, [records[at] for at in ats], table.rows[ats], strata, found) for key, ats in rows.items()
    )


def _item(
    key: str, records: list[dict[str, str]], rows: np.ndarray, strata: Sequence[str], found: Findings
) -> Item:
    first = records[0]
    shared = [
        "source",
        "prompt",
        "reference",
        "benchmark",
        "category",
        "subcategory",
        "task",
        "case",
        *strata,
    ]
    for record, row in zip(records[1:], rows[1:], strict=True):
        if record == first:
            found.at(int(row), "item", f"{shorten(key)} stands here again, word for word; delete one.")
        for name in shared:
            if record.get(name, "") not in ("", first.get(name, "")):
                sentence = f"differs from {shorten(key)} above; outputs of one item share their {name}."
                found.at(int(row), name, sentence)
    return Item(
        key,
        outputs=_outputs(key, records, rows, found),
        source=first.get("source", ""),
        prompt=first.get("prompt", ""),
        references=_references(first.get("reference", "")),
        criteria=_criteria(first.get("criteria", ""), int(rows[0]), found),
        strata={name.removeprefix(STRATUM): first[name].strip() for name in strata if first[name].strip()},
        **{
            name: first.get(name, "").strip()
            for name in ("case", "benchmark", "category", "subcategory", "task")
        },
    )


def _outputs(
    key: str, records: list[dict[str, str]], rows: np.ndarray, found: Findings
) -> tuple[Output, ...]:
    if len(records) == 1 and not any(records[0].get(name) for name in ("output", "system", "part")):
        return ()
    parts = [record.get("part", "").strip() for record in records]
    if len(records) > 1 and not any(parts):
        parts = [_letter(n) for n in range(len(records))]
    for part, row in zip(parts, rows, strict=True):
        if parts.count(part) > 1:
            sentence = f"{shorten(part)} names two outputs of {shorten(key)}; give each its own."
            found.at(int(row), "part", sentence)
    return tuple(
        Output(record.get("output", ""), record.get("system", "").strip(), part)
        for record, part in zip(records, parts, strict=True)
    )


def _letter(n: int) -> str:
    return chr(ord("A") + n) if n < 26 else f"A{n}"


def _references(text: str) -> tuple[str, ...]:
    """One reference as it stands; several as a JSON list."""
    if text.lstrip().startswith("["):
        try:
            loaded = json.loads(text)
        except ValueError:
            return (text,)
        if isinstance(loaded, list) and all(isinstance(one, str) for one in loaded):
            return tuple(loaded)
    return (text,) if text.strip() else ()


def _criteria(text: str, row: int, found: Findings) -> tuple[Criterion, ...]:
    """A checklist: JSON objects with text and perhaps key, weight, required; or one criterion a line."""
    if not text.strip():
        return ()
    try:
        loaded: Any = json.loads(text) if text.lstrip().startswith("[") else text.strip().splitlines()
        lines = [line if isinstance(line, dict) else {"text": str(line).strip()} for line in loaded]
        return tuple(
            Criterion(
                str(line.get("key") or n),
                str(line["text"]),
                float(line.get("weight", 1)),
                bool(line.get("required", False)),
            )
            for n, line in enumerate(lines, 1)
        )
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        found.at(
            row,
            "criteria",
            f'{shorten(text)} is no checklist; write one a line, or [{{"text": …, "weight": 1}}].',
        )
        return ()


def write_items(items: Iterable[Item], path: Path | str) -> None:
    """Write items as a file that `read_items` reads back: one row an output.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "items.csv"
    >>> write_items([Item("a", (Output("x", "m1", "A"), Output("y", "m2", "B")), prompt="Why?")], path)
    >>> [output.text for output in read_items(path).items[0].outputs]
    ['x', 'y']
    """
    rows = [row for item in items for row in _rows(item)]
    frame = pd.DataFrame(rows, columns=None if rows else list(FIXED)).fillna("").astype("str")
    empty = [name for name in FIXED[1:] if name in frame and not frame[name].ne("").any()]
    write_table(frame.drop(columns=empty), Path(path), sheet="items")


def _rows(item: Item) -> list[dict[str, str]]:
    references = item.references
    one = references[0] if len(references) == 1 and not references[0].lstrip().startswith("[") else ""
    shared = {
        "case": item.case,
        "source": item.source,
        "prompt": item.prompt,
        "reference": one or (json.dumps(references, ensure_ascii=False) if references else ""),
        "criteria": _criteria_text(item.criteria),
        **{name: getattr(item, name) for name in ("benchmark", "category", "subcategory", "task")},
    }
    return [
        {"item": item.key, "part": output.key, "system": output.system}
        | {name: shared[name] for name in ("benchmark", "category", "subcategory", "task", "case")}
        | {"source": item.source, "prompt": item.prompt, "output": output.text}
        | {name: shared[name] for name in ("reference", "criteria")}
        | {_column(name): value for name, value in item.strata.items()}
        for output in item.outputs or (Output(""),)
    ]


def _column(stratum: str) -> str:
    spelled = columns.plain(stratum)
    taken = any(spelled in spellings for spellings in columns.ITEM_COLUMNS.values())
    return STRATUM + stratum if taken or stratum.startswith(STRATUM) else stratum


def _criteria_text(criteria: Sequence[Criterion]) -> str:
    lines = [{"key": c.key, "text": c.text, "weight": c.weight, "required": c.required} for c in criteria]
    return json.dumps(lines, ensure_ascii=False) if lines else ""
