"""How many items of each sort each rater takes, so that every need is met and the loads are level."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from annotate.design.needs import Counts, Need

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sort:
    """Needs that are alike: the same eligible raters, the same number wanted."""

    needs: tuple[Need, ...]
    eligible: Bools

    @property
    def units(self) -> int:
        """Ratings wanted in all."""
        return len(self.needs) * self.needs[0].count


def sorts(needs: Sequence[Need], raters: int) -> list[Sort]:
    """Put alike needs together, those with the fewest eligible raters first."""
    alike: dict[tuple[frozenset[int], int], list[Need]] = {}
    for need in needs:
        alike.setdefault((need.eligible, need.count), []).append(need)
    found = []
    for (eligible, _), members in alike.items():
        mask = np.zeros(raters, dtype=bool)
        mask[list(eligible)] = True
        found.append(Sort(tuple(members), mask))
    return sorted(found, key=lambda sort: int(sort.eligible.sum()))


class Shortage(Exception):
    """Some units fit nowhere: the sorts that are stuck, and how many units are missing."""

    def __init__(self, stuck: Sequence[Sort], missing: int) -> None:
        super().__init__(missing)
        self.stuck, self.missing = stuck, missing


def quotas(found: Sequence[Sort], caps: Counts, loads: Counts, rng: np.random.Generator) -> Counts:
    """Return how many items of each sort (rows) each rater (columns) takes on top of `loads`.

    Nobody gets one item twice or more than `caps`; loads are within 1 of each other wherever
    eligibility and caps allow it. Raises Shortage where the needs cannot be met.
    """
    shares = np.zeros((len(found), len(caps)), dtype=np.int64)
    loads = loads.copy()
    missing = np.zeros(len(found), dtype=np.int64)
    for row, sort in enumerate(found):
        room = np.where(sort.eligible, np.minimum(len(sort.needs), np.maximum(caps - loads, 0)), 0)
        shares[row] = _pour(sort.units, loads, room, rng)
        loads += shares[row]
        missing[row] = sort.units - int(shares[row].sum())
    sizes = np.array([len(sort.needs) for sort in found], dtype=np.int64)
    free = np.array([sort.eligible for sort in found]).reshape(shares.shape) * sizes[:, None]
    for short in np.flatnonzero(missing):
        _squeeze(int(short), int(missing[short]), shares, free, caps, loads, found)
    _level(shares, free, caps, loads)
    return shares


def _pour(units: int, loads: Counts, room: Counts, rng: np.random.Generator) -> Counts:
    """Spread units like water over uneven ground; the last ones fall on raters drawn by chance."""
    low, high = int(loads.min()), int(loads.max()) + int(room.max()) + 1
    while low < high:
        level = (low + high + 1) // 2
        if np.clip(level - loads, 0, room).sum() <= units:
            low = level
        else:
            high = level - 1
    shares: Counts = np.clip(low - loads, 0, room)
    left = units - int(shares.sum())
    able = np.flatnonzero((shares < room) & (loads + shares <= low))
    shares[rng.permutation(able)[:left]] += 1
    return shares


def _squeeze(
    row: int, units: int, shares: Counts, free: Counts, caps: Counts, loads: Counts, found: Sequence[Sort]
) -> None:
    """Place what did not fit by moving other sorts away; Shortage where that is not possible."""
    while units:
        start = np.flatnonzero(shares[row] < free[row])
        path, seen = _path(start, loads < caps, shares, free)
        if path is None:
            stuck = [sort for sort, takes in zip(found, shares[:, seen], strict=True) if takes.any()]
            raise Shortage([found[row], *(sort for sort in stuck if sort is not found[row])], units)
        shares[row, path[0]] += 1
        _move(path, shares, free, 1)
        loads[path[-1]] += 1
        units -= 1


def _level(shares: Counts, free: Counts, caps: Counts, loads: Counts) -> None:
    """Move items from full to empty raters until no move brings two loads nearer to each other."""
    settled: set[int] = set()
    while len(settled) < len(loads):
        order = [int(rater) for rater in np.argsort(-loads, kind="stable") if rater not in settled]
        rater = order[0]
        lower = (loads <= loads[rater] - 2) & (loads < caps)
        path = _path(np.array([rater]), lower, shares, free)[0] if lower.any() else None
        if path is None:
            settled.add(rater)
            continue
        gap = int(min((loads[path[0]] - loads[path[-1]]) // 2, caps[path[-1]] - loads[path[-1]]))
        moved = _move(path, shares, free, gap)
        loads[path[0]] -= moved
        loads[path[-1]] += moved


def _path(start: Counts, wanted: Bools, shares: Counts, free: Counts) -> tuple[list[int] | None, list[int]]:
    """Return the shortest chain of raters along which one item each can be passed on, and all reached."""
    came: dict[int, int] = {int(rater): -1 for rater in start}
    queue = deque(came)
    while queue:
        rater = queue.popleft()
        if wanted[rater]:
            chain = [rater]
            while came[chain[-1]] >= 0:
                chain.append(came[chain[-1]])
            return chain[::-1], list(came)
        gives = shares[:, rater] > 0
        takes = (shares[gives] < free[gives]).any(axis=0)
        for other in np.flatnonzero(takes):
            if int(other) not in came:
                came[int(other)] = rater
                queue.append(int(other))
    return None, list(came)


def _move(path: list[int], shares: Counts, free: Counts, most: int) -> int:
    """Pass items along the chain; return how many, all at once where every step is of another sort."""
    steps = list(pairwise(path))
    rows = [
        int(np.flatnonzero((shares[:, giver] > 0) & (shares[:, taker] < free[:, taker]))[0])
        for giver, taker in steps
    ]
    moved = min(most, 1)
    if len(set(rows)) == len(rows) > 0:
        fits = (
            min(int(shares[row, giver]), int(free[row, taker] - shares[row, taker]))
            for row, (giver, taker) in zip(rows, steps, strict=True)
        )
        moved = min(most, *fits)
    for row, (giver, taker) in zip(rows, steps, strict=True):
        shares[row, giver] -= moved
        shares[row, taker] += moved
    return moved
