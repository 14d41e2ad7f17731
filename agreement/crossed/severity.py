"""How severe or lenient each rater is: best linear unbiased predictions with intervals."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from agreement.array import Array, rated, ratings
from agreement.crossed.components import components, sampled
from agreement.crossed.connected import split
from agreement.crossed.fit import fit
from agreement.crossed.grams import grams
from agreement.crossed.icc import unfit
from agreement.crossed.levels import predicted, predicted_at
from agreement.estimate import Estimate, undefined
from agreement.level import tail
from agreement.notes import FEW_RATINGS

DRAWS, POINTS, CELLS = 400, 24, 4_000_000
METHOD = f"BLUP from crossed REML, errors of prediction over {DRAWS} draws of the components"


def severity(values: npt.ArrayLike, *, level: float = 0.95) -> tuple[Estimate, ...]:
    """Return for each rater how far above (lenient) or below (severe) the mean of these raters they rate.

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
    value, low, high = _intervals(kept, level)
    place = {int(column): at for at, column in enumerate(columns)}
    said = split(kept)
    return tuple(
        _estimate(value[place[j]], low[place[j]], high[place[j]], int(n[j]), kept.shape[1], level, said)
        if j in place
        else _none("This rater has no rating.", 0, kept.shape[1])
        for j in range(array.shape[1])
    )


def _intervals(kept: Array, level: float) -> tuple[Array, Array, Array]:
    """Levels and bounds: normal errors of prediction, over draws of the components that they depend on."""
    made, found = fit(grams(kept)), components(kept)
    value, _ = predicted(made)
    if made.perfect:
        return value, np.full(len(value), np.nan), np.full(len(value), np.nan)
    few = max(50, min(DRAWS, CELLS // len(value) ** 2))
    centre, error = predicted_at(made.grams, sampled(found, n=few))
    z = ndtri((np.arange(POINTS) + 0.5) / POINTS)
    sample = (centre[:, None, :] + error[:, None, :] * z[None, :, None]).reshape(-1, len(value))
    low, high = np.quantile(sample, [1 - tail(level), tail(level)], axis=0)
    return value, np.minimum(low, value), np.maximum(high, value)


def _none(reason: str, n: int, raters: int) -> Estimate:
    return undefined("severity", reason, n_items=n, n_raters=raters, method=METHOD)


def _estimate(
    value: float, low: float, high: float, n: int, raters: int, level: float, notes: tuple[str, ...]
) -> Estimate:
    if n < FEW_RATINGS:
        notes = (*notes, f"This rater rated fewer than {FEW_RATINGS} items.")
    if np.isnan(low):
        notes = (*notes, "The raters differ by constants only: no residual variance, no interval.")
    return Estimate("severity", float(value), float(low), float(high), n, raters, METHOD, level, notes)
