"""What more clinicians would buy, and what several say together, as the report shows them."""

import numpy as np
import pandas as pd
import pytest

from agreement.decision import Plan
from agreement.icc import iccs
from agreement.paper.compose import compose
from agreement.paper.whole import whole
from agreement.report.settings import Settings


def frame_of(values, spoken="{:g}".format):
    """Clinicians' answers, (items, raters), as a long frame with numbers or words."""
    rows = [
        (f"i{n:03}", f"C{k}", "clinician", spoken(value))
        for (n, k), value in np.ndenumerate(values)
        if not np.isnan(value)
    ]
    frame = pd.DataFrame(rows, columns=["item", "rater", "kind", "value"])
    number = pd.to_numeric(frame["value"], errors="coerce")
    return frame.assign(question="q", number=number, status="answered", part="", occasion=1)


def tables(values, spoken="{:g}".format):
    found = whole(frame_of(values, spoken), plan=Plan(replicates=60), settings=Settings(replicates=100))
    return {table.key: table for table in compose(found, title="T", provenance={}).tables()}


def test_of_complete_ratings_the_mean_of_as_many_clinicians_as_there_are_is_icc_a_k():
    rng = np.random.default_rng(0)
    latent = 3 + rng.normal(size=(60, 1)) + [-0.3, 0.0, 0.4] + rng.normal(size=(60, 3))
    scores = np.clip(np.round(latent), 1, 5)
    table = tables(scores)["reliability"]
    [row] = table.rows
    phi = dict(zip(table.columns, row, strict=True))
    known = iccs(scores)
    assert phi["3 clinicians"].value == pytest.approx(known["ICC(A,k)"].value)
    assert phi["1 clinician"].value == pytest.approx(known["ICC(A,1)"].value)
    assert phi["1 clinician"].value < phi["2 clinicians"].value < phi["8 clinicians"].value
    assert phi["outputs"] == f"{known['ICC(A,1)'].value:.0%}"  # of all variance, that between outputs


def test_one_figure_has_one_range_in_every_section():
    """Phi of one clinician is ICC(A,1), and of as many as there are ICC(A,k): to the ends of their ranges."""
    rng = np.random.default_rng(3)
    latent = 3 + rng.normal(size=(60, 1)) + [-0.3, 0.0, 0.4] + rng.normal(size=(60, 3))
    made = tables(np.clip(np.round(latent), 1, 5))
    phi = dict(zip(made["reliability"].columns, made["reliability"].rows[0], strict=True))
    told = {row[0]: row[2] for row in made["clinicians_q"].rows}
    for many, one in (("1 clinician", "ICC(A,1)"), ("3 clinicians", "ICC(A,k)")):
        for end in ("low", "high"):
            assert getattr(phi[many], end) == pytest.approx(getattr(told[one], end), abs=1e-9)


@pytest.mark.parametrize("spoken", ["{:g}".format, lambda value: "yes" if value else "no"])
def test_who_always_errs_weighs_nothing_in_what_clinicians_say_together(spoken):
    """Four clinicians, right on 9 of 10 outputs, and two who say yes to everything."""
    rng = np.random.default_rng(1)
    truth = (np.arange(200) < 60).astype(float)
    right = rng.random((200, 4)) < 0.9
    values = np.column_stack([np.where(right, truth[:, None], 1 - truth[:, None]), np.ones((200, 2))])
    table = tables(values, spoken)["together_q"]
    first, *people = table.rows
    assert first[1:] == pytest.approx((0.7, 0.3), abs=0.05)
    assert first[1] + first[2] == pytest.approx(1)
    for _, no, yes in people[:4]:
        assert no == pytest.approx(0.9, abs=0.07)
        assert yes == pytest.approx(0.9, abs=0.1)
    for _, no, yes in people[4:]:
        assert (no, yes) == pytest.approx((0, 1))
    assert "Of 200 outputs" in table.note


def test_two_clinicians_or_points_in_an_order_have_no_likely_answer():
    rng = np.random.default_rng(2)
    two = (rng.random((40, 2)) < 0.5).astype(float)
    points = rng.integers(1, 6, (40, 3)).astype(float)
    assert "together_q" not in tables(two)
    assert "together_q" not in tables(points)
