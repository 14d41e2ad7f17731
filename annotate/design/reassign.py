"""After a drop-out: what is left goes to those who stay, in one step, with the balance kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from annotate.assignment import Assignment
from annotate.design.available import Available
from annotate.design.draw import place_raters, training_forms
from annotate.design.needs import Need, item_caps, refuse_thin
from annotate.design.order import arms, forms
from annotate.fault import Fault
from annotate.item import Item
from annotate.protocol import Protocol
from annotate.shown import column_of
from annotate.taxonomy import spelling


@dataclass(frozen=True, slots=True)
class Reassignment:
    """One step: what is taken back from those who leave, and what others get instead."""

    withdrawn: tuple[Assignment, ...]
    added: tuple[Assignment, ...]


def reassign(
    protocol: Protocol,
    items: Sequence[Item],
    raters: Sequence[Available],
    assignments: Sequence[Assignment],
    *,
    done: Iterable[Assignment],
    leaving: Iterable[str],
    seed: int,
) -> Reassignment:
    """Return what changes when raters leave: their open forms are given to others of their group.

    Parameters
    ----------
    raters : sequence of Available
        Those who stay, newcomers among them, and (for their group) those who leave.
    assignments : sequence of Assignment
        The design as it stands.
    done : iterable of Assignment
        Those that were submitted; they stay and count, whoever made them.
    leaving : iterable of str
        Who leaves.

    Examples
    --------
    >>> from annotate.design import design
    >>> from data.shipped import protocol
    >>> items, raters = [Item(str(n)) for n in range(6)], [Available(name) for name in "ABCD"]
    >>> drawn = design(protocol("medhelm"), items, raters, seed=1)
    >>> step = reassign(protocol("medhelm"), items, raters, drawn, done=(), leaving=["D"], seed=2)
    >>> len(step.withdrawn), len(step.added), "D" in {form.rater for form in step.added}
    (3, 3, False)
    """
    gone = set(leaving)
    unknown = gone - {rater.rater for rater in raters}
    if unknown:
        raise Fault(f"{', '.join(sorted(unknown))} is not a rater of this study.")
    staying = [rater for rater in raters if rater.rater not in gone]
    finished = set(done)
    withdrawn = tuple(
        form
        for form in assignments
        if form.rater in gone and form not in finished and form.round != "adjudication"
    )
    if not staying:
        raise Fault("Nobody stays who could take what is left; add raters first.")
    lost = {(form.item, form.rater) for form in withdrawn if form.round == "main" and form.occasion == 1}
    if protocol.design.crossing == "full":
        lost = set()  # everybody else has every item already
    taken_back = set(withdrawn)
    kept = [form for form in assignments if form not in taken_back]
    groups = {rater.rater: rater.group for rater in raters}
    return Reassignment(
        withdrawn,
        tuple(_added(protocol, items, staying, lost, kept, groups, np.random.default_rng(seed))),
    )


def _added(
    protocol: Protocol,
    items: Sequence[Item],
    staying: Sequence[Available],
    lost: Iterable[tuple[str, str]],
    kept: Sequence[Assignment],
    groups: dict[str, str],
    rng: np.random.Generator,
) -> list[Assignment]:
    position = {item.key: place for place, item in enumerate(items)}
    numbers = {rater.rater: place for place, rater in enumerate(staying)}
    everyone: list[set[str]] = [set() for _ in items]
    for form in kept:
        everyone[position[form.item]].add(form.rater)
    on_item = [sorted(numbers[name] for name in names if name in numbers) for names in everyone]
    found = _needs(protocol, items, staying, lost, position, everyone, groups)
    refuse_thin(found, items, staying, protocol.design.match)
    caps = item_caps(protocol.design, staying, len(items))
    taken = place_raters(found, caps, on_item, staying, rng)
    extra = [[name for name in names if name not in on_item[place]] for place, names in enumerate(taken)]
    drawn = arms(protocol.design, extra, rng)
    met = {form.rater for form in kept}
    new = [rater for rater in staying if rater.rater not in met]
    lessons = protocol.training.items if protocol.training else ()
    added = training_forms(protocol, [items[position[key]] for key in lessons if key in position], new)
    last = Counter({rater.rater: 0 for rater in staying})
    for form in kept:
        last[form.rater] = max(last[form.rater], form.place) if form.round == "main" else last[form.rater]
    for rater in staying:
        mine = [place for place, names in enumerate(extra) if numbers[rater.rater] in names]
        order = [(int(place), 1) for place in rng.permutation(mine)] if mine else []
        of_mine = {item: arm for (item, who), arm in drawn.items() if who == numbers[rater.rater]}
        for form in forms(protocol, items, rater.rater, order, of_mine, rng):
            added.append(replace(form, place=form.place + last[rater.rater]))
    return added


def _needs(
    protocol: Protocol,
    items: Sequence[Item],
    staying: Sequence[Available],
    lost: Iterable[tuple[str, str]],
    position: dict[str, int],
    everyone: Sequence[set[str]],
    groups: dict[str, str],
) -> list[Need]:
    """Return what each item lost, of each group, and who is not on it yet and may take it."""
    counted = bool(protocol.design.groups)
    missing = Counter((position[item], groups[rater] if counted else "") for item, rater in sorted(lost))
    found = []
    for (place, group), count in missing.items():
        asks = column_of(items[place], protocol.design.match) if protocol.design.match else ""
        eligible = frozenset(
            number
            for number, rater in enumerate(staying)
            if rater.rater not in everyone[place]
            and (not group or rater.group == group)
            and (not asks or spelling(asks) in {spelling(one) for one in rater.specialties})
        )
        found.append(Need(place, eligible, count, group))
    return found
