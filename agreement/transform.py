"""Two columns on one scale: as they are, min–max, or z-scored, and never unsaid."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from agreement.array import Array
from agreement.array import ratings as table
from agreement.refusal import Refusal

Transform = Literal["raw", "min–max", "z-score"]
TRANSFORMS: tuple[Transform, ...] = get_args(Transform)
Ends = tuple[float, float]


def together(ratings: ArrayLike, transform: Transform, scales: tuple[Ends | None, Ends | None]) -> Array:
    """Return the items that both columns scored, on one scale, for a coefficient that needs one.

    Parameters
    ----------
    ratings : array_like, shape (items, 2)
        NaN is unrated.
    transform : str
        ``"raw"`` leaves both as they are and is refused where their scales differ. ``"min–max"`` maps each
        column's ends to 0 and 1, its scale's ends where declared, else its own extremes. ``"z-score"``
        gives each mean 0 and sample SD 1; level and spread no longer count.
    scales : two pairs of ends, or None where a column is on no declared scale

    Returns
    -------
    array of shape (shared items, 2)
        All NaN in a column without variance, which has no z-score.

    Examples
    --------
    >>> together([[1, 0.2], [5, 0.4]], "min–max", ((1, 5), None))
    array([[0., 0.],
           [1., 1.]])
    >>> together([[1, 0.2], [5, 0.4]], "raw", ((1, 5), None))
    Traceback (most recent call last):
        ...
    agreement.refusal.Refusal: The columns are on two scales (1 to 5, and no declared one): name a transform \
(min–max, z-score), or ask for an association.
    """
    both = table(ratings)
    if both.shape[1] != 2:
        raise Refusal(f"Two columns are brought together; there are {both.shape[1]}.")
    both = both[~np.isnan(both).any(axis=1)]
    if transform == "raw":
        if scales[0] != scales[1]:
            raise Refusal(
                f"The columns are on two scales ({_said(scales[0])}, and {_said(scales[1])}): "
                "name a transform (min–max, z-score), or ask for an association."
            )
        return both
    if transform not in TRANSFORMS:
        raise Refusal(f"{transform!r} is no transform ({', '.join(TRANSFORMS)}).")
    return np.column_stack(
        [_moved(column, transform, scale) for column, scale in zip(both.T, scales, strict=True)]
    )


def _moved(column: Array, transform: Transform, scale: Ends | None) -> Array:
    if len(column) < 2:
        return np.full(len(column), np.nan)
    if transform == "min–max":
        centre, unit = (scale[0], scale[1] - scale[0]) if scale else (column.min(), np.ptp(column))
    else:
        centre, unit = column.mean(), column.std(ddof=1)
    if not unit > 1e-12 * max(1.0, float(np.abs(column).max())):
        return np.full(len(column), np.nan)
    return np.asarray((column - centre) / unit)


def _said(scale: Ends | None) -> str:
    return f"{scale[0]:g} to {scale[1]:g}" if scale else "no declared one"
