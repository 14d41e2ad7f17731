"""Consensus of an item's raters, and Dawid–Skene on their own data."""

import numpy as np
import pytest

from agreement.consensus import majority, mean, median
from agreement.dawid_skene import dawid_skene, dawid_skene_long

NAN = float("nan")


def test_mean_and_median_pass_over_unrated_cells():
    x = np.array([[1, 2, 6], [4, NAN, 2], [NAN, NAN, NAN]])
    np.testing.assert_array_equal(mean(x), [3, 3, NAN])
    np.testing.assert_array_equal(median(x), [2, 3, NAN])


def test_half_is_no_majority():
    found = majority([[1, 1, 2, 2], [1, 1, 1, 2], [3, NAN, NAN, NAN]])
    np.testing.assert_array_equal(found.values, [NAN, 1, 3])
    assert found.outcomes == ("no majority", "majority", "majority")
    np.testing.assert_allclose(found.share, [0.5, 0.75, 1])


def test_dawid_and_skene_1979(golden_categorical):
    case = golden_categorical["dawid_skene_1979"]
    item, rater, value = np.array(case["data"]).T
    found = dawid_skene_long(item - 1, rater - 1, value, points=[1, 2, 3, 4])
    assert found.converged
    assert found.likelihood == pytest.approx(case["loglik"], abs=1e-5)
    np.testing.assert_allclose(found.prevalence, case["prevalence"], atol=1e-5)
    np.testing.assert_allclose(found.prevalence, case["published_prevalence"], atol=0.005)
    np.testing.assert_allclose(found.confusion[0], case["rater1_confusion"], atol=1e-3)
    assert found.values.tolist() == case["map_class"]


def test_it_recovers_truth_and_a_contrary_rater():
    rng = np.random.default_rng(0)
    truth = (rng.random(400) < 0.3).astype(float)
    right = np.array([0.9, 0.85, 0.8, 0.2])  # the last one answers the opposite
    given = np.where(rng.random((400, 4)) < right, truth[:, None], 1 - truth[:, None])
    given[rng.random(given.shape) < 0.2] = NAN
    found = dawid_skene(given, points=[0, 1])
    rated = ~np.isnan(found.values)
    assert (found.values[rated] == truth[rated]).mean() > 0.9
    assert found.confusion[3, 1, 0] == pytest.approx(0.8, abs=0.12)


def test_unrated_items_and_empty_tables_are_nan():
    found = dawid_skene([[1, 1], [NAN, NAN], [0, 0]], points=[0, 1])
    assert np.isnan(found.posterior[1]).all()
    assert np.isnan(found.values[1])
    assert np.isnan(dawid_skene(np.full((2, 2), NAN), points=[0, 1]).prevalence).all()
