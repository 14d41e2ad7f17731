"""A design is found exactly where one exists: an independent maximum flow decides, on random studies."""

from collections import Counter
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from annotate.design import Available, design, reassign
from annotate.fault import Fault
from annotate.item import Item
from annotate.protocol import Design, Protocol
from annotate.question import Question

WARDS = ("cardiology", "oncology", "neurology")


@st.composite
def studies(draw):
    wards = draw(st.lists(st.sampled_from(WARDS), min_size=1, max_size=14))
    people = [
        Available(
            f"R{n}",
            specialties=tuple(draw(st.sets(st.sampled_from(WARDS), min_size=1))),
            cap=draw(st.none() | st.integers(1, 9)),
        )
        for n in range(draw(st.integers(1, 6)))
    ]
    items = [Item(f"i{n}", strata={"ward": ward}) for n, ward in enumerate(wards)]
    return items, people, draw(st.integers(1, 3)), draw(st.integers(0, 99))


def flow(items, people, k, caps):
    """Return how many of the wanted ratings can be placed at all."""
    n, m = len(items), len(people)
    source, sink = n + m, n + m + 1
    edges = np.zeros((n + m + 2, n + m + 2), dtype=np.int32)
    edges[source, :n] = k
    for i, item in enumerate(items):
        for j, person in enumerate(people):
            edges[i, n + j] = item.strata["ward"] in person.specialties
    edges[n : n + m, sink] = caps
    return maximum_flow(csr_array(edges), source, sink).flow_value


@settings(max_examples=60, deadline=None)
@given(studies())
def test_a_design_exists_where_a_flow_says_so_and_its_heaviest_load_is_the_least_possible(study):
    items, people, k, seed = study
    protocol = Protocol("p", "P", "output", (Question("q", "?"),), design=Design(per_item=k, match="ward"))
    caps = np.array([len(items) if person.cap is None else person.cap for person in people])
    possible = flow(items, people, k, caps) == len(items) * k
    try:
        found = design(protocol, items, people, seed=seed)
    except Fault:
        assert not possible
        return
    assert possible
    by_key = {person.rater: person for person in people}
    ward = {item.key: item.strata["ward"] for item in items}
    assert len({(form.item, form.rater) for form in found}) == len(found)
    assert Counter(form.item for form in found) == {item.key: k for item in items}
    assert all(ward[form.item] in by_key[form.rater].specialties for form in found)
    loads = Counter(form.rater for form in found)
    assert all(loads[person.rater] <= cap for person, cap in zip(people, caps, strict=True))
    heaviest = max(loads.values())
    assert flow(items, people, k, np.minimum(caps, heaviest - 1)) < len(items) * k


@settings(max_examples=40, deadline=None)
@given(studies(), st.integers(0, 20))
def test_after_a_drop_out_every_item_has_its_raters_again(study, finished):
    items, people, k, seed = study
    protocol = Protocol("p", "P", "output", (Question("q", "?"),), design=Design(per_item=k, match="ward"))
    try:
        before = design(protocol, items, people, seed=seed)
    except Fault:
        return
    done = before[:finished]
    try:
        step = reassign(protocol, items, people, before, done=done, leaving=["R0"], seed=seed)
    except Fault:
        return
    kept = [form for form in before if form not in step.withdrawn]
    after = kept + list(step.added)
    assert {form.rater for form in step.withdrawn} <= {"R0"}
    assert set(done) <= set(kept)
    assert len({(form.item, form.rater) for form in after}) == len(after)
    assert Counter(form.item for form in after) == {item.key: k for item in items}


def test_groups_and_specialties_together():
    items = [Item(f"i{n}", strata={"ward": WARDS[n % 3]}) for n in range(12)]
    people = [
        Available(f"{g}{n}", g, WARDS if n else WARDS[:1]) for g in ("nurse", "doctor") for n in range(3)
    ]
    protocol = Protocol("p", "P", "output", (Question("q", "?"),))
    wanted = replace(protocol, design=Design(groups=(("nurse", 1), ("doctor", 2)), per_item=3, match="ward"))
    found = design(wanted, items, people, seed=1)
    for item in items:
        names = [form.rater for form in found if form.item == item.key]
        assert sorted(name[:-1] for name in names) == ["doctor", "doctor", "nurse"]
        assert item.strata["ward"] == "cardiology" or not {"nurse0", "doctor0"} & set(names)
