"""What more outputs and repeats would buy, and what each choice costs."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from agreement.decision import Plan
from agreement.paper.compose import compose
from agreement.paper.whole import Attendance, whole
from agreement.report.settings import Settings
from tests.agreement.test_paper import facts, frame

FEW = {"plan": Plan(replicates=60), "settings": Settings(replicates=100)}


def table(found, key="choices"):
    return {one.key: one for one in compose(found, title="t", provenance={}).tables()}[key]


@pytest.fixture(scope="module")
def found():
    return whole(frame(questions=("accuracy",)), facts(), **FEW)


def test_hours_and_dollars_are_those_of_the_people_and_of_the_replies(found):
    people = (Attendance("C0", "", 40, 40, 3.0), Attendance("C1", "", 40, 40, 5.0))
    told = table(replace(found, attendance=people, spent={"good <b>": 1.25, "five": 0.5})).rows
    assert found.outputs == 40
    assert told[1][1] == pytest.approx(40 * 2 * 4 / 60)  # two clinicians, four minutes, forty outputs
    assert told[-1][0].startswith("the jury alone")
    assert told[-1][-1] == pytest.approx(sum({"good <b>": 1.25, "five": 0.5}[name] for name in found.panel))
    unknown = table(replace(found, spent={"good <b>": float("nan"), "five": 0.5})).rows
    assert unknown[-1][-1] == table(found).rows[-1][-1] == "not known"


def test_more_outputs_narrow_the_interval_by_the_root_of_their_number(found):
    widths = dict(table(found, "widths").rows)
    assert widths[100] / widths[400] == pytest.approx(np.sqrt(399 / 99))


def test_a_juror_asked_again_is_stepped_up_by_spearman_and_brown():
    once = frame(questions=("accuracy",))
    juror = once[once["rater"] == "good <b>"]
    rng = np.random.default_rng(3)
    shaken = np.clip(juror["number"] + rng.integers(-1, 2, len(juror)), 1, 5)
    again = juror.assign(number=shaken, value=shaken.map("{:g}".format), occasion=2)
    found = whole(pd.concat([once, again], ignore_index=True), facts(), **FEW)
    [own] = [f for f in found.report.where(between="juror–self") if f.stratum == "all"]
    told = {row[0]: row[1] for row in table(found).rows}
    assert told["good <b> asked 1 time, accuracy"].value == pytest.approx(own.value)
    twice = told["good <b> asked 2 times, accuracy"]
    assert twice.value == pytest.approx(2 * own.value / (1 + own.value))
