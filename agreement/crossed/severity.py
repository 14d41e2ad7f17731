"""How severe or lenient each rater is: best linear unbiased predictions with intervals."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from agreement.array import rated, ratings
from agreement.crossed.connected import split
from agreement.crossed.fit import Fit, fit
from agreement.crossed.grams import grams
from agreement.crossed.icc import unfit
from agreement.estimate import Estimate, undefined
from agreement.level import tail
from agreement.notes import FEW_RATINGS

METHOD = "BLUP from crossed REML, normal interval of the prediction error"


def severity(values: npt.ArrayLike, *, level: float = 0.95) -> tuple[Estimate, ...]:
    """Return for each rater how far above (lenient) or below (severe) the others they rate.

    Shrunken towards 0, the more the fewer items a rater has; items are accounted for, so that a rater
    who met the weaker outputs is not called severe for it.

    Parameters
    ----------
    values : array of (items, raters)
        Ratings; NaN is unrated.

    Returns
    -------
    tuple of Estimate
        One a rater, in the order of the columns; `n_items` is how many that rater rated.

    References
    ----------
    Henderson 1975, Biometrics 31:423.

    Examples
    --------
    >>> made = severity([[5, 4, 3], [4, 3, 3], [2, 2, 1], [5, 4, 4], [3, 2, 2]])
    >>> [round(estimate.value, 2) for estimate in made]  # column means 3.8, 3.0, 2.6, shrunken
    [0.62, -0.12, -0.5]
    """
    array = ratings(values)
    kept, _, columns = rated(array)
    n = (~np.isnan(array)).sum(axis=0)
    reason = unfit(kept) or ""
    if reason:
        return tuple(_none(reason, int(count), kept.shape[1]) for count in n)
    made = fit(grams(kept))
    value, error = predicted(made)
    z = float(ndtri(tail(level)))
    place = {int(column): at for at, column in enumerate(columns)}
    said = split(kept)
    return tuple(
        _estimate(value[place[j]], z * error[place[j]], int(n[j]), kept.shape[1], level, said)
        if j in place
        else _none("This rater has no rating.", 0, kept.shape[1])
        for j in range(array.shape[1])
    )


def predicted(made: Fit) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return predictions and standard errors of prediction, one a rater (lme4's ranef and condVar's root)."""
    at, ratio = made.at, made.ratios[1]
    solved, within = at.solved[0], at.within[0]
    both = solved @ within
    flat = both.sum(axis=1)
    left = at.score[0] - within.sum(axis=1) * at.mean[0]
    value = ratio * solved @ left
    shrunk = both - np.outer(flat, flat) / at.weight[0]
    variance = made.rater - ratio * made.rater * np.diag(shrunk)
    return np.asarray(value), np.sqrt(np.maximum(variance, 0.0))


def _none(reason: str, n: int, raters: int) -> Estimate:
    return undefined("severity", reason, n_items=n, n_raters=raters, method=METHOD)


def _estimate(
    value: float, half: float, n: int, raters: int, level: float, notes: tuple[str, ...]
) -> Estimate:
    if n < FEW_RATINGS:
        notes = (*notes, f"This rater rated fewer than {FEW_RATINGS} items.")
    return Estimate(
        "severity", float(value), float(value - half), float(value + half), n, raters, METHOD, level, notes
    )
