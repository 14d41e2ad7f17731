"""Scores on points with a ceiling: how much of an underlying r is left, and what an observed r stands for."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri
from scipy.stats import norm

from agreement.array import Array
from agreement.refusal import Refusal

POINTS = 5
STEP = 0.7
"""From one point to the next, in standard deviations of what lies under the scores."""
TERMS = 300
UTMOST = 0.995


def cuts(ceiling: float) -> Array:
    """Return where a standard normal score passes from one of five points to the next, lowest first.

    Examples
    --------
    >>> cuts(0.5).round(1).tolist()
    [-2.1, -1.4, -0.7, 0.0]
    """
    if not 0 < ceiling < 1:
        raise Refusal(f"A ceiling is the share of ratings at the highest point, as 0.5; not {ceiling:g}.")
    return float(ndtri(1 - ceiling)) - STEP * np.arange(POINTS - 2, -1.0, -1)


def seen(r: float, at: Array) -> float:
    """Return Pearson's r of two scores on points whose underlying normal scores have `r`.

    The expansion in Hermite polynomials: Lancaster 1957, Biometrika 44:289 (Mehler's formula).

    Examples
    --------
    >>> round(seen(0.5, np.array([0.0])), 6)  # one cut in the middle: 2 / pi times the arcsine
    0.333333
    """
    density, before, here = norm.pdf(at), np.zeros(len(at)), np.ones(len(at))
    shared = 0.0
    for k in range(1, TERMS + 1):
        shared += float((density * here).sum() ** 2) / k * r**k
        before, here = here, (at * here - np.sqrt(k - 1) * before) / np.sqrt(k)
    above = 1 - ndtr(at)
    mean = float(above.sum())
    square = float((above * (2 * np.arange(1, len(at) + 1) - 1)).sum())
    return shared / (square - mean**2)


def underlying(r: float, at: Array) -> float:
    """Return the r of the underlying scores from the r that points show.

    Examples
    --------
    >>> round(underlying(1 / 3, np.array([0.0])), 6)
    0.5
    """
    if not seen(-UTMOST, at) < r < seen(UTMOST, at):
        raise Refusal(f"Scores with such a ceiling cannot show an r of {r:.2f} between two raters.")
    return float(brentq(lambda rho: seen(rho, at) - r, -UTMOST, UTMOST))
