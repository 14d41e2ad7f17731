"""Runs of several systems on the same instances, as items with an output from each."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import pandas as pd

from annotate.item import Item
from annotate.protocol import Unit

APART = ("perturbation", "trial")


def side_by_side(
    items: Iterable[Item], frame: pd.DataFrame, unit: Unit
) -> tuple[tuple[Item, ...], pd.DataFrame, list[str]]:
    """Return items as a protocol's unit wants them: single outputs, sets of all, or every pair.

    Ratings of an output become ratings of that part of the item. Where an output stands in several pairs,
    what was said about it alone belongs to none of them and is left out.

    Examples
    --------
    >>> from annotate.item import Output
    >>> two = [Item(f"aci/id1/{k}", (Output(k, f"system {k}"),), case="aci/id1") for k in "xy"]
    >>> (item,), _, _ = side_by_side(two, pd.DataFrame(), "pair")
    >>> item.key, [output.key for output in item.outputs]
    ('aci/id1/x-y', ['x', 'y'])
    """
    if unit not in ("pair", "set"):
        return tuple(items), frame, []
    groups: dict[tuple[str, ...], list[Item]] = {}
    for item in items:
        groups.setdefault((item.case, *(item.strata.get(name, "") for name in APART)), []).append(item)
    together = [chosen for group in groups.values() for chosen in _chosen(group, unit)]
    made = tuple(_joined(chosen) for chosen in together)
    said = [
        f"{len(made):,} items with the outputs of several systems side by side, as the protocol wants them."
    ]
    if alone := sum(len(group) == 1 for group in groups.values()):
        said.append(f"Left out: {alone:,} instances that one system only has answered.")
    where: dict[str, list[tuple[str, str]]] = {}
    for item, chosen in zip(made, together, strict=True):
        for one in chosen:
            where.setdefault(one.key, []).append((item.key, _name(one)))
    return made, _moved(frame, {key: places[0] for key, places in where.items() if len(places) == 1}), said


def _chosen(group: Sequence[Item], unit: Unit) -> Iterator[tuple[Item, ...]]:
    ordered = sorted(group, key=_name)
    if unit == "pair":
        yield from itertools.combinations(ordered, 2)
    elif len(ordered) > 1:
        yield tuple(ordered)


def _name(item: Item) -> str:
    return item.key.rpartition("/")[2]


def _joined(items: Sequence[Item]) -> Item:
    """One item of several: outputs under their hashes, and the strata that all of them share."""
    first = items[0]
    shared = set.intersection(*(set(item.strata.items()) for item in items))
    return replace(
        first,
        key=f"{first.key.rpartition('/')[0]}/{'-'.join(map(_name, items))}",
        outputs=tuple(replace(item.outputs[0], key=_name(item)) for item in items),
        strata={name: value for name, value in first.strata.items() if (name, value) in shared},
    )


def _moved(frame: pd.DataFrame, where: dict[str, tuple[str, str]]) -> pd.DataFrame:
    if not len(frame):
        return frame
    kept = frame[frame["item"].isin(list(where))].reset_index(drop=True)
    places = [where[key] for key in kept["item"]]
    return kept.assign(item=[item for item, _ in places], part=[part for _, part in places])
