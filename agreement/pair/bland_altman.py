"""Bland–Altman: how far one column lies above the other, and within which limits the differences fall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtrit

from agreement.chance.linearised import standard_error
from agreement.estimate import NAN, Estimate, undefined
from agreement.pair.paired import Paired, paired


@dataclass(frozen=True, slots=True)
class BlandAltman:
    """Bias (second column minus first) and the limits that hold 95 % of the differences, each an Estimate."""

    bias: Estimate
    lower: Estimate
    upper: Estimate


def bland_altman(ratings: ArrayLike, *, cases: ArrayLike | None = None, level: float = 0.95) -> BlandAltman:
    """Return bias and limits of agreement of the second column against the first.

    See `pearson` for the parameters. Limits hold `level` of normal differences, and each limit has
    an interval of the same level.

    References
    ----------
    Bland, J. M. and Altman, D. G. (1999). *Statistical Methods in Medical Research* 8, 135–160.

    Examples
    --------
    >>> found = bland_altman([[1, 2], [2, 2], [3, 5], [4, 4], [5, 6]])
    >>> print(found.bias)
    bias 0.80 (95 % interval -0.24 to 1.84; 5 items, 2 raters)
    >>> round(found.lower.value, 2), round(found.upper.value, 2)
    (-0.84, 2.44)
    """
    data = paired(ratings, cases)
    n, names = len(data.x), ("bias", "lower limit of agreement", "upper limit of agreement")
    if n < 2:
        reason = f"Both scored {n} items; a bias needs 2."
        return BlandAltman(*(undefined(name, reason, n_items=n, n_raters=2) for name in names))
    z, difference = float(ndtri((1 + level) / 2)), data.y - data.x
    bias, spread = float(difference.mean()), float(difference.std(ddof=1))
    groups = n if data.cases is None else int(data.cases.max()) + 1
    t = float(stdtrit(groups - 1, (1 + level) / 2)) if groups > 1 else NAN
    error = standard_error(difference, data.cases)
    # Var(limit) = Var(bias) + z² s² / (2(n − 1)), Bland and Altman 1999, section 2.2.
    limit = np.sqrt(error**2 + z**2 * spread**2 / (2 * (n - 1)))
    values = (bias, bias - z * spread, bias + z * spread)
    reaches = (t * error, t * limit, t * limit)
    made = (_made(data, *each, level=level) for each in zip(names, values, reaches, strict=True))
    return BlandAltman(*made)


def _made(data: Paired, name: str, value: float, reach: float, *, level: float) -> Estimate:
    method = "t" if data.cases is None else "t over cases"
    low, high = float(value - reach), float(value + reach)
    return Estimate(name, value, low, high, len(data.x), 2, method, level, data.notes)
