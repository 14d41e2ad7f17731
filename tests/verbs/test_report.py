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
