"""What the answers to a question are, read off their values or declared."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agreement.refusal import Refusal

Measure = Literal["nominal", "sets", "spans", "ranking", "preference"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
SPECIAL: tuple[Measure, ...] = ("sets", "spans", "ranking", "preference")
SIDES = {"a": -1.0, "b": 1.0, "first": -1.0, "second": 1.0, "left": -1.0, "right": 1.0}
TIES = ("tie", "tied", "draw", "equal", "same", "neither", "both", "either", "no preference", "a=b")
ORDER = re.compile(r"\s*[^<>=]+(\s*[>=]\s*[^<>=]+)+\s*")
MOST = 200
"""So many different values of a question are looked at; its kind shows in them."""


def measured(frame: pd.DataFrame, declared: Mapping[str, str] | None = None) -> dict[str, Measure]:
    """Return which questions hold sets, spans, rankings or preferences, and which were declared nominal.

    Parameters
    ----------
    declared : mapping of question to measure, optional
        What a question is, where its values do not show it.

    Examples
    --------
    >>> rows = [("i", "A", "harms", '["dose", "delay"]'), ("i", "B", "harms", "[]"),
    ...         ("i", "A", "better", "A"), ("i", "B", "better", "tie"), ("j", "A", "better", "B"),
    ...         ("i", "A", "clarity", "4")]
    >>> frame = pd.DataFrame(rows, columns=["item", "rater", "question", "value"]).assign(kind="clinician")
    >>> measured(frame)
    {'harms': 'sets', 'better': 'preference'}
    """
    found: dict[str, Measure] = {}
    for question, wanted in (declared or {}).items():
        if wanted not in MEASURES:
            raise Refusal(f"{wanted!r} is no kind of answer ({', '.join(MEASURES)}).")
        found[question] = next(one for one in MEASURES if one == wanted)
    if "value" not in frame:
        return found
    there = np.flatnonzero(((frame["kind"] != "metric") & frame["value"].notna()).to_numpy())
    codes, names = pd.factorize(frame["question"].astype(str))
    every, own = [str(name) for name in names], codes[there]
    asked = [(every[code], there[own == code]) for code in pd.unique(own).tolist()]
    for name, at in asked:
        shown = None if name in found or _plainly_numbers(frame, at) else _shown(frame.iloc[at])
        if shown:
            found[name] = shown
    return {name: found[name] for name, _ in asked if name in found}


def _plainly_numbers(frame: pd.DataFrame, at: NDArray[np.intp]) -> bool:
    """Whether answers are numbers about whole items, which millions of rows are seen to be without a copy."""
    if "number" not in frame or np.isnan(frame["number"].to_numpy(float)[at]).all():
        return False
    return "part" not in frame or bool(frame["part"].astype(str).eq("").all())


def listed(value: str) -> list[Any] | None:
    """Return the list that a value holds as JSON, or as ``A|B``; None where it holds none.

    Examples
    --------
    >>> listed('["A", ["B", "C"]]'), listed("A | B"), listed("[]"), listed("A")
    (['A', ['B', 'C']], ['A', 'B'], [], None)
    """
    text = value.strip()
    if text.startswith("["):
        try:
            found = json.loads(text)
        except ValueError:
            return None
        return found if isinstance(found, list) else None
    return [part.strip() for part in text.split("|") if part.strip()] if "|" in text else None


def side(value: str) -> float | None:
    """Return -1 for the first of two, 1 for the second, 0 for a tie; None for any other word.

    Examples
    --------
    >>> side("A"), side("second"), side("Tie"), side("A>B"), side("model_b"), side("blue")
    (-1.0, 1.0, 0.0, -1.0, 1.0, None)
    """
    word = " ".join(value.casefold().replace("_", " ").split())
    word = word.removesuffix(" is better").removesuffix(" better")
    word = word.removeprefix("output ").removeprefix("model ").removesuffix(" (bothbad)")
    if word in TIES:
        return 0.0
    return {"a>b": -1.0, "b>a": 1.0, "b=a": 0.0}.get(word.replace(" ", ""), SIDES.get(word))


def _shown(rows: pd.DataFrame) -> Measure | None:
    if "part" in rows and rows["part"].astype(str).ne("").any() and _ranked_parts(rows):
        return "ranking"
    distinct = [str(one) for one in rows["value"].drop_duplicates() if str(one).strip()][:MOST]
    if "number" in rows and rows["number"].notna().any():
        return None
    if distinct and all(side(one) is not None for one in distinct):
        return "preference" if {side(one) for one in distinct} >= {-1.0, 1.0} else None
    orders = [one for one in distinct if ORDER.fullmatch(one) and ">" in one]
    lists = [listed(one) for one in distinct if one not in orders]
    held = [one for one in lists if one is not None]
    if orders and len(held) == len(lists):
        return "ranking"
    if not held or (2 * len(held) < len(distinct) and not any(one[:1] == "[" for one in distinct)):
        return None
    if any(isinstance(mark, dict) for one in held for mark in one):
        return "spans"
    return "ranking" if len(held) == len(lists) and _same_members(rows) else "sets"


def _same_members(rows: pd.DataFrame) -> bool:
    """Whether all raters of an item list the same two or more things, and not in one order only."""
    lists = [
        (item, listed(str(value)) or []) for item, value in zip(rows["item"], rows["value"], strict=True)
    ]
    flat = [
        (item, [str(m) for place in one for m in (place if isinstance(place, list) else [place])])
        for item, one in lists
    ]
    members: dict[object, set[frozenset[str]]] = {}
    for item, one in flat:
        members.setdefault(item, set()).add(frozenset(one))
    alike = all(len(found) == 1 and len(next(iter(found))) > 1 for found in members.values())
    return alike and len({tuple(one) for _, one in flat}) > 1


def _ranked_parts(rows: pd.DataFrame) -> bool:
    """Whether each rater's numbers about an item's parts are places from 1 on, in every item."""
    if "number" not in rows or rows["number"].isna().all():
        return False
    given = rows[rows["number"].notna()]
    keys = [given[name].astype(str) for name in ("item", "rater")]
    groups = given["number"].groupby(keys, sort=False)
    size, top, low = groups.transform("size"), groups.transform("max"), groups.transform("min")
    if size.min() < 2 or (low != 1).any() or (top > size).any():
        return False
    first, dense = (groups.rank(method=method) for method in ("min", "dense"))
    number = given["number"]
    return bool(((number == first) | (number == dense)).all())


def ranks(value: str) -> dict[str, float]:
    """Return each name's place, 1 best, those that share a place with equal ones.

    Examples
    --------
    >>> ranks('["B", ["A", "C"]]'), ranks("B > A = C")
    ({'B': 1.0, 'A': 2.0, 'C': 2.0}, {'B': 1.0, 'A': 2.0, 'C': 2.0})
    """
    found = listed(value)
    if found is None:
        found = [part.split("=") for part in value.split(">")]
    places: list[Sequence[Any]] = [place if isinstance(place, list) else [place] for place in found]
    return {str(name).strip(): float(at) for at, place in enumerate(places, 1) for name in place}
