"""Second opinions: the same coefficients by pingouin and krippendorff, with version and difference."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module, metadata
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from agreement.alpha.krippendorff import LEVELS, alpha
from agreement.array import Array, rated
from agreement.array import ratings as table
from agreement.icc import FORMS, iccs

MOST = 50
"""Distinct values beyond which krippendorff's tables of values by values grow too large to ask."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What another library says of the same ratings.

    Attributes
    ----------
    coefficient : str
        As `Estimate.coefficient`.
    ours, theirs : float
    library, version : str
    """

    coefficient: str
    ours: float
    theirs: float
    library: str
    version: str

    @property
    def difference(self) -> float:
        """Ours less theirs."""
        return self.ours - self.theirs

    @property
    def same(self) -> bool:
        """Whether they agree to nine decimals."""
        return abs(self.difference) < 1e-9

    def __str__(self) -> str:
        by = f"{self.library} {self.version}"
        if self.same:
            return f"{self.coefficient}: {by} computes the same, {self.theirs:.6f}."
        return f"{self.coefficient}: {by} computes {self.theirs:.6f}, {self.difference:+.2g} away from ours."


def opinions(ratings: ArrayLike) -> tuple[Opinion, ...]:
    """Return what the installed ones among pingouin and krippendorff say of these ratings.

    Both are optional, slow to import, and asked only where they compute the same quantity: pingouin for
    the ICCs of complete ratings, krippendorff for alpha at every level. Nothing of theirs decides a figure.

    Examples
    --------
    >>> found = opinions([[9, 2, 5], [6, 1, 3], [8, 4, 6], [7, 1, 2], [10, 5, 6], [6, 2, 4]])
    >>> all(one.same for one in found)  # also where neither is installed: then there are none
    True
    """
    values, _, _ = rated(table(ratings))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs, about versions of pandas and numpy
        return (*_asked("pingouin", _pingouin, values), *_asked("krippendorff", _krippendorff, values))


def _asked(
    library: str, ask: Callable[[Any, Array], Iterator[tuple[str, float, float]]], values: Array
) -> Iterator[Opinion]:
    theirs = _imported(library)
    if theirs is None:
        return
    for coefficient, our_value, their_value in ask(theirs, values):
        yield Opinion(coefficient, our_value, their_value, library, metadata.version(library))


def _imported(library: str) -> ModuleType | None:
    try:
        return import_module(library)
    except ImportError:
        return None


def _pingouin(pingouin: Any, values: Array) -> Iterator[tuple[str, float, float]]:
    n, k = values.shape
    if n < 5 or k < 2 or np.isnan(values).any() or np.ptp(values) == 0:
        return  # it refuses fewer items, and drops items with an unrated cell
    import pandas as pd

    item, rater = np.indices(values.shape)
    long = pd.DataFrame({"item": item.ravel(), "rater": rater.ravel(), "score": values.ravel()})
    found = pingouin.intraclass_corr(long, "item", "rater", "score").set_index("Type")["ICC"]
    ours = iccs(values)
    yield from ((form, ours[form].value, float(found[form])) for form in FORMS if ours[form].defined)


def _krippendorff(krippendorff: Any, values: Array) -> Iterator[tuple[str, float, float]]:
    given = np.unique(values[~np.isnan(values)])
    if not 2 <= len(given) <= MOST:
        return
    for measured in LEVELS:
        if measured == "ratio" and given[0] < 0:
            continue
        ours = alpha(values, measured)
        if ours.defined:
            found = krippendorff.alpha(reliability_data=values.T, level_of_measurement=measured)
            yield ours.coefficient, ours.value, float(found)
