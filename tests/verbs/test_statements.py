"""Sentences to look at first, from files: found where they were planted, refused where they must be."""

import csv
import json

import numpy as np
import pytest

from cli import main

FINE = ("The patient reported pain in the left knee.", "She takes metformin with breakfast.",
        "Examination of the heart was unremarkable.", "Follow up in two weeks with the nurse.")  # fmt: skip
STORY = " ".join(FINE)
OUTPUTS = 60


def ratings(asked="contains_unsupported", words=("no", "yes"), sentence="unsupported", outputs=OUTPUTS):
    """Every second output has one planted sentence; two clinicians say so, and judge its sentences."""
    items, rows, planted = [], [], {}
    for i in range(outputs):
        bad, at = i % 2, i % 3
        parts = list(FINE)
        if bad:
            parts[at] = f"The patient was certainly cured of disease {i} at the hospital."
            planted[f"i{i}"] = at + 1
        items.append({"item": f"i{i}", "source": STORY, "output": " ".join(parts), "system": "m"})
        for rater in ("C1", "C2"):
            rows.append((f"i{i}", rater, "clinician", asked, words[bad], ""))
            for k in range(4) if i < outputs // 2 else ():
                flag = sentence if bad and k == at else "supported"
                rows.append((f"i{i}", rater, "clinician", "support", flag, str(k + 1)))
                if flag != "supported":
                    rows.append((f"i{i}", rater, "clinician", "support.severity", "minor", str(k + 1)))
    return items, rows, planted


def made(folder, items, rows, *more):
    (folder / "items.jsonl").write_text("\n".join(map(json.dumps, items)), encoding="utf-8")
    with (folder / "r.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("item", "rater", "kind", "question", "value", "part"), *rows])
    files = [str(folder / "r.csv"), "--items", str(folder / "items.jsonl"), "--out", str(folder / "out")]
    assert main(["agree", *files, "--replicates", "100", *more]) == 0
    html = (folder / "out" / "report.html").read_text(encoding="utf-8")
    return json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))["tables"], html


def test_planted_sentences_come_first_also_where_nobody_flagged_any(tmp_path):
    items, rows, planted = ratings()
    tables, html = made(tmp_path, items, rows)
    found = tables["statements_contains_unsupported"]
    columns = found["columns"]
    told = [dict(zip(columns, row, strict=True)) for row in found["rows"]]
    first = {row["output"]: row["sentence"] for row in told if row["place suggested"] == 1}
    assert len(first) == 20  # of 30 bad outputs, as the note says
    assert first == {key: planted[key] for key in first}
    assert {row["clinicians"] for row in told} == {"flagged", "let stand", "not judged"}
    # the planted sentence shares "the", "patient", "of" and "at" at most with the source: the lowest overlap
    assert all(row["place by overlap"] == 1 for row in told if planted[row["output"]] == row["sentence"])
    checked = {tuple(row[:2]): row for row in tables["statements_checked_contains_unsupported"]["rows"]}
    assert checked["plain overlap with the source", None][2] == 1.0
    assert checked["suggested", "0.75"][2] == pytest.approx(1.0)  # one flagged of four: rho is 3 / 4
    assert "either order will do" in html
    assert "text" not in columns
    assert "certainly cured" not in html
    assert "20 of 30 outputs" in found["note"]


def test_with_texts_the_sentences_stand_in_the_report(tmp_path):
    items, rows, _ = ratings()
    tables, html = made(tmp_path, items, rows, "--texts")
    assert "text" in tables["statements_contains_unsupported"]["columns"]
    assert "certainly cured" in html


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"words": ("4", "2")}, "no better than a coin"),
        ({"words": ("yes", "no")}, "not about the same fault"),
        ({"outputs": 18}, "a bad sentence in 9 outputs and none in 9"),
        ({"outputs": 32}, "flagged 8 sentences and let 24 stand"),
        ({"words": ("yes", "yes")}, "no better than a coin"),
    ],
)
def test_what_cannot_be_checked_is_refused_in_a_sentence(tmp_path, change, sentence):
    items, rows, _ = ratings(**change)
    tables, html = made(tmp_path, items, rows)
    assert not any(key.startswith("statements") for key in tables)
    assert sentence in html


def test_without_judged_sentences_the_report_says_nothing_of_them(tmp_path):
    items, rows, _ = ratings()
    _, html = made(tmp_path, items, [row for row in rows if not row[3].startswith("support")])
    assert "Sentences to look at first" not in html


def test_a_sentence_by_its_words_alone_is_told_where_overlap_is_blind(tmp_path):
    """Bad sentences of the source's own words: overlap is a coin, their order of words is not."""
    items, rows, planted = ratings()
    rng = np.random.default_rng(0)
    for item in items:
        parts = item["output"].split(". ")
        if item["item"] in planted:
            parts[planted[item["item"]] - 1] = "The nurse reported the left heart in two weeks with pain"
        if rng.random() < 0.5:
            parts[3] = f"Her daughter {item['item']} came along today."
        item["output"] = ". ".join(parts)
    tables, html = made(tmp_path, items, rows)
    checked = {tuple(row[:2]): row for row in tables["statements_checked_contains_unsupported"]["rows"]}
    assert checked["suggested less overlap", "0.75"][3] > 0
    assert "better than plain overlap" in html
