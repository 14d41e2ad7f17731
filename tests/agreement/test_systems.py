"""Systems as MedHELM counts them, by hand; rankings beside SciPy; intervals by simulation."""

import numpy as np
import pytest
from scipy import stats

from agreement.refusal import Refusal
from agreement.standing import standing
from agreement.systems import (
    detectable_difference,
    macro_average,
    normalised,
    paper_cost,
    paper_jury_cost,
    ranking_agreement,
    win_rates,
    win_spread,
)

SCORES = np.array([[0.8, 0.6, 0.4], [0.8, 0.7, 0.2], [0.3, 0.1, 0.4]])


def test_win_rate_by_hand():
    # benchmark 1: a ties b, beats c -> (1 + .5)/2; benchmark 2: beats c -> 1/2; benchmark 3: beats b, ties c
    assert win_rates(SCORES)[0] == pytest.approx((0.75 + 0.5 + 0.75) / 3)
    assert win_rates(SCORES).mean() == pytest.approx(0.5)


def test_win_spread_by_hand():
    # a strictly beats b on 1 of 3 and c on 2 of 3
    assert win_spread(SCORES)[0] == pytest.approx(np.std([1 / 3, 2 / 3]))


def test_a_benchmark_counts_for_those_that_ran_it():
    scores = np.array([[0.8, np.nan], [0.5, 0.9], [np.nan, 0.1]])
    assert win_rates(scores).tolist() == [1.0, 0.5, 0.0]
    assert macro_average(scores).tolist() == pytest.approx([0.8, 0.7, 0.1])


def test_normalisation():
    assert normalised(np.array([3.0])).tolist() == [0.5]
    with pytest.raises(Refusal):
        normalised(np.array([1.0]), 2, 2)


def items(seed=0, per=40):
    rng = np.random.default_rng(seed)
    truth = {"a": 0.8, "b": 0.6, "c": 0.5, "d": 0.3}
    names = np.repeat(list(truth), per)
    scores = np.array([truth[n] for n in names]) + rng.normal(0, 0.2, len(names))
    return scores, names, np.tile(["x", "y"], len(names) // 2)


def test_standing_brackets_its_points_and_orders_systems():
    scores, names, benchmarks = items()
    found = standing(scores, names, benchmarks, rng=np.random.default_rng(1), replicates=200)
    assert found.systems == ("a", "b", "c", "d")
    assert [e.value for e in found.macro] == sorted((e.value for e in found.macro), reverse=True)
    assert all(e.low <= e.value <= e.high for e in (*found.macro, *found.win_rate))
    assert found.macro[0].value == pytest.approx(
        np.mean([scores[(names == "a") & (benchmarks == b)].mean() for b in "xy"])
    )


def test_macro_average_intervals_cover():
    hits = 0
    for seed in range(150):
        scores, names, benchmarks = items(seed)
        e = standing(scores, names, benchmarks, rng=np.random.default_rng(seed), replicates=200).macro[0]
        hits += e.low <= 0.8 <= e.high
    assert hits / 150 > 0.88


def test_ranking_agreement_is_kendalls():
    scores, names, _ = items()
    other = scores + np.random.default_rng(5).normal(0, 2, len(scores))
    e = ranking_agreement(scores, other, names, rng=np.random.default_rng(0), replicates=200)
    means = [[x[names == n].mean() for n in "abcd"] for x in (scores, other)]
    assert e.value == pytest.approx(stats.kendalltau(*means).statistic)
    assert e.low <= e.value <= e.high
    assert not ranking_agreement(scores[:80], other[:80], names[:80], rng=np.random.default_rng(0)).defined


def test_a_difference_as_large_as_detectable_is_found_at_its_power():
    rng, hits = np.random.default_rng(0), 0
    names = np.repeat(["a", "b"], 50)
    gap = detectable_difference(rng.normal(size=100), names).value
    for _ in range(600):
        a, b = rng.normal(gap, 1, 50), rng.normal(0, 1, 50)
        hits += stats.ttest_ind(a, b).pvalue < 0.05
    assert 0.7 < hits / 600 < 0.9
    assert not detectable_difference(np.array([1.0, 2]), ["a", "b"]).defined


def test_the_papers_costs_by_hand():
    assert paper_cost(2e6, 10, 100, input_price=1e-6, output_price=1e-5) == pytest.approx(2 + 0.01)
    prices = {"a": (1e-6, 1e-5), "b": (2e-6, 1e-6)}
    by_hand = 2_001_000 * 1e-6 + 40_960 * 1e-5 + 2_001_000 * 2e-6 + 40_960 * 1e-6
    assert paper_jury_cost(2e6, 10, 100, prices) == pytest.approx(by_hand)


def test_tau_of_rankings_is_scipys_row_by_row():
    from agreement.systems import _tau

    a, b = np.random.default_rng(0).integers(0, 4, (2, 50, 5)).astype(float)
    theirs = [stats.kendalltau(u, v).statistic for u, v in zip(a, b, strict=True)]
    assert _tau(a, b) == pytest.approx(np.array(theirs), nan_ok=True)
    a[0, 0], b[1] = np.nan, 2.0  # a system without a mean, and no order at all
    assert np.isnan(_tau(a, b)[:2]).all()
