"""One question's ratings by the clinicians, laid beside one judge's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from agreement.array import Array
from agreement.turned import Turned

Words = NDArray[np.str_]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """What the rules look at.

    Attributes
    ----------
    clinicians : array of shape (items, clinicians)
        NaN = unrated. Codes where there are `labels`.
    verdicts : array of shape (items,)
        The judge's; NaN = none.
    asked : array of shape (items,) of bool
        Whether the item was put to the judge at all: answered, refused, failed.
    again : array of shape (items,), optional
        What the judge said when asked a second time.
    low, high : float
        Ends of the clinicians' scale.
    labels : tuple of str
        Names of the codes where the answers have no order; empty for numbers.
    on_scale : bool
        Whether the judge speaks on the clinicians' scale; a text metric does not.
    cases : array of str, optional
    length : array, optional
        Words of each output.
    strata : mapping of column to array of str
        Subgroups of items; "" belongs to none.
    system : array of str, optional
        Which system wrote each output; "" is unknown.
    items : tuple of (item, part)
        Names of the rows.
    raters : tuple of str
        Names of the clinicians' columns.
    turned : Turned or None
        How the answers were turned round, where a high value is bad; in all arrays here high is good.
    said : tuple of str
        What was left out or understood on the way here.
    """

    question: str
    judge: str
    clinicians: Array
    verdicts: Array
    asked: NDArray[np.bool_]
    low: float = 1.0
    high: float = 5.0
    labels: tuple[str, ...] = ()
    on_scale: bool = True
    again: Array | None = None
    cases: Words | None = None
    length: Array | None = None
    strata: Mapping[str, Words] = field(default_factory=dict)
    system: Words | None = None
    items: tuple[tuple[str, str], ...] = ()
    raters: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    turned: Turned | None = None

    @property
    def rated(self) -> NDArray[np.bool_]:
        """Items that a clinician rated."""
        return np.asarray((~np.isnan(self.clinicians)).any(axis=1))

    @property
    def judged(self) -> NDArray[np.bool_]:
        """Items with a verdict and a clinician."""
        return np.asarray(self.rated & ~np.isnan(self.verdicts))

    @property
    def shared(self) -> NDArray[np.bool_]:
        """Items with a verdict and two clinicians: those that the fair comparison can use."""
        return np.asarray(self.judged & ((~np.isnan(self.clinicians)).sum(axis=1) > 1))

    @property
    def mean(self) -> Array:
        """The clinicians' mean of each item, NaN where nobody rated it."""
        count = (~np.isnan(self.clinicians)).sum(axis=1)
        return np.where(count > 0, np.nansum(self.clinicians, axis=1) / np.maximum(count, 1), np.nan)

    def bad(self, stated: float | None) -> float:
        """Return the point up to which an output counts as bad."""
        if stated is None:
            return self.low + 0.25 * (self.high - self.low)
        return stated if self.turned is None else self.turned.of(stated)
