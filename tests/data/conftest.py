"""A small study at rest."""

from types import SimpleNamespace

import pytest

from annotate.assignment import Assignment
from annotate.item import Item, Output
from data.store import Store, assignments, items, raters, studies


@pytest.fixture
def study(store):
    """Put the small study into a fresh database of each kind."""
    return fill(store)


def fill(store):
    """Three items, two clinicians, one juror; every clinician has every item."""
    with store.writing() as session:
        row = studies.create(session, name="ward", title="Ward", protocol_text="title: Ward", who="lead")
        texts = [Item(f"item-{n}", (Output(f"text {n}", "model-a"),), source="note") for n in (1, 2, 3)]
        items.add(session, study_id=row.id, items=texts)
        people = [raters.add(session, study_id=row.id, key=key, kind="clinician") for key in ("C01", "C02")]
        juror = raters.add(session, study_id=row.id, key="juror-a", kind="juror", identity={"model": "a"})
        design = [
            Assignment(item.key, rater.key, place=n) for rater in people for n, item in enumerate(texts, 1)
        ]
        assignments.add(session, study_id=row.id, assignments=design, who="lead")
    return SimpleNamespace(id=row.id, items=texts, clinicians=people, juror=juror)


@pytest.fixture
def study_of():
    """Open a store at an address and put the small study into it."""
    opened = []

    def make(url):
        store = Store(url)
        opened.append(store)
        return store, fill(store)

    yield make
    for store in opened:
        store.close()
