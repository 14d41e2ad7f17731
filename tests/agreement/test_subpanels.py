"""The panel by mean, by median and by part: values by hand, and the same outputs in every row."""

import numpy as np
import pandas as pd
import pytest

from agreement.decision import Plan
from agreement.icc import iccs
from agreement.paper.sections.subpanels import panel_tables
from agreement.paper.whole import whole
from agreement.report.settings import Settings
from agreement.subpanels import subpanels

NAMES = ("a", "b", "c")


def scores(n=60):
    rng = np.random.default_rng(2)
    truth = rng.normal(3, 1, n)
    jurors = truth[:, None] + rng.normal(0, 0.5, (n, 3)) + np.array([0.0, 0.3, 2.0])
    return truth, jurors


def test_every_subset_of_three_by_hand():
    human, jurors = scores()
    found = subpanels(jurors, NAMES, human, rng=np.random.default_rng(0), count=200)
    columns = [
        jurors.mean(axis=1), np.sort(jurors, axis=1)[:, 1],
        jurors[:, :2].mean(axis=1), jurors[:, [0, 2]].mean(axis=1), jurors[:, 1:].mean(axis=1),
        *jurors.T,
    ]  # fmt: skip
    assert [one.by for one in found] == ["mean", "median", "mean", "mean", "mean", "", "", ""]
    whole_r = np.corrcoef(human, columns[0])[0, 1]
    for one, column in zip(found, columns, strict=True):
        r = np.corrcoef(human, column)[0, 1]
        assert one.order.value == pytest.approx(r)
        assert one.less.value == pytest.approx(r - whole_r)
        assert one.bias.value == pytest.approx((column - human).mean())
        assert one.level.value == pytest.approx(iccs(np.column_stack([human, column]))["ICC(A,1)"].value)
        assert one.order.low < one.order.value < one.order.high
    assert found[0].less.value == found[0].less.low == found[0].less.high == 0.0
    assert [one.level.value for one in found].index(max(one.level.value for one in found)) == 2  # without c


def test_rows_stand_on_outputs_that_all_rated_and_flat_ones_are_undefined():
    human, jurors = scores()
    jurors[:10, 0], human[10:15], jurors[:, 2] = np.nan, np.nan, 4.0
    found = subpanels(jurors, NAMES, human, rng=np.random.default_rng(0), count=100)
    assert {one.bias.n_items for one in found} == {45}
    assert not found[-1].order.defined
    assert "do not vary" in found[-1].order.notes[0]
    assert found[0].order.defined


def test_a_large_panel_is_shown_without_each_and_by_each():
    human, _ = scores()
    jurors = human[:, None] + np.random.default_rng(1).normal(0, 1, (60, 6))
    found = subpanels(jurors, list("abcdef"), human, rng=np.random.default_rng(0), count=50)
    assert [len(one.jurors) for one in found] == [6, 6, *[5] * 6, *[1] * 6]


def test_whole_cases_are_drawn_and_widen_the_range():
    human, jurors = scores(40)
    twice = subpanels(np.repeat(jurors, 4, axis=0), NAMES, np.repeat(human, 4), rng=np.random.default_rng(0),
                      count=400, cases=np.repeat(np.arange(40), 4))  # fmt: skip
    loose = subpanels(np.repeat(jurors, 4, axis=0), NAMES, np.repeat(human, 4), rng=np.random.default_rng(0),
                      count=400)  # fmt: skip
    wide, short = ([one.order.high - one.order.low for one in found] for found in (twice, loose))
    assert np.mean(wide) > 1.6 * np.mean(short)  # four copies of an output know as much as one: root of 4


def test_the_report_names_the_parts_in_words():
    human, jurors = scores()
    frame = pd.concat(
        pd.DataFrame({"item": [f"i{n}" for n in range(60)], "rater": name, "kind": kind, "number": said})
        for name, kind, said in (
            ("C1", "clinician", human), *((name, "juror", jurors[:, k]) for k, name in enumerate(NAMES))
        )
    )  # fmt: skip
    frame["number"] = frame["number"].round().clip(1, 5)
    frame = frame.assign(
        question="q", value=frame["number"].map("{:g}".format), status="answered", part="", occasion=1
    )
    made = whole(frame, plan=Plan(replicates=60), settings=Settings(replicates=100))
    (table,) = panel_tables(made)
    assert [row[0] for row in table.rows] == [
        "mean of all 3", "median of all 3", "mean without c", "mean without b", "mean without a",
        "a alone", "b alone", "c alone",
    ]  # fmt: skip
    assert table.rows[0][2] is None
    assert table.rows[1][2].n_items == 60
