"""What is known of the outputs beside their ratings: case, length, strata, and what was set aside."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agreement.decision.sheet import Sheet, Words

COSTS = {"prompt_tokens", "output_tokens", "max_output_tokens", "input_price", "output_price"}
NO_STRATUM = {"item", "part", "case", "length", "characters", "split", *COSTS}
Key = tuple[str, str]


def with_facts(sheet: Sheet, facts: pd.DataFrame | None) -> Sheet:
    """Return the sheet with its cases, lengths and strata, and without what was set aside for development."""
    if facts is None or facts.empty:
        return sheet
    table = placed(sheet.items, facts)
    sheet = replace(
        sheet,
        cases=_cases(table, sheet.items),
        length=table["length"].to_numpy(float) if "length" in table else None,
        system=_words(table["system"]) if "system" in table else None,
        strata={
            str(name): _words(table[name])
            for name in table
            if name not in NO_STRATUM and 1 < table[name].replace("", np.nan).nunique() <= 12
        },
    )
    return _test_only(sheet, table)


def placed(items: tuple[Key, ...], facts: pd.DataFrame) -> pd.DataFrame:
    """The facts of each row: of its own part, else of the item as a whole."""
    keys = pd.DataFrame(list(items), columns=["item", "part"])
    exact = keys.merge(facts.drop_duplicates(["item", "part"]), how="left", on=["item", "part"])
    whole = keys[["item"]].merge(facts.drop_duplicates("item").drop(columns="part"), how="left", on="item")
    return exact.combine_first(whole)


def _words(column: pd.Series[Any]) -> Words:
    return np.asarray(column.fillna("").astype(str).to_numpy(dtype=str))


def _cases(table: pd.DataFrame, items: tuple[Key, ...]) -> Words:
    named = _words(table["case"]) if "case" in table else np.full(len(items), "", dtype=str)
    return np.array([f"case {c}" if c else f"item {i}" for c, (i, _) in zip(named, items, strict=True)])


def _test_only(sheet: Sheet, table: pd.DataFrame) -> Sheet:
    """Leave out development items: what prompts were tuned on proves nothing."""
    if "split" not in table:
        return sheet
    split = table["split"].fillna("").astype(str).str.strip().str.casefold()
    marked = split.eq("test").to_numpy()
    test = marked if marked.any() else ~split.str.startswith("dev").to_numpy()
    if not test.any() or test.all():
        return sheet
    which = "marked 'test'" if marked.any() else "not marked 'development'"
    sentence = f"Decided on the {int(test.sum())} items {which}; {int((~test).sum())} others were left out."
    return _cut(sheet, test, sentence)


def _cut(sheet: Sheet, rows: NDArray[np.bool_], sentence: str) -> Sheet:
    def part(values: Any) -> Any:
        return None if values is None else values[rows]

    return replace(
        sheet,
        clinicians=sheet.clinicians[rows],
        verdicts=sheet.verdicts[rows],
        asked=sheet.asked[rows],
        again=part(sheet.again),
        cases=part(sheet.cases),
        length=part(sheet.length),
        system=part(sheet.system),
        strata={name: values[rows] for name, values in sheet.strata.items()},
        items=tuple(key for key, keep in zip(sheet.items, rows, strict=True) if keep),
        said=(*sheet.said, sentence),
    )
