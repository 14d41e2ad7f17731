"""From 20,000 items on intervals are made in cheaper ways, which give what drawing the items gives."""

import numpy as np
import pytest

from agreement import kendall_w as concordance
from agreement.alpha import units
from agreement.alpha.krippendorff import LEVELS, alpha
from agreement.kendall_w import kendall_w


def scores(n, raters, missing=0.0, seed=0):
    rng = np.random.default_rng(seed)
    made = np.clip(np.round(3 + rng.normal(0, 1, (n, 1)) + rng.normal(0, 1, (n, raters))), 1, 5)
    return np.where(rng.random(made.shape) < missing, np.nan, made)


@pytest.mark.parametrize("measured", LEVELS)
def test_alpha_of_many_items_is_that_of_their_kinds_with_the_interval_of_drawn_items(measured, monkeypatch):
    x = scores(20_000, 3, missing=0.2)
    cheap = alpha(x, measured, rng=np.random.default_rng(1), replicates=1000)
    monkeypatch.setattr(units, "MANY_ITEMS", 10**9)
    drawn = alpha(x, measured, rng=np.random.default_rng(2), replicates=1000)
    assert cheap.value == pytest.approx(drawn.value, abs=1e-12)
    assert (cheap.n_items, cheap.n_raters, cheap.notes) == (drawn.n_items, drawn.n_raters, drawn.notes)
    # Each end of 1,000 replicates has a standard error of some 2 % of the width: six of them.
    assert cheap.low == pytest.approx(drawn.low, abs=0.12 * (drawn.high - drawn.low))
    assert cheap.high == pytest.approx(drawn.high, abs=0.12 * (drawn.high - drawn.low))


def test_items_of_one_case_are_never_folded_together():
    x = scores(20_000, 3)
    whole = alpha(x, "interval", rng=np.random.default_rng(1), replicates=50, cases=np.arange(20_000) // 4)
    assert whole.method.startswith("case bootstrap")


def test_the_weight_of_an_item_moves_w_as_its_influence_says():
    x, step = scores(300, 4), 1e-4
    found = concordance._influence(x)
    for item in (0, 17, 299):
        up, down = np.ones(300), np.ones(300)
        up[item] += step
        down[item] -= step
        slope = (concordance._w(x, up[None, :])[0] - concordance._w(x, down[None, :])[0]) / (2 * step)
        assert found[item] == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize("size", [1, 4])
def test_w_of_many_items_has_the_interval_of_drawn_ones(size, monkeypatch):
    x = np.repeat(scores(20_000 // size, 3), size, axis=0)  # the items of a case are alike
    cases = None if size == 1 else np.arange(20_000) // size
    cheap = kendall_w(x, rng=np.random.default_rng(1), replicates=800, cases=cases)
    monkeypatch.setattr(concordance, "MANY_ITEMS", 10**9)
    drawn = kendall_w(x, rng=np.random.default_rng(2), replicates=800, cases=cases)
    assert cheap.value == drawn.value
    assert cheap.low == pytest.approx(drawn.low, abs=0.15 * (drawn.high - drawn.low))
    assert cheap.high == pytest.approx(drawn.high, abs=0.15 * (drawn.high - drawn.low))
    assert "jackknife" in cheap.method
