"""The six ICCs of complete data: published figures, pingouin's answers, and what must not change them."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from agreement.icc import FORMS, icc, iccs
from agreement.meansquares import from_features, item_features, mean_squares
from agreement.refusal import Refusal

GOLDEN = json.loads((Path(__file__).parent / "golden_icc.json").read_text(encoding="utf-8"))
COMPLETE = ["shrout_fleiss_1979", "irr_anxiety", "irr_video"]
tables = arrays(
    float, st.tuples(st.integers(3, 12), st.integers(2, 6)), elements=st.integers(1, 5).map(float)
)


@pytest.mark.parametrize("name", COMPLETE)
@pytest.mark.parametrize("form", FORMS)
def test_values_and_bounds_are_those_of_r_psych(name, form):
    estimate = icc(GOLDEN[name]["data"], form)
    assert (estimate.value, estimate.low, estimate.high) == pytest.approx(GOLDEN[name]["icc"][form], abs=1e-9)


@pytest.mark.parametrize("form", FORMS)
def test_shrout_and_fleiss_printed_these(form):
    estimate = icc(GOLDEN["shrout_fleiss_1979"]["data"], form)
    assert round(estimate.value, 2) == GOLDEN["shrout_fleiss_1979"]["published"][form]
    assert (estimate.n_items, estimate.n_raters) == (6, 4)


@pytest.mark.filterwarnings("ignore")  # its own use of pandas
def test_pingouin_computes_the_same():
    pingouin = pytest.importorskip("pingouin")
    values = np.random.default_rng(3).normal(size=(25, 5)) + np.random.default_rng(4).normal(size=(25, 1))
    long = pd.DataFrame(values).stack().rename_axis(["item", "rater"]).rename("y").reset_index()
    theirs = pingouin.intraclass_corr(long, "item", "rater", "y").set_index("Type")
    for form, ours in iccs(values).items():
        assert ours.value == pytest.approx(theirs.loc[form, "ICC"], abs=1e-9)
        assert (ours.low, ours.high) == pytest.approx(tuple(theirs.loc[form, "CI95"]), abs=0.0051)


@pytest.mark.parametrize("form", FORMS)
def test_a_wider_level_holds_the_narrower(form):
    data = GOLDEN["irr_anxiety"]["data"]
    wide, narrow = icc(data, form, level=0.99), icc(data, form, level=0.5)
    assert wide.low < narrow.low < narrow.value < narrow.high < wide.high


def test_a_consistency_interval_is_the_f_distributions():
    """ICC(C,k) = 1 - 1/F; at level 1 - 2p its lower bound is 0 exactly where F's upper tail is p."""
    from scipy.stats import f

    data = np.array(GOLDEN["irr_anxiety"]["data"])
    ms = mean_squares(data)
    p = f.sf(float(ms.items / ms.error), 19, 38)
    assert icc(data, "ICC(C,k)", level=1 - 2 * p).low == pytest.approx(0, abs=1e-9)


def test_medhelms_printed_interval_follows_from_its_printed_value():
    """56 items, ICC(3,2) = 0.474: the paper prints 0.47 (0.10 to 0.69)."""
    x = np.random.default_rng(0).normal(size=(56, 2))
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    u, v = x[:, 0], x[:, 1] - x[:, 0] * (x[:, 0] @ x[:, 1]) / (x[:, 0] @ x[:, 0])
    v /= v.std()
    r = 0.474 / (2 - 0.474)
    estimate = icc(np.column_stack([u, r * u + math.sqrt(1 - r * r) * v]), "ICC(C,k)")
    assert (round(estimate.value, 3), round(estimate.low, 2), round(estimate.high, 2)) == (0.474, 0.10, 0.69)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([[3, 3], [3, 3], [3, 3]], "All ratings are the same"),
        ([[3, 4]], "at least 2 items"),
        ([[3], [4]], "at least 2 items and 2 raters"),
        (np.empty((0, 0)), "at least 2 items"),
        ([[1, 2], [1, None], [2, 3]], "1 of 6 cells"),
        ([[1, 2], [1, 2], [1, 2]], "No variance between items"),
    ],
)
def test_undefined_is_nan_with_its_reason(form, values, why):
    estimate = icc(values, form)
    assert math.isnan(estimate.value)
    assert math.isnan(estimate.low)
    assert why in estimate.notes[0]


def test_a_constant_with_rounding_noise_is_still_a_constant_item_mean():
    assert not icc([[0.1 + 0.2, 0.6], [0.3, 0.6], [0.3, 0.6]], "ICC(C,1)").defined


def test_negative_estimates_are_reported():
    estimate = icc([[1, 5], [5, 1], [2, 4], [4, 2.5]], "ICC(C,1)")
    assert estimate.value < -0.9


def test_perfect_agreement_is_one_and_a_pure_shift_is_perfect_consistency():
    perfect = np.repeat([[1.0], [3.0], [4.0]], 3, axis=1)
    assert all(estimate.value == 1 == estimate.low for estimate in iccs(perfect).values())
    shifted = iccs(perfect + np.arange(3))
    assert shifted["ICC(C,1)"].value == 1
    assert shifted["ICC(A,1)"].value < 0.8


def test_refusals():
    with pytest.raises(Refusal, match=r"ICC\(2,1\)"):
        icc([[1, 2], [2, 3]], "ICC(2,1)")
    with pytest.raises(Refusal, match="infinite"):
        icc([[1, 2], [2, np.inf]])
    with pytest.raises(Refusal, match="level"):
        icc([[1, 2], [2, 3]], level=95)


def test_notes_say_what_is_fragile():
    ceiling = np.full((40, 3), 5.0)
    ceiling[:3, :2] = 1
    notes = " ".join(icc(ceiling).notes)
    assert "95% of the ratings are 5 (ceiling)" in notes
    assert "Rater 3 gave every item the same score" in notes
    assert "fewer than 30" in " ".join(icc(ceiling[:10]).notes)


@given(tables, st.data())
def test_permuting_shifting_and_scaling_change_nothing(values, data):
    rows = data.draw(st.permutations(range(values.shape[0])))
    columns = data.draw(st.permutations(range(values.shape[1])))
    unrated = np.vstack([values, np.full(values.shape[1], np.nan)])
    for other in (values[rows][:, columns], 1e3 + 7 * values, unrated):
        for mine, theirs in zip(iccs(values).values(), iccs(other).values(), strict=True):
            assert (mine.value, mine.low, mine.high) == pytest.approx(
                (theirs.value, theirs.low, theirs.high), rel=1e-5, abs=1e-8, nan_ok=True
            )


def test_a_quantile_without_bound_leaves_an_interval():
    """Two raters who contradict each other: ICC(A,1)'s denominator has next to no degrees of freedom."""
    one = iccs(np.array([[1.0, 4], [3, 2], [1, 4], [1, 5], [1, 5]]))["ICC(A,1)"]
    assert one.low < one.value <= one.high < 0


@given(tables)
def test_sums_over_items_give_the_same_mean_squares(values):
    one, other = mean_squares(values), from_features(item_features(values).sum(axis=0))
    for name in ("items", "raters", "error", "within"):
        assert float(getattr(one, name)) == pytest.approx(float(getattr(other, name)), abs=1e-9)


@given(tables)
def test_the_average_form_is_spearman_brown_of_the_single(values):
    made = iccs(values)
    k = values.shape[1]
    for model in "1AC":
        single, average = made[f"ICC({model},1)"], made[f"ICC({model},k)"]
        if single.defined and average.defined:
            stepped = k * single.value / (1 + (k - 1) * single.value)
            assert average.value == pytest.approx(stepped, rel=1e-6, abs=1e-9)
