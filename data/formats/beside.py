"""What a ratings file says of its items in further columns: system, case, and any other stratum."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from data.formats.columns import ITEM_COLUMNS, recognise
from data.formats.findings import Findings, listed
from data.formats.outputs import length

TEXTS = ("source", "prompt", "output", "reference", "criteria")
OF_OUTPUT = ("system", "output")
"""What may differ between the parts of one item."""


def facts_beside(
    name: str, frame: pd.DataFrame, extra: pd.DataFrame
) -> tuple[pd.DataFrame | None, list[str]]:
    """Return one row an output, as `data.formats.outputs.outputs_frame` makes it, and what was understood.

    A column is about the items where all ratings of one item say the same in it; others are left out.

    Parameters
    ----------
    frame, extra : DataFrames
        The ratings, and the columns that no rating has beside them.

    Examples
    --------
    >>> frame = pd.DataFrame({"item": ["a", "a", "b"], "part": ""})
    >>> extra = pd.DataFrame({"model": ["m1", "m1", "m2"], "ward": ["x", "x", "y"], "mood": ["1", "2", "1"]})
    >>> facts, said = facts_beside("r.csv", frame, extra)
    >>> facts.to_dict("list")
    {'item': ['a', 'b'], 'part': ['', ''], 'system': ['m1', 'm2'], 'ward': ['x', 'y']}
    >>> print(*said, sep="\\n")
    r.csv: read 'model' as system.
    r.csv: about the items: system, ward.
    r.csv: left out, because the ratings of one item differ in it and no rating has it: mood.
    """
    keys = frame[["item", "part"]].reset_index(drop=True)
    names = {theirs: ours for ours, theirs in _named(extra).items()}
    cells = extra.reset_index(drop=True).rename(columns=names)
    cells = cells[
        [column for column in cells if column not in keys and cells[column].str.strip().ne("").any()]
    ]
    kept = [str(column) for column in cells if _constant(keys, cells[column])]
    left = [str(column) for column in cells if column not in kept]
    said = [f"{theirs!r} as {ours}" for theirs, ours in names.items() if theirs != ours and ours in kept]
    told = [f"{name}: read {', '.join(said)}."] if said else []
    if kept:
        told.append(f"{name}: about the items: {listed(kept)}.")
    if left:
        told.append(
            f"{name}: left out, because the ratings of one item differ in it and no rating has it: "
            f"{listed(left)}."
        )
    return (_facts(keys, cells[kept]) if kept else None), told


def _named(extra: pd.DataFrame) -> Mapping[str, str]:
    """Return which columns are what an items file has, by its names: ours -> the file's."""
    known = {name: spellings for name, spellings in ITEM_COLUMNS.items() if name not in ("item", "part")}
    return recognise(map(str, extra.columns), known, Findings(""))


def _constant(keys: pd.DataFrame, column: pd.Series) -> bool:
    by = ["item", "part"] if column.name in OF_OUTPUT else ["item"]
    pairs = keys[by].assign(value=column.str.strip()).drop_duplicates()
    return not pairs.duplicated(by).any()


def _facts(keys: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    once = ~keys.duplicated()
    facts = keys[once].copy()
    for column in cells.columns.difference([*TEXTS], sort=False):
        facts[column] = cells.loc[once, column].str.strip()
    if "output" in cells:
        words, characters = zip(*map(length, cells.loc[once, "output"]), strict=True)
        facts["length"], facts["characters"] = words, characters
    return facts.reset_index(drop=True)


def told_by(items: pd.DataFrame | None, own: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return what an items file says of the outputs, or else what the ratings file says itself.

    Where the ratings were read as one item a system, the items file may still name the document: what it
    says goes to each of the document's outputs, by the system where it names systems.

    Examples
    --------
    >>> own = pd.DataFrame({"item": ["d · m", "d · n"], "part": "", "system": ["m", "n"], "case": "d"})
    >>> told_by(pd.DataFrame({"item": ["d"], "part": [""], "ward": ["ICU"]}), own)["ward"].tolist()
    ['ICU', 'ICU']
    """
    if items is None or own is None or not {"case", "system"} <= set(own):
        return own if items is None else items
    strangers = ~own["item"].isin(items["item"])
    if not (strangers & own["case"].isin(items["item"])).any():
        return items
    theirs = items.rename(columns={"item": "case", "case": "patient"}).drop(columns="part")
    by = ["case", "system"] if "system" in theirs and theirs["system"].ne("").any() else ["case"]
    theirs = theirs.drop(columns=[] if "system" in by or "system" not in theirs else "system")
    own = own.drop(columns=[name for name in own if name in theirs and name not in by])
    made = own.merge(theirs.drop_duplicates(by), on=by, how="left")
    words = [str(name) for name in made if name not in ("length", "characters")]
    made[words] = made[words].fillna("")
    if "patient" in made:
        made["case"] = made.pop("patient").where(lambda name: name.ne(""), made["case"])
    return made


def undescribed(ratings: pd.DataFrame, facts: pd.DataFrame | None) -> tuple[str, ...]:
    """Return a sentence where ratings are about items of which nothing is known.

    Examples
    --------
    >>> undescribed(pd.DataFrame({"item": ["a", "b"]}), pd.DataFrame({"item": ["a"]}))
    ("1 rated items are not in the items file (first: 'b'); they have no strata.",)
    """
    missing = sorted(set(ratings["item"]) - set(() if facts is None else facts["item"]))
    if not missing:
        return ()
    first = f"{len(missing)} rated items are not in the items file (first: {missing[0]!r})"
    return (f"{first}; they have no strata.",)
