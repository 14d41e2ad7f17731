"""Sentences to look at first on the page Agreement: in words there, by number in what leaves the house."""

import csv
import json
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cli import main
from data.store.access import User
from pages import the_store, who, zipped
from tests.verbs.test_statements import ratings

PAGE = Path(__file__).parents[2] / "pages" / "lead" / "agreement.py"
SECTION = "11 Sentences to look at first"


@pytest.fixture
def planted(tmp_path, migrated_sqlite, monkeypatch):
    """Make a study of strict yes or no with judged sentences from files; return where the bad ones stand."""
    monkeypatch.setenv("CONSILIUM_DATABASE_URL", f"sqlite:///{tmp_path / 'consilium.db'}")
    items, rows, where = ratings("unsupported")
    rows = [row for row in rows if not row[3].endswith(".severity")]
    (tmp_path / "items.jsonl").write_text("\n".join(map(json.dumps, items)), encoding="utf-8")
    with (tmp_path / "r.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("item", "rater", "kind", "question", "value", "part"), *rows])
    assert main(["new", "s", "--protocol", "unsupported-statements"]) == 0
    assert main(["import", "s", str(tmp_path / "items.jsonl"), str(tmp_path / "r.csv")]) == 0
    the_store.the_store.cache_clear()
    yield where
    the_store.the_store().close()
    the_store.the_store.cache_clear()


def opened():
    """Run the page as a lead who unseals, until the report is there; open the section about sentences."""
    test = AppTest.from_file(PAGE, default_timeout=60)
    test.query_params["study"] = "s"
    test.run()
    test.text_input[0].set_value("to read the sentences")
    test.button[0].click().run()
    end = time.monotonic() + 90
    while not test.get("button_group") and time.monotonic() < end:
        time.sleep(0.1)
        test.run()
    assert not test.exception
    return test.get("button_group")[0].set_value(SECTION).run()


def test_the_page_shows_both_orders_in_words_and_what_leaves_the_house_shows_none(planted, monkeypatch):
    monkeypatch.setattr(who, "current_user", lambda: User("Lead", "lead", 1))
    handed = []
    monkeypatch.setattr(zipped, "zipped", lambda content: handed.append(content) or b"zip")
    test = opened()
    test.selectbox[-1].set_value("i7").run()
    left, right = test.columns[-2:]
    suggested, overlap = ([one.value for one in column.markdown] for column in (left, right))
    assert suggested[0] == "**Suggested**"
    assert overlap[0] == "**By plain overlap with the source**"
    assert len(suggested) == len(overlap) == 5  # a title and the four sentences of each output
    bad = "1. The patient was certainly cured of disease 7 at the hospital."
    assert suggested[1] == overlap[1] == bad
    assert left.caption[0].value == f"Sentence {planted['i7']} · clinicians: flagged"
    assert any("A suggestion is a place to look, not a finding" in one.value for one in test.caption)
    checked = test.dataframe[0].value
    assert checked.iloc[0]["order"] == "plain overlap with the source"
    assert checked.iloc[0]["AUROC"].startswith("1.00 (")  # the planted sentence always has the lowest overlap

    test.button[0].click().run()
    assert not test.exception
    assert SECTION in handed[0]["report.html"].decode()
    assert not any(b"certainly cured" in content for content in handed[0].values())


def test_what_was_refused_is_said_in_words():
    def page():
        from agreement.statements import suggest
        from pages.lead.pieces.first_sentences import first_sentences

        first_sentences([suggest("unsupported", "support", [])])

    test = AppTest.from_function(page, default_timeout=60).run()
    assert not test.exception
    assert "No sentences are suggested. Clinicians found a bad sentence in 0 outputs" in test.info[0].value
    assert not test.columns
