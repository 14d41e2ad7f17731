"""One clinician left out at a time: how a judge, she herself and any rival agree with the others there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agreement.array import Array
from agreement.columns import FROM_MOMENTS, features, kappa, of_sums
from agreement.many import many, sums
from agreement.weights import case_codes, case_weights

SPARSE = 8
"""A clinician with fewer shared items than this has no coefficient of her own worth averaging."""
BLOCK = 4096
"""Items or cases whose features are held at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One clinician left out: the rows she shares, everybody's columns there, and what the others said."""

    column: int
    rows: NDArray[np.intp]
    columns: Array
    others: Array


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """Agreements with the others, of every contestant in every place.

    Attributes
    ----------
    names : tuple of str
        The contestants; ``"clinician"`` is the one who was left out.
    places : tuple of Place
    pooled : bool
        Places were too short to stand alone and lie end to end.
    shown : mapping of coefficient to array of shape (places, contestants)
    drawn : mapping of coefficient to array of shape (places, contestants, replicates)
    summed : bool
        Items are so many that the sums over them were drawn, which are normal, and not the items.
    """

    names: tuple[str, ...]
    places: tuple[Place, ...]
    pooled: bool
    shown: Mapping[str, Array]
    drawn: Mapping[str, Array]
    clinicians: Array
    summed: bool = False

    def means(self, coefficient: str, first: str, second: str) -> tuple[Array, Array]:
        """Return both contestants' agreements, (places, 2), and their means over places, (2, replicates).

        Only places where both are defined count, in the sample as in each replicate.
        """
        at = [self.names.index(first), self.names.index(second)]
        both = self.drawn[coefficient][:, at]
        undefined = np.asarray(np.isnan(both).any(axis=1, keepdims=True))
        both = np.where(undefined, np.nan, both)
        return self.shown[coefficient][:, at], np.stack([mean_defined(both[:, side]) for side in (0, 1)])


def contest(
    clinicians: Array,
    judges: Mapping[str, Array],
    coefficients: Sequence[str],
    *,
    rng: np.random.Generator,
    cases: Sequence[object] | NDArray[Any] | None = None,
    replicates: int = 2000,
) -> Contest:
    """Return how the judges and each clinician agree with the other clinicians, on items that all share.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> ratings = rng.normal(size=(20, 1)) + rng.normal(size=(20, 3))
    >>> held = contest(ratings, {"five": np.full(20, 5.0)}, ["ICC(A,1)"], rng=rng, replicates=10)
    >>> held.names, held.shown["ICC(A,1)"].shape
    (('clinician', 'five'), (3, 2))
    """
    names = ("clinician", *judges)
    columns = np.column_stack(list(judges.values())) if judges else np.empty((len(clinicians), 0))
    labels = _labels(clinicians, columns) if "kappa" in coefficients else 0
    places, pooled = _places(clinicians, columns, labels)
    n = len(clinicians)
    shown = {name: np.empty((0, len(names))) for name in coefficients}
    drawn = {name: np.empty((0, len(names), 0)) for name in coefficients}
    summed = False
    if places:
        added = [_features(place) for place in places]
        one = _agreements(places, added, coefficients, np.ones((1, n)))
        shown = {name: found[:, :, 0] for name, found in one.items()}
        if summed := _normal(places, cases, n):
            drawn = _from_sums(places, coefficients, cases, n, replicates, rng)
        else:
            every = case_weights(n, replicates, rng, cases)
            blocks = [_agreements(places, added, coefficients, w) for w in every]
            drawn = {name: np.concatenate([block[name] for block in blocks], axis=2) for name in coefficients}
    return Contest(names, tuple(places), pooled, shown, drawn, clinicians, summed)


def mean_defined(rows: Array) -> Array:
    """Return the mean over rows of what is defined, NaN where nothing is.

    Examples
    --------
    >>> mean_defined(np.array([[1.0, np.nan], [3.0, np.nan]])).tolist()
    [2.0, nan]
    """
    if not len(rows):
        return np.full(rows.shape[1] if rows.ndim > 1 else 1, np.nan)
    count = (~np.isnan(rows)).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(count > 0, np.nansum(rows, axis=0) / count, np.nan))


def _places(clinicians: Array, columns: Array, labels: int) -> tuple[list[Place], bool]:
    """Return one place a clinician, or all laid end to end where most are too short to stand alone."""
    every = [_place(clinicians, columns, h, labels) for h in range(clinicians.shape[1])]
    shared = [place for place in every if len(place.rows)]
    long = [place for place in shared if len(place.rows) >= SPARSE]
    if 2 * sum(len(place.rows) for place in long) >= sum(len(place.rows) for place in shared):
        return long, False
    rows, wide, others = (
        np.concatenate([getattr(place, part) for place in shared]) for part in ("rows", "columns", "others")
    )
    return ([Place(-1, rows, wide, others)] if len(rows) > 2 else []), True


def _place(clinicians: Array, columns: Array, h: int, labels: int) -> Place:
    others, own = np.delete(clinicians, h, axis=1), clinicians[:, h]
    seen = ~np.isnan(columns).any(axis=1) & ~np.isnan(own) & ~np.isnan(others).all(axis=1)
    rows = np.flatnonzero(seen)
    if labels:
        said = _shares(others[rows], labels)
    else:
        said = np.nanmean(others[rows], axis=1) if len(rows) else np.empty(0)
    return Place(h, rows, np.column_stack([own[rows], columns[rows]]), said)


def _features(place: Place) -> Array | None:
    """What each of a place's items adds to the sums that moments are made of; None for labels."""
    return features(place.columns, place.others, _shift(place)) if place.others.ndim == 1 else None


def _shift(place: Place) -> float:
    return float(place.others.mean()) if len(place.others) else 0.0


def _agreements(
    places: Sequence[Place], added: Sequence[Array | None], coefficients: Sequence[str], weights: Array
) -> dict[str, Array]:
    """Return each coefficient as (places, contestants, replicates)."""
    found: dict[str, list[Array]] = {name: [] for name in coefficients}
    for place, each in zip(places, added, strict=True):
        every = len(place.rows) == weights.shape[1]  # rows are distinct and in order: nothing to copy
        w = weights if every else weights[:, place.rows]
        numeric = None if each is None else of_sums(w.sum(axis=1), (w @ each).T)
        for name in coefficients:
            if numeric is None:
                found[name].append(np.array([kappa(column, place.others, w) for column in place.columns.T]))
            else:
                found[name].append(FROM_MOMENTS[name](numeric))
    return {name: np.array(rows) for name, rows in found.items()}


def _normal(places: Sequence[Place], cases: Sequence[object] | NDArray[Any] | None, n: int) -> bool:
    """Whether sums over the drawn items, or whole cases, are normal: there are many, and they vary."""
    if places[0].others.ndim > 1:
        return False
    units = n if cases is None else len(np.unique(case_codes(cases, n)))
    return many(units, *(column for place in places for column in (place.others, *place.columns.T)))


def _from_sums(
    places: Sequence[Place],
    coefficients: Sequence[str],
    cases: Sequence[object] | NDArray[Any] | None,
    n: int,
    replicates: int,
    rng: np.random.Generator,
) -> dict[str, Array]:
    """Return the same from draws of the sums over all items, which all places share."""
    total, squares, units = _totals(places, cases, n)
    drawn = sums(total, squares, units, replicates, rng).T
    found: dict[str, list[Array]] = {name: [] for name in coefficients}
    at = 0
    for place in places:
        wide = 3 + 3 * place.columns.shape[1]
        numeric = of_sums(drawn[at], drawn[at + 1 : at + wide])
        at += wide
        for name in coefficients:
            found[name].append(FROM_MOMENTS[name](numeric))
    return {name: np.array(rows) for name, rows in found.items()}


def _totals(
    places: Sequence[Place], cases: Sequence[object] | NDArray[Any] | None, n: int
) -> tuple[Array, Array, int]:
    """Return sums over units of all places' features, the sums of their products, and how many units.

    A unit is an item or a case. Each place begins with 1 for the items that it has.
    """
    codes = case_codes(cases, n)
    order = np.argsort(codes, kind="stable")
    first = np.flatnonzero(np.diff(codes[order], prepend=-1))
    wide = sum(3 + 3 * place.columns.shape[1] for place in places)
    total, squares = np.zeros(wide), np.zeros((wide, wide))
    where = [np.full(n, -1) for _ in places]
    for spots, place in zip(where, places, strict=True):
        spots[place.rows] = np.arange(len(place.rows))
    for start in range(0, len(first), BLOCK):
        starts = first[start : start + BLOCK + 1]
        items = order[starts[0] : starts[BLOCK] if len(starts) > BLOCK else None]
        each = np.hstack([_spread(place, spots[items]) for place, spots in zip(places, where, strict=True)])
        if cases is not None:
            each = np.add.reduceat(each, starts[:BLOCK] - starts[0], axis=0)
        total += each.sum(axis=0)
        squares += each.T @ each
    return total, squares, len(first)


def _spread(place: Place, at: NDArray[np.intp]) -> Array:
    """Return a place's features for some items, 0 for those that it has not."""
    made = np.zeros((len(at), 3 + 3 * place.columns.shape[1]))
    there = at >= 0
    made[there, 0] = 1.0
    made[there, 1:] = features(place.columns[at[there]], place.others[at[there]], _shift(place))
    return made


def _labels(*columns: Array) -> int:
    return int(max((np.nanmax(column) for column in columns if (~np.isnan(column)).any()), default=0)) + 1


def _shares(others: Array, labels: int) -> Array:
    """Return the share of the others that gave each label, (items, labels)."""
    counts = np.stack([(others == label).sum(axis=1) for label in range(labels)], axis=1).astype(float)
    return np.asarray(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))
