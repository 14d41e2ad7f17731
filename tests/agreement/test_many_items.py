"""From 20,000 items on intervals are made in cheaper ways, which give what drawing the items gives."""

import numpy as np
import pytest

from agreement import contest as places
from agreement import kendall_w as concordance
from agreement.alpha import units
from agreement.alpha.krippendorff import LEVELS, alpha
from agreement.contest import contest
from agreement.fair import told
from agreement.kendall_w import kendall_w
from agreement.many import kinds, many, sums


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
    x = np.repeat(scores(2_000, 3), size, axis=0)  # the items of a case are alike
    cases = None if size == 1 else np.arange(2_000 * size) // size
    cheap = kendall_w(x, rng=np.random.default_rng(1), replicates=800, cases=cases)
    monkeypatch.setattr(concordance, "MANY", 10**9)
    drawn = kendall_w(x, rng=np.random.default_rng(2), replicates=800, cases=cases)
    assert cheap.value == drawn.value
    assert cheap.low == pytest.approx(drawn.low, abs=0.15 * (drawn.high - drawn.low))
    assert cheap.high == pytest.approx(drawn.high, abs=0.15 * (drawn.high - drawn.low))
    assert "jackknife" in cheap.method


@pytest.mark.parametrize("size", [1, 2])
def test_the_fair_comparison_of_many_items_has_the_interval_of_drawn_ones(size, monkeypatch):
    x = scores(20_000 * size, 4, missing=0.2)
    judge = np.where(np.isnan(x[:, 3]), 3.0, x[:, 3])
    cases = None if size == 1 else np.arange(20_000 * size) // size
    found = {}
    for way, seed in (("summed", 1), ("drawn", 2)):
        held = contest(
            x[:, :3], {"judge": judge}, ["ICC(A,1)", "r"], cases=cases, replicates=800,
            rng=np.random.default_rng(seed),
        )  # fmt: skip
        assert held.summed is (way == "summed")
        found[way] = [told(held, name, "judge") for name in ("ICC(A,1)", "r")]
        monkeypatch.setattr(places, "many", lambda *_: False)
    for cheap, drawn in zip(found["summed"], found["drawn"], strict=True):
        for one, other in zip(
            (cheap.juror, cheap.clinician, cheap.difference),
            (drawn.juror, drawn.clinician, drawn.difference),
            strict=True,
        ):
            assert one.value == other.value
            # Each end of 800 replicates has a standard error of some 2.5 % of the width: six of them.
            assert one.low == pytest.approx(other.low, abs=0.15 * (other.high - other.low))
            assert one.high == pytest.approx(other.high, abs=0.15 * (other.high - other.low))


def test_few_answers_besides_the_commonest_are_drawn_one_by_one():
    rare = np.where(np.arange(25_000) % 50 == 0, 4.0, 5.0)  # 500 of 25,000
    x = np.column_stack([rare, np.roll(rare, 25), np.roll(rare, 50)])
    rng = np.random.default_rng(0)
    held = contest(x[:, :2], {"judge": x[:, 2]}, ["r"], rng=rng, replicates=20)
    assert not held.summed
    whole = np.concatenate(list(kinds(np.array([24_500.0, 500.0]), 20, rng)))
    assert (whole == np.round(whole)).all()
    assert not many(25_000, rare)


def test_kinds_are_drawn_with_the_means_and_covariances_of_a_multinomial_whatever_the_block(monkeypatch):
    times = np.array([9_000.0, 8_000.0, 5_000.0, 0.0])
    n, p = times.sum(), times / times.sum()
    drawn = np.concatenate(list(kinds(times, 40_000, np.random.default_rng(3))))
    monkeypatch.setattr("agreement.many.CELLS", 28)
    again = np.concatenate(list(kinds(times, 40_000, np.random.default_rng(3))))
    assert (drawn == again).all()
    # The standard error of a mean is sd / 200, of a covariance some sd² / 140.
    assert drawn.mean(axis=0) == pytest.approx(times, abs=5 * np.sqrt(n * 0.25) / 200)
    assert np.cov(drawn.T) == pytest.approx(n * (np.diag(p) - np.outer(p, p)), abs=6 * n * 0.25 / 140)


def test_sums_have_the_covariance_of_drawn_items_also_where_some_do_not_vary():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(30_000, 2))
    added = np.column_stack([np.ones(len(x)), x[:, 0], x[:, 0] * 2, x[:, 1] ** 2])
    drawn = sums(added.sum(axis=0), added.T @ added, len(x), 40_000, rng)
    expected = len(x) * np.cov(added.T, ddof=0)
    assert drawn.mean(axis=0) == pytest.approx(added.sum(axis=0), abs=6 * np.sqrt(expected.max() / 40_000))
    assert np.cov(drawn.T) == pytest.approx(expected, abs=6 * expected.max() / 140)
    assert drawn[:, 2] == pytest.approx(2 * drawn[:, 1])
    assert (drawn[:, 0] == len(x)).all()
