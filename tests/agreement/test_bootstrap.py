"""The bootstrap by counts is the bootstrap by resampling, cases stay whole, and seeds decide alone."""

import numpy as np
import pytest

import agreement.resample
from agreement.additive import icc_of, pearson
from agreement.bootstrap import Resampling, bootstrap, interval, replicates
from agreement.icc import FORMS, icc
from agreement.refusal import Refusal
from agreement.resample import counted, counts, draws


def noisy(n=30, k=4, seed=0):
    rng = np.random.default_rng(seed)
    return np.round(3 + rng.normal(size=(n, 1)) + rng.normal(size=(n, k)))


def slowly(form):
    return lambda values: icc(values, form).value


@pytest.mark.parametrize("form", FORMS)
def test_counts_and_resampled_arrays_give_the_same_replicates(form):
    values = noisy()
    arms = [(icc_of(form), values), (slowly(form), values)]
    both = replicates(arms, rng=np.random.default_rng(1), how=Resampling(200))
    assert both[:, 0] == pytest.approx(both[:, 1], abs=1e-9, nan_ok=True)


def test_pearson_is_numpys_in_every_replicate():
    values = noisy(k=2)
    arms = [(pearson(), values), (lambda x: np.corrcoef(x.T)[0, 1], values)]
    both = replicates(arms, rng=np.random.default_rng(1), how=Resampling(200))
    assert both[:, 0] == pytest.approx(both[:, 1], abs=1e-9)


def test_whole_cases_are_drawn_whole():
    values = noisy()
    cases = np.repeat(np.arange(10), 3)
    seen = []

    def spy(sample):
        seen.append(sample)
        return slowly("ICC(A,1)")(sample)

    how = Resampling(100, cases=cases)
    both = replicates([(icc_of("ICC(A,1)"), values), (spy, values)], rng=np.random.default_rng(1), how=how)
    assert both[:, 0] == pytest.approx(both[:, 1], abs=1e-9)
    blocks = {values[3 * i : 3 * i + 3].tobytes() for i in range(10)}
    assert all(sample[3 * i : 3 * i + 3].tobytes() in blocks for sample in seen for i in range(10))


def test_duplicated_items_in_one_case_widen_nothing_but_as_items_they_narrow():
    values = noisy()
    twice = np.repeat(values, 2, axis=0)
    cases = np.repeat(np.arange(len(values)), 2)

    def width(data, cases=None):
        how = Resampling(1000, cases=cases)
        estimate = bootstrap("ICC", icc_of("ICC(C,1)"), data, rng=np.random.default_rng(1), how=how)
        return estimate.high - estimate.low

    assert width(twice, cases) == pytest.approx(width(values), rel=0.02)
    assert width(twice) < 0.85 * width(values)


@pytest.mark.parametrize("cells", [50, 1_000, 10**6])
def test_the_size_of_the_blocks_changes_no_figure(monkeypatch, cells):
    values = noisy()
    whole = bootstrap("ICC", icc_of("ICC(A,1)"), values, rng=np.random.default_rng(5))
    monkeypatch.setattr(agreement.resample, "CELLS", cells)
    assert bootstrap("ICC", icc_of("ICC(A,1)"), values, rng=np.random.default_rng(5)) == whole


def test_threads_change_no_figure():
    threadpoolctl = pytest.importorskip("threadpoolctl")
    values = noisy(n=3000, k=8)
    made = []
    for threads in (1, 2):
        with threadpoolctl.threadpool_limits(threads):
            made.append(bootstrap("ICC", icc_of("ICC(A,1)"), values, rng=np.random.default_rng(5)))
    assert made[0] == made[1]


def test_items_that_not_all_rated_are_left_out_of_a_complete_coefficient():
    values = noisy()
    values[4, 1] = np.nan
    assert icc_of("ICC(A,1)")(values) == pytest.approx(icc(np.delete(values, 4, axis=0)).value)


def test_undefined_replicates_are_said():
    assert "every replicate" in interval(np.full(10, np.nan))[2][0]
    assert interval(np.append(np.linspace(0, 1, 99), np.nan))[2] == ()
    assert not bootstrap("r", pearson(), np.ones((5, 2)), rng=np.random.default_rng(0)).defined


def test_arms_on_different_items_are_refused():
    with pytest.raises(Refusal, match="same items"):
        replicates([(pearson(), noisy(10)), (pearson(), noisy(11))], rng=np.random.default_rng(0))
    how = Resampling(10, cases=np.zeros(3, dtype=int))
    with pytest.raises(Refusal, match="case"):
        replicates([(pearson(), noisy(10))], rng=np.random.default_rng(0), how=how)


def test_two_way_draws_raters_too():
    values = noisy()
    how = Resampling(200, raters=True)
    one = replicates([(icc_of("ICC(C,1)"), values)], rng=np.random.default_rng(1), how=how)[:, 0]
    other = replicates([(slowly("ICC(C,1)"), values)], rng=np.random.default_rng(1), how=how)[:, 0]
    assert one == pytest.approx(other, abs=1e-9, nan_ok=True)
    assert np.nanstd(one) > 0


@pytest.mark.parametrize(("units", "count"), [(7, 30), (3000, 1400)])
def test_kept_draws_are_the_draws_themselves_and_the_generator_moves_on(units, count):
    plain, kept, again = (np.random.default_rng(5) for _ in range(3))
    for rng in (plain, kept, again):
        rng.integers(0, 3, 5)  # a half-used word is part of the state
    straight = np.concatenate([counts(block, units) for block in draws(units, count, plain)])
    for rng in (kept, again):
        made = np.concatenate(list(counted(units, count, rng)))
        assert np.array_equal(made, straight)
        assert rng.bit_generator.state == plain.bit_generator.state


def test_kept_draws_cannot_be_changed():
    block = next(counted(4, 3, np.random.default_rng(0)))
    with pytest.raises(ValueError, match="read-only"):
        block[0, 0] = 9.0
