"""Sentences recovered from labels of whole outputs, beside the oracle that saw every sentence's label."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from agreement.mmil import fit, sensitivity_to_rho
from agreement.mmil_checked import auroc, cross_validated
from agreement.refusal import Refusal


def simulated(seed=0, outputs=300, sentences=5, rate=0.13, apart=1.6):
    """Outputs of 5 sentences of which 13 % are bad, so that about half of the outputs have one."""
    rng = np.random.default_rng(seed)
    n = outputs * sentences
    bags = np.repeat(np.arange(outputs), sentences)
    positive = rng.random(outputs) < 0.5
    bad = (rng.random(n) < 2 * rate) & positive[bags]
    x = rng.normal(size=(n, 4)) + apart * bad[:, None] * np.array([1, 1, 0, 0])
    z = positive[bags]
    return x, bags, z, bad.astype(float), 1 - bad[z].mean()


def test_recovers_sentences_as_well_as_the_oracle_at_a_quarter_bad():
    gaps = []
    for seed in range(5):
        x, bags, z, bad, rho = simulated(seed)
        assert 0.2 < bad[z].mean() < 0.32  # about 25 bad ones in a hundred
        found = fit(x, bags, z, rho=rho)
        new, _, _, truth, _ = simulated(1000 + seed)
        oracle = LogisticRegression().fit(x, bad).predict_proba(new)[:, 1]
        gaps.append(auroc(oracle, truth).value - auroc(found.predict(new), truth).value)
    assert np.mean(gaps) < 0.01
    assert max(gaps) < 0.015


def test_probabilities_are_calibrated_where_inherited_labels_are_not():
    x, bags, z, bad, rho = simulated(7, outputs=600)
    found = fit(x, bags, z, rho=rho)
    assert found.probability.mean() == pytest.approx(bad.mean(), abs=0.03)
    assert found.predict(x).mean() == pytest.approx(bad.mean(), abs=0.04)
    assert z.mean() > 2 * bad.mean()


def test_likelihood_rises_and_stops():
    x, bags, z, _, rho = simulated(3)
    trail = fit(x, bags, z, rho=rho).likelihood
    assert trail[-1] > trail[0]
    assert len(trail) <= 20
    assert min(np.diff(trail)) > -1e-3


def test_known_labels_override_always():
    x, bags, z, bad, rho = simulated(4)
    known = np.full(len(bad), np.nan)
    known[:50] = 1 - bad[:50]  # even wrong ones
    found = fit(x, bags, z, rho=rho, known=known)
    assert found.probability[:50].tolist() == known[:50].tolist()


def test_any_probabilistic_classifier():
    x, bags, z, bad, rho = simulated(5)
    forest = RandomForestClassifier(60, min_samples_leaf=10, random_state=0)
    found = fit(x, bags, z, rho=rho, classifier=forest, rounds=5)
    assert auroc(found.probability, bad).value > 0.9


def test_order_hardly_depends_on_rho():
    x, bags, z, _, rho = simulated(6)
    found = sensitivity_to_rho(x, bags, z, [rho - 0.15, rho, rho + 0.15])
    orders = [p[z].argsort().argsort() for p in found.values()]
    assert np.corrcoef(orders[0], orders[2])[0, 1] > 0.95


def test_cross_validated_beside_overlap():
    x, bags, z, bad, rho = simulated(8)
    overlap = np.clip(0.8 - 0.3 * bad + np.random.default_rng(0).normal(0, 0.3, len(bad)), 0, 1)
    truth = np.where(np.random.default_rng(1).random(len(bad)) < 0.4, bad, np.nan)
    found = cross_validated(x, bags, z, truth, overlap, rho=rho, rng=np.random.default_rng(2))
    assert set(found) == {"mixture", "overlap", "difference"}
    assert found["difference"].value == pytest.approx(found["mixture"].value - found["overlap"].value)
    assert all(e.low < e.value < e.high for e in found.values())
    assert found["difference"].low > 0


def test_graded_labels_are_refused_and_so_are_mixed_ones():
    x, bags, z, _, _ = simulated(9)
    with pytest.raises(Refusal, match="no better than a coin"):
        fit(x, bags, np.where(z, 4, 2), rho=0.7)
    with pytest.raises(Refusal, match="same label"):
        fit(x, bags, np.ones(len(z)), rho=0.7)
    mixed = z.copy()
    mixed[0] = ~mixed[0]
    with pytest.raises(Refusal, match="different labels"):
        fit(x, bags, mixed, rho=0.7)
    with pytest.raises(Refusal, match="rho is 1"):
        fit(x, bags, z, rho=1.0)


def test_auroc_is_scikit_learns():
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(0)
    s, t = rng.integers(0, 5, 60).astype(float), rng.integers(0, 2, 60).astype(float)
    assert auroc(s, t).value == pytest.approx(roc_auc_score(t, s))
    assert not auroc(s, np.ones(60)).defined
