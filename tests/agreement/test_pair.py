"""Coefficients of two columns against scipy, scikit-learn and published examples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from agreement.pair.auroc import auroc, auroc_of_bad
from agreement.pair.bland_altman import bland_altman
from agreement.pair.kendall_tau import kendall_tau
from agreement.pair.lin import lin_ccc
from agreement.pair.pearson import pearson
from agreement.pair.spearman import spearman

NAN = float("nan")
SCIPY = {
    pearson: lambda x, y: stats.pearsonr(x, y).statistic,
    spearman: lambda x, y: stats.spearmanr(x, y).statistic,
    kendall_tau: lambda x, y: stats.kendalltau(x, y).statistic,
}


def correlated(n=40, rho=0.6, seed=0, points=None):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    y = rho * x + np.sqrt(1 - rho**2) * rng.normal(size=n)
    both = np.column_stack([x, y])
    return both if points is None else np.clip(np.round(both + (points + 1) / 2), 1, points)


@pytest.mark.parametrize("function", SCIPY, ids=lambda f: f.__name__)
@pytest.mark.parametrize("points", [None, 5])
def test_scipy_computes_the_same(function, points):
    z = correlated(points=points)
    assert function(z).value == pytest.approx(SCIPY[function](*z.T), abs=1e-12)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9)), min_size=4, max_size=30))
def test_ranks_and_pairs_are_scipys_whatever_the_ties(rows):
    z = np.array(rows, dtype=float)
    if (np.ptp(z, axis=0) == 0).any():
        assert not kendall_tau(z).defined
    else:
        assert kendall_tau(z).value == pytest.approx(stats.kendalltau(*z.T).statistic, abs=1e-9)
        assert spearman(z).value == pytest.approx(stats.spearmanr(*z.T).statistic, abs=1e-9)


def test_pearsons_interval_is_fishers():
    z = correlated()
    theirs = stats.pearsonr(*z.T).confidence_interval(0.9)
    ours = pearson(z, level=0.9)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_pearsons_interval_holds_at_the_ceiling_where_fishers_does_not():
    """300 studies of 100 outputs, most of them 5; the true r from a study of 200,000."""
    rng = np.random.default_rng(0)

    def study(n):
        latent = 4.8 + 0.85 * (rng.normal(size=(n, 1)) + rng.normal(size=(n, 2)))
        return np.clip(np.round(latent), 1, 5)

    true = stats.pearsonr(*study(200_000).T).statistic
    held = {"ours": 0, "fisher": 0}
    for _ in range(300):
        z = study(100)
        ours, fisher = pearson(z), stats.pearsonr(*z.T).confidence_interval()
        held["ours"] += ours.low <= true <= ours.high
        held["fisher"] += fisher.low <= true <= fisher.high
        noted = f"{fisher.low:.2f} to {fisher.high:.2f}" in " ".join(ours.notes)
        assert noted or (ours.low, ours.high) == pytest.approx((fisher.low, fisher.high))
    assert held["ours"] >= 0.92 * 300
    assert held["fisher"] <= 0.92 * 300


@pytest.mark.parametrize("function", [pearson, spearman, kendall_tau, lin_ccc], ids=lambda f: f.__name__)
@pytest.mark.parametrize("points", [None, 5])
def test_the_interval_over_cases_is_what_resampled_studies_show(function, points):
    """Each case alone: the influence interval against the spread of Fisher's z over 300 studies."""
    found = []
    for seed in range(300):
        z = correlated(n=60, seed=seed, points=points)
        found.append(function(z, cases=np.arange(60)))
    spread = np.std(np.arctanh([one.value for one in found]), ddof=1)
    half = np.mean([np.arctanh(one.high) - np.arctanh(one.value) for one in found])
    assert half / stats.t.ppf(0.975, 58) == pytest.approx(spread, rel=0.15)


@pytest.mark.parametrize("function", [pearson, spearman, kendall_tau, lin_ccc], ids=lambda f: f.__name__)
def test_repeating_items_within_a_case_narrows_nothing(function):
    z = correlated()
    once = function(z, cases=np.arange(40))
    thrice = function(np.repeat(z, 3, axis=0), cases=np.repeat(np.arange(40), 3))
    assert thrice.high - thrice.low == pytest.approx(once.high - once.low, rel=0.06)


def test_lin_is_its_definition():
    z = correlated() * [1, 1.5] + [0, 0.4]
    (x, y), (mx, my) = z.T, z.mean(axis=0)
    c = ((x - mx) * (y - my)).mean()
    expected = 2 * c / (x.var() + y.var() + (mx - my) ** 2)
    assert lin_ccc(z).value == pytest.approx(expected, abs=1e-12)
    assert lin_ccc(z).value <= pearson(z).value


def test_lin_of_a_constant_column_is_no_agreement_and_of_two_is_undefined():
    assert lin_ccc([[1, 3], [2, 3], [3, 3], [5, 3]]).value == 0
    assert not lin_ccc([[3, 3]] * 5).defined
    assert not pearson([[1, 3], [2, 3], [3, 3], [5, 3]]).defined


# Peak expiratory flow, Wright meter and mini meter, first readings: Bland & Altman, Lancet 1986.
PEFR = np.array(
    [
        [494, 512], [395, 430], [516, 520], [434, 428], [476, 500], [557, 600], [413, 364], [442, 380],
        [650, 658], [433, 445], [417, 432], [656, 626], [267, 260], [478, 477], [178, 259],
        [423, 350], [427, 451],
    ],
    dtype=float,
)  # fmt: skip


def test_bland_and_altmans_own_example():
    # The paper: mean difference (Wright − mini) −2.1, SD 38.8, limits −79.7 and 75.5 with 2 for 1.96;
    # 95 % interval of the bias −22.1 to 17.8.
    found = bland_altman(PEFR[:, ::-1])
    assert found.bias.value == pytest.approx(-2.1, abs=0.05)
    assert (found.bias.low, found.bias.high) == pytest.approx((-22.1, 17.8), abs=0.1)
    assert (found.upper.value - found.lower.value) / (2 * 1.959964) == pytest.approx(38.8, abs=0.05)


def test_limits_hold_the_stated_share():
    differences = np.random.default_rng(0).normal(1, 2, 20_000)
    found = bland_altman(np.column_stack([np.zeros(20_000), differences]))
    inside = (differences > found.lower.value) & (differences < found.upper.value)
    assert inside.mean() == pytest.approx(0.95, abs=0.005)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 1)), min_size=2, max_size=30))
def test_auroc_is_scikit_learns(rows):
    score, label = np.array(rows, dtype=float).T
    found = auroc(np.column_stack([score, label]))
    if label.min() == label.max():
        assert "both sorts" in found.notes[0]
    else:
        assert found.value == pytest.approx(roc_auc_score(label, score), abs=1e-12)
        assert 0 <= found.low <= found.value <= found.high <= 1


def test_the_delong_interval_covers():
    rng = np.random.default_rng(0)
    true = stats.norm.cdf(1 / np.sqrt(2))
    covered = 0
    for _ in range(300):
        label = (rng.random(80) < 0.3).astype(float)
        found = auroc(np.column_stack([rng.normal(size=80) + label, label]))
        covered += found.low <= true <= found.high
    assert 0.91 <= covered / 300 <= 0.98


def test_perfect_separation_still_has_an_interval():
    found = auroc([[1, 0], [2, 0], [3, 0], [4, 1], [5, 1], [6, 1]])
    assert found.value == 1.0
    assert found.low == pytest.approx(0.025 ** (1 / 3))


def test_a_low_metric_should_find_what_clinicians_call_bad():
    z = [[0.2, 1], [0.3, 2], [0.6, 4], [0.7, 5], [NAN, 1], [0.1, NAN]]
    found = auroc_of_bad(z)
    assert found.value == 1.0
    assert found.n_items == 4
    assert any("left out: 2" in note for note in found.notes)


def test_two_columns_are_needed():
    with pytest.raises(ValueError, match=r"items × 2; this has the shape \(3, 3\)"):
        pearson(np.ones((3, 3)))


def test_tau_of_many_distinct_scores_is_the_same(monkeypatch):
    z = correlated(300)
    with_table = kendall_tau(z)
    monkeypatch.setattr("agreement.pair.kendall_tau.CELLS", 10)
    without = kendall_tau(z)
    assert without.value == pytest.approx(with_table.value, abs=1e-12)
    assert without.high - without.low == pytest.approx(with_table.high - with_table.low, rel=0.2)


def test_the_interval_of_concordance_holds_with_few_items():
    """400 studies of 15 normal pairs, r 0.7 and no shift: the true concordance is 0.7."""
    rng, held = np.random.default_rng(6), 0
    for _ in range(400):
        x, error = rng.normal(size=(2, 15))
        ours = lin_ccc(np.column_stack([x, 0.7 * x + np.sqrt(1 - 0.49) * error]))
        held += ours.low <= 0.7 <= ours.high
    assert 0.925 * 400 <= held <= 0.98 * 400
