"""MedHELM's recipe step by step, spelled out here a second time with pandas and pingouin."""

import numpy as np
import pandas as pd
import pytest

from agreement.medhelm import clinician_clinician, composite, jury_clinician, zscored
from agreement.refusal import Refusal

NAN = float("nan")


def study(seed=0, items=56, clinicians=8, jurors=3):
    """One or two clinicians an item, three jurors on all, composites of three criteria."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=(items, 1))
    criteria = np.clip(np.round(3.5 + truth + rng.normal(size=(3, items, clinicians))), 1, 5)
    there = np.argsort(rng.random((items, clinicians)), axis=1) < rng.integers(1, 3, (items, 1))
    people = np.where(there, composite(criteria), NAN)
    return people, composite(np.clip(np.round(4 + 0.5 * truth + rng.normal(size=(3, items, jurors))), 1, 5))


def by_hand(values):
    frame = pd.DataFrame(values)
    return (frame - frame.mean()) / frame.std(ddof=1)


@pytest.mark.filterwarnings("ignore")  # pingouin's own use of pandas
def test_jury_and_clinicians_as_pingouin_would():
    pingouin = pytest.importorskip("pingouin")
    people, machines = study()
    columns = pd.DataFrame(
        {"clinicians": by_hand(people).mean(axis=1), "jury": by_hand(machines).mean(axis=1)}
    )
    columns = by_hand(columns.dropna()).rename_axis("item").reset_index()
    columns.columns = ["item", 0, 1]
    long = columns.melt("item", var_name="rater", value_name="z")
    theirs = pingouin.intraclass_corr(long, "item", "rater", "z").set_index("Type").loc["ICC(C,k)"]
    ours, r = jury_clinician(people, machines)
    assert ours.value == pytest.approx(theirs["ICC"], abs=1e-9)
    assert (ours.low, ours.high) == pytest.approx(tuple(theirs["CI95"]), abs=0.0051)
    assert r.value == pytest.approx(np.corrcoef(columns[0], columns[1])[0, 1])
    assert ours.value == pytest.approx(2 * r.value / (1 + r.value))


def test_pairs_of_clinicians_by_hand():
    people, _ = study()
    z = by_hand(people).to_numpy()
    made = []
    for a in range(8):
        for b in range(a + 1, 8):
            both = z[~np.isnan(z[:, [a, b]]).any(axis=1)][:, [a, b]]
            if len(both) < 2:
                continue
            x = both - both.mean(axis=0)
            rows = 2 * x.mean(axis=1).var(ddof=1)
            rest = ((x - x.mean(axis=1, keepdims=True)) ** 2).sum() / (len(x) - 1)
            if rows > 1e-12:
                made.append((rows - rest) / rows)
    ours = clinician_clinician(people, rng=np.random.default_rng(0))
    assert ours.value == pytest.approx(np.mean(made))
    assert ours.low < ours.value < ours.high
    assert f"{len(made)} pairs" in ours.method


def test_composites_need_every_criterion():
    criteria = [[[5.0, 3.0]], [[4.0, 3.0]], [[3.0, NAN]]]
    assert np.array_equal(composite(criteria), [[4.0, NAN]], equal_nan=True)
    with pytest.raises(Refusal, match="questions by items by raters"):
        composite([[1.0, 2.0]])


def test_scores_have_mean_0_and_sample_sd_1():
    z = zscored(study()[0])
    assert np.nanmean(z, axis=0) == pytest.approx(0, abs=1e-12)
    assert np.nanstd(z, axis=0, ddof=1) == pytest.approx(1)


@pytest.mark.parametrize("constant", [5.0, 0.1, 1e9 / 3, 0.0])
def test_a_rater_without_variance_is_left_out_and_named(constant):
    people, machines = study()
    flat = np.column_stack([people, np.full(len(people), constant)])
    assert np.isnan(zscored(flat)[:, -1]).all()
    ours, _ = jury_clinician(flat, machines)
    assert ours.value == jury_clinician(people, machines)[0].value
    assert "Clinician 9 left out: no variance" in " ".join(ours.notes)
    assert "Clinician 9" in " ".join(clinician_clinician(flat, rng=np.random.default_rng(0)).notes)


def test_a_jury_that_never_varies_has_no_figure():
    people, _ = study()
    ours, r = jury_clinician(people, np.full((56, 1), 5.0))
    assert not ours.defined
    assert not r.defined
    assert "0 items have a z-score on both sides" in ours.notes[0]


def test_the_recipe_forgives_leniency_and_says_so():
    people, machines = study()
    strict, lenient = jury_clinician(people, machines)[0], jury_clinician(people, 10 + 2 * machines)[0]
    assert lenient.value == pytest.approx(strict.value)
    assert "lenient" in " ".join(strict.notes)


def test_opposite_columns_have_no_icc_but_an_r():
    x = np.arange(10.0)[:, None]
    ours, r = jury_clinician(x, -x)
    assert not ours.defined
    assert r.value == -1


def test_clinicians_who_share_nothing_have_no_figure():
    values = np.full((8, 2), NAN)
    values[:4, 0], values[4:, 1] = np.arange(4), np.arange(4)
    assert "No pair" in clinician_clinician(values, rng=np.random.default_rng(0)).notes[0]


def test_other_items_are_refused():
    with pytest.raises(Refusal, match="56 items, the jury 55"):
        jury_clinician(study()[0], study()[1][:55])


def test_pairs_on_two_items_are_counted_because_their_icc_has_no_floor():
    # One pair shares 8 items and is nearly of one mind; the third clinician meets each of them on 2 items,
    # which she orders the other way round: their r is -1 by itself.
    values = np.full((10, 3), NAN)
    values[:8, 0], values[:8, 1] = np.arange(8), np.arange(8) + np.tile([0.1, -0.1], 4)
    values[[0, 7], 2], values[8:, 2] = [7, 0.5], [3, 4]
    ours = clinician_clinician(values, rng=np.random.default_rng(0))
    assert ours.value < -1
    assert "2 of 3 pairs share fewer than 5 items" in " ".join(ours.notes)
    assert "do not read it as agreement" in " ".join(ours.notes)
    many = clinician_clinician(values[:8, :2], rng=np.random.default_rng(0))
    assert "fewer than 5 items" not in " ".join(many.notes)
