"""The jury is the mean of the panel's jurors: checks and baselines stand beside it."""

import numpy as np
import pandas as pd
import pytest

from agreement.decision.jury import JURY
from agreement.panel import BASELINES, CHECKS, on_panel
from agreement.paper.whole import whole
from agreement.report import compare
from agreement.report.answers import answers
from agreement.report.settings import Settings
from annotate.jury import baselines, panel

OTHERS = ("a@1/mismatched", "a@1/padded", "b@2/canary", "random", "always-the-same")
QUICK = Settings(replicates=100)


def rows(jurors):
    rng = np.random.default_rng(4)
    truth = rng.normal(3, 1, 40)
    kinds = [(name, "clinician") for name in ("C1", "C2", "C3")] + [(name, "juror") for name in jurors]
    said = []
    for name, kind in kinds:
        noise = np.random.default_rng(sum(map(ord, name))).normal(0, 0.6, 40)
        scores = np.clip(np.round(truth + noise), 1, 5)
        said += [(f"i{n:02}", name, kind, "clarity", score) for n, score in enumerate(scores)]
    frame = pd.DataFrame(said, columns=["item", "rater", "kind", "question", "number"])
    value = frame["number"].map("{:g}".format)
    return frame.assign(value=value, status="answered", part="", occasion=1)


def test_every_check_and_baseline_that_a_jury_run_writes_is_known():
    assert set(panel.CONTROLS) == set(CHECKS)
    assert set(baselines.BASELINES) <= set(BASELINES)


@pytest.mark.parametrize("name", ["gpt", "huggingface/qwen2.5-7b-instruct", "a@1", "meta/random"])
def test_a_name_with_a_slash_is_a_juror(name):
    assert on_panel(name)


def test_the_jurys_mean_is_the_same_with_checks_and_baselines_beside_it():
    alone, beside = (answers(rows(names))[0] for names in (("a@1", "b@2"), ("a@1", "b@2", *OTHERS)))
    assert beside.jury == pytest.approx(
        beside.jurors[:, [0, beside.names["juror"].index("b@2")]].mean(axis=1)
    )
    assert beside.jury == pytest.approx(alone.jury)


@pytest.mark.parametrize("between", ["jury–clinician", "juror–juror"])
def test_no_figure_of_the_jury_moves_by_them(between):
    alone = compare(rows(("a@1", "b@2")), settings=QUICK).where(between=between)
    made = compare(rows(("a@1", "b@2", *OTHERS)), settings=QUICK)
    assert [f.plain() for f in made.where(between=between)] == [f.plain() for f in alone]
    assert {f.rater for f in made.where(between="juror–clinician")} == {"a@1", "b@2", *OTHERS}
    said = " ".join(made.questions[0].said)
    assert "The jury is the mean of a@1, b@2" in said
    assert "a@1/padded" in said


def test_the_report_decides_on_the_panel_and_never_on_a_spoilt_juror():
    found = whole(rows(("a@1", "b@2", *OTHERS)), settings=QUICK)
    alone = whole(rows(("a@1", "b@2")), settings=QUICK)
    assert found.sheets[JURY][0].verdicts == pytest.approx(alone.sheets[JURY][0].verdicts)
    assert list(found.verdicts) == [JURY, "a@1", "always-the-same", "b@2", "random"]


def test_baselines_alone_are_no_jury():
    found = whole(rows(("a@1", "random")), settings=QUICK)
    assert JURY not in found.sheets
    made = compare(rows(("random",)), settings=QUICK)
    assert not made.where(between="jury–clinician")
    assert "There is no jury" in " ".join(made.questions[0].said)


def test_a_study_names_its_jury_and_the_others_stand_beside_it():
    named = Settings(replicates=100, jury=("a@1",))
    one = answers(rows(("a@1", "b@2")), jury=named.jury)[0]
    assert one.jury == pytest.approx(one.jurors[:, one.names["juror"].index("a@1")], nan_ok=True)
    made = compare(rows(("a@1", "b@2")), settings=named)
    assert "never enter it: b@2" in " ".join(made.questions[0].said)
    assert whole(rows(("a@1", "b@2")), settings=named).panel == ("a@1",)


def test_a_juror_of_the_jury_that_says_one_thing_is_pointed_out():
    frame = rows(("a@1", "b@2"))
    frame.loc[frame["rater"] == "b@2", ["number", "value"]] = [5.0, "5"]
    assert "b@2 gave one answer to everything" in " ".join(compare(frame, settings=QUICK).questions[0].said)
