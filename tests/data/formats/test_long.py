"""Ratings files as people really write them, read strictly and said plainly."""

import json
import time

import numpy as np
import pandas as pd
import pytest

from annotate.fault import Fault
from annotate.scale import Point, Scale, likert
from data.formats.long import read_ratings, write_ratings

FIVE = likert("very poor", "poor", "fair", "good", "excellent")
HEAD = "item,rater,kind,question,value"


@pytest.fixture
def write(tmp_path):
    def write(text, name="r.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write


def numbers(file):
    return file.frame["number"].tolist()


def faults(path, *args, **kwargs):
    with pytest.raises(Fault) as caught:
        read_ratings(path, *args, **kwargs)
    return list(caught.value.sentences)


def test_names_that_look_like_nothing_stay_names(write):
    file = read_ratings(write(f"{HEAD}\nNone,NA,human,nan,4\n001,null,human,nan,5\n"))
    assert file.frame["item"].tolist() == ["None", "001"]
    assert file.frame["rater"].tolist() == ["NA", "null"]
    assert file.frame["question"].tolist() == ["nan", "nan"]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Human", "clinician"),
        ("physician", "clinician"),
        ("LLM", "juror"),
        ("judge", "juror"),
        ("model", "juror"),
        ("auto", "metric"),
    ],
)
def test_kinds_spelled_differently_are_understood_and_said(write, word, kind):
    file = read_ratings(write(f"{HEAD}\na,R,{word},accuracy,4\n"))
    assert file.frame["kind"].tolist() == [kind]
    assert any(repr(word) in sentence and kind in sentence for sentence in file.understood)


@pytest.mark.parametrize(
    "header",
    [
        "item_id,rater_id,rater_kind,scale,score",
        "Item ID,Annotator,Rater Kind,Criterion,Rating",
        "\ufeffitemId,raterId,kind,criterion,score",
    ],
)
def test_column_names_met_in_the_wild(write, header):
    file = read_ratings(write(f"{header}\na,C1,clinician,accuracy,4\n"))
    row = file.frame.iloc[0]
    assert (row["item"], row["rater"], row["question"], row["number"]) == ("a", "C1", "accuracy", 4)
    assert any(" as item" in sentence for sentence in file.understood)


def test_semicolons_tabs_decimal_commas_and_encodings(write):
    semicolon = read_ratings(
        write(f"{HEAD.replace(',', ';')}\nfälle,C1,human,kürze,4,5\n".replace(",", ";", 4))
    )
    assert numbers(semicolon) == [4.5]
    latin = write(f"{HEAD}\nfälle,C1,human,q,4\n", encoding="latin-1")
    file = read_ratings(latin)
    assert file.frame["item"].tolist() == ["fälle"]
    assert any("latin-1" in sentence for sentence in file.understood)
    tabs = f"{HEAD}\nfälle,C1,human,q,4\n".replace(",", "\t")
    assert read_ratings(write(tabs, "r.tsv")).frame["item"].tolist() == ["fälle"]
    assert read_ratings(write(tabs, "u.txt", encoding="utf-16")).frame["item"].tolist() == ["fälle"]


def test_excels_first_line_and_pandas_index_column_are_no_data(write):
    path = write("sep=|\nUnnamed: 0|item|R1|R2\n0|a|4|5\n1|b|3|9\n")
    assert set(read_ratings(path, kinds=["clinician"]).frame["rater"]) == {"R1", "R2"}
    assert faults(path, {"rating": FIVE}, kinds=["clinician"])[0].startswith(
        "r.csv line 4, column 'value': '9'"
    )


def test_numbers_as_people_write_them(write):
    rows = ["4", "4.0", "4/5", "4 - good", "4 (good)", "\u22122", "+1"]
    file = read_ratings(write(HEAD + "\n" + "".join(f"i{n},C,human,q,{v}\n" for n, v in enumerate(rows))))
    assert numbers(file) == [4, 4, 4, 4, 4, -2, 1]


def test_a_declared_scale_decides(write):
    text = (
        HEAD
        + "\na,C,human,accuracy,9\nb,C,human,accuracy,4.5\nc,C,human,accuracy,Good\nd,C,human,accuracy,4/10\n"
    )
    said = faults(write(text), {"accuracy": FIVE})
    assert [s.split(":")[0] for s in said] == [f"r.csv line {n}, column 'value'" for n in (2, 3, 5)]
    assert "'9' is not a point of 'accuracy' (1, 2, 3, 4, 5)" in said[0]
    assert said[0].endswith("correct it, or empty it and give a status and a reason.")
    good = read_ratings(write(HEAD + "\nc,C,human,Accuracy,Good\n"), {"accuracy": FIVE}).frame
    assert good[["question", "value", "number"]].values.tolist() == [["accuracy", "4", 4.0]]


def test_none_is_a_point_where_it_is_declared_or_where_answers_are_words(write):
    harm = Scale("ordinal", (Point("none", "No harm", 0), Point("mild", "Mild", 1)))
    path = write(HEAD + "\na,C,human,harm,none\nb,C,human,harm,mild\n")
    assert numbers(read_ratings(path, {"harm": harm})) == [0, 1]
    undeclared = read_ratings(path).frame
    assert undeclared["value"].tolist() == ["none", "mild"]
    assert undeclared["status"].eq("answered").all()
    assert undeclared["number"].isna().all()


def test_an_empty_value_is_unanswered_with_its_reason_or_counted(write):
    header = HEAD + ",status,reason"
    rows = "a,C,human,q,,unable,outside my specialty\nb,C,human,q,,,\nc,C,human,q,NA,,\nd,C,human,q,3,,\n"
    file = read_ratings(write(f"{header}\n{rows}"))
    assert file.frame["status"].tolist() == ["unable", "skipped", "skipped", "answered"]
    assert file.frame["reason"].tolist()[:2] == ["outside my specialty", "no value in the file"]
    assert np.isnan(numbers(file)[:3]).all()
    assert "r.csv: 2 rows have no value (first: line 3); read as skipped." in file.understood


def test_a_value_and_a_reason_not_to_answer_contradict(write):
    (said,) = faults(write(f"{HEAD},status\na,C,human,q,4,refused\n"))
    assert "'refused' has the value '4'; empty one of the two" in said


def test_everything_wrong_is_said_at_once_and_capped(write):
    said = faults(
        write(HEAD + "\n,C,human,q,4\nb,,human,q,4\nc,C,robot,q,4\nd,C,human,,4\ne,C,human,q,inf\n")
    )
    assert [int(s.split("line ")[1].split(",")[0]) for s in said] == [2, 3, 4, 5, 6]
    many = faults(
        write(HEAD + "\n" + "".join(f"i{n},C,human,accuracy,9\n" for n in range(300))), {"accuracy": FIVE}
    )
    assert len(many) == 41
    assert many[-1] == "r.csv: 260 more like these. Nothing was read."


def test_the_same_rating_twice_is_named_unless_it_says_the_same(write):
    once = HEAD + "\na,C,human,q,4\na,C,human,q,4\n"
    file = read_ratings(write(once))
    assert len(file.frame) == 1
    assert "r.csv: 1 identical rows were read once." in file.understood
    (said,) = faults(write(once + "a,C,human,q,5\n"))
    assert "'C' rated 'q' of 'a' 2 times (lines 2, 4: '4', '5')" in said
    occasions = f"{HEAD},occasion\na,C,human,q,4,1\na,C,human,q,5,2\n"
    assert read_ratings(write(occasions)).frame["occasion"].tolist() == [1, 2]


def test_one_column_a_question(write):
    file = read_ratings(write("item,rater,kind,accuracy,clarity,ward\na,C,human,4,5,ICU\nb,C,human,,2,ICU\n"))
    rows = file.frame[["item", "question", "number"]].values.tolist()
    assert rows == [["a", "accuracy", 4], ["a", "clarity", 5], ["b", "clarity", 2]]
    assert any("2 columns were read as questions (accuracy, clarity)" in s for s in file.understood)


def test_one_column_a_rater_and_who_they_are(write):
    path = write("item,R1,R2,gpt\na,4,5,3\nb,2,,1\n")
    file = read_ratings(path, kinds=["clinician", "gpt=juror"])
    kinds = dict(zip(file.frame["rater"], file.frame["kind"], strict=True))
    assert kinds == {"R1": "clinician", "R2": "clinician", "gpt": "juror"}
    assert len(file.frame) == 5
    assert "--kind clinician" in faults(path)[0]
    assert "has no rater 'gtp'" in faults(path, kinds=["clinician", "gtp=juror"])[0]
    assert "does not say what rater 'R1' is" in faults(path, kinds=["gpt=juror"])[0]


def test_one_rater_cannot_be_of_two_kinds(write):
    (said,) = faults(write(f"{HEAD}\na,C,human,q,4\nb,C,juror,q,4\n"))
    assert "'C' is both clinician and juror" in said


def test_a_metric_is_not_held_to_the_clinicians_scale(write):
    text = HEAD + "\na,C,human,accuracy,4\na,rouge-l,metric,accuracy,0.31\na,rouge-l,metric,rouge-l,0.31\n"
    assert numbers(read_ratings(write(text), {"accuracy": FIVE})) == [4, 0.31, 0.31]


def test_one_thousand_or_one_and_a_bit(write):
    assert "may be 1234 or 1.234" in faults(write(f'{HEAD}\na,C,human,q,"1,234"\nb,C,human,q,2\n'))[0]
    assert numbers(read_ratings(write(f'{HEAD}\na,C,human,q,"1,234"\nb,C,human,q,"2,5"\n'))) == [1.234, 2.5]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty"),
        (HEAD + "\n", "no rows"),
        ("item,item,rater\na,b,c\n", "more than once"),
        ("a,b\n1,a long text\n", "has no column 'item'"),
        (HEAD + "\na,C,human,q\n", "line 2 has 4 cells but the header has 5"),
        (HEAD + '\na,C,human,"q,4\n', "line 2: a quotation mark opens here"),
        (HEAD + "\na,C,human,q,\0\n", "not a text file"),
        (f"{HEAD},occasion\na,C,human,q,4,0\n", "number them from 1"),
        (f"{HEAD},status\na,C,human,q,,dunno\n", "is no status"),
        (f"{HEAD},score\na,C,human,q,4,4\n", None),
        ("item,rater,kind,question,score,Score\na,C,human,q,4,5\n", "mean the same"),
    ],
)
def test_what_is_no_ratings_file(write, text, sentence):
    if sentence is None:
        assert any("was read as the value" in s for s in read_ratings(write(text)).understood)
    else:
        assert sentence in faults(write(text))[0]


def test_lines_are_counted_through_quoted_line_breaks(write):
    (said,) = faults(
        write(f'{HEAD},comment\na,C,human,q,4,"one\ntwo\nthree"\n\nb,C,human,accuracy,9,\n'),
        {"accuracy": FIVE, "q": FIVE},
    )
    assert said.startswith("r.csv line 6,")


def test_excel_keeps_what_it_was_given(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(HEAD.split(","))
    book.active.append([12.0, "C1", "human", "accuracy", 4.0])
    book.active.append(["001", "NA", "human", "accuracy", 5])
    book.active.append([None] * 5)
    book.save(tmp_path / "r.xlsx")
    file = read_ratings(tmp_path / "r.xlsx")
    assert file.frame["item"].tolist() == ["12", "001"]
    assert file.frame["value"].tolist() == ["4", "5"]


def test_items_that_pandas_made_floats_are_whole_again(write):
    file = read_ratings(write(f"{HEAD}\n12.0,C,human,q,4\n13.0,C,human,q,4\n"))
    assert file.frame["item"].tolist() == ["12", "13"]


def test_jsonl_says_which_line(write):
    good = [{"item": 7, "rater": "g", "kind": "llm", "question": "q", "value": v} for v in (4.0, None)]
    good[1] |= {"item": 8, "status": "failed", "reason": "no JSON"}
    file = read_ratings(write("\n".join(map(json.dumps, good)), "r.jsonl"))
    assert file.frame["item"].tolist() == ["7", "8"]
    assert file.frame["status"].tolist() == ["answered", "failed"]
    said = faults(write(json.dumps(good[0]) + '\n{"item": \n[1]\n', "r.jsonl"))
    assert "line 2 is not JSON" in said[0]
    assert "line 3 is '[1]', not an object" in said[1]


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx", "jsonl", "parquet"])
def test_what_is_written_is_read_back(tmp_path, ending):
    frame = pd.DataFrame(
        {
            "item": ["001", "NA", "=1+1"],
            "part": ["", "B", ""],
            "rater": ["None", "C", "rouge-l"],
            "kind": ["clinician", "juror", "metric"],
            "question": ["q", "q", "rouge-l"],
            "value": ["4", "", "0.1234567890123"],
            "number": [4.0, np.nan, 0.1234567890123],
            "occasion": [1, 2, 1],
            "step": ["", "", ""],
            "status": ["answered", "failed", "answered"],
            "reason": ["", 'a reply, with "quotes"\nand lines', ""],
            "comment": ["  kept; as it is\t", "", "日本語"],
            "confidence": ["", "", ""],
            "submitted_at": pd.to_datetime(
                ["2026-01-31T14:05:00.123456Z", None, None], utc=True, format="ISO8601"
            ),
        }
    )
    path = tmp_path / f"r.{ending}"
    write_ratings(frame, path)
    back = read_ratings(path).frame
    pd.testing.assert_frame_equal(back, frame, check_dtype=False)


def test_a_hundred_thousand_rows_in_seconds(tmp_path):
    rng = np.random.default_rng(0)
    items, raters, questions = np.meshgrid(
        np.arange(2_500), np.arange(10), ["a", "b", "c", "d"], indexing="ij"
    )
    frame = pd.DataFrame({"item": items.ravel(), "rater": raters.ravel(), "question": questions.ravel()})
    frame["kind"] = "clinician"
    frame["value"] = rng.integers(1, 6, len(frame))
    frame.to_csv(tmp_path / "r.csv", index=False)
    start = time.process_time()
    assert len(read_ratings(tmp_path / "r.csv", dict.fromkeys("abcd", FIVE)).frame) == 100_000
    assert time.process_time() - start < 10


def test_what_is_doubled_is_told_with_all_else_that_is_wrong(tmp_path):
    rows = ["a,C1,9", "b,,3", "b,,3", "c,C2,3", "c,C2,4", "d,C3,x", "d,C3,5"]
    path = tmp_path / "r.csv"
    head = "item,rater,kind,question,value"
    lines = [",".join((*row.split(",")[:2], "clinician,accuracy", row.split(",")[2])) for row in rows]
    path.write_text("\n".join([head, *lines]), encoding="utf-8")
    with pytest.raises(Fault) as found:
        read_ratings(path, {"accuracy": FIVE})
    told = [sentence.removeprefix("r.csv line ")[:1] for sentence in found.value.sentences]
    assert told == ["2", "3", "4", "6", "7"]  # line 8 is doubled only until line 7 is put right
    assert "'C2' rated 'accuracy' of 'c' 2 times (lines 5, 6" in found.value.sentences[3]
