"""G- and D-studies: Brennan's published figures, simulated components, and a rater with themselves."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from agreement.crossed.icc import crossed_iccs
from agreement.generalizability import d_study, g_study
from agreement.icc import icc, iccs
from agreement.own import over_occasions, over_repeats
from agreement.refusal import Refusal

GOLDEN = json.loads((Path(__file__).parent / "golden_icc.json").read_text(encoding="utf-8"))
BRENNAN = GOLDEN["gstudy_brennan_set1_pxi"]
GAPS = GOLDEN["gstudy_brennan_missing_henderson1"]


def cube(n, k, t, seed, sd=(1.0, 0.5, 0.6, 0.8)):
    rng = np.random.default_rng(seed)
    item, rater = sd[0] * rng.normal(size=(n, 1, 1)), sd[1] * rng.normal(size=(1, k, 1))
    return item + rater + sd[2] * rng.normal(size=(n, k, 1)) + sd[3] * rng.normal(size=(n, k, t))


def test_brennans_components_are_the_published_ones():
    study, published = g_study(BRENNAN["data"]), BRENNAN["published"]
    assert (study.item, study.rater, study.interaction) == pytest.approx(
        (published["var_p"], published["var_i"], published["var_pi"]), abs=5e-5
    )
    assert study.estimator.startswith("ANOVA")


@pytest.mark.parametrize(("raters", "key"), [(5, "D_5"), (10, "D_10")])
def test_brennans_d_study_is_the_published_one(raters, key):
    (point,) = d_study(g_study(BRENNAN["data"]), [raters])
    published = BRENNAN["published"][key]
    assert (point.relative.value, point.absolute.value) == pytest.approx(
        (published["rho2"], published["phi"]), abs=1e-3
    )
    assert point.absolute.low < point.absolute.value < point.absolute.high


def test_with_gaps_the_estimator_is_reml_and_says_so():
    """Brennan prints Henderson's moments, 0.0473, 0.0117, 0.1840; REML differs, by little."""
    study, moments = g_study(GAPS["data"]), GAPS["published"]["henderson1"]
    assert study.estimator == "REML"
    assert (study.item, study.rater, study.interaction) == pytest.approx(
        (moments["var_p"], moments["var_i"], moments["var_pi"]), abs=0.01
    )
    (point,) = d_study(study, [1])
    assert point.absolute.value == pytest.approx(crossed_iccs(GAPS["data"])["ICC(A,1)"].value)


def test_as_many_raters_as_there_were_give_the_average_iccs():
    data = GOLDEN["irr_anxiety"]["data"]
    (point,), made = d_study(g_study(data), [3]), iccs(data)
    assert point.relative.value == pytest.approx(made["ICC(C,k)"].value)
    assert point.absolute.value == pytest.approx(made["ICC(A,k)"].value)


def test_repeats_are_told_from_the_interaction():
    study = g_study(cube(400, 12, 3, 1))
    assert study.item == pytest.approx(1.0, abs=0.2)
    assert study.interaction == pytest.approx(0.36, abs=0.03)
    assert study.repeat == pytest.approx(0.64, abs=0.03)
    sparse = cube(400, 12, 3, 1)
    sparse[:, :, 1:][np.random.default_rng(2).random((400, 12, 2)) < 0.8] = np.nan
    study = g_study(sparse)
    assert study.estimator == "REML"
    assert study.interaction == pytest.approx(0.36, abs=0.06)
    assert study.repeat == pytest.approx(0.64, abs=0.05)


def test_more_raters_and_more_repeats_only_help():
    points = d_study(g_study(cube(40, 4, 2, 3)), range(1, 6), range(1, 4))
    grid = np.array([[p.absolute.value, p.relative.value] for p in points]).reshape(5, 3, 2)
    assert (np.diff(grid, axis=0) > 0).all()
    assert (np.diff(grid, axis=1) > 0).all()
    assert (grid[..., 1] >= grid[..., 0]).all()


@pytest.mark.parametrize("values", [np.empty((0, 0)), [[3, 3], [3, 3]], [[1, None], [None, 2]], [[1.0, 2.0]]])
def test_what_has_no_components_says_why(values):
    study = g_study(values)
    (point,) = d_study(study, [2])
    assert math.isnan(study.item)
    assert not point.absolute.defined
    assert point.absolute.notes[0] == study.notes[0] != ""


def test_negative_components_are_reported_and_count_as_nothing():
    study = g_study([[1, 5], [5, 1], [2, 4], [4, 2.5]])
    assert study.item < 0
    assert d_study(study, [2])[0].relative.value == 0


def test_refusals():
    with pytest.raises(Refusal, match="1 dimension"):
        g_study([1, 2, 3])
    with pytest.raises(Refusal, match="at least 1 rater"):
        d_study(g_study(BRENNAN["data"]), [0])


def test_a_raters_own_reliability_counts_drift_over_occasions_but_not_over_repeats():
    rng = np.random.default_rng(0)
    own = rng.normal(size=(60, 1)) + 0.3 * rng.normal(size=(60, 2))
    drifted = own + np.array([0, 1.5])
    assert over_occasions(own).value == icc(own, "ICC(A,1)").value
    assert over_occasions(drifted).value < over_occasions(own).value - 0.2
    assert over_repeats(own).value == icc(own, "ICC(1,1)").value
    assert over_repeats(own[:, ::-1]).value == pytest.approx(over_repeats(own).value)


def test_items_rated_once_say_nothing_about_it():
    rng = np.random.default_rng(0)
    own = rng.normal(size=(40, 1)) + 0.5 * rng.normal(size=(40, 3))
    own[30:, 1:] = np.nan
    own[:3, 2] = np.nan
    for made in (over_occasions(own), over_repeats(own)):
        assert made.n_items == 30
        assert "10 items left out: rated once." in made.notes
        assert made.defined
    assert "at least 2 items" in over_repeats([[1, None], [2, None]]).notes[0]
