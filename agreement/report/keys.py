"""The outputs that a report's rows are about, and the cases that they belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from agreement.array import Codes

Key = tuple[str, str]
"""(item, part)"""


def case_names(facts: pd.DataFrame | None) -> dict[Key, str]:
    """Return the case of each output that has one.

    Examples
    --------
    >>> case_names(pd.DataFrame({"item": ["a", "b"], "part": ["", ""], "case": ["p1", ""]}))
    {('a', ''): 'p1'}
    """
    if facts is None or "case" not in facts:
        return {}
    case = facts["case"].fillna("").astype(str)
    return {(i, p): c for i, p, c in zip(facts["item"], facts["part"], case, strict=True) if c}


def cases_of(rows: Sequence[Key], case: Mapping[Key, str]) -> Codes | None:
    """Return a code for each row's case; None where every row is its own.

    Examples
    --------
    >>> cases_of([("a", ""), ("b", ""), ("c", "")], {("a", ""): "p1", ("b", ""): "p1"})
    array([0, 0, 1])
    """
    named = [case.get(key) or case.get((key[0], "")) for key in rows]
    whole = [("case", n) if n else ("item", key[0]) for n, key in zip(named, rows, strict=True)]
    codes: dict[tuple[str, str], int] = {}
    found = np.array([codes.setdefault(one, len(codes)) for one in whole], dtype=np.intp)
    return found if len(codes) < len(rows) else None
