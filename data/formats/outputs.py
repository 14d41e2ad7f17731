"""What is known of every output, without its text: its case, its length, its place and its strata."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from annotate.item import Item


def outputs_frame(items: Iterable[Item]) -> pd.DataFrame:
    """Return one row an output: item, part, case, length in words and characters, system, taxonomy, strata.

    Columns that say nothing anywhere are left out; `length` and `characters` are NaN where no text is given.

    Examples
    --------
    >>> from annotate.item import Output
    >>> frame = outputs_frame([Item("a", (Output("Rest and fluids.", "m1"),), benchmark="aci")])
    >>> frame.to_dict("records")
    [{'item': 'a', 'part': '', 'system': 'm1', 'benchmark': 'aci', 'length': 3.0, 'characters': 16.0}]
    """
    rows = [row for item in items for row in _rows(item)]
    frame = pd.DataFrame(rows, columns=None if rows else ["item", "part"])
    if "length" in frame and frame["length"].isna().all():
        frame = frame.drop(columns=["length", "characters"])
    words = [str(name) for name in frame if name not in ("item", "part", "length", "characters")]
    frame[words] = frame[words].fillna("")
    return frame.drop(columns=[name for name in words if not frame[name].ne("").any()])


def _rows(item: Item) -> list[dict[str, object]]:
    shared = {name: getattr(item, name) for name in ("benchmark", "category", "subcategory", "task", "case")}
    rows: list[dict[str, object]] = []
    for output in item.outputs or (None,):
        named = {
            "item": item.key,
            "part": output.key if output else "",
            "system": output.system if output else "",
        }
        text = output.text if output else ""
        words, characters = length(text)
        rest = {name: text for name, text in item.strata.items() if name not in {**named, **shared}}
        rows.append({**named, **shared, "length": words, "characters": characters, **rest})
    return rows


def length(text: str) -> tuple[float, float]:
    """Return an output's length in words and in characters; NaN where it is blank.

    Examples
    --------
    >>> length("Rest and fluids."), length(" ")
    ((3.0, 16.0), (nan, nan))
    """
    return (float(len(text.split())), float(len(text))) if text.strip() else (float("nan"),) * 2
