"""The fair comparison: by hand, under the null, on incomplete designs and on what cannot be compared."""

import numpy as np
import pytest

from agreement.columns import NUMERIC, icc_a1, kappa
from agreement.estimate import Estimate
from agreement.fair import fair, naive, required_items
from agreement.refusal import Refusal
from agreement.weights import case_weights, percentile

CLINICIANS = np.array([[1, 2, 2], [3, 3, 4], [5, 4, 4], [2, 2, 3], [4, 5, 5], [3, 4, 2.0]])
JUROR = np.array([2, 3, 5, 3, 4, 3.0])


def rng(seed=0):
    return np.random.default_rng(seed)


def test_difference_is_the_mean_of_leave_one_out_differences():
    gaps = []
    for h in range(3):
        others = np.delete(CLINICIANS, h, axis=1).mean(axis=1)
        gaps.append(np.corrcoef(JUROR, others)[0, 1] - np.corrcoef(CLINICIANS[:, h], others)[0, 1])
    # six items are fewer than the sparse limit, so the comparison is asked on the items twice over
    doubled = fair(np.vstack([CLINICIANS] * 2), np.tile(JUROR, 2), rng=rng(), coefficient="r", replicates=50)
    assert doubled.difference.value == pytest.approx(np.mean(gaps))


def test_two_column_icc_is_the_anova_one():
    x, y = CLINICIANS[:, 0], CLINICIANS[:, 1]
    both = np.column_stack([x, y])
    n, k = both.shape
    grand = both.mean()
    msr = k * ((both.mean(1) - grand) ** 2).sum() / (n - 1)
    msc = n * ((both.mean(0) - grand) ** 2).sum() / (k - 1)
    sse = ((both - both.mean(1, keepdims=True) - both.mean(0) + grand) ** 2).sum()
    mse = sse / ((n - 1) * (k - 1))
    expected = (msr - mse) / (msr + (k - 1) * mse + k / n * (msc - mse))
    assert icc_a1(x, y, np.ones((1, n)))[0] == pytest.approx(expected)


@pytest.mark.parametrize("name", NUMERIC)
def test_weights_are_the_same_as_repeating_items(name):
    counts = np.array([2, 0, 1, 3, 1, 1])
    x, y = JUROR, CLINICIANS[:, 2]
    repeated = NUMERIC[name](np.repeat(x, counts), np.repeat(y, counts), np.ones((1, counts.sum())))
    assert NUMERIC[name](x, y, counts[None].astype(float))[0] == pytest.approx(repeated[0])


def test_kappa_against_one_other_is_cohens():
    from sklearn.metrics import cohen_kappa_score

    a, b = rng(3).integers(0, 3, (2, 60))
    ours = kappa(a.astype(float), np.eye(3)[b], np.ones((1, 60)))[0]
    assert ours == pytest.approx(cohen_kappa_score(a, b))


def simulated(seed, clinicians=3, items=60, per_item=None):
    r = rng(seed)
    ratings = r.normal(size=(items, 1)) + 1.3 * r.normal(size=(items, clinicians + 1))
    if per_item:
        for row in ratings:
            row[r.permutation(clinicians)[per_item:]] = np.nan
    return ratings[:, :-1], ratings[:, -1]


def test_an_exchangeable_juror_is_rarely_called_better_and_naively_often():
    better = {"fair": 0, "naive": 0}
    for seed in range(150):
        clinicians, juror = simulated(seed)
        better["fair"] += (
            fair(clinicians, juror, rng=rng(seed), coefficient="r", replicates=200).difference.low > 0
        )
        weights = next(case_weights(60, 200, rng(seed)))
        jury, pairs = naive(clinicians, juror, weights)
        better["naive"] += percentile(jury - pairs)[0] > 0
    assert better["fair"] / 150 <= 0.07
    assert better["naive"] / 150 > 0.15


def test_two_of_six_clinicians_an_item_is_enough():
    clinicians, juror = simulated(5, clinicians=6, items=120, per_item=2)
    found = fair(clinicians, juror, rng=rng(), coefficient="r", replicates=300)
    assert found.difference.defined
    assert found.difference.n_raters == 6
    assert len(found.places) == 6


def test_very_few_items_a_clinician_are_laid_end_to_end():
    clinicians, juror = simulated(6, clinicians=30, items=56, per_item=2)
    found = fair(clinicians, juror, rng=rng(), replicates=200)
    assert "end to end" in found.difference.method
    assert found.difference.low < found.difference.value < found.difference.high


def test_a_worse_juror_lies_below():
    clinicians, _ = simulated(7, items=200)
    found = fair(clinicians, rng(9).normal(size=200), rng=rng(), coefficient="r", replicates=300)
    assert found.difference.high < 0


def test_a_constant_juror_has_no_r_and_says_so():
    found = fair(CLINICIANS.repeat(3, axis=0), np.full(18, 5.0), rng=rng(), coefficient="r", replicates=30)
    assert not found.difference.defined
    assert "same score, 5, to all 18 items" in found.difference.notes[0]


def test_nothing_shared_is_undefined_not_an_error():
    alone = np.full((9, 2), np.nan)
    alone[:4, 0], alone[4:, 1] = 3, 4
    assert not fair(alone, np.arange(9.0), rng=rng()).difference.defined
    assert not fair(np.empty((0, 2)), np.empty(0), rng=rng()).difference.defined


def test_wrong_shapes_and_names_are_refused():
    with pytest.raises(Refusal, match="beside each other"):
        fair(CLINICIANS, JUROR[:3], rng=rng())
    with pytest.raises(Refusal, match="'ICC' is not"):
        fair(CLINICIANS, JUROR, rng=rng(), coefficient="ICC")


def test_whole_cases_are_drawn():
    cases = np.repeat(np.arange(10), 3)
    for block in case_weights(30, 20, rng(), cases):
        assert (block.reshape(-1, 10, 3) == block.reshape(-1, 10, 3)[:, :, :1]).all()


def test_items_needed_grow_with_the_square_of_the_interval():
    d = Estimate("difference in r", 0.0, -0.3, 0.3, n_items=50, n_raters=3)
    assert required_items(d, 0.1, power=0.5) == 450
    assert np.isnan(required_items(Estimate("d", -0.1, -0.3, 0.1, n_items=50), 0.1))


def test_studies_of_the_size_that_is_asked_for_settle_it_in_four_of_five():
    """Points of normal studies around a true difference of 0, their intervals as wide as n makes them."""
    now = Estimate("difference in r", 0.0, -0.3, 0.3, n_items=50, n_raters=3)
    n = required_items(now, 0.1)
    half = 0.3 * np.sqrt(50 / n)
    points = rng().normal(0, half / 1.96, 20_000)
    assert np.mean(points - half > -0.1) == pytest.approx(0.8, abs=0.01)


@pytest.mark.parametrize("name", NUMERIC)
def test_a_draw_of_one_item_is_undefined_and_never_infinite(name):
    weights = np.array([[1.0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0]])
    found = NUMERIC[name](JUROR, CLINICIANS[:, 0], weights)
    assert np.isnan(found[:3]).all()
    assert not np.isinf(found).any()
