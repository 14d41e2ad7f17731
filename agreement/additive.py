"""Statistics that are a function of sums over items: their bootstrap is one matrix product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from agreement.array import Array
from agreement.icc import Form, points
from agreement.meansquares import from_features, item_features


@dataclass(frozen=True, slots=True)
class Additive:
    """A statistic in two steps.

    Attributes
    ----------
    features : function of (items, raters) to (items, f)
        What each item contributes; the first feature is 1 for an item that counts, else the row is 0.
    finish : function of (..., f) to (...)
        The statistic from the sums of the features over (resampled) items; NaN where undefined.

    Examples
    --------
    >>> values = np.array([[1.0, 2.0], [2.0, 3.0], [3.0, 3.0]])
    >>> round(float(pearson()(values)), 3)
    0.866
    """

    features: Callable[[Array], Array]
    finish: Callable[[Array], Array]

    def __call__(self, values: Array) -> Array:
        """Return the statistic of the items as they are."""
        return self.finish(self.features(values).sum(axis=0))


def icc_of(form: Form) -> Additive:
    """Return an ICC over the items that all raters rated.

    Examples
    --------
    >>> judges = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6],
    ...                    [10, 5, 6, 9], [6, 2, 4, 7.0]])
    >>> round(float(icc_of("ICC(C,1)")(judges)), 4)
    0.7148
    """
    return Additive(item_features, partial(_icc, form))


def _icc(form: Form, sums: Array) -> Array:
    return points(from_features(sums), form)


def pearson() -> Additive:
    """Return Pearson's r between the first two columns, over the items that both rated."""
    return Additive(_moments, _pearson)


def _moments(values: Array) -> Array:
    there = np.asarray(~np.isnan(values[:, :2]).any(axis=1))
    both = np.where(there[:, None], values[:, :2], 0.0)
    x, y = np.where(there[:, None], both - both.sum(axis=0) / max(there.sum(), 1), 0.0).T
    return np.column_stack([there.astype(float), x, y, x * x, y * y, x * y])


def _pearson(sums: Array) -> Array:
    n, x, y, xx, yy, xy = np.moveaxis(sums, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        sxx, syy, sxy = xx - x * x / n, yy - y * y / n, xy - x * y / n
        flat = (sxx <= 1e-12 * xx) | (syy <= 1e-12 * yy)
        return np.asarray(np.where(flat, np.nan, np.clip(sxy / np.sqrt(sxx * syy), -1, 1)))
