"""The page Agreement sums up each question as the protocol says."""

from streamlit.testing.v1 import AppTest

from annotate.item import Item, Output
from annotate.rating import Rating
from data.shipped import protocol
from data.store import items, open_store, raters, ratings, studies
from verbs import new


def page():
    from data.store import open_store
    from pages.lead.pieces.summed_up import summed_up

    store = open_store()
    summed_up(store, "ward")
    store.close()


def test_every_way_that_the_protocol_names_has_its_figures(sqlite_url, monkeypatch):
    monkeypatch.setenv("CONSILIUM_DATABASE_URL", sqlite_url)
    store = open_store()
    new.create(store, name="ward", wanted=protocol("judge-labels"), who="lead")
    said = {"A": ("yes", "yes"), "B": ("yes", "no")}
    with store.writing() as session:
        number = studies.named(session, name="ward").id
        items.add(session, study_id=number, items=[Item(key, (Output("Text."),)) for key in ("i1", "i2")])
        for rater, answers in said.items():
            raters.add(session, study_id=number, key=rater, kind="clinician")
            rows = [
                Rating(key, rater, "acceptable", value, float(value == "yes"))
                for key, value in zip(("i1", "i2"), answers, strict=True)
            ]
            ratings.append(session, study_id=number, ratings=rows, round="main")
    store.close()
    shown = AppTest.from_function(page, default_timeout=60).run()
    assert not shown.exception
    assert [each.value for each in shown.markdown] == [
        f"**acceptable**: {how}" for how in ("accuracy", "f1", "kappa", "share of yes")
    ]
    assert shown.dataframe[3].value.iloc[0]["Figure"].startswith("0.75")  # three of four answers
