"""Files whose columns have names of their own, or none, as statistics programs write them."""

import pytest

from annotate.fault import Fault
from data.formats.long import read_ratings


@pytest.fixture
def read(tmp_path):
    def reading(text, *named, kinds=("clinician",)):
        (tmp_path / "r.csv").write_text(text, encoding="utf-8")
        return read_ratings(tmp_path / "r.csv", kinds=kinds, named=named)

    return reading


def answers(file):
    return {(r["item"], r["rater"], r["question"]): r["number"] for r in file.frame.to_dict("records")}


TWO_BY_TWO = {
    ("x", "Ann", "rating"): 1,
    ("x", "Ben", "rating"): 2,
    ("y", "Ann", "rating"): 3,
    ("y", "Ben", "rating"): 3,
}


@pytest.mark.parametrize("corner", ["", '""', "Unnamed: 0", "rownames", "row_names"])
def test_names_of_rows_are_the_items_of_raters_side_by_side(read, corner):
    file = read(f"{corner},Ann,Ben\nx,1,2\ny,3,3\n")
    assert answers(file) == TWO_BY_TWO
    assert not any("left out" in said for said in file.understood)


def test_rows_without_names_are_numbered_and_that_is_said(read):
    file = read("Ann,Ben\n1,2\n3,3\n")
    rows = {"x": "1", "y": "2"}
    assert answers(file) == {(rows[item], *rest): n for (item, *rest), n in TWO_BY_TWO.items()}
    assert "r.csv does not name its items: they are called by their row, from 1." in file.understood


def test_names_of_rows_that_come_twice_name_no_item(read):
    file = read(",Ann,Ben\nx,1,2\nx,3,3\n")
    assert {item for item, *_ in answers(file)} == {"1", "2"}


def test_a_table_with_texts_beside_is_not_taken_for_raters(read):
    with pytest.raises(Fault, match="has no column 'item'"):
        read("Ann,Ben,why\n1,2,because of the dose\n3,3,the follow-up is missing\n")


def test_one_row_a_rater_has_a_column_an_item(read):
    file = read("rater,kind,x,y\nAnn,md,1,3\nBen,md,2,3\n", kinds=())
    assert answers(file) == TWO_BY_TWO
    assert any("2 columns were read as items (x, y)" in said for said in file.understood)


def test_a_column_is_named_where_its_name_says_something_else(read):
    file = read("question,worker,answer\nx,Ann,1\nx,Ben,2\ny,Ann,3\ny,Ben,3\n", "item=question")
    assert answers(file) == TWO_BY_TWO


def test_several_columns_name_an_item_and_stay_what_they_say_of_it(read):
    file = read("week,dish,taster,salt,fat\n1,soup,A,1,2\n2,soup,A,3,4\n", "item=week+dish", "rater=taster")
    assert answers(file) == {
        ("1 · soup", "A", "salt"): 1,
        ("1 · soup", "A", "fat"): 2,
        ("2 · soup", "A", "salt"): 3,
        ("2 · soup", "A", "fat"): 4,
    }
    assert file.facts.set_index("item").loc["1 · soup", ["week", "dish"]].tolist() == ["1", "soup"]


def test_the_columns_that_hold_ratings_are_chosen(read):
    file = read(",age,Ann,Ben\nx,40,1,2\ny,50,3,3\n", "value=Ann+Ben")
    assert answers(file) == TWO_BY_TWO


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ("item=patient", "has no column 'patient', which --column item=patient names"),
        ("thing=who", "was given --column thing=who, but 'thing' is none of item, part, rater"),
    ],
)
def test_a_column_that_is_not_there_is_a_sentence(read, named, sentence):
    with pytest.raises(Fault) as caught:
        read("who,what,value\nA,x,1\n", named)
    assert any(sentence in one for one in caught.value.sentences)


def test_what_is_missing_says_how_to_name_it_and_asks_no_question_of_a_file_that_asks_one(read):
    with pytest.raises(Fault) as caught:
        read("dish,taster,value\nsoup,A,1\n")
    first, second = caught.value.sentences
    assert "say --column item=NAME" in first
    assert "say --column rater=NAME" in second
