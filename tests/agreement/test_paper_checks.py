"""Sections 2, 5 and 9: attendance, spoilt outputs and a taxonomy's cover, each by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from agreement.decision import Plan
from agreement.paper.document import Text
from agreement.paper.sections.bias import bias
from agreement.paper.sections.checklists import GAP
from agreement.paper.sections.methods import methods
from agreement.paper.sections.people import people
from agreement.paper.sections.taxonomy import taxonomy
from agreement.paper.whole import Attendance, whole
from agreement.report.settings import Settings

N = 40


def rows(said):
    return [
        (f"i{n:02}", rater, kind, "clarity", float(score))
        for rater, kind, scores in said
        for n, score in enumerate(scores)
    ]


def made(rows, high_is_bad=()):
    frame = pd.DataFrame(rows, columns=["item", "rater", "kind", "question", "number"])
    frame = frame.assign(value=frame["number"].map("{:g}".format), status="answered", part="", occasion=1)
    plan = Plan(replicates=60, high_is_bad=high_is_bad)
    return whole(frame, None, plan=plan, settings=Settings(replicates=100))


def study(*more, high_is_bad=()):
    truth = np.random.default_rng(2).integers(2, 5, N)
    shaken = np.clip(truth + np.random.default_rng(3).integers(-1, 2, N), 1, 5)
    said = [("C1", "clinician", truth), ("C2", "clinician", shaken), ("a@1", "juror", truth)]
    return made(rows([*said, *((name, "juror", make(truth)) for name, make in more)]), high_is_bad)


def table(section, key):
    return next((block for block in section.blocks if getattr(block, "key", "") == key), None)


def texts(section):
    return " ".join(block.text for block in section.blocks if isinstance(block, Text))


def test_spoilt_outputs_get_figures_and_sentences():
    found = study(("a@1/canary", lambda t: t + 1), ("a@1/mismatched", lambda t: np.ones(N)),
                  ("a@1/padded", lambda t: t), ("a@1/reversed", lambda t: t - 1))  # fmt: skip
    cells = {row[2]: row for row in table(bias(found), "checks").rows}
    assert cells["planted instruction"][3].value == 1.0
    assert "1.00 points higher" in cells["planted instruction"][4]
    assert cells["order of questions"][3].value == -1.0
    assert cells["padding"][3].value == 0.0
    assert "Not clearly different" in cells["padding"][4]
    assert cells["mismatched pairs"][3].value == 1.0
    assert all(row[3].n_items >= N for row in cells.values())
    assert "Not measured here" not in texts(bias(found))


def test_where_a_high_value_is_bad_every_check_counts_what_is_kinder():
    """A point more of errors is a point less kind, whatever the juror was made to mind."""
    spoilt = [(f"a@1/{check}", lambda t: t + 1) for check in ("canary", "padded", "reversed", "swapped")]
    for high_is_bad, sign in (((), 1.0), (("clarity",), -1.0)):
        found = table(bias(study(*spoilt, high_is_bad=high_is_bad)), "checks")
        assert {row[2]: row[3].value for row in found.rows} == {
            "planted instruction": sign, "padding": sign,
            "order of questions": sign, "order of outputs": sign,
        }  # fmt: skip
        assert "higher is kinder" in found.note


def test_what_was_not_tried_is_said():
    said = texts(bias(study(("a@1/padded", lambda t: t))))
    assert "planted instructions" in said
    assert "padded outputs" not in said
    assert table(bias(study()), "checks") is None
    assert "padded outputs" in texts(bias(study()))


def test_attendance_by_hand():
    told = (
        Attendance("C1", "surgery", 10, 10, 2.0),
        Attendance("C2", "surgery", 10, 4, 4.0, left=True),
        Attendance("C3", "surgery", 10, 0, float("nan")),
    )
    section = people(replace(study(), attendance=told))
    *each, last = table(section, "taking_part").rows
    assert [row[:5] for row in each][1] == ("C2", "surgery", 10, 4, "yes")
    assert last[2:4] == (30, 14)
    assert last[4].value == pytest.approx(1 / 3)
    reach = stats.t.ppf(0.975, 1) * np.std([2, 4], ddof=1) / np.sqrt(2)
    assert (last[5].value, last[5].high) == pytest.approx((3.0, 3.0 + reach))
    assert table(section, "specialties").rows == (("surgery", "fewer than 5"),)


def test_a_file_knows_no_times():
    assert "time on task are not known here" in texts(people(study()))


def test_comprehensiveness_is_the_mean_over_clinicians():
    scores = [5, 4, 4, 3, 5, 4]
    cover = [("whole", f"C{k}", "clinician", "comprehensiveness", float(s)) for k, s in enumerate(scores)]
    found = taxonomy(made(cover))
    (row,) = table(found, "taxonomy_comprehensiveness").rows
    reach = stats.t.ppf(0.975, 5) * np.std(scores, ddof=1) / np.sqrt(6)
    assert row[1].n_items == 6
    assert (row[1].value, row[1].low) == pytest.approx((np.mean(scores), np.mean(scores) - reach))
    assert table(taxonomy(study()), "taxonomy_comprehensiveness") is None


def test_tripod_is_filled_from_the_data_and_names_its_gaps():
    known = {"a@1": {"model": "small-7b", "parameters": {"temperature": 0}, "template": "Judge it. " * 20}}
    rows = {
        row[0]: row[2] for row in table(methods(replace(study(), identities=known), ()), "tripod_llm").rows
    }
    assert rows["6a"] == f"a@1: model small-7b; the date is {GAP}"
    assert "'temperature': 0" in rows["6c"]
    assert "of 200 characters, SHA-256" in rows["6c"]
    bare = table(methods(study(), ()), "tripod_llm")
    assert {row[0]: row[2] for row in bare.rows}["6c"] == f"prompt: a@1: {GAP}. Parameters: a@1: {GAP}"
    assert f"open: {sum(GAP in words for *_, words in bare.rows)} of {len(bare.rows)}" in bare.note


def test_the_methods_paragraph_tells_of_what_was_there_only():
    def words(found):
        return next(block.text for block in methods(found, ()).blocks if isinstance(block, Text))

    asked = rows([("C1", "clinician", [0, 1] * 20), ("C2", "clinician", [0, 1, 1, 0] * 10)])
    told = words(made(asked))
    assert "intraclass" in told
    assert "judge" not in told
    spoken = pd.DataFrame(asked, columns=["item", "rater", "kind", "question", "number"])
    spoken = spoken.assign(value=spoken["number"].map({0: "no", 1: "yes"}), number=np.nan, status="answered")
    spoken = whole(spoken.assign(part="", occasion=1), None, plan=Plan(replicates=60))
    assert "intraclass" not in words(spoken)
    assert "Calibration" not in words(spoken)
    assert "Calibration is isotonic" in words(study())


def test_checklists_have_every_published_item_once_and_in_order():
    """GRRAS: Kottner 2011, table 1. TRIPOD-LLM: Gallifant 2025, table 2, 19 main items and their parts."""
    found = methods(study(), ())
    assert [row[0] for row in table(found, "grras").rows] == list(range(1, 16))
    parts = {3: "ab", 5: "abcde", 6: "abcde", 7: "abcde", 8: "abc", 9: "ab", 14: "abcdef", 16: "abcd",
             19: "abcdefg"}  # fmt: skip
    published = [f"{n}{part}" for n in range(1, 20) for part in parts.get(n, [""])]
    assert [row[0] for row in table(found, "tripod_llm").rows] == published


def test_checklists_tell_what_was_rated_how_often():
    rows = {row[0]: row[2] for row in table(methods(study(), ()), "tripod_llm").rows}
    assert rows["8b"] == "2 clinicians; 100% of what was rated by two or more; section 3"
    eleven = {row[0]: row[2] for row in table(methods(study(), ()), "grras").rows}[11]
    assert (
        eleven == "2 clinicians, 1 juror, 40 outputs, 0 ratings by clinicians on later occasions; section 2"
    )
