"""Which sentences to look at first, when clinicians said only that an output has a bad one somewhere."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import special

from agreement.array import Array
from agreement.refusal import Refusal

NOT_LIKERT = (
    "Sentence help needs a strict yes or no about the whole output, such as 'contains any unsupported "
    "statement'; graded answers (here {}) do not say whether a bad sentence is there, and the method was "
    "no better than a coin on them."
)


class Classifier(Protocol):
    """Any scikit-learn probabilistic classifier."""

    def fit(self, X: Any, y: Any, sample_weight: Any = ...) -> Any:
        """Fit on weighted rows."""

    def predict_proba(self, X: Any) -> Any:
        """Return the probabilities of both classes."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What the mixture model found.

    Attributes
    ----------
    probability : array of shape (sentences,)
        Calibrated probability that the sentence is bad, its output's label taken into account; known
        labels as they are.
    zeta : float
        Share of sentences in bad outputs where the model is used.
    shift : float
        Added to the classifier's logit for a sentence of an output that nobody has labelled.
    likelihood : tuple of float
        Observed-data log-likelihood a sentence, one a round.
    """

    classifier: Classifier
    probability: Array
    rho: float
    zeta: float
    shift: float
    likelihood: tuple[float, ...]

    def predict(self, features: Any, *, positive_bag: bool = False) -> Array:
        """Return probabilities for new sentences; with `positive_bag` they belong to a bad output."""
        eta = _logit(self.classifier, features) + self.shift
        return np.asarray(special.expit(eta + (_known_positive(self.rho, self.zeta) if positive_bag else 0)))


def fit(
    features: Any,
    bags: Sequence[object] | NDArray[Any],
    bag_labels: NDArray[Any],
    *,
    rho: float,
    zeta: float | None = None,
    known: Array | None = None,
    classifier: Any = None,
    rounds: int = 20,
    patience: int = 3,
    gain: float = 1e-4,
) -> Fitted:
    """Fit a classifier of sentences from labels of whole outputs, by EM.

    Parameters
    ----------
    features : array of shape (sentences, features)
    bags : sequence of shape (sentences,)
        Which output each sentence belongs to.
    bag_labels : array of shape (sentences,)
        1 where clinicians said that the sentence's output has a bad statement, else 0.
    rho : float
        P(a sentence is fine | its output has a bad one), between 0 and 1. Unknown: try several (see
        `sensitivity_to_rho`).
    zeta : float, optional
        P(a sentence belongs to a bad output) where the model will be used; None takes it from the data.
    known : array of shape (sentences,), optional
        1 or 0 where a clinician judged the sentence itself, NaN elsewhere. Always overrides.
    classifier : scikit-learn classifier, optional
        Anything with `fit(X, y, sample_weight)` and `predict_proba`. Default: logistic regression.

    Raises
    ------
    Refusal
        For labels that are not a strict yes or no, or where all outputs have the same one.

    Notes
    -----
    Mixture Modeling for Multiple Instance Learning, arXiv 2406.08322. It takes it that an output without
    a bad statement has no bad sentence; where that is violated in a quarter of the sentences it falls off.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> bad = rng.random(600) < 0.1
    >>> bags = np.repeat(np.arange(120), 5)
    >>> labels = np.bincount(bags, bad)[bags] > 0
    >>> x = rng.normal(size=(600, 2)) + 2.5 * bad[:, None]
    >>> found = fit(x, bags, labels, rho=0.75)
    >>> bool(found.probability[bad].mean() > 3 * found.probability[~bad].mean())
    True
    """
    from sklearn.base import clone
    from sklearn.linear_model import LogisticRegression

    z = strict_labels(bag_labels, bags)
    if not 0 < rho < 1:
        raise Refusal(f"rho is {rho:g}; as a probability it must lie between 0 and 1, ends excluded.")
    share = float(z.mean()) if zeta is None else zeta
    model = LogisticRegression(max_iter=1000) if classifier is None else classifier
    labels = np.full(len(z), np.nan) if known is None else np.asarray(known, float)
    y = _overridden(np.where(z, 1 - rho, 0.0), labels)
    x = np.asarray(features)
    trail: list[float] = []
    still = 0
    for _ in range(rounds):
        model = clone(model)
        fitted, eta = _m_step(model, x, y)
        trail.append(_likelihood(eta, z, rho) / len(z))
        still = still + 1 if len(trail) > 1 and trail[-1] - trail[-2] < gain else 0
        y = _overridden(_e_step(eta, z, rho, share), labels)
        if still >= patience:
            break
    return Fitted(fitted, y, rho, share, _case_control(z, rho, share), tuple(trail))


def sensitivity_to_rho(
    features: Any,
    bags: Sequence[object] | NDArray[Any],
    bag_labels: NDArray[Any],
    rhos: Sequence[float],
    **rest: Any,
) -> dict[float, Array]:
    """Return the sentences' probabilities under several rho: what does not move is worth believing."""
    return {rho: fit(features, bags, bag_labels, rho=rho, **rest).probability for rho in rhos}


def strict_labels(bag_labels: NDArray[Any], bags: Sequence[object] | NDArray[Any]) -> NDArray[np.bool_]:
    """Return the labels as yes or no; a refusal where they are graded, all alike, or differ in an output."""
    labels = np.asarray(bag_labels, dtype=float)
    points = np.unique(labels)
    if not np.isin(points, (0.0, 1.0)).all():
        raise Refusal(NOT_LIKERT.format(", ".join(f"{p:g}" for p in points[:7])))
    if len(points) < 2:
        raise Refusal("All outputs have the same label, so no sentence can be told from another.")
    codes = numbered(bags)
    share = np.bincount(codes, labels) / np.bincount(codes)
    if not np.isin(share, (0.0, 1.0)).all():
        raise Refusal("Sentences of one output carry different labels of the output; give each output one.")
    return np.asarray(labels == 1)


def numbered(groups: Sequence[object] | NDArray[Any]) -> NDArray[np.intp]:
    """Return groups as numbers from 0."""
    return np.unique(np.asarray(groups, dtype=str), return_inverse=True)[1].reshape(-1)


def _overridden(y: Array, labels: Array) -> Array:
    return np.where(np.isnan(labels), y, labels)


def _m_step(model: Any, x: Array, y: Array) -> tuple[Any, Array]:
    """Fit on soft labels: each sentence twice, once as bad and once as fine."""
    weights = np.concatenate([y, 1 - y])
    used = weights > 0
    twice, target = np.concatenate([x, x])[used], np.repeat([1, 0], len(y))[used]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a classifier's own worries about convergence
        model.fit(twice, target, sample_weight=weights[used])
    return model, _logit(model, x)


def _logit(model: Any, x: Any) -> Array:
    chance = np.clip(np.asarray(model.predict_proba(x))[:, 1], 1e-9, 1 - 1e-9)
    return np.asarray(special.logit(chance))


def _likelihood(eta: Array, z: NDArray[np.bool_], rho: float) -> float:
    n, n1 = len(z), int(z.sum())
    c = rho * n1 / (n - n1 * (1 - rho))
    observed = np.logaddexp(eta[z], np.log(c)).sum() + (n - n1) * np.log1p(-c)
    return float(observed - np.logaddexp(0, eta).sum())


def _e_step(eta: Array, z: NDArray[np.bool_], rho: float, zeta: float) -> Array:
    bad = special.expit(eta + _case_control(z, rho, zeta) + _known_positive(rho, zeta))
    return np.where(z, bad, 0.0)


def _case_control(z: NDArray[np.bool_], rho: float, zeta: float) -> float:
    """How rare bad sentences are where the model is used, against the sample it was fitted on."""
    n, n1 = len(z), int(z.sum())
    sample, wide = (1 - rho) * n1, (1 - rho) * zeta
    return float(-np.log(sample / (n - sample)) + np.log(wide / (1 - wide)))


def _known_positive(rho: float, zeta: float) -> float:
    """What it adds to know that the sentence's output has a bad one."""
    return float(-np.log(rho * zeta / (1 - (1 - rho) * zeta)))
