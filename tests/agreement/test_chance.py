"""Chance-corrected coefficients against R, scikit-learn and statsmodels."""

import numpy as np
import pytest
from scipy.stats import t
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa
from statsmodels.stats.inter_rater import fleiss_kappa as fleiss_of_statsmodels

from agreement.chance.brennan_prediger import brennan_prediger
from agreement.chance.cohen import cohen_kappa, light_kappa
from agreement.chance.conger import conger_kappa
from agreement.chance.fleiss import fleiss_kappa
from agreement.chance.gwet import gwet_ac
from agreement.chance.percent import percent_agreement

POINTS = (1, 2, 3, 4, 5)
OURS = {"ac": gwet_ac, "fleiss": fleiss_kappa, "conger": conger_kappa, "bp": brennan_prediger}


def error(found):
    """The standard error that the t interval was made from."""
    return (found.value - found.low) / t.ppf(0.975, found.n_items - 1)


@pytest.mark.parametrize("weighting", ["unweighted", "linear", "quadratic", "ordinal"])
@pytest.mark.parametrize("name", OURS)
def test_irrcac_values_and_standard_errors_with_missing_ratings(golden_categorical, name, weighting):
    case = golden_categorical["gwet_raw4raters"]
    found = OURS[name](np.array(case["data"], dtype=float), POINTS, weighting)
    value, standard_error = case["values"][weighting][name]
    assert found.value == pytest.approx(value, abs=6e-6)
    assert error(found) == pytest.approx(standard_error, abs=6e-6)
    assert found.high <= 1


def test_percent_agreement_is_irrcacs(golden_categorical):
    case = golden_categorical["gwet_raw4raters"]
    found = percent_agreement(np.array(case["data"], dtype=float), POINTS)
    assert [found.value, error(found)] == pytest.approx(case["percent"], abs=6e-6)


@pytest.mark.parametrize("weighting", ["unweighted", "quadratic"])
def test_conger_where_one_rater_rated_an_item_alone(golden_categorical, weighting):
    case = golden_categorical["krippendorff_2011"]
    found = conger_kappa(np.array(case["data"], dtype=float).T, POINTS, weighting)
    assert [found.value, error(found)] == pytest.approx(case["conger"][weighting], abs=6e-6)


def test_fleiss_1971(golden_categorical):
    case = golden_categorical["fleiss_1971"]
    values, points = case["data"], range(5)
    assert fleiss_kappa(values, points).value == pytest.approx(case["fleiss"], abs=1e-12)
    assert conger_kappa(values, points).value == pytest.approx(case["conger"], abs=1e-12)
    assert light_kappa(values, points).value == pytest.approx(case["light"], abs=1e-12)
    assert brennan_prediger(values, points).value == pytest.approx(case["randolph"], abs=1e-12)
    first_two = np.array(values)[:, :2]
    assert cohen_kappa(first_two, points).value == pytest.approx(case["cohen_raters12"], abs=1e-12)


def test_statsmodels_fleiss_is_the_same():
    values = np.random.default_rng(0).integers(1, 6, (60, 4))
    theirs = fleiss_of_statsmodels(aggregate_raters(values)[0])
    assert fleiss_kappa(values, POINTS).value == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("weighting", ["unweighted", "linear", "quadratic"])
def test_stuart_1953_vision(golden_categorical, weighting):
    case = golden_categorical["vision"]
    pairs = [(i, j) for i in range(4) for j in range(4) for _ in range(case["table"][i][j])]
    found = cohen_kappa(pairs, range(4), weighting)
    assert found.value == pytest.approx(case["kappa"][weighting], abs=1e-12)
    # n/(n − 1) in ours, n = 7477
    assert [found.low, found.high] == pytest.approx(case["interval"][weighting], abs=2e-6)


@pytest.mark.parametrize("weighting", [None, "linear", "quadratic"])
def test_scikit_learn_and_statsmodels_kappa_are_the_same(weighting):
    rng = np.random.default_rng(1)
    truth = rng.integers(1, 5, 80)  # nobody uses 5
    x, y = (np.where(rng.random(80) < 0.6, truth, rng.integers(1, 5, 80)) for _ in range(2))
    found = cohen_kappa(np.column_stack([x, y]), POINTS, weighting or "unweighted")
    assert found.value == pytest.approx(cohen_kappa_score(x, y, labels=POINTS, weights=weighting), abs=1e-12)
    table = np.zeros((5, 5))
    np.add.at(table, (x - 1, y - 1), 1)
    theirs = cohens_kappa(table, wt=weighting)
    low, high = theirs["kappa_low"], theirs["kappa_upp"]
    wider = np.sqrt(80 / 79)  # theirs divides the variance by n, ours by n − 1
    assert found.high - found.low == pytest.approx((high - low) * wider, rel=1e-6)


def test_weighted_kappa_runs_over_the_declared_scale(golden_categorical):
    case = golden_categorical["absent_category"]
    pairs = np.column_stack([case["x"], case["y"]])
    assert cohen_kappa(pairs, POINTS, "quadratic").value == pytest.approx(case["quadratic_labels_1to5"])
    assert cohen_kappa(pairs, (1, 4, 5), "quadratic").value == pytest.approx(case["quadratic_labels_1to5"])


def test_ac1_depends_on_the_declared_points_and_says_so(golden_categorical):
    case = golden_categorical["ac1_category_set"]
    assert gwet_ac(case["data"], (4, 5)).value == pytest.approx(case["AC1_observed_categories_q2"])
    assert gwet_ac(case["data"], POINTS).value == pytest.approx(case["AC1_scale_1to5_q5"])
    assert gwet_ac(case["data"], POINTS, "quadratic").value == pytest.approx(case["AC2_quadratic_q5"])
    assert any("how many points are declared" in note for note in gwet_ac(case["data"], POINTS).notes)


def test_cohen_and_conger_of_two_raters_are_one():
    pairs = np.random.default_rng(3).integers(1, 6, (50, 2))
    for weighting in ("unweighted", "linear", "quadratic"):
        ours = cohen_kappa(pairs, POINTS, weighting).value
        assert conger_kappa(pairs, POINTS, weighting).value == pytest.approx(ours, abs=1e-12)


def test_repeating_items_within_a_case_leaves_the_standard_error_as_it_is():
    values = np.random.default_rng(4).integers(1, 6, (30, 3))
    once = fleiss_kappa(values, POINTS)
    twice = fleiss_kappa(np.repeat(values, 2, axis=0), POINTS, cases=np.repeat(np.arange(30), 2))
    assert twice.value == pytest.approx(once.value)
    assert twice.high - twice.low == pytest.approx(once.high - once.low, rel=1e-9)


def test_within_one_point():
    found = percent_agreement([[1, 2], [3, 5], [4, 4]], POINTS, 1)
    assert found.value == pytest.approx(2 / 3)
    assert found.coefficient == "agreement within ±1"


def test_the_standard_error_is_what_resampled_studies_show():
    """Linearised standard errors against the spread over 400 simulated studies with missing ratings."""
    rng = np.random.default_rng(0)

    def study():
        truth = rng.integers(1, 4, (60, 1))
        values = np.where(rng.random((60, 4)) < 0.6, truth, rng.integers(1, 4, (60, 4))).astype(float)
        values[rng.random(values.shape) < 0.3] = np.nan
        return values

    for function in OURS.values():
        found = [function(study(), (1, 2, 3)) for _ in range(400)]
        spread = np.std([one.value for one in found], ddof=1)
        assert np.mean([error(one) for one in found]) == pytest.approx(spread, rel=0.12)


@pytest.mark.parametrize(
    ("items", "alone", "function"), [(30, 0, gwet_ac), (30, 0, cohen_kappa), (300, 240, gwet_ac)]
)
def test_the_reports_interval_holds_where_the_published_one_does_not(items, alone, function):
    """Quadratic weights at a ceiling, 30 items: too short. 240 of 300 items rated by one: twice too long."""
    rng = np.random.default_rng(5)

    def study(n, single):
        latent = (4.8 if not alone else 4.2) + 0.85 * (rng.normal(size=(n, 1)) + rng.normal(size=(n, 2)))
        values = np.clip(np.round(latent), 1, 5)
        values[:single, 1] = np.nan
        return values

    true = function(study(60_000, 60_000 * alone // items), POINTS, "quadratic").value
    made = []
    for _ in range(300):
        values = study(items, alone)
        pair = [function(values, POINTS, "quadratic", held=held) for held in (False, True)]
        assert pair[0].value == pair[1].value
        made.append([*(one.low <= true <= one.high for one in pair), *(one.high - one.low for one in pair)])
    published, ours, its_width, our_width = np.mean(made, axis=0)
    assert 0.92 <= ours <= 0.985
    assert published < ours if not alone else (published > 0.99 and our_width < 0.6 * its_width)
