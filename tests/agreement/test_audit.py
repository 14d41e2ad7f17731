"""Planted biases are found with their size and sign, and their absence is not called a bias."""

import numpy as np
import pytest

from agreement import audit


def study(seed=0, n=200):
    rng = np.random.default_rng(seed)
    truth = rng.normal(3, 1, n)
    return rng, truth, truth[:, None] + rng.normal(0, 0.6, (n, 3)), truth + rng.normal(0, 0.5, n)


def planted(name, rng, truth, clinicians, judge):
    n = len(truth)
    words = rng.normal(300, 80, n)
    own = rng.random(n) < 0.3
    return {
        "level": lambda size: audit.level(judge + size, clinicians),
        "spread": lambda size: audit.spread((judge - 3) * np.exp(-size) + 3, clinicians),
        "length": lambda size: audit.length(judge + size * (words - 300) / 80, clinicians, words),
        "own family": lambda size: audit.family(judge + size * own, clinicians, own),
    }[name]


@pytest.mark.parametrize("name", ["level", "spread", "length", "own family"])
def test_a_planted_bias_is_found_and_none_is_not(name):
    measure = planted(name, *study())
    there, absent = measure(0.6), measure(0.0)
    sign = -1 if name == "spread" else 1
    assert sign * there.estimate.value > 0
    assert not there.estimate.low <= 0 <= there.estimate.high
    assert "Not clearly" not in there.sentence
    if name != "spread":  # this judge is less noisy than a clinician, so its spread is truly smaller
        assert absent.estimate.low <= 0 <= absent.estimate.high
        assert "Not clearly different from none" in absent.sentence


def test_halo_compares_questions_within_raters():
    rng = np.random.default_rng(1)
    quality = rng.normal(size=(150, 1))
    clinicians = 0.5 * quality[:, None, :] + rng.normal(size=(150, 3, 3))
    apart = 0.5 * quality + rng.normal(size=(150, 3))
    together = np.repeat(apart[:, :1], 3, axis=1) + 0.1 * rng.normal(size=(150, 3))
    assert audit.halo(together, clinicians).estimate.low > 0.3
    found = audit.halo(apart, clinicians).estimate
    assert found.low < 0 < found.high


def test_mismatched_pairs_and_tricks():
    rng = np.random.default_rng(2)
    blind = audit.mismatched(rng.integers(3, 6, 60).astype(float), rng.integers(3, 6, 60).astype(float))
    assert blind.estimate.low < 0.5 < blind.estimate.high
    sharp = audit.mismatched(rng.integers(3, 6, 60).astype(float), rng.integers(1, 4, 60).astype(float))
    assert sharp.estimate.low > 0.8
    assert audit.shifted("order", np.full(30, 3.0), np.full(30, 3.0), "reversed criteria").estimate.value == 0


def test_nothing_to_measure_is_said():
    nothing = audit.length(np.full(20, 5.0), np.full((20, 2), 5.0), np.arange(20.0))
    assert not nothing.estimate.defined
    assert nothing.sentence.startswith("Not measured")
    assert not audit.level(np.full(2, 5.0), np.full((2, 2), 5.0)).estimate.defined
    assert not audit.mismatched(np.array([1.0]), np.array([2.0])).estimate.defined
    assert not audit.halo(np.ones((20, 1)), np.ones((20, 2, 1))).estimate.defined
