"""A design gives every item exactly its raters, every rater a fair share, and the same draw for a seed."""

from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.design import Available, design, overview, reassign
from annotate.fault import Fault
from annotate.item import Item, Output
from annotate.protocol import Design, Protocol, Training
from annotate.question import Question

PROTOCOL = Protocol("p", "P", "output", (Question("q", "?"),))


def items(count, **more):
    return [Item(f"i{n}", **more) for n in range(count)]


def raters(count, **more):
    return [Available(f"R{n}", **more) for n in range(count)]


def drawn(count, people, seed=1, unit="output", training=None, **wanted):
    protocol = replace(PROTOCOL, unit=unit, design=Design(**wanted), training=training)
    things = items(count) if isinstance(count, int) else count
    who = raters(people) if isinstance(people, int) else people
    return design(protocol, things, who, seed=seed)


def firsts(assignments):
    return [form for form in assignments if form.occasion == 1 and form.round == "main"]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(1, 9), st.data())
def test_exactly_k_an_item_and_loads_within_one(count, people, data):
    k = data.draw(st.integers(1, people))
    found = drawn(count, people, seed=data.draw(st.integers(0, 99)), per_item=k)
    pairs = [(form.item, form.rater) for form in found]
    assert len(set(pairs)) == len(pairs)
    assert Counter(Counter(item for item, _ in pairs).values()) == {k: count}
    loads = [Counter(rater for _, rater in pairs)[f"R{n}"] for n in range(people)]
    assert max(loads) - min(loads) <= 1
    for name in {rater for _, rater in pairs}:
        mine = [form.place for form in found if form.rater == name]
        assert mine == list(range(1, len(mine) + 1))


# Balanced incomplete block designs that exist: blocks, raters, raters a block, meetings a pair, by
# lambda (raters - 1) = r (k - 1) and blocks k = raters r.
@pytest.mark.parametrize(
    ("blocks", "people", "k"), [(7, 7, 3), (10, 6, 3), (12, 9, 3), (13, 13, 4), (28, 8, 2)]
)
def test_where_balanced_incomplete_blocks_exist_every_two_raters_meet_equally_often(blocks, people, k):
    meetings = blocks * k * (k - 1) // (people * (people - 1))
    found = overview(drawn(blocks, people, per_item=k, crossing="blocks"), 1)
    assert found.overlap == (meetings, meetings)


def test_meetings_are_as_even_as_may_be_in_a_large_design():
    found = overview(drawn(1000, 20, per_item=3), 1)
    # 1000 items have 3 pairs each, for 190 pairs of raters: 15.8 on average.
    assert found.overlap == (15, 16)
    assert found.loads == (150,) * 20


@pytest.mark.parametrize(("count", "people", "k"), [(19, 20, 2), (10, 21, 3), (20, 20, 2), (4, 5, 2)])
def test_raters_are_linked_even_by_the_fewest_items_that_can(count, people, k):
    # Linking all takes at least (raters - 1) / (k - 1) items; here that is 19, 10, 19 and 4.
    for seed in range(5):
        assert overview(drawn(count, people, per_item=k, seed=seed), 1).connected


def test_fewer_items_than_a_link_takes_is_said():
    found = overview(drawn(3, 6, per_item=2), 1)
    assert not found.connected
    assert len(found.pieces) == 3


def test_full_crossing_and_the_overlap_subset():
    assert len(drawn(5, 3, crossing="full")) == 15
    found = overview(drawn(20, 5, crossing="overlap", overlap=4, per_item=1), 1)
    assert found.per_item == ((1, 16), (5, 4))
    assert set(found.loads) <= {7, 8}  # 4 shared + 16 / 5


def test_groups_get_their_number_on_each_item():
    people = [Available("N1", "nurses"), Available("N2", "nurses")] + [
        Available(f"P{n}", "doctors") for n in "123"
    ]
    found = drawn(12, people, groups=(("nurses", 1), ("doctors", 2)), per_item=3)
    for item in {form.item for form in found}:
        assert sorted(form.rater[0] for form in found if form.item == item) == ["N", "P", "P"]
    loads = Counter(form.rater for form in found)
    assert [loads[name] for name in ("N1", "N2", "P1", "P2", "P3")] == [6, 6, 8, 8, 8]


def test_items_go_to_raters_of_their_specialty_with_level_loads():
    things = [Item(str(n), strata={"specialty": "Cardiology" if n < 6 else "oncology"}) for n in range(18)]
    people = [Available("C", specialties=("cardiology",)), Available("O", specialties=("Oncology",))]
    people += [Available(name, specialties=("cardiology", "oncology")) for name in "XY"]
    found = drawn(things, people, match="specialty", per_item=2)
    assert not [form for form in found if form.rater == "C" and int(form.item) >= 6]
    # 36 ratings for four raters; C can take 6 at most, so the other three share 30.
    assert Counter(form.rater for form in found) == {"C": 6, "O": 10, "X": 10, "Y": 10}


def test_a_scarce_specialist_is_kept_for_the_items_that_only_she_can_take():
    # B may take anything, but only B can take the rare items: the common ones must make way.
    things = [Item(str(n), strata={"s": "common" if n < 6 else "rare"}) for n in range(8)]
    people = [
        Available("A", specialties=("common",), cap=6),
        Available("B", specialties=("common", "rare"), cap=2),
    ]
    found = drawn(things, people, match="s", per_item=1)
    assert {form.rater for form in found if int(form.item) >= 6} == {"B"}


@pytest.mark.parametrize(
    ("things", "people", "wanted", "words"),
    [
        (
            10,
            4,
            {"per_item": 3, "cap": 7},
            "10 items need 30 ratings, and the 4 raters who may take them can give 28",
        ),
        (10, 4, {"per_item": 3, "cap": 7}, "raise the cap to 8 a rater"),
        (10, 2, {"per_item": 3}, "10 items need 3 raters each, and there are 2"),
        (3, 2, {"crossing": "overlap", "overlap": 5, "per_item": 1}, "share 5 items, and there are 3"),
        (0, 2, {}, "no items yet"),
        (2, 0, {}, "name at least one"),
        (2, raters(1) * 2, {}, "'R0' comes twice"),
        (2, raters(3, group="nurses"), {"groups": (("doctors", 2),)}, "2 raters of the group 'doctors' each"),
        (
            items(2, strata={"s": "x"}),
            3,
            {"match": "s"},
            "2 items with s 'x' need 2 raters each, and there are 0",
        ),
        (
            6,
            2,
            {"repeats": 0.5, "repeat_gap": 5},
            "(3) shall come again at least 5 places later, but only 2 fit",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_the_arithmetic(things, people, wanted, words):
    with pytest.raises(Fault) as caught:
        drawn(things, people, **wanted)
    assert words in str(caught.value)


def test_a_cap_counts_hidden_repeats_too():
    found = drawn(20, 4, per_item=2, cap=11, repeats=0.1, repeat_gap=3)
    assert Counter(form.rater for form in found) == {f"R{n}": 11 for n in range(4)}
    with pytest.raises(Fault, match="40 ratings"):
        drawn(20, 4, per_item=2, cap=10, repeats=0.1, repeat_gap=3)


@settings(max_examples=30, deadline=None)
@given(st.integers(10, 60), st.integers(0, 10), st.integers(0, 999))
def test_hidden_repeats_come_late_enough_and_are_second_occasions(count, gap, seed):
    found = drawn(count, 2, seed=seed, repeats=0.1, repeat_gap=gap)
    for name in ("R0", "R1"):
        mine = {(form.item, form.occasion): form.place for form in found if form.rater == name}
        again = [item for item, occasion in mine if occasion == 2]
        assert len(again) == int(count * 0.1 + 0.5)
        assert all(mine[item, 2] - mine[item, 1] >= gap for item in again)


def test_the_order_is_shuffled_for_each_rater_unless_the_protocol_says_no():
    found = firsts(drawn(30, 3, crossing="full"))
    orders = [tuple(form.item for form in found if form.rater == name) for name in ("R0", "R1", "R2")]
    assert len(set(orders)) == 3
    plain = drawn(30, 3, crossing="full", shuffle=False)
    assert [form.item for form in plain if form.rater == "R1"] == [f"i{n}" for n in range(30)]


def test_items_that_shall_come_last_do():
    things = [*items(9), Item("end", strata={"part": "whole"})]
    found = drawn(things, 3, crossing="full", last=("part", ("whole",)))
    assert [form.place for form in found if form.item == "end"] == [10, 10, 10]


def test_the_same_seed_gives_the_same_design_and_another_seed_another():
    assert drawn(30, 5) == drawn(30, 5)
    assert drawn(30, 5) != drawn(30, 5, seed=2)


def test_half_of_a_raters_pairs_are_turned_and_the_order_is_stored():
    pair = items(20, outputs=(Output("1", key="x"), Output("2", key="y")))
    found = drawn(pair, 3, unit="pair", crossing="full")
    for name in ("R0", "R1", "R2"):
        assert Counter(form.output_order for form in found if form.rater == name) == {
            ("x", "y"): 10,
            ("y", "x"): 10,
        }


def test_the_order_of_a_set_varies_and_is_a_permutation():
    things = items(30, outputs=tuple(Output(key, key=key) for key in "wxyz"))
    found = drawn(things, 2, unit="set")
    assert all(sorted(form.output_order) == list("wxyz") for form in found)
    assert len({form.output_order for form in found}) > 10


def test_arms_are_even_within_items_and_raters_and_steps_follow_one_another():
    things = items(40, outputs=(Output("help", key="help"), Output("other", key="other")))
    found = drawn(things, 8, unit="set", arms=("help", "search"), steps=("before", "after"))
    for item in {form.item for form in found}:
        assert Counter(form.arm for form in found if form.item == item) == {"help": 2, "search": 2}
    for name in {form.rater for form in found}:
        mine = [form for form in found if form.rater == name]
        counts = Counter(form.arm for form in mine)
        assert abs(counts["help"] - counts["search"]) <= 4
        for before, after in zip(mine[::2], mine[1::2], strict=True):
            assert (before.step, after.step) == ("before", "after")
            assert (before.item, before.arm, before.place + 1) == (after.item, after.arm, after.place)


def test_everyone_does_the_training_first_and_its_items_are_not_rated_again():
    found = drawn(10, 3, training=Training(("i3", "i1")))
    training = [form for form in found if form.round == "training"]
    assert [(form.item, form.place) for form in training if form.rater == "R2"] == [("i3", 1), ("i1", 2)]
    assert not {"i1", "i3"} & {form.item for form in found if form.round == "main"}
    with pytest.raises(Fault, match="lacks: i99"):
        drawn(10, 3, training=Training(("i99",)))


def test_the_overview_agrees_with_a_count_by_hand():
    found = drawn(12, 4, per_item=3, repeats=0.2, repeat_gap=2)
    seen = overview(found, minutes=6)
    together = {
        pair: len(
            {f.item for f in found if f.rater == pair[0]} & {f.item for f in found if f.rater == pair[1]}
        )
        for pair in combinations(seen.raters, 2)
    }
    for (one, other), count in together.items():
        assert seen.meetings[seen.raters.index(one), seen.raters.index(other)] == count
    assert seen.hours == tuple(load / 10 for load in seen.loads)
    assert seen.repeats == sum(form.occasion == 2 for form in found)


def test_a_drop_out_is_made_up_for_in_one_step_and_the_balance_is_kept():
    things, people = items(30), raters(6)
    protocol = replace(PROTOCOL, design=Design(per_item=2))
    before = design(protocol, things, people, seed=1)
    done = [form for form in before if form.place <= 4]
    step = reassign(protocol, things, people, before, done=done, leaving=["R0"], seed=2)
    assert {form.rater for form in step.withdrawn} == {"R0"}
    assert not set(step.withdrawn) & set(done)
    after = [form for form in before if form not in step.withdrawn] + list(step.added)
    seen = overview(after, 1)
    assert seen.per_item == ((2, 30),)
    loads = [load for name, load in zip(seen.raters, seen.loads, strict=True) if name != "R0"]
    assert max(loads) - min(loads) <= 1
    for name in {form.rater for form in step.added}:
        old = max(form.place for form in before if form.rater == name)
        new = sorted(form.place for form in step.added if form.rater == name)
        assert new == list(range(old + 1, old + 1 + len(new)))


def test_a_newcomer_takes_what_a_leaver_left_and_only_her_own_group():
    people = [Available("N1", "n"), Available("D1", "d"), Available("D2", "d")]
    protocol = replace(PROTOCOL, design=Design(groups=(("n", 1), ("d", 1)), per_item=2))
    before = design(protocol, items(10), people, seed=1)
    with pytest.raises(Fault, match="group 'n' each, and there are 0"):
        reassign(protocol, items(10), people, before, done=(), leaving=["N1"], seed=2)
    step = reassign(
        protocol, items(10), [*people, Available("N2", "n")], before, done=(), leaving=["N1"], seed=2
    )
    assert Counter(form.rater for form in step.added) == {"N2": 10}
    taught = replace(protocol, training=Training(("i0",)))
    before = design(taught, items(10), people, seed=1)
    step = reassign(
        taught, items(10), [*people, Available("N2", "n")], before, done=(), leaving=["N1"], seed=2
    )
    assert Counter(form.round for form in step.added) == {"main": 9, "training": 1}
    with pytest.raises(Fault, match="X is not a rater"):
        reassign(protocol, items(10), people, before, done=(), leaving=["X"], seed=2)


def test_ten_thousand_items_and_fifty_raters_are_drawn_while_one_waits():
    # The figure that a lead feels: about 1 s on two slow cores. The bound leaves room for a busy machine.
    import time

    start = time.process_time()
    found = drawn(10_000, 50, per_item=3)
    assert time.process_time() - start < 15
    counts = np.array(list(Counter(form.rater for form in found).values()))
    assert counts.tolist() == [600] * 50
