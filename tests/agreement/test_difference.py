"""Differences on the same items, margins, and families of comparisons."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement.additive import icc_of, pearson
from agreement.bootstrap import Resampling
from agreement.crossed.icc import crossed_iccs, crossed_value
from agreement.difference import Arm, difference, noninferior
from agreement.family import adjusted
from agreement.refusal import Refusal


def trio(seed=0, n=60, noise=(0.5, 0.5)):
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=(n, 1))
    return np.column_stack([truth, truth + rng.normal(size=(n, 2)) * noise])


def arm(name, values, column):
    return Arm(name, pearson(), values[:, [0, column]])


def rng():
    return np.random.default_rng(2)


def test_the_difference_is_that_of_the_points_and_swaps_sign():
    values = trio()
    one = difference(arm("a", values, 1), arm("b", values, 2), rng=rng())
    other = difference(arm("b", values, 2), arm("a", values, 1), rng=rng())
    r = np.corrcoef(values.T)[0]
    assert one.value == pytest.approx(r[1] - r[2])
    assert (one.value, one.low, one.p) == pytest.approx((-other.value, -other.high, other.p))


def test_pairing_makes_it_sharper_than_two_samples_would_be():
    """Both coefficients rise and fall with the hard items; drawn apart, their variances would add."""
    rng_ = np.random.default_rng(0)
    truth, shared = rng_.normal(size=(200, 1)), rng_.normal(size=(200, 1))
    values = np.column_stack([truth, truth + shared + 0.1 * rng_.normal(size=(200, 2))])
    paired = difference(arm("a", values, 1), arm("b", values, 2), rng=rng())
    apart = difference(arm("a", values, 1), arm("b", values[::-1], 2), rng=rng())
    assert paired.high - paired.low < 0.3 * (apart.high - apart.low)


def test_a_real_difference_is_found_and_none_is_not_invented():
    noisy = trio(noise=(0.3, 2.0))
    assert difference(arm("a", noisy, 1), arm("b", noisy, 2), rng=rng()).p < 0.01
    alike = trio()
    assert difference(arm("a", alike, 1), arm("b", alike, 2), rng=rng()).p > 0.05


def test_the_share_of_false_alarms_is_the_nominal_one():
    """100 studies of two exchangeable raters: 5 expected, 14 or more has probability under 0.0005."""
    how = Resampling(400)
    alarms = 0
    for seed in range(100):
        values = trio(seed)
        alarms += difference(arm("a", values, 1), arm("b", values, 2), rng=rng(), how=how).p < 0.05
    assert alarms < 14


def test_a_margin_is_met_where_the_interval_lies_above_it():
    values = trio(n=300)
    one, other = arm("a", values, 1), arm("b", values, 2)
    wide, narrow = (noninferior(one, other, margin, rng=rng()) for margin in (0.5, 1e-4))
    assert wide.low > -0.5
    assert wide.p < 0.025
    assert wide.notes[-1].startswith("Non-inferior")
    assert narrow.p > 0.025
    assert narrow.notes[-1].startswith("Not shown")
    with pytest.raises(Refusal, match="margin"):
        noninferior(one, other, 0, rng=rng())


def test_coefficients_of_any_kind_compare_also_with_gaps():
    values = trio()
    values[:5, 1] = np.nan
    one = Arm("ICC", icc_of("ICC(A,1)"), values[:, :2])
    made = difference(one, arm("r", values, 2), rng=rng(), how=Resampling(100, cases=np.arange(60) // 2))
    assert made.defined
    assert made.n_items == 55
    assert "whole cases" in made.method


def test_incomplete_iccs_compare_by_their_reml_values():
    rng_ = np.random.default_rng(3)
    values = np.round(3 + rng_.normal(size=(40, 1)) + 0.8 * rng_.normal(size=(40, 5)))
    values[rng_.random(values.shape) < 0.4] = np.nan
    one, other = (Arm(f, crossed_value(f), values) for f in ("ICC(C,1)", "ICC(A,1)"))
    made = difference(one, other, rng=rng(), how=Resampling(60))
    both = crossed_iccs(values)
    assert made.value == pytest.approx(both["ICC(C,1)"].value - both["ICC(A,1)"].value)
    assert made.low <= made.value <= made.high


def test_two_way_says_what_it_does():
    values = trio()
    how = Resampling(50, raters=True)
    icc = Arm("ICC", icc_of("ICC(A,1)"), values)
    made = difference(icc, Arm("C", icc_of("ICC(C,1)"), values), rng=rng(), how=how)
    assert "drawn twice" in " ".join(made.notes)


def test_an_undefined_side_is_named():
    values = trio()
    flat = np.column_stack([values[:, 0], np.ones(60)])
    made = difference(arm("a", values, 1), Arm("constant", pearson(), flat), rng=rng())
    assert not made.defined
    assert made.notes[0].startswith("constant is not defined")
    assert math.isnan(noninferior(arm("a", values, 1), Arm("c", pearson(), flat), 0.1, rng=rng()).p)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_adjusted_p_values_are_statsmodels(p):
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    family = {str(i): one for i, one in enumerate(p)}
    for ours, theirs in (("holm", "holm"), ("benjamini-yekutieli", "fdr_by")):
        expected = multitest.multipletests(p, method=theirs)[1]
        assert list(adjusted(family, ours).values()) == pytest.approx(expected, abs=1e-12)


def test_an_undefined_comparison_stays_in_the_family():
    made = adjusted({"a": 0.01, "b": float("nan")})
    assert made["a"] == pytest.approx(0.02)
    assert math.isnan(made["b"])


def test_an_empty_family_and_wrong_input():
    assert adjusted({}) == {}
    with pytest.raises(Refusal, match="between 0 and 1"):
        adjusted({"a": 1.5})
    with pytest.raises(Refusal, match="bonferroni"):
        adjusted({"a": 0.5}, "bonferroni")
