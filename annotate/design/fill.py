"""From quotas to items: who takes which, so that every two raters meet about equally often."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from annotate.design.needs import Counts
from annotate.design.quota import Sort

TRIES = 30_000
"""Exchanges that are tried to even out how often two raters meet."""


def fill(
    found: Sequence[Sort], shares: Counts, on_item: list[list[int]], rng: np.random.Generator
) -> list[list[int]]:
    """Return the raters of every item; `on_item` says who is on it already, and stays first.

    Each item takes the raters with the most still to do, so that the loads are level at every moment,
    and among those the ones who met the least; exchanges afterwards even out the rest.
    """
    raters = shares.shape[1]
    taken = [list(names) for names in on_item]
    met = _meetings(taken, raters)
    for sort, share in zip(found, shares, strict=True):
        left = share.copy()
        for place in rng.permutation(len(sort.needs)):
            need = sort.needs[place]
            for _ in range(need.count):
                _take(taken[need.item], left, met, rng)
    _even_out(found, on_item, taken, met, rng)
    return taken


def _meetings(taken: Sequence[Sequence[int]], raters: int) -> Counts:
    met = np.zeros((raters, raters), dtype=np.int64)
    for names in taken:
        for name in names:
            for other in names:
                met[name, other] += name != other
    return met


def _take(names: list[int], left: Counts, met: Counts, rng: np.random.Generator) -> None:
    """Give the item one more rater."""
    most = left.copy()
    most[names] = 0
    best = np.flatnonzero(most == most.max())
    if len(best) > 1:
        seen = met[best][:, names].sum(axis=1) if names else met[best].sum(axis=1)
        best = best[seen == seen.min()]
    chosen = int(best[rng.integers(len(best))]) if len(best) > 1 else int(best[0])
    left[chosen] -= 1
    for other in names:
        met[chosen, other] += 1
        met[other, chosen] += 1
    names.append(chosen)


def _even_out(
    found: Sequence[Sort],
    on_item: Sequence[Sequence[int]],
    taken: list[list[int]],
    met: Counts,
    rng: np.random.Generator,
) -> None:
    """Exchange two raters between two items where that makes the meetings more even."""
    spread = met.tolist()
    for sort in found:
        if sort.needs[0].count >= int(sort.eligible.sum()) or len(sort.needs) < 2:
            continue
        items = [need.item for need in sort.needs]
        movable = [[name for name in taken[item] if sort.eligible[name]] for item in items]
        movable = [[n for n in names if n not in on_item[i]] for names, i in zip(movable, items, strict=True)]
        draws = rng.integers(0, 1 << 30, size=(min(TRIES, 400 * len(items)), 4)).tolist()
        for step, draw in enumerate(draws):
            if step % 500 == 0 and _is_even(spread, sort):
                break
            one, two = draw[0] % len(items), draw[1] % len(items)
            if one != two:
                _exchange(taken, movable, items, (one, two), (draw[2], draw[3]), spread)


def _is_even(spread: list[list[int]], sort: Sort) -> bool:
    able = np.flatnonzero(sort.eligible)
    counts = np.array(spread)[np.ix_(able, able)][np.triu_indices(len(able), 1)]
    return len(counts) == 0 or int(counts.max() - counts.min()) <= (0 if _can_be_equal(sort) else 1)


def _can_be_equal(sort: Sort) -> bool:
    raters, count = int(sort.eligible.sum()), sort.needs[0].count
    return (len(sort.needs) * count * (count - 1)) % (raters * (raters - 1)) == 0


def _exchange(
    taken: list[list[int]],
    movable: list[list[int]],
    items: list[int],
    places: tuple[int, int],
    draws: tuple[int, int],
    spread: list[list[int]],
) -> None:
    first, second = (taken[items[place]] for place in places)
    a = movable[places[0]][draws[0] % len(movable[places[0]])]
    b = movable[places[1]][draws[1] % len(movable[places[1]])]
    if a in second or b in first:
        return
    others, rest = [n for n in first if n != a], [n for n in second if n != b]
    change = sum(spread[b][n] - spread[a][n] + 1 for n in others)
    change += sum(spread[a][n] - spread[b][n] + 1 for n in rest)
    both = len(set(others) & set(rest))
    if change > 2 * both:
        return
    for n in others:
        _count(spread, a, n, -1)
        _count(spread, b, n, 1)
    for n in rest:
        _count(spread, b, n, -1)
        _count(spread, a, n, 1)
    for names, old, new in ((first, a, b), (second, b, a)):
        names[names.index(old)] = new
    for place, old, new in ((places[0], a, b), (places[1], b, a)):
        movable[place][movable[place].index(old)] = new


def _count(spread: list[list[int]], one: int, other: int, by: int) -> None:
    spread[one][other] += by
    spread[other][one] += by


def connect(found: Sequence[Sort], on_item: Sequence[Sequence[int]], taken: list[list[int]]) -> None:
    """Exchange raters between items until every rater is linked to every other, where that is possible."""
    for sort in found:
        pieces = components(taken)
        items = [need.item for need in sort.needs]
        for one in items:
            for two in items:
                if len(pieces) < 2:
                    return
                joined = _joined(taken, (one, two), pieces, sort, on_item)
                pieces = components(taken) if joined else pieces


def _joined(
    taken: list[list[int]],
    places: tuple[int, int],
    pieces: list[set[int]],
    sort: Sort,
    on_item: Sequence[Sequence[int]],
) -> bool:
    """Whether exchanging a rater between two items of different pieces left fewer pieces."""
    first, second = (taken[place] for place in places)
    if not first or not second or any({first[0], second[0]} <= piece for piece in pieces):
        return False
    for a in [n for n in first if sort.eligible[n] and n not in on_item[places[0]]]:
        for b in [n for n in second if sort.eligible[n] and n not in on_item[places[1]]]:
            before = list(first), list(second)
            first[first.index(a)], second[second.index(b)] = b, a
            if len(components(taken)) < len(pieces):
                return True
            first[:], second[:] = before
    return False


def components(taken: Sequence[Sequence[int]]) -> list[set[int]]:
    """Return the sets of raters that are linked through items they share."""
    owner: dict[int, set[int]] = {}
    for names in taken:
        joined = set(names)
        for piece in {id(owner[name]): owner[name] for name in names if name in owner}.values():
            joined |= piece
        for name in joined:
            owner[name] = joined
    return list({id(piece): piece for piece in owner.values()}.values())
