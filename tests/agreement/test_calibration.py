"""Maps onto the clinicians' scale: R's isotonic fit, recovery out of fold, coverage, storage."""

import json

import numpy as np
import pytest

from agreement.calibration import calibrate, conformal
from agreement.fitted_map import KINDS, Map, fit_map
from agreement.refusal import Refusal

# stats::isoreg in R and sklearn.isotonic.IsotonicRegression give this fit
JUDGE = np.array([1, 1.3, 2, 2.3, 2.7, 3, 3.3, 3.7, 4, 4.3, 4.7, 5])
CLINICIAN = np.array([2, 1, 2, 3, 2, 3, 4, 3, 4, 5, 4, 5.0])
FIT = [1.5, 1.5, 2, 2.5, 2.5, 3, 3.5, 3.5, 4, 4.5, 4.5, 5]


def lenient(seed=0, n=200):
    rng = np.random.default_rng(seed)
    truth = rng.normal(3, 0.8, n)
    clinicians = truth + rng.normal(0, 0.3, n)
    return truth + 0.9 + rng.normal(0, 0.3, n), clinicians


def test_isotonic_is_rs():
    assert fit_map(JUDGE, CLINICIAN).apply(JUDGE).tolist() == pytest.approx(FIT)


def test_isotonic_averages_ties_like_scikit_learn():
    from sklearn.isotonic import IsotonicRegression

    rng = np.random.default_rng(2)
    x, y = rng.integers(1, 6, 80).astype(float), rng.integers(1, 6, 80).astype(float)
    assert fit_map(x, y).apply(x) == pytest.approx(IsotonicRegression().fit(x, y).predict(x))


@pytest.mark.parametrize("kind", KINDS)
def test_a_lenient_judge_loses_its_bias_out_of_fold(kind):
    scores, clinicians = lenient()
    found = calibrate(scores, clinicians, rng=np.random.default_rng(1), kind=kind, replicates=200).figures
    assert found["bias before"].low > 0.5
    assert abs(found["bias after"].value) < 0.1
    assert found["mean absolute error after"].value < found["mean absolute error before"].value
    assert found["ICC(A,1) after"].value > found["ICC(A,1) before"].value


@pytest.mark.parametrize("kind", KINDS)
def test_noise_gains_nothing_out_of_fold(kind):
    rng = np.random.default_rng(3)
    found = calibrate(rng.normal(size=150), rng.normal(size=150), rng=rng, kind=kind, replicates=100).figures
    assert found["r after"].value < 0.2  # below 0 is usual: each fold's mean leans away from what it left out


def test_cases_are_never_split():
    # ten cases of ten items with one reference each: a map that saw the case would be perfect
    cases = np.repeat(np.arange(10), 10)
    rng = np.random.default_rng(5)
    reference = rng.normal(size=10)[cases]
    scores = cases.astype(float)
    split = calibrate(scores, reference, rng=rng, cases=cases, replicates=50).figures["r after"].value
    assert abs(split) < 0.9
    assert calibrate(scores, reference, rng=rng, replicates=50).figures["r after"].value > split


@pytest.mark.parametrize("kind", KINDS)
def test_maps_survive_json_and_rise(kind):
    scores, clinicians = lenient(4)
    fitted = fit_map(scores, clinicians, kind=kind, name="jury, accuracy")
    again = Map.of(json.loads(json.dumps(fitted.knots())))
    assert again == fitted
    assert (np.diff(again.apply(np.linspace(-1, 9, 50))) >= -1e-9).all()


def test_conformal_covers_new_items():
    covered = []
    for seed in range(60):
        scores, clinicians = lenient(seed, 120)
        fitted, half = conformal(scores, clinicians, rng=np.random.default_rng(seed), level=0.8)
        new, truth = lenient(1000 + seed, 200)
        covered.append((np.abs(fitted.apply(new) - truth) <= half.value).mean())
    assert 0.78 <= np.mean(covered) <= 0.88


def test_too_few_for_a_map_or_an_interval():
    with pytest.raises(Refusal, match="needs 10 items"):
        fit_map(JUDGE[:5], CLINICIAN[:5])
    _, half = conformal(np.tile(JUDGE, 2), np.tile(CLINICIAN, 2), rng=np.random.default_rng(0), level=0.95)
    assert not half.defined
    assert "it needs 19" in half.notes[0]


def test_constant_scores_and_wrong_knots():
    flat = fit_map(np.full(20, 5.0), np.tile([3.0, 4.0], 10), kind="linear")
    assert flat.apply(np.array([5.0]))[0] == pytest.approx(3.5)
    with pytest.raises(Refusal, match="rising x"):
        Map.of({"name": "m", "kind": "linear", "x": [2, 1], "y": [1, 2]})
