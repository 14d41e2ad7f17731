"""The alternative-annotator test: does a juror do as well as a clinician at predicting the others?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import stdtr

from agreement.array import Array
from agreement.estimate import NAN, Estimate
from agreement.family import adjusted
from agreement.refusal import Refusal

Scoring = Literal["accuracy", "-RMSE"]
SCORINGS: tuple[Scoring, ...] = ("accuracy", "-RMSE")


@dataclass(frozen=True, slots=True)
class Place:
    """One clinician left out: her column, the shared items, the juror's advantage, p and its verdict."""

    clinician: int
    n_items: int
    advantage: float
    p: float
    won: bool


@dataclass(frozen=True, slots=True)
class AltTest:
    """The test's outcome.

    Attributes
    ----------
    winning_rate : float
        Share of the clinicians whose place the juror may take; NaN where the test cannot be run.
    advantage : Estimate
        Mean probability that the juror agrees with the others at least as well as the clinician does.
    passed : bool
        Winning rate of at least one half.
    places : tuple of Place
        One for each clinician who was tested.
    notes : tuple of str
        What the test needs and has not got.
    """

    winning_rate: float
    advantage: Estimate
    passed: bool
    places: tuple[Place, ...]
    epsilon: float
    scoring: Scoring
    notes: tuple[str, ...] = ()


def alternative_annotator_test(
    clinicians: Array,
    juror: Array,
    *,
    scoring: Scoring = "accuracy",
    epsilon: float = 0.2,
    q: float = 0.05,
    min_items: int = 30,
    min_others: int = 2,
    wilcoxon: bool = False,
) -> AltTest:
    """Run the alternative-annotator test (Calderon, Reichart & Dror 2025).

    Each clinician is left out in turn. On every item the juror and she are scored against the others;
    the test asks whether she wins less than `epsilon` more often than the juror does. The p-values are
    held to false discovery rate `q` by Benjamini and Yekutieli; the juror passes where it may take the
    place of at least half of the clinicians.

    Parameters
    ----------
    clinicians : array of shape (items, clinicians)
        NaN = unrated.
    juror : array of shape (items,)
        NaN = no verdict.
    scoring : "accuracy" or "-RMSE"
        How well one label predicts the others.
    min_items, min_others : int
        A clinician takes part with this many items that each have this many other clinicians.
    wilcoxon : bool
        The signed-rank test in place of the t test, for fewer than 30 items.

    Notes
    -----
    A judge that always says 5 can pass this test on skewed ratings. Never read it without the same test
    of the baselines beside it (see `baselines`).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> truth = rng.integers(1, 6, 60).astype(float)
    >>> others = truth[:, None] + rng.integers(-1, 2, (60, 3))
    >>> alternative_annotator_test(others, truth, scoring="-RMSE").passed
    True
    """
    if scoring not in SCORINGS:
        raise Refusal(f"{scoring!r} is not a scoring of this test ({', '.join(SCORINGS)})")
    clinicians, juror = np.asarray(clinicians, float), np.asarray(juror, float)
    enough = (~np.isnan(clinicians)).sum(axis=1) > min_others
    rows, notes = [], []
    for h in range(clinicians.shape[1]):
        seen = enough & ~np.isnan(juror) & ~np.isnan(clinicians[:, h])
        if seen.sum() >= max(min_items, 2):
            rows.append((h, *_one(clinicians[seen], juror[seen], h, scoring, epsilon, wilcoxon)))
    left = clinicians.shape[1] - len(rows)
    if left:
        notes.append(
            f"{left} of {clinicians.shape[1]} clinicians have fewer than {min_items} items "
            f"with {min_others} other clinicians and the juror, and are not tested."
        )
    strict = adjusted({str(h): p for h, *_, p in rows}, "benjamini-yekutieli")
    places = tuple(Place(*row, won=strict[str(row[0])] <= q) for row in rows)
    return _outcome(places, epsilon, scoring, notes)


def baselines(clinicians: Array, rng: np.random.Generator, length: Array | None = None) -> dict[str, Array]:
    """Return the columns of judges that know nothing: always the same point, random, length only.

    Parameters
    ----------
    clinicians : array of shape (items, clinicians)
    rng : numpy.random.Generator
        For the random judge, which draws from the clinicians' own ratings.
    length : array of shape (items,), optional
        Of the outputs; ranked onto the clinicians' distribution, longer is better.

    Examples
    --------
    >>> found = baselines(np.array([[5.0, 5], [5, 4], [3, np.nan]]), np.random.default_rng(0))
    >>> found["constant"].tolist()
    [5.0, 5.0, 5.0]
    """
    given = clinicians[~np.isnan(clinicians)]
    n = len(clinicians)
    if not len(given):
        return {}
    points, counts = np.unique(given, return_counts=True)
    judges = {"constant": np.full(n, points[counts.argmax()]), "random": rng.choice(given, n)}
    if length is not None and (~np.isnan(length)).any():
        from scipy import stats  # a second to import: only where it is needed

        rank = stats.rankdata(length, nan_policy="omit") / (~np.isnan(length)).sum()
        judges["length"] = np.full(n, np.nan)
        known = ~np.isnan(rank)
        judges["length"][known] = np.quantile(given, rank[known], method="inverted_cdf")
    return judges


def beside_baselines(judge: AltTest, others: Mapping[str, AltTest]) -> tuple[str, ...]:
    """Return the sentences that the test must not be read without.

    Examples
    --------
    >>> test = AltTest(1.0, Estimate("advantage", 0.9), True, (), 0.2, "accuracy")
    >>> beside_baselines(test, {"constant": test})
    ('On these data the constant baseline passes the same test, so passing it shows nothing.',)
    """
    passing = [name for name, test in others.items() if test.passed]
    if judge.passed and passing:
        verb = "passes" if len(passing) == 1 else "pass"
        word = "baseline" if len(passing) == 1 else "baselines"
        return (
            f"On these data the {' and '.join(passing)} {word} {verb} the same test, "
            "so passing it shows nothing.",
        )
    return ()


def _one(
    clinicians: Array, juror: Array, h: int, scoring: Scoring, epsilon: float, wilcoxon: bool
) -> tuple[int, float, float]:
    others = np.delete(clinicians, h, axis=1)
    jury, human = _score(juror, others, scoring), _score(clinicians[:, h], others, scoring)
    lost = (human >= jury).astype(float) - (jury >= human)
    return len(juror), float(np.mean(jury >= human)), _p_value(lost, epsilon, wilcoxon)


def _score(candidate: Array, others: Array, scoring: Scoring) -> Array:
    if scoring == "accuracy":
        same = np.where(np.isnan(others), np.nan, others == candidate[:, None])
        return np.asarray(np.nanmean(same, axis=1))
    # Rounded, so that equal scores are equal however they were summed.
    return np.asarray(np.round(-np.sqrt(np.nanmean((others - candidate[:, None]) ** 2, axis=1)), 12))


def _p_value(lost: Array, epsilon: float, wilcoxon: bool) -> float:
    """Return p of "she wins by epsilon or more" against "by less", one-sided and paired."""
    if np.ptp(lost) == 0:
        return 0.0 if lost[0] < epsilon else 1.0
    if wilcoxon:
        from scipy import stats

        return float(stats.wilcoxon(lost - epsilon, alternative="less").pvalue)
    t = (lost.mean() - epsilon) / (lost.std(ddof=1) / np.sqrt(len(lost)))
    return float(stdtr(len(lost) - 1, t))


def _outcome(places: tuple[Place, ...], epsilon: float, scoring: Scoring, notes: list[str]) -> AltTest:
    method = f"alternative-annotator test, {scoring}, epsilon {epsilon:g}"
    n = max((place.n_items for place in places), default=0)
    if not places:
        notes = [*notes, "So the alternative-annotator test cannot be run on these data."]
        none = Estimate("average advantage", NAN, method=method, notes=tuple(notes))
        return AltTest(NAN, none, False, (), epsilon, scoring, tuple(notes))
    rate = sum(place.won for place in places) / len(places)
    mean = float(np.mean([place.advantage for place in places]))
    advantage = Estimate("average advantage", mean, n_items=n, n_raters=len(places), method=method)
    return AltTest(rate, advantage, rate >= 0.5, places, epsilon, scoring, tuple(notes))
