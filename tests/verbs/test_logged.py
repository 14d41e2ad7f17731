"""The log in words: nothing on the page looks like code."""

import pytest

from agreement.decision import Plan
from data.store import Store, audit, studies
from tests.serving import copied
from verbs import looks
from verbs.logged import rows, said


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"assignments": 360}, "assignments: 360"),
        ({"per_item": 2, "cap": None, "groups": []}, "per item: 2"),
        (["a", "b"], "a, b"),
        (None, ""),
        (0, "0"),
        ("0123456789abcdef" * 4, "0123456789ab…"),
        ({"new": {"items": 3}, "files": {"a.csv": "f" * 64}}, "new: items: 3; files: a.csv: ffffffffffff…"),
    ],
)
def test_what_an_event_holds_is_said_in_words(value, words):
    assert said(value) == words


def test_no_event_of_a_study_shows_brackets_of_code(demo_file, tmp_path):
    store = Store(copied(demo_file, tmp_path))
    looks.state_plan(store, study="demo", plan=Plan(), who="lead")
    with store.reading() as session:
        events = audit.events(session, study_id=studies.named(session, name="demo").id)
        shown = rows(events)
    store.close()
    assert len(shown) == len(events) > 3
    assert shown[0]["What"] == "plan stated"
    assert "margin: 0.1" in shown[0]["After"]
    assert not [row for row in shown if set("{}[]'_") & set(row["Before"] + row["After"])]
