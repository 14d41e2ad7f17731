"""The long frame with what is known of its items and raters, as the ways of summing up read it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from annotate.item import Item

LEVELS = ("benchmark", "category", "subcategory", "task", "case")


def told(
    frame: pd.DataFrame,
    items: Iterable[Item],
    *,
    groups: Mapping[str, str] | None = None,
    arms: Mapping[tuple[str, str], str] | None = None,
) -> pd.DataFrame:
    """Return the frame with what its items say: system, first and second of a pair, levels, strata …

    Parameters
    ----------
    frame : DataFrame
        One row a rating: item, part, rater, question and so on.
    groups : mapping of rater to group, optional
        Profession or another group; empty for raters that it does not name.
    arms : mapping of (item, rater) to arm, optional

    Notes
    -----
    `system` is the one whose output the row is about: the part's (`output`), or the item's only one.
    `weight` and `required` are those of the criterion that the part names. `references` is a JSON list.

    Examples
    --------
    >>> from annotate.item import Output
    >>> item = Item("1", (Output("x", "m-a", "A"), Output("y", "m-b", "B")), strata={"language": "fr"})
    >>> frame = pd.DataFrame({"item": ["1"], "part": ["B"], "rater": ["C01"], "question": ["good"]})
    >>> told(frame, [item])[["system", "first", "second", "language"]].values.tolist()
    [['m-b', 'm-a', 'm-b', 'fr']]
    """
    known = {item.key: item for item in items}
    keys, parts = frame["item"].astype(str), frame["part"].astype(str)
    pairs = list(zip(keys, parts, strict=True))
    facts = {pair: _facts(known[pair[0]], pair[1]) for pair in set(pairs)}
    names = dict.fromkeys(name for item in known.values() for name in _facts(item, ""))
    names |= dict.fromkeys(name for found in facts.values() for name in found)
    added = pd.DataFrame([facts[pair] for pair in pairs], index=frame.index, columns=list(names))
    for name in [name for name in added if name not in ("weight", "required")]:
        added[name] = added[name].fillna("")
    people = frame["rater"].astype(str)
    added["group"] = [(groups or {}).get(rater, "") for rater in people]
    added["arm"] = [(arms or {}).get(pair, "") for pair in zip(keys, people, strict=True)]
    return pd.concat([frame, added[[name for name in added if name not in frame]]], axis=1)


def _facts(item: Item, part: str) -> dict[str, Any]:
    systems = {output.key: output.system for output in item.outputs}
    mine = [key for key in systems if key and (part == key or part.startswith(f"{key}/"))]
    first = max(mine, key=len, default="")
    only = item.outputs[0].system if len(item.outputs) == 1 else ""
    pair = [output.system for output in item.outputs] if len(item.outputs) == 2 else ["", ""]
    named = [c for c in item.criteria if part == c.key or part.endswith(f"/{c.key}")]
    criterion = max(named, key=lambda one: len(one.key), default=None)
    facts: dict[str, Any] = dict(item.strata)
    facts |= {name: getattr(item, name) for name in LEVELS}
    facts |= {"system": systems.get(first, only), "first": pair[0], "second": pair[1]}
    facts["output"] = first
    if item.references:
        facts["references"] = json.dumps(list(item.references), ensure_ascii=False)
    if criterion:
        facts |= {"weight": criterion.weight, "required": criterion.required}
    return facts
