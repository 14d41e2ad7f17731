"""Shares and rates: their intervals, and what a judge's rate says about the true one."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from agreement.estimate import NAN, Estimate, undefined


def share(name: str, hits: int, n: int, *, level: float = 0.95, n_raters: int = 0) -> Estimate:
    """Return a share with its Wilson interval.

    Examples
    --------
    >>> print(share("coverage", 9, 10, n_raters=1))
    coverage 0.90 (95 % interval 0.60 to 0.98; 10 items, 1 raters)
    """
    if n == 0:
        return undefined(name, "There is nothing to count.", n_raters=n_raters)
    z = float(special.ndtri((1 + level) / 2))
    p = hits / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Estimate(
        name,
        p,
        max(0.0, min(p, middle - half)),
        min(1.0, max(p, middle + half)),
        n,
        n_raters,
        "Wilson interval",
        level,
    )


def rogan_gladen(
    flagged: float,
    n: int,
    *,
    specificity: float,
    n_good: int,
    sensitivity: float,
    n_bad: int,
    level: float = 0.95,
) -> Estimate:
    """Return the true rate behind the share that a judge flags, by its measured errors.

    Parameters
    ----------
    flagged : float
        Share of `n` outputs that the judge flagged.
    specificity, n_good : float, int
        Share of `n_good` outputs without the fault that it let pass, by clinicians' labels.
    sensitivity, n_bad : float, int
        Share of `n_bad` outputs with the fault that it flagged.

    Returns
    -------
    Estimate
        Held to 0–1. Undefined where the judge does no better than chance.

    Notes
    -----
    Rogan & Gladen (1978); the interval adds pseudo-counts and a bias term as in Lee et al. (2025),
    arXiv 2511.21140.

    Examples
    --------
    >>> e = rogan_gladen(0.4, 1000, specificity=0.7, n_good=200, sensitivity=0.9, n_bad=200)
    >>> round(e.value, 4), round(e.low, 3), round(e.high, 3)
    (0.1667, 0.056, 0.263)
    """
    name, method = "corrected rate", "Rogan–Gladen with pseudo-counts"
    gain = specificity + sensitivity - 1
    if not gain > 0 or min(n, n_good, n_bad) < 1:
        reason = "The judge's sensitivity and specificity add up to 1 or less: its flags say nothing."
        return undefined(name, reason, n_items=n, method=method)
    z = float(special.ndtri((1 + level) / 2))
    flags, n_flags = (n * flagged + z * z / 2) / (n + z * z), n + z * z
    spec, n_spec = (n_good * specificity + 1) / (n_good + 2), n_good + 2
    sens, n_sens = (n_bad * sensitivity + 1) / (n_bad + 2), n_bad + 2
    gain_adj = spec + sens - 1
    value = float(np.clip((flagged + specificity - 1) / gain, 0, 1))
    if not gain_adj > 0:
        return Estimate(
            name, value, NAN, NAN, n, 1, method, level, ("Too few labelled outputs for an interval.",)
        )
    rate = (flags + spec - 1) / gain_adj
    spread = (
        flags * (1 - flags) / n_flags
        + (1 - rate) ** 2 * spec * (1 - spec) / n_spec
        + rate**2 * sens * (1 - sens) / n_sens
    )
    shift = 2 * z * z * (rate * sens * (1 - sens) / n_sens - (1 - rate) * spec * (1 - spec) / n_spec)
    half = z * math.sqrt(spread) / gain_adj
    low, high = (float(np.clip(rate + shift + side * half, 0, 1)) for side in (-1, 1))
    return Estimate(name, value, low, high, n, 1, method, level)
