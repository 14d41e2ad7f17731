"""The array that coefficients read: items down, raters across, NaN where nobody rated."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from agreement.refusal import Refusal

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]


def ratings(values: npt.ArrayLike) -> Array:
    """Return `values` as a float array of (items, raters); a sentence where it is none.

    Examples
    --------
    >>> ratings([[1, 2], [3, None]])
    array([[ 1.,  2.],
           [ 3., nan]])
    >>> ratings([1, 2, 3])
    Traceback (most recent call last):
        ...
    agreement.refusal.Refusal: Ratings are a table of items by raters; this has 1 dimension.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 2:
        plural = "" if array.ndim == 1 else "s"
        raise Refusal(f"Ratings are a table of items by raters; this has {array.ndim} dimension{plural}.")
    if not np.isfinite(array.sum()) and np.isinf(array).any():
        raise Refusal("A rating is infinite; an unrated cell is NaN.")
    return array


def complete(values: Array) -> bool:
    """Whether no cell is unrated: one sum, since NaN is contagious.

    Examples
    --------
    >>> complete(ratings([[1, 2]])), complete(ratings([[1, None]]))
    (True, False)
    """
    return not np.isnan(values.sum())


def rated(values: Array) -> tuple[Array, Codes, Codes]:
    """Return `values` without the items and the raters that have no rating, and which ones are left.

    Examples
    --------
    >>> kept, items, raters = rated(ratings([[1, None], [None, None]]))
    >>> kept, items, raters
    (array([[1.]]), array([0]), array([0]))
    """
    if complete(values):
        return values, np.arange(values.shape[0]), np.arange(values.shape[1])
    there = (~np.isnan(values)).astype(np.float32)
    with np.errstate(invalid="ignore"):  # OpenBLAS may flag what lies beside the rows, which it does not use
        items = np.flatnonzero(there @ np.ones(values.shape[1], dtype=np.float32))
        raters = np.flatnonzero(np.ones(values.shape[0], dtype=np.float32) @ there)
    if len(items) == values.shape[0] and len(raters) == values.shape[1]:
        return values, items, raters
    return values[np.ix_(items, raters)], items, raters
