"""Prediction-powered means beside ppi_py's figures, and their coverage."""

import numpy as np
import pytest

from agreement.ppi import powered_mean

Y = np.array([4, 5, 3, 4, 5, 2, 4, 5, 4, 3, 5, 4, 1, 4, 5, 4, 3, 5, 4, 2.0])
F = np.array(
    [4.3, 4.7, 3.7, 4.0, 4.7, 3.0, 4.3, 5.0, 4.7, 3.3, 4.7, 4.0, 2.7, 4.3, 5.0, 4.0, 4.0, 4.7, 4.3, 2.3]
)  # fmt: skip
MORE = np.array(
    [4.3, 4.7, 4.0, 5.0, 3.3, 4.7, 2.7, 4.3, 4.0, 4.7, 5.0, 3.7, 4.3, 4.7, 4.0, 3.0, 4.7, 4.3, 5.0, 4.3, 4.0,
     3.7, 4.7, 2.3, 4.3, 4.7, 4.0, 5.0, 4.3, 3.3, 4.7, 4.3, 4.0, 4.7, 5.0, 3.7, 4.3, 4.0, 4.7, 3.0]
)  # fmt: skip


# ppi_py 0.2.3: ppi_mean_pointestimate and ppi_mean_ci(Y, Yhat, Yhat_unlabeled, alpha=0.05, lam=...)
@pytest.mark.parametrize(
    ("power", "value", "low", "high"),
    [
        (0.0, 3.8, 3.3080529442066657, 4.291947055793334),
        (1.0, 3.9000000000000004, 3.5989325295120036, 4.201067470487997),
        (None, 3.9000000000000004, 3.5989325295120036, 4.201067470487997),
    ],
)
def test_ppi_py(power, value, low, high):
    e = powered_mean(np.concatenate([Y, np.full(40, np.nan)]), np.concatenate([F, MORE]), power=power)
    assert (e.value, e.low, e.high) == pytest.approx((value, low, high), abs=1e-9)


def study(seed, useful):
    rng = np.random.default_rng(seed)
    truth = rng.normal(3.5, 1, 400)
    jury = (truth + 0.8 + rng.normal(0, 0.5, 400)) if useful else rng.normal(0, 1, 400)
    return np.where(rng.random(400) < 0.2, truth, np.nan), jury


@pytest.mark.parametrize("useful", [True, False])
def test_covers_and_never_costs(useful):
    covered, widths = 0, []
    for seed in range(300):
        rated, jury = study(seed, useful)
        e, alone = powered_mean(rated, jury), powered_mean(rated, jury, power=0.0)
        covered += e.low <= 3.5 <= e.high
        widths.append((e.high - e.low) / (alone.high - alone.low))
    assert covered / 300 > 0.91
    assert np.mean(widths) < (0.7 if useful else 1.02)


def test_outputs_of_one_case_widen_the_interval():
    rng = np.random.default_rng(1)
    case = np.repeat(np.arange(40), 5)
    rated = rng.normal(size=40)[case]
    jury = rated + rng.normal(0, 0.1, 200)
    rated = np.where(case < 20, rated, np.nan)
    apart, together = powered_mean(rated, jury), powered_mean(rated, jury, cases=case)
    assert together.high - together.low > 1.8 * (apart.high - apart.low)


def test_too_little():
    assert not powered_mean(np.array([1.0, np.nan]), np.array([1.0, 2.0])).defined
    whole = powered_mean(Y, F)
    assert whole.value == pytest.approx(Y.mean())
