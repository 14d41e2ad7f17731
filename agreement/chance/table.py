"""From an items × raters array to how often each declared point was given to each item."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agreement.refusal import Refusal


def coded(ratings: ArrayLike, points: Sequence[float]) -> NDArray[np.int64]:
    """Return each rating's place among the declared `points`, −1 where unrated; refuse any other value.

    Examples
    --------
    >>> coded([[1, 5], [float("nan"), 3]], points=(1, 3, 5))
    array([[ 0,  2],
           [-1,  1]])
    >>> coded([[4]], points=(1, 3, 5))
    Traceback (most recent call last):
        ...
    agreement.refusal.Refusal: 4 is not a declared point (1, 3, 5): declare it, or use a coefficient for \
continuous scores.
    """
    x = np.asarray(ratings, dtype=float)
    declared = np.asarray(sorted(set(points)), dtype=float)
    places = np.clip(np.searchsorted(declared, x), 0, max(len(declared) - 1, 0))
    known = np.isnan(x) if not len(declared) else np.isnan(x) | (declared[places] == x)
    if not known.all():
        _refuse(float(x[~known].flat[0]), declared)
    return np.where(np.isnan(x), -1, places)


def counts(codes: NDArray[np.int64], q: int) -> NDArray[np.float64]:
    """Return items × q: how many raters gave each point to each item.

    Examples
    --------
    >>> counts(np.array([[0, 2], [-1, 1]]), q=3)
    array([[1., 0., 1.],
           [0., 1., 0.]])
    """
    item, rater = np.nonzero(codes >= 0)
    flat = item * q + codes[item, rater]
    return np.bincount(flat, minlength=len(codes) * q).reshape(len(codes), q).astype(float)


def _refuse(value: float, declared: NDArray[np.float64]) -> None:
    known = ", ".join(f"{point:g}" for point in declared)
    raise Refusal(
        f"{value:g} is not a declared point ({known}): declare it, "
        "or use a coefficient for continuous scores."
    )
