"""At a ceiling the report's ICC intervals hold; elsewhere they are the classical ones, to the last bit."""

import numpy as np
import pytest

from agreement.icc import FORMS, iccs
from agreement.icc_ceiling import crowd, held, stretch
from agreement.meansquares import mean_squares

SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7.0]]
)


def crowded(seed, items=60, raters=3):
    rng = np.random.default_rng(seed)
    latent = 0.9 * rng.normal(size=(items, 1)) + 0.8 * rng.normal(size=(items, raters))
    return np.clip(np.round(4.6 + latent), 1, 5)


def test_ratings_away_from_the_ends_keep_the_classical_interval():
    assert held(SHROUT_FLEISS, iccs(SHROUT_FLEISS)) == iccs(SHROUT_FLEISS)


@pytest.mark.parametrize("form", FORMS)
def test_at_a_ceiling_the_interval_is_wider_around_the_same_value_and_says_so(form):
    values = crowded(0)
    classical, ours = iccs(values)[form], held(values, iccs(values))[form]
    assert ours.value == classical.value
    assert ours.low < classical.low < classical.high < ours.high
    assert f"The classical F interval is {classical.low:.2f} to {classical.high:.2f}." in ours.notes[-1]


def test_the_crowded_end_is_found_at_the_bottom_too():
    values = crowded(0)
    assert crowd(6 - values) == crowd(values) == (values == 5).mean()


def test_mirroring_the_scale_changes_nothing():
    values = crowded(1)
    for form, ours in held(values, iccs(values)).items():
        other = held(6 - values, iccs(6 - values))[form]
        assert (other.low, other.high) == pytest.approx((ours.low, ours.high))


def test_a_few_items_that_carry_the_variance_stretch_it():
    # two items of 50 differ: their share of both sums of squares, and so each's influence, is large
    values = np.full((50, 3), 5.0)
    values[0], values[1] = [1, 2, 1], [2, 3, 1]
    even = np.repeat(np.arange(50.0)[:, None], 3, axis=1) + np.random.default_rng(0).normal(size=(50, 3))
    assert stretch(values, mean_squares(values), "C") > 5
    assert stretch(even, mean_squares(even), "C") < 1.5


def test_it_covers_where_the_classical_interval_does_not():
    """300 studies; consistency's true value from 200,000 items of the same design."""
    many = crowded(10**6, 200_000)
    true = iccs(many, forms=("ICC(C,1)",))["ICC(C,1)"].value
    hits = {"classical": 0, "held": 0}
    for seed in range(300):
        values = crowded(seed)
        classical = iccs(values, forms=("ICC(C,1)",))
        for name, found in (("classical", classical), ("held", held(values, classical))):
            hits[name] += found["ICC(C,1)"].low <= true <= found["ICC(C,1)"].high
    assert hits["held"] >= 0.91 * 300  # 95 % less three standard errors
    assert hits["held"] > hits["classical"]


def test_unrated_cells_and_constants_come_back_as_they_are():
    holes = crowded(2)
    holes[0, 0] = np.nan
    assert held(holes, iccs(holes)) == iccs(holes)
    same = np.full((10, 3), 5.0)
    made, plain = held(same, iccs(same))["ICC(A,1)"], iccs(same)["ICC(A,1)"]
    assert not made.defined
    assert made.notes == plain.notes
