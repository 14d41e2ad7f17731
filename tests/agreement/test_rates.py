"""Shares and corrected rates beside published figures, and their coverage."""

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from agreement.rates import rogan_gladen, share


@pytest.mark.parametrize(("hits", "n"), [(0, 7), (3, 10), (10, 10), (81, 263)])
def test_wilson_is_statsmodels(hits, n):
    e = share("x", hits, n)
    assert (e.low, e.high) == pytest.approx(proportion_confint(hits, n, method="wilson"), abs=1e-12)


# UW-Madison-Lee-Lab/LLM-judge-reporting, cases run with the authors' code
@pytest.mark.parametrize(
    ("p", "n", "q0", "m0", "q1", "m1", "theta", "interval"),
    [
        (0.4, 1000, 0.7, 200, 0.9, 200, 0.1666666666666668, [0.05635072484160894, 0.2627330257859588]),
        (0.82, 500, 0.85, 60, 0.9, 140, 0.8933333333333332, [0.8199524547954129, 0.9761425688622714]),
        (0.05, 300, 0.9, 50, 0.8, 50, 0.0, [0.0, 0.039024558152149294]),
    ],
)
def test_rogan_gladen_is_the_published_one(p, n, q0, m0, q1, m1, theta, interval):
    e = rogan_gladen(p, n, specificity=q0, n_good=m0, sensitivity=q1, n_bad=m1)
    assert e.value == pytest.approx(theta)
    assert [e.low, e.high] == pytest.approx(interval, abs=1e-9)


def test_rogan_gladen_covers_the_true_rate():
    rng, hits = np.random.default_rng(0), 0
    for _ in range(400):
        flags = rng.binomial(400, 0.3 * 0.8 + 0.7 * 0.1) / 400
        spec, sens = rng.binomial(120, 0.9) / 120, rng.binomial(120, 0.8) / 120
        e = rogan_gladen(flags, 400, specificity=spec, n_good=120, sensitivity=sens, n_bad=120)
        hits += e.low <= 0.3 <= e.high
    assert hits / 400 > 0.92


def test_a_coin_corrects_nothing():
    assert not rogan_gladen(0.5, 100, specificity=0.5, n_good=50, sensitivity=0.5, n_bad=50).defined
    assert not share("x", 0, 0).defined
