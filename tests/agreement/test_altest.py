"""The alternative-annotator test beside its authors' figures on a toy, and beside a constant judge."""

import numpy as np
import pytest

from agreement.altest import alternative_annotator_test, baselines, beside_baselines
from agreement.refusal import Refusal

# 40 items; figures by the authors' implementation (github.com/nitaytech/AltTest) on the same columns
H1 = np.tile([1, 2, 3, 4, 5, 3, 2, 4, 5, 1], 4)
H2 = np.tile([1, 2, 3, 5, 5, 3, 1, 4, 4, 1], 4)
H3 = np.tile([2, 2, 4, 4, 5, 2, 2, 4, 5, 1], 4)
CLINICIANS = np.column_stack([H1, H2, H3]).astype(float)
JUROR = np.tile([1, 2, 3, 4, 4, 3, 2, 5, 5, 2], 4).astype(float)


@pytest.mark.parametrize("scoring", ["accuracy", "-RMSE"])
@pytest.mark.parametrize(
    ("epsilon", "p"),
    [
        (0.1, [0.9952182257615211, 0.21250086294521162, 0.21250086294521162]),
        (0.2, [0.9096137447914177, 0.05746393724417032, 0.05746393724417032]),
    ],
)
def test_authors_figures(scoring, epsilon, p):
    found = alternative_annotator_test(CLINICIANS, JUROR, scoring=scoring, epsilon=epsilon)
    assert [place.p for place in found.places] == pytest.approx(p, abs=1e-12)
    assert [place.advantage for place in found.places] == pytest.approx([0.7] * 3)
    assert found.winning_rate == 0
    assert not found.passed


def test_needs_are_said_when_they_are_not_met():
    few = alternative_annotator_test(CLINICIANS[:20], JUROR[:20])
    assert np.isnan(few.winning_rate)
    assert not few.passed
    assert "3 of 3 clinicians have fewer than 30 items" in few.notes[0]
    two = alternative_annotator_test(CLINICIANS[:, :2], JUROR)
    assert not two.advantage.defined


def test_small_samples_by_signed_ranks():
    found = alternative_annotator_test(CLINICIANS[:20], JUROR[:20], min_items=10, wilcoxon=True)
    assert all(0 < place.p < 1 for place in found.places)


def test_a_judge_that_always_says_five_passes_on_skewed_ratings_and_is_found_out():
    rng = np.random.default_rng(4)
    skewed = rng.choice([3, 4, 5], p=[0.05, 0.1, 0.85], size=(80, 3)).astype(float)
    judge = alternative_annotator_test(skewed, np.full(80, 5.0))
    assert judge.passed
    beside = {k: alternative_annotator_test(skewed, v) for k, v in baselines(skewed, rng).items()}
    assert "shows nothing" in beside_baselines(judge, beside)[0]


def test_length_baseline_keeps_the_clinicians_distribution():
    length = np.array([30.0, 10, 20, np.nan])
    column = baselines(np.array([[1.0], [3], [5], [np.nan]]), np.random.default_rng(0), length)["length"]
    assert column[:3].tolist() == [5, 1, 3]
    assert np.isnan(column[3])


def test_unknown_scoring_is_refused():
    with pytest.raises(Refusal, match="'rmse'"):
        alternative_annotator_test(CLINICIANS, JUROR, scoring="rmse")


def test_the_t_test_is_scipys():
    from scipy import stats

    from agreement.altest import _p_value

    lost = np.random.default_rng(0).integers(-1, 2, 40).astype(float)
    theirs = stats.ttest_1samp(lost, 0.2, alternative="less").pvalue
    assert _p_value(lost, 0.2, wilcoxon=False) == pytest.approx(theirs, rel=1e-12)
