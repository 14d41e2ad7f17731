"""Dawid–Skene: the likely true class of each item, and each rater's confusion of classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agreement.array import ratings as table
from agreement.chance.table import coded
from agreement.refusal import Refusal

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class DawidSkene:
    """What EM found.

    Attributes
    ----------
    points : array of shape (classes,)
        The classes.
    posterior : array of shape (items, classes)
        How likely each class is; NaN for an item that nobody rated.
    prevalence : array of shape (classes,)
        The share of each class among items.
    confusion : array of shape (raters, true classes, given classes)
        How each rater answers items of a class; a row of NaN where no item of that class was theirs.
    likelihood : float
        The log-likelihood reached.
    iterations : int
        EM rounds; `converged` says whether they sufficed.
    """

    points: Floats
    posterior: Floats
    prevalence: Floats
    confusion: Floats
    likelihood: float
    iterations: int
    converged: bool

    @property
    def values(self) -> Floats:
        """The likeliest class of each item; NaN where nobody rated it."""
        unrated = np.isnan(self.posterior).any(axis=1)
        return np.where(unrated, np.nan, self.points[np.nan_to_num(self.posterior).argmax(axis=1)])


def dawid_skene(
    ratings: ArrayLike, points: ArrayLike, *, rounds: int = 1000, tolerance: float = 1e-7
) -> DawidSkene:
    """Fit the model to an items × raters array; see `dawid_skene_long` where a rater repeats items.

    Examples
    --------
    >>> found = dawid_skene([[1, 1, 0], [0, 0, 0], [1, 1, 1], [0, 0, 1]], points=[0, 1])
    >>> found.values
    array([1., 0., 1., 0.])
    """
    scale = np.unique(np.asarray(points, dtype=float))
    codes = coded(table(ratings), list(scale))
    item, rater = np.nonzero(codes >= 0)
    return _fit(item, rater, codes[item, rater], codes.shape, scale, rounds, tolerance)


def dawid_skene_long(
    items: ArrayLike,
    raters: ArrayLike,
    values: ArrayLike,
    points: ArrayLike,
    *,
    rounds: int = 1000,
    tolerance: float = 1e-7,
) -> DawidSkene:
    """Fit the model to one row a rating: item and rater numbers from 0, and the value given.

    Maximum likelihood by EM from vote shares, without smoothing. Like every mixture, it may end in a
    local optimum, and it takes raters' errors to be independent given the truth.

    References
    ----------
    Dawid, A. P. and Skene, A. M. (1979). *Applied Statistics* 28, 20–28.

    Examples
    --------
    >>> dawid_skene_long([0, 0, 1, 1], [0, 1, 0, 1], [1, 1, 0, 0], points=[0, 1]).prevalence
    array([0.5, 0.5])
    """
    item, rater = np.asarray(items, dtype=int), np.asarray(raters, dtype=int)
    scale = np.unique(np.asarray(points, dtype=float))
    codes = coded(np.asarray(values, dtype=float)[:, None], list(scale))[:, 0]
    if not len(item) == len(rater) == len(codes):
        raise Refusal(f"Items, raters and values differ in length: {len(item)}, {len(rater)}, {len(codes)}.")
    said = codes >= 0
    shape = (int(item.max(initial=-1)) + 1, int(rater.max(initial=-1)) + 1)
    return _fit(item[said], rater[said], codes[said], shape, scale, rounds, tolerance)


def _fit(
    item: Codes,
    rater: Codes,
    code: Codes,
    shape: tuple[int, ...],
    scale: Floats,
    rounds: int,
    tolerance: float,
) -> DawidSkene:
    (n, raters), q = shape, len(scale)
    votes = np.bincount(item * q + code, minlength=n * q).reshape(n, q).astype(float)
    there = votes.sum(axis=1) > 0
    posterior = votes / np.maximum(votes.sum(axis=1, keepdims=True), 1)
    if not there.any():
        blank = np.full((raters, q, q), np.nan)
        return DawidSkene(scale, np.full((n, q), np.nan), np.full(q, np.nan), blank, np.nan, 0, False)
    before, gain, turn = -np.inf, np.inf, 0
    while turn < rounds and gain >= tolerance:
        prevalence, confusion = _maximise(posterior, there, item, rater, code, raters)
        posterior, likelihood = _expect(prevalence, confusion, there, item, rater, code)
        before, gain, turn = likelihood, likelihood - before, turn + 1
    confusion = np.where(confusion.sum(axis=2, keepdims=True) > 0, confusion, np.nan)
    posterior = np.where(there[:, None], posterior, np.nan)
    return DawidSkene(scale, posterior, prevalence, confusion, likelihood, turn, gain < tolerance)


def _maximise(
    posterior: Floats, there: NDArray[np.bool_], item: Codes, rater: Codes, code: Codes, raters: int
) -> tuple[Floats, Floats]:
    q = posterior.shape[1]
    seen = np.stack(
        [np.bincount(rater * q + code, posterior[item, c], minlength=raters * q) for c in range(q)], axis=1
    )
    confusion = seen.reshape(raters, q, q).transpose(0, 2, 1)
    total = confusion.sum(axis=2, keepdims=True)
    return posterior[there].sum(axis=0) / max(there.sum(), 1), confusion / np.where(total > 0, total, 1)


def _expect(
    prevalence: Floats, confusion: Floats, there: NDArray[np.bool_], item: Codes, rater: Codes, code: Codes
) -> tuple[Floats, float]:
    with np.errstate(divide="ignore"):
        said = np.log(confusion)[rater, :, code]
        start = np.log(prevalence)
    summed = np.stack([np.bincount(item, column, minlength=len(there)) for column in said.T], axis=1) + start
    top = np.where(np.isfinite(summed), summed, -np.inf).max(axis=1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    p = np.exp(summed - top)
    total = p.sum(axis=1, keepdims=True)
    likelihood = float((np.log(total) + top)[there].sum())
    return p / np.where(total > 0, total, 1), likelihood
