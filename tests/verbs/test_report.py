"""`consilium report` of the demo study: the stored truth within its intervals, each juror called "
"what it is."""

import json
import shutil

import pytest

from cli import main
from data.demo import truth


@pytest.fixture(scope="module")
def report(demo_file, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    file = shutil.copy(demo_file, folder / "consilium.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONSILIUM_DATABASE_URL", f"sqlite:///{file}")
        assert main(["report", "demo", "--out", str(folder / "out"), "--replicates", "300"]) == 0
    return folder / "out"


def test_the_truth_lies_within_the_intervals(report):
    content = json.loads((report / "report.json").read_text(encoding="utf-8"))
    known, hits, asked = truth.stored(), [], 0
    for question in ("accuracy", "completeness", "clarity"):
        judges = content["judges"]
        for juror, bias in known[question]["juror_bias"].items():
            found = (
                judges[juror]["questions"][question]["figures"]["bias"] if juror != "juror-constant" else None
            )
            if found:
                asked += 1
                hits.append(found["low"] <= bias <= found["high"])
    assert sum(hits) >= asked - 1  # six intervals of 95 %


def test_the_truth_of_clinicians_lies_within_the_intervals_too(report):
    """ICC(A,1) of each question and the composite, and the severity of six clinicians on each: 28 figures."""
    figures = json.loads((report / "report.json").read_text(encoding="utf-8"))["figures"]
    told = {
        (f["question"], f["coefficient"], f["rater"]): (f["low"], f["high"])
        for f in figures
        if f["between"] == "clinician–clinician" and f["stratum"] == "all"
    }
    known = truth.stored()
    asked = {(q, "ICC(A,1)", ""): known[q]["icc_a1"] for q in known if q != "items"} | {
        (q, "severity", who): x for q in known if q != "items" for who, x in known[q]["severity"].items()
    }
    assert len(asked) == 28
    missed = [key for key, x in asked.items() if not told[key][0] <= x <= told[key][1]]
    assert len(missed) <= 4  # 28 intervals of 95 %, those of one clinician not independent: P(> 4) is 1.4 %


def test_the_checklist_is_filled_from_the_protocol_and_the_forms(report):
    rows = json.loads((report / "report.json").read_text(encoding="utf-8"))["tables"]["grras"]["rows"]
    said = {row[0]: row[2] for row in rows}
    assert "no training round" in said[4]
    assert said[7].startswith("who rates what was drawn before the first login: ")
    assert "raters were not shown which system wrote an output, nor " in said[8]
    assert "by personal link and alone on the form, in an order drawn for each" in said[9]


def test_at_a_glance_the_demo_has_three_of_the_four_published_figures(report):
    rows = json.loads((report / "report.json").read_text(encoding="utf-8"))["tables"]["glance_medhelm"][
        "rows"
    ]
    found = {row[0].partition("@")[0]: row[1] for row in rows}
    assert found.keys() == {"the jury and the clinicians", "one clinician and another", "rouge-l-f"}
    assert found["rouge-l-f"] < found["one clinician and another"]


def test_each_juror_is_called_what_it_is(report):
    judges = json.loads((report / "report.json").read_text(encoding="utf-8"))["judges"]
    answers = {judge: found["questions"]["composite"]["answer"] for judge, found in judges.items()}
    assert answers["juror-good"] == "use"
    assert answers["juror-lenient"] == "use calibrated and with review"
    assert answers["juror-constant"] == "do not use"
    assert "lenient" in " ".join(judges["juror-lenient"]["questions"]["composite"]["because"])


def test_an_unknown_study_exits_2(report, capsys, monkeypatch):
    monkeypatch.setenv("CONSILIUM_DATABASE_URL", f"sqlite:///{report.parent / 'consilium.db'}")
    assert main(["report", "nowhere", "--out", str(report)]) == 2
    assert "nowhere" in capsys.readouterr().err
