"""One item with all that was said of it, and the way to it from a table of items."""

import pytest
from streamlit.testing.v1 import AppTest

from cli import main
from pages import the_store

ITEMS = (
    "item,source,output,reference\ni1,Source one,Output one,\ni2,<b>Source</b> two,Output *two*,Gold two\n"
)
RATINGS = """item,rater,kind,question,value,comment
i1,C01,clinician,accuracy,4,
i2,C02,clinician,accuracy,1,dose is *wrong*
i2,C01,clinician,accuracy,5,
i2,anna,juror,accuracy,3,
i2,C01,clinician,clarity,2,
"""


@pytest.fixture
def study(tmp_path, migrated_sqlite, monkeypatch):
    monkeypatch.setenv("CONSILIUM_DATABASE_URL", f"sqlite:///{tmp_path / 'consilium.db'}")
    for name, text in (("items.csv", ITEMS), ("ratings.csv", RATINGS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["new", "s", "--protocol", "medhelm"]) == 0
    assert main(["import", "s", str(tmp_path / "items.csv"), str(tmp_path / "ratings.csv")]) == 0
    the_store.the_store.cache_clear()
    yield
    the_store.the_store().close()
    the_store.the_store.cache_clear()


def the_item():
    from pages.lead.pieces.one_item import one_item
    from pages.the_store import the_store

    one_item(the_store(), 1)


def a_table():
    from agreement.paper.document import Table
    from pages.lead.pieces.shown import table_of

    table_of(Table("divided", "What divides", ("item", "apart"), (("i 2&x", 4.0),), of_items=True))


def test_the_item_in_the_address_is_shown_with_every_answer_in_the_protocols_words(study):
    test = AppTest.from_function(the_item, default_timeout=60)
    test.query_params["item"] = "i2"
    test.run()
    assert not test.exception
    assert test.selectbox[0].value == "i2"
    assert [one.label for one in test.expander] == ["Source", "Reference"]
    assert [one.value for one in test.text] == ["<b>Source</b> two", "Gold two", "Output *two*"]
    said = [one.value for one in test.markdown]
    assert len(said) == 2 + 4  # two questions, four answers
    assert said[0] == "**Is what it says correct?**"
    starts = ("C01 (clinician): 5 – ", "C02 (clinician): 1 – ", "anna (juror): 3 – ")
    assert all(
        line.replace("\\", "").startswith(start) for line, start in zip(said[1:], starts, strict=False)
    )
    assert [one.value for one in test.caption] == [r"dose is \*wrong\*"]
    assert not test.warning
    test.selectbox[0].set_value("i1").run()
    assert [one.value for one in test.text] == ["Source one", "Output one"]


def test_an_item_that_the_study_lacks_is_not_silently_another_one(study):
    test = AppTest.from_function(the_item, default_timeout=60)
    test.query_params["item"] = "i9"
    test.run()
    assert [one.value for one in test.warning] == ["This study has no item i9. Choose one of its own."]


def test_a_table_of_items_leads_to_each_in_the_study_at_hand():
    test = AppTest.from_function(a_table, default_timeout=60)
    test.query_params["study"] = "s"
    test.run()
    assert test.dataframe[0].value["look"].tolist() == ["?study=s&item=i+2%26x"]
