"""Prediction-powered means: few clinicians' ratings and many of the jury, with an honest interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from agreement.array import Array
from agreement.estimate import Estimate, undefined
from agreement.weights import case_codes


def powered_mean(
    clinicians: Array,
    jury: Array,
    *,
    power: float | None = None,
    cases: Sequence[object] | NDArray[Any] | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return the clinicians' mean over all items, from the items they rated and the jury's ratings of all.

    Parameters
    ----------
    clinicians : array of shape (items,)
        The clinicians' mean of an item; NaN where no clinician rated it.
    jury : array of shape (items,)
        Items without a jury score are left out.
    power : float, optional
        How much the jury counts: 0 gives the clinicians' own mean, 1 classic prediction-powered inference.
        None takes the value that makes the interval shortest, between 0 and 1 (PPI++).
    cases : sequence of shape (items,), optional
        Outputs of one case vary together.

    Notes
    -----
    Angelopoulos, Duchi & Zrnic (2023), PPI++, arXiv 2311.01453. A useless jury costs nothing: its power
    goes to 0. It stays unbiased only where the rated items are a random part of all.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> quality = rng.normal(4, 1, 500)
    >>> rated = np.where(np.arange(500) < 60, quality, np.nan)
    >>> both, alone = powered_mean(rated, quality + 0.5), powered_mean(rated, quality, power=0.0)
    >>> both.high - both.low < alone.high - alone.low
    True
    """
    name = "prediction-powered mean"
    kept = ~np.isnan(jury)
    y, f = np.asarray(clinicians, float)[kept], np.asarray(jury, float)[kept]
    codes = case_codes(cases, len(kept))[kept]
    seen = ~np.isnan(y)
    n, more = int(seen.sum()), int((~seen).sum())
    if n < 2:
        return undefined(name, "Clinicians rated fewer than two items that have a jury score.", n_items=n)
    weight = power_of(y, f) if power is None or more < 2 else power
    rest = f[~seen].mean() if more else 0.0
    value = float(weight * rest + (y[seen] - weight * f[seen]).mean())
    spread = _variance(y[seen] - weight * f[seen], codes[seen])
    if more and weight:
        spread += weight**2 * _variance(f[~seen], codes[~seen])
    half = float(special.ndtri((1 + level) / 2) * np.sqrt(spread))
    method = f"PPI++, power {weight:.2f}; {n} items rated by clinicians, {more} by the jury alone"
    return Estimate(name, value, value - half, value + half, n + more, 0, method, level)


def power_of(clinicians: Array, jury: Array) -> float:
    """Return how much the jury counts where the interval is shortest, from 0 (nothing) to 1 (PPI++).

    Examples
    --------
    >>> power_of(np.array([1.0, 2, 3]), np.array([1.0, 2, 3]))  # nothing is left for the jury to say
    0.0
    """
    seen = ~np.isnan(clinicians)
    n, more, spread = int(seen.sum()), int((~seen).sum()), float(jury.var()) if len(jury) else 0.0
    if spread == 0 or n < 2 or more < 2:
        return 0.0
    y, f = clinicians[seen], jury[seen]
    covariance = float(((y - y.mean()) * (f - f.mean())).mean())
    return float(np.clip(covariance / ((1 + n / more) * spread), 0, 1))


def _variance(values: Array, codes: NDArray[np.intp]) -> float:
    """Return the variance of the mean, whole cases taken together."""
    sums = np.bincount(np.unique(codes, return_inverse=True)[1].reshape(-1), values - values.mean())
    return float((sums**2).sum() / len(values) ** 2)
