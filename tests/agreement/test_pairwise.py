"""Pairwise F1 beside HealthBench's own figures on a toy, and beside scikit-learn on pairs."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from agreement.pairwise import pairwise_f1, physicians_f1

NAN = float("nan")
JUDGE = np.array([1.0, 0, 1])
PHYSICIANS = np.array([[1, 1, 0], [1, 0, NAN], [0, NAN, NAN]])


def test_healthbench_toy():
    # openai/simple-evals, healthbench_meta_eval.py, run on these labels
    found = pairwise_f1(JUDGE, PHYSICIANS)
    assert (found.precision_yes, found.precision_no) == pytest.approx((0.5, 0.5))
    assert (found.recall_yes, found.recall_no) == pytest.approx((2 / 3, 1 / 3))
    assert (found.f1_yes, found.f1_no) == pytest.approx((0.5714285714285714, 0.4))
    assert found.balanced_f1.value == pytest.approx(0.4857142857142857)


def test_pairs_by_scikit_learn():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 80)

    def flip(p):
        return np.where(rng.random(80) < p, 1 - truth, truth).astype(float)

    physicians, judge = np.column_stack([flip(0.2) for _ in range(3)]), flip(0.1)
    physicians[rng.random(physicians.shape) < 0.3] = np.nan
    seen = ~np.isnan(physicians)
    said, labels = np.repeat(judge[:, None], 3, axis=1)[seen], physicians[seen]
    found = pairwise_f1(judge, physicians, rng=rng, replicates=200)
    assert found.balanced_f1.value == pytest.approx(f1_score(labels, said, average="macro"))
    assert found.balanced_f1.low < found.balanced_f1.value < found.balanced_f1.high
    assert len(physicians_f1(physicians)) == 3


def test_nobody_says_no():
    assert not pairwise_f1(np.ones(5), np.ones((5, 2))).balanced_f1.defined
    assert not pairwise_f1(np.full(5, NAN), np.ones((5, 2))).balanced_f1.defined
