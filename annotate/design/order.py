"""In which order a rater meets the items, with hidden repeats, turned outputs and drawn arms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from annotate.assignment import Assignment
from annotate.design.needs import repeat_count
from annotate.fault import Fault
from annotate.item import Item
from annotate.protocol import Design, Protocol
from annotate.shown import shown_outputs


def places(
    wanted: Design, rater: str, last: Sequence[bool], rng: np.random.Generator
) -> list[tuple[int, int]]:
    """Return the order of a rater's items by position, as (position, occasion).

    `last` says of each item whether it comes after all that are not.
    A repeat comes at least `repeat_gap` places after its first; a Fault where that does not fit.
    """
    count = len(last)
    drawn = [int(place) for place in (rng.permutation(count) if wanted.shuffle else range(count))]
    firsts = sorted(drawn, key=last.__getitem__)
    again = repeat_count(count, wanted.repeats)
    gap = max(wanted.repeat_gap, 1)
    early = max(count - gap + 1, 0)
    if again > early:
        raise Fault(
            f"{rater} gets {count} items, and {wanted.repeats:g} of them ({again}) shall come again at least "
            f"{wanted.repeat_gap} places later, but only {early} fit; lower 'repeats' or 'repeat_gap'."
        )
    after: dict[int, list[int]] = {}
    for place in sorted(int(one) for one in rng.permutation(early)[:again]):
        soonest = place + gap - 1
        after.setdefault(int(rng.integers(soonest, count)), []).append(firsts[place])
    order = []
    for place, item in enumerate(firsts):
        order.append((item, 1))
        order += [(repeat, 2) for repeat in after.get(place, ())]
    return order


def arms(
    wanted: Design, taken: Sequence[Sequence[int]], rng: np.random.Generator
) -> dict[tuple[int, int], str]:
    """Return the arm of every (item, rater): even within each item first, then within each rater."""
    if not wanted.arms:
        return {}
    of_rater: Counter[tuple[int, str]] = Counter()
    overall: Counter[str] = Counter()
    drawn = {}
    for item in rng.permutation(len(taken)):
        of_item: Counter[str] = Counter()
        for rater in rng.permutation(taken[item]).astype(int):
            lots = dict(zip(wanted.arms, rng.random(len(wanted.arms)), strict=True))
            arm = min(lots, key=lambda a: (of_item[a], of_rater[int(rater), a], overall[a], lots[a]))
            of_item[arm] += 1
            of_rater[int(rater), arm] += 1
            overall[arm] += 1
            drawn[int(item), int(rater)] = arm
    return drawn


def forms(
    protocol: Protocol,
    items: Sequence[Item],
    rater: str,
    order: Sequence[tuple[int, int]],
    drawn: Mapping[int, str],
    rng: np.random.Generator,
) -> Iterator[Assignment]:
    """Yield a rater's assignments in order, one a step, with the order of the outputs that each shows."""
    place = 0
    turns = _turns(len(order), rng)
    for (position, occasion), turn in zip(order, turns, strict=True):
        item = items[position]
        shuffled = _output_order(protocol, item, turn, rng)
        for step in protocol.design.steps or ("",):
            place += 1
            form = Assignment(
                item.key,
                rater,
                occasion,
                place,
                output_order=shuffled,
                arm=drawn.get(position, ""),
                step=step,
            )
            shown = tuple(output.key for output in shown_outputs(protocol, item, form))
            yield replace(form, output_order=shown if len(shown) > 1 else ())


def _turns(count: int, rng: np.random.Generator) -> list[bool]:
    """Whether each pair is turned: half of a rater's pairs are, within one."""
    half = np.arange(count) % 2 == (rng.integers(2) if count else 0)
    return [bool(turn) for turn in rng.permutation(half)]


def _output_order(protocol: Protocol, item: Item, turn: bool, rng: np.random.Generator) -> tuple[str, ...]:
    keys = [output.key for output in item.outputs]
    if len(keys) < 2 or not protocol.blinding.order:
        return tuple(keys)
    if len(keys) == 2:
        return tuple(keys[::-1] if turn else keys)
    return tuple(keys[place] for place in rng.permutation(len(keys)))
