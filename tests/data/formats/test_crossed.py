"""An item that stands once a system, what a ratings file says of its items, and ratings that stand twice."""

import pandas as pd
import pytest

from annotate.fault import Fault
from data.formats.beside import told_by
from data.formats.items import read_items
from data.formats.long import read_ratings
from data.formats.outputs import outputs_frame


@pytest.fixture
def read(tmp_path):
    def read(text, kinds=("clinician",)):
        path = tmp_path / "r.csv"
        path.write_text(text, encoding="utf-8")
        return read_ratings(path, kinds=kinds)

    return read


def test_an_item_rated_once_a_system_comes_in_as_one_item_a_system(read):
    file = read(
        "id,model_id,annotator,coherence,fluency\nd1,M0,A,4,5\nd1,M1,A,2,3\nd2,M0,A,1,2\nd2,M1,A,3,3\n"
    )
    assert sorted(set(file.frame["item"])) == ["d1 · M0", "d1 · M1", "d2 · M0", "d2 · M1"]
    assert file.frame["question"].value_counts().to_dict() == {"coherence": 4, "fluency": 4}
    facts = file.facts.set_index("item")
    assert facts.loc["d2 · M1", ["case", "system"]].tolist() == ["d2", "M1"]
    assert any("every system ('model_id') of an item was read as its own item" in s for s in file.understood)


def test_two_raters_who_saw_different_systems_of_a_document_did_not_rate_the_same(read):
    file = read("item,system,rater,question,value\na,m1,A,q,4\na,m2,B,q,2\nb,m2,A,q,3\nb,m1,B,q,5\n")
    assert file.frame.groupby("item")["rater"].agg(list).to_dict() == {
        "a · m1": ["A"],
        "a · m2": ["B"],
        "b · m1": ["B"],
        "b · m2": ["A"],
    }


def test_a_case_of_the_files_own_stays_and_a_separator_is_never_ambiguous(read):
    file = read("item,case,system,rater,question,value\na · b,p,m1,A,q,4\na · b,p,m2,A,q,2\n")
    assert file.frame["item"].tolist() == ["a · b ·· m1", "a · b ·· m2"]
    assert set(file.facts["case"]) == {"p"}


@pytest.mark.parametrize(
    "rows",
    [
        "a,m1,J1,q,4\na,m2,J2,q,2\nb,m1,J1,q,4\nb,m2,J2,q,2\n",  # the model is who judges
        "a,m1,A,q,4\nb,m2,A,q,2\na,m1,B,q,4\nb,m2,B,q,2\n",  # every item is one system's
        "a,m1,A,q,4\na,,B,q,2\n",  # not everybody names one
    ],
)
def test_a_model_that_is_no_second_system_of_an_item_leaves_the_items_alone(read, rows):
    assert set(read("item,model,rater,question,value\n" + rows).frame["item"]) <= {"a", "b"}


def test_columns_that_are_one_for_an_item_are_strata_and_the_raters_own_are_not(read):
    text = "item,rater,question,value,ward,mood,output\na,A,q,4,ICU,1,two words\na,B,q,3,ICU,2,two words\n"
    file = read(text)
    assert file.facts.drop(columns="characters").to_dict("list") == {
        "item": ["a"],
        "part": [""],
        "ward": ["ICU"],
        "length": [2.0],
    }
    assert any(said.endswith("no rating has it: mood.") for said in file.understood)
    assert read("item,rater,question,value\na,A,q,4\n").facts is None


def test_an_items_file_may_still_name_the_document(read, tmp_path):
    own = read("item,system,rater,question,value\na,m1,A,q,4\na,m2,A,q,2\n").facts
    path = tmp_path / "items.csv"
    path.write_text("item,case,ward\na,patient 7,ICU\n", encoding="utf-8")
    told = told_by(outputs_frame(read_items(path).items), own)
    assert told[["item", "case", "system", "ward"]].values.tolist() == [
        ["a · m1", "patient 7", "m1", "ICU"],
        ["a · m2", "patient 7", "m2", "ICU"],
    ]
    path.write_text("item,system,output\na,m2,three words here\na,m1,one\n", encoding="utf-8")
    told = told_by(outputs_frame(read_items(path).items), own)
    assert told.set_index("system")["length"].to_dict() == {"m1": 1.0, "m2": 3.0}


def test_an_items_file_that_knows_the_items_is_taken_as_it_is():
    items = pd.DataFrame({"item": ["a"], "part": [""], "ward": ["ICU"]})
    own = pd.DataFrame({"item": ["a"], "part": [""], "system": ["m"], "case": ["c"]})
    assert told_by(items, own) is items
    assert told_by(None, own) is own


def test_thousands_of_real_duplicates_are_one_sentence_that_names_the_first_and_counts_the_rest(read):
    rows = "".join(f"i{n},A,q,4\ni{n},A,q,5\n" for n in range(4000))
    with pytest.raises(Fault) as caught:
        read("item,rater,question,value\n" + rows)
    (said,) = caught.value.sentences
    assert "'A' rated 'q' of 'i0' 2 times (lines 2, 3: '4', '5')" in said
    assert "; and 3,997 more; keep one row each" in said


def test_a_column_that_tells_duplicates_apart_is_named(read):
    with pytest.raises(Fault, match="the column 'draft' tells them apart: rename it 'occasion'"):
        read("item,rater,question,value,draft\na,A,q,4,1\na,A,q,5,2\n")
