"""Intervals of complete ICCs where ratings crowd at one end: degrees of freedom from the ratings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy.special import stdtrit

from agreement.array import Array, complete, rated
from agreement.estimate import Estimate
from agreement.icc import Form, stepped_up
from agreement.icc_interval import bounds
from agreement.meansquares import MeanSquares, mean_squares

NORMAL = 1.959964
CROWDED = 1 / 3
"""From this share of ratings at one end, squares of scores vary as those of normal scores do no longer."""


def held(values: Array, found: Mapping[Form, Estimate]) -> dict[Form, Estimate]:
    """Return ICCs of complete ratings with intervals that hold at a ceiling; elsewhere as they are.

    The classical F interval takes scores to be normal. At a ceiling a few low items carry the variance and
    the F ratio varies more than that: its variance is then estimated from the items, and all degrees of
    freedom over items are divided by what it exceeds the normal one by (never less than 1). A note keeps
    the classical interval.

    References
    ----------
    Box, G. E. P. (1953). Non-normality and tests on variances. *Biometrika* 40, 318–335.

    Examples
    --------
    >>> from agreement.icc import iccs
    >>> rng = np.random.default_rng(1)
    >>> crowded = np.clip(np.round(4.6 + rng.normal(0, 0.9, (60, 1)) + rng.normal(0, 0.8, (60, 3))), 1, 5)
    >>> classical = iccs(crowded, forms=("ICC(C,1)",))
    >>> ours = held(crowded, classical)["ICC(C,1)"]
    >>> ours.low < classical["ICC(C,1)"].low and ours.value == classical["ICC(C,1)"].value
    True
    """
    kept = rated(values)[0]
    share = crowd(kept)
    if share < CROWDED or not complete(kept):
        return dict(found)
    ms = mean_squares(kept)
    return {form: _wider(form, estimate, kept, ms, share) for form, estimate in found.items()}


def crowd(values: Array) -> float:
    """Return the share of ratings at the one of both ends of the given ratings that has more.

    Examples
    --------
    >>> crowd(np.array([[5.0, 5.0], [4.0, 1.0]]))
    0.5
    """
    if not values.size:
        return 0.0
    return float(max((values == values.max()).mean(), (values == values.min()).mean()))


def stretch(values: Array, ms: MeanSquares, model: str) -> float:
    """Return how many times as much the logarithm of F varies as with normal ratings; at least 1.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> ratings = rng.normal(size=(2000, 1)) + rng.normal(size=(2000, 3))
    >>> stretch(ratings, mean_squares(ratings), "C") < 1.15
    True
    """
    n, k = values.shape
    item = values.mean(axis=1) - values.mean()
    rest = values - values.mean(axis=1, keepdims=True)
    if model != "1":
        rest = rest - (values.mean(axis=0) - values.mean())
    noise = ms.within if model == "1" else ms.error
    if not ms.items > 0 or not noise > 0:
        return 1.0
    influence = k * item**2 / ms.items - (rest**2).sum(axis=1) / ((k - 1) * noise)
    # As if each item were left out in turn: a squared deviation has leverage 2 / n.
    variance = influence.var(ddof=1) / n / (1 - 2 / max(n, 3)) ** 2
    residual = n * (k - 1) if model == "1" else (n - 1) * (k - 1)
    return max(1.0, float(variance * unsure(influence) / (2 / (n - 1) + 2 / residual)))


def unsure(influence: Array) -> float:
    """By how much a variance must be raised that few items carry: Student's quantile over the normal one.

    Its degrees of freedom are those of a chi-square with the variance that the influences' own kurtosis
    gives their variance, 2n / (kurtosis - 1); never less than 4.

    Examples
    --------
    >>> even, few = np.tile([-1.0, 1.0], 50), np.r_[np.zeros(98), -1.0, 1.0]
    >>> unsure(even) < 1.01, round(unsure(few), 2)
    (True, 1.98)
    """
    away = influence - influence.mean()
    square = float((away**2).mean())
    if not square > 0:
        return 1.0
    kurtosis = float((away**4).mean()) / square**2
    df = max(4.0, 2 * len(influence) / max(kurtosis - 1, 1e-9))
    return float((stdtrit(df, 0.975) / NORMAL) ** 2)


def _wider(form: Form, estimate: Estimate, kept: Array, ms: MeanSquares, share: float) -> Estimate:
    times = stretch(kept, ms, form[4]) if np.isfinite(estimate.low) else 1.0
    if times == 1.0:
        return estimate
    single = bounds(ms, form[4], estimate.level, stretch=times)
    low, high = (float(stepped_up(one, ms.k) if form.endswith("k)") else one) for one in single)
    if not (np.isfinite(low) and np.isfinite(high)):
        return estimate
    note = (
        f"{share:.0%} of the ratings stand at one end: degrees of freedom are divided by {times:.2f}, as the "
        f"ratings vary. The classical F interval is {estimate.low:.2f} to {estimate.high:.2f}."
    )
    return replace(
        estimate,
        low=min(low, estimate.low),
        high=max(high, estimate.high),
        method=f"{estimate.method}, degrees of freedom from the ratings",
    ).noting(note)
