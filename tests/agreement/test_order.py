"""Kendall's W, rankings, preferences and Bradley–Terry."""

import numpy as np
import pytest
from scipy import stats

from agreement.bradley_terry import bradley_terry
from agreement.kendall_w import kendall_w
from agreement.ranking import preference_agreement, ranking_agreement

NAN = float("nan")


def test_w_is_a_function_of_friedmans_statistic():
    x = np.random.default_rng(0).integers(1, 6, (25, 4)).astype(float)  # many ties
    chi2 = stats.friedmanchisquare(*x).statistic  # items are the treatments, raters the blocks
    assert kendall_w(x).value == pytest.approx(chi2 / (4 * 24), abs=1e-12)


def test_w_follows_from_the_mean_spearman_without_ties():
    x = np.random.default_rng(1).normal(size=(12, 3))
    rho = np.mean([stats.spearmanr(x[:, a], x[:, b]).statistic for a, b in ((0, 1), (0, 2), (1, 2))])
    assert kendall_w(x).value == pytest.approx((1 + 2 * rho) / 3, abs=1e-12)


def test_a_replicate_of_w_is_w_of_the_repeated_items():
    from agreement.kendall_w import _w

    rng = np.random.default_rng(2)
    x, counts = rng.integers(1, 6, (15, 3)).astype(float), rng.integers(0, 4, 15)
    found = _w(x, np.stack([counts.astype(float), np.ones(15)]))
    assert found[0] == pytest.approx(kendall_w(np.repeat(x, counts, axis=0)).value, abs=1e-12)


def test_w_leaves_out_items_that_a_rater_left_out_and_says_so():
    x = np.random.default_rng(3).normal(size=(10, 3))
    y = np.vstack([x, [1, NAN, 2]])
    assert kendall_w(y).value == kendall_w(x).value
    assert "Items that a rater left out are left out: 1." in kendall_w(y).notes


def test_rankings_agree_by_mean_tau_within_items():
    rankings = np.array([[[1, 2, 3, 4], [1, 2, 4, 3], [2, 1, 3, 4]], [[1, 2, 3, 4], [4, 3, 2, 1], [NAN] * 4]])
    pairs = [(0, 1), (0, 2), (1, 2)]
    first = np.mean([stats.kendalltau(rankings[0, a], rankings[0, b]).statistic for a, b in pairs])
    assert ranking_agreement(rankings).value == pytest.approx((first - 1) / 2)


def test_preferences_agree_by_share_of_pairs():
    assert preference_agreement([[1, 1, -1, NAN]]).value == pytest.approx(1 / 3)
    assert preference_agreement([[2, 1, 0]]).value == pytest.approx(1 / 3)
    assert preference_agreement([[2, 1, 0]], ties=False).value == 1.0
    assert not preference_agreement([[1, NAN], [NAN, -1]]).defined


BASEBALL = {  # Agresti, Categorical Data Analysis: 1987 American League East, wins of the row over the column
    "Milwaukee": [0, 7, 9, 7, 7, 9, 11],
    "Detroit": [6, 0, 7, 5, 11, 9, 9],
    "Toronto": [4, 6, 0, 7, 7, 8, 12],
    "New York": [6, 8, 6, 0, 6, 7, 10],
    "Boston": [6, 2, 6, 7, 0, 7, 12],
    "Cleveland": [4, 4, 5, 6, 6, 0, 6],
    "Baltimore": [2, 4, 1, 3, 1, 7, 0],
}
PRINTED = {  # R BradleyTerry2, vignette: abilities beside Baltimore
    "Boston": 1.1077,
    "Cleveland": 0.6839,
    "Detroit": 1.4364,
    "Milwaukee": 1.5814,
    "New York": 1.2476,
    "Toronto": 1.2945,
}


def games():
    teams = list(BASEBALL)
    rows = [(a, teams[b]) for a in teams for b in range(7) for _ in range(BASEBALL[a][b])]
    return [a for a, _ in rows], [b for _, b in rows]


def test_agrestis_baseball():
    first, second = games()
    found = bradley_terry(first, second, np.ones(len(first))).systems
    for team, ability in PRINTED.items():
        assert found[team].value - found["Baltimore"].value == pytest.approx(ability, abs=5e-5)
    assert sum(one.value for one in found.values()) == pytest.approx(0, abs=1e-9)


def test_ties_solve_davidsons_equations():
    """At the maximum, expected wins plus half the ties, and expected ties, equal what was seen."""
    rng = np.random.default_rng(0)
    names = ["a", "b", "c"]
    order = np.array([rng.permutation(names) for _ in range(90)])
    first, second = (order[:, k].tolist() for k in (0, 1))
    outcome = rng.choice([0, 0.5, 1], 90)
    found = bradley_terry(first, second, outcome)
    strength = {name: np.exp(found.systems[name].value) for name in names}
    nu = np.exp(found.tie.value)
    seen, expected, ties = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0), 0.0
    for a, b, won in zip(first, second, outcome, strict=True):
        tie = nu * np.sqrt(strength[a] * strength[b])
        total = strength[a] + strength[b] + tie
        seen[a], seen[b] = seen[a] + won, seen[b] + 1 - won
        expected[a] += (strength[a] + tie / 2) / total
        expected[b] += (strength[b] + tie / 2) / total
        ties += tie / total
    assert expected == pytest.approx(seen, abs=1e-6)
    assert ties == pytest.approx((outcome == 0.5).sum(), abs=1e-6)


def test_two_systems_have_the_log_odds_and_its_wald_interval():
    found = bradley_terry(["a"] * 30, ["b"] * 30, [1] * 20 + [0] * 10).systems["a"]
    assert found.value == pytest.approx(np.log(2) / 2)
    error = np.sqrt(1 / 20 + 1 / 10) / 2
    assert found.high - found.value == pytest.approx(1.959964 * error, rel=1e-5)


def test_several_raters_of_one_item_do_not_count_as_items():
    outcome = [1] * 20 + [0] * 10
    once = bradley_terry(["a"] * 30, ["b"] * 30, outcome, cases=range(30)).systems["a"]
    five = bradley_terry(["a"] * 150, ["b"] * 150, np.repeat(outcome, 5), cases=np.repeat(range(30), 5))
    assert five.systems["a"].high == pytest.approx(once.high, abs=1e-9)


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        (["a", "a"], ["b", "b"], [1, 1]),
        (["a", "b", "c", "d"], ["b", "a", "d", "c"], [1, 1, 1, 1]),
        ([], [], []),
    ],
)
def test_strengths_without_finite_values_are_undefined(first, second, outcome):
    found = bradley_terry(first, second, outcome)
    assert found.tie is None
    assert all(not one.defined and one.notes for one in found.systems.values())


@pytest.mark.parametrize(
    ("first", "second", "outcome", "sentence"),
    [
        (["a"], ["a"], [1], "'a' is compared with itself"),
        (["a"], ["b"], [2], "2 is no outcome"),
        (["a"], ["b", "c"], [1], "differ in length"),
    ],
)
def test_refusals(first, second, outcome, sentence):
    with pytest.raises(ValueError, match=sentence):
        bradley_terry(first, second, outcome)
