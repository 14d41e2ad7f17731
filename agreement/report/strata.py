"""Subgroups of outputs: each column's values, and what remains within systems."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agreement.decision.facts import NO_STRATUM as NO_SUBGROUP
from agreement.report.keys import Key

NO_STRATUM = {*NO_SUBGROUP, "source", "prompt", "output", "reference", "criteria"}
MOST = 12
SYSTEMS = 40
"""A comparison of many systems is read within each: the mean over them is one line."""
LEAST = 5
SHARED = (
    "The systems answered the same cases: where a case is easy or hard for all, this interval is too short."
)


def strata(facts: pd.DataFrame | None, rows: Sequence[Key]) -> dict[str, NDArray[np.bool_]]:
    """Return the rows of each stratum, named ``"system = gpt"``: columns with 2 to 12 values."""
    if facts is None or facts.empty or not rows:
        return {}
    known = {key: at for at, key in enumerate(zip(facts["item"], facts["part"], strict=True))}
    first = {item: at for at, item in reversed(list(enumerate(facts["item"])))}
    place = [known.get(key, first.get(key[0], -1)) for key in rows]
    found: dict[str, NDArray[np.bool_]] = {}
    shown_once = twins(facts)
    for name in facts:
        if name in NO_STRATUM or name in shown_once:
            continue
        words = facts[name].fillna("").astype(str).to_numpy()
        value = np.array([words[at] if at >= 0 else "" for at in place], dtype=object)
        levels = sorted(set(value) - {""})
        if 2 <= len(levels) <= most(str(name)):
            found |= {f"{name} = {level}": value == level for level in levels}
    return {name: mask for name, mask in found.items() if mask.sum() >= LEAST}


def too_many(facts: pd.DataFrame | None) -> tuple[str, ...]:
    """Return the sentences about columns that are no strata of their own."""
    if facts is None or facts.empty:
        return ()
    said = [f"{name} splits the outputs as {first} does: shown once." for name, first in twins(facts).items()]
    named = [str(name) for name in facts if name not in NO_STRATUM]
    wide = [name for name in named if facts[name].replace("", np.nan).nunique() > most(name)]
    if wide:
        said.append(f"Not used as strata, with more than {most(wide[0])} values: {', '.join(wide)}.")
    return tuple(said)


def most(name: str) -> int:
    """Return how many values a column may have to be shown by them.

    Examples
    --------
    >>> most("system"), most("ward")
    (40, 12)
    """
    return SYSTEMS if name == "system" else MOST


def twins(facts: pd.DataFrame) -> dict[str, str]:
    """Return the columns that split the outputs as an earlier one does, with that one; never the system.

    Examples
    --------
    >>> twins(pd.DataFrame({"ward": ["a", "b", "a"], "site": ["x", "y", "x"], "system": ["s", "t", "s"]}))
    {'ward': 'system', 'site': 'system'}
    """
    order = sorted((str(name) for name in facts if name not in NO_STRATUM), key="system".__ne__)
    first: dict[bytes, str] = {}
    same: dict[str, str] = {}
    for name in order:
        codes = pd.factorize(facts[name].fillna("").astype(str))[0]
        kept = first.setdefault(codes.tobytes(), name)
        if kept != name and 2 <= codes.max(initial=0) + 1 <= most(name):
            same[name] = kept
    return same


def share_cases(facts: pd.DataFrame | None) -> bool:
    """Return whether several systems answered one case.

    Examples
    --------
    >>> share_cases(pd.DataFrame({"case": ["p1", "p1"], "system": ["a", "b"]}))
    True
    """
    if facts is None or not {"case", "system"} <= set(facts):
        return False
    pairs = facts.loc[facts["case"].fillna("").ne("") & facts["system"].fillna("").ne(""), ["case", "system"]]
    return bool(pairs.drop_duplicates()["case"].duplicated().any())
