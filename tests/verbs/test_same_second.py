"""Twenty raters start in the same second: every item gets exactly its raters, whatever they do at once."""

import threading
from collections import Counter

import pytest

from annotate.item import Item, Output
from data.store import items, raters, ratings, studies
from verbs import assign, new, rate, status

FORM = {"accuracy": {"value": "4"}, "completeness": {"value": "2"}, "clarity": {"value": "5"}}
PEOPLE = [f"C{n:02}" for n in range(20)]


@pytest.mark.parametrize("per_item", [3])
def test_exactly_k_ratings_an_item_when_all_raters_start_at_once(store, per_item):
    new.create(store, name="ward", wanted=new.load_protocol("medhelm"), who="lead", seed=5)
    with store.writing() as session:
        study = studies.named(session, name="ward").id
        things = [Item(f"i{n}", (Output(f"Text {n}."),)) for n in range(20)]
        items.add(session, study_id=study, items=things)
        numbers = [raters.add(session, study_id=study, key=key, kind="clinician").id for key in PEOPLE]
    drawn = assign.draw(store, study="ward", people=(), changes={"per_item": per_item})
    assign.keep(store, study="ward", people=(), drawn=drawn, who="lead")
    status.change(store, study="ward", to="running", who="lead")
    _all_at_once(store, numbers)
    with store.reading() as session:
        said = list(ratings.events(session, study_id=study))
    pairs = {(row["item"], row["rater"]) for row in said}
    assert Counter(item for item, _ in pairs) == {f"i{n}": per_item for n in range(20)}
    assert Counter(rater for _, rater in pairs) == dict.fromkeys(PEOPLE, per_item)
    assert len(said) == 20 * per_item * len(FORM)


def act(store, do, **what):
    return store.together(lambda session: do(session, **what))


def _all_at_once(store, numbers):
    start, failures = threading.Barrier(len(numbers)), []

    def clinician(number):
        try:
            start.wait()
            for turn in range(10):
                view = act(store, rate.opened, rater_id=number)
                if view.get("finished"):
                    return
                letter = rate.Letter(
                    view["assignment"], view["revision"], FORM, 1.0, f"submission {number} {turn}"
                )
                for _ in range(2):  # an impatient double click is one submission
                    assert act(store, rate.submit, rater_id=number, sent=letter).outcome == "saved"
            failures.append(f"{number} never came to an end")
        except Exception as failure:  # it would end with its thread
            failures.append(repr(failure))

    threads = [threading.Thread(target=clinician, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not failures
