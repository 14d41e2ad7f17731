"""What two columns share: the items that both scored, and an interval from each item's influence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from agreement.chance.linearised import STEADY, standard_error, steady
from agreement.estimate import NAN, Estimate, undefined
from agreement.notes import few_items
from agreement.refusal import Refusal

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Paired:
    """Two columns on the items that both scored, each item's case, and how many items only one scored."""

    x: Floats
    y: Floats
    cases: NDArray[np.int64] | None
    dropped: int

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out, and whether few are left."""
        lost = f"Items that only one of the two scored are left out: {self.dropped}."
        return (*((lost,) if self.dropped else ()), *few_items(len(self.x)))

    def undefined(self, name: str) -> Estimate | None:
        """Return why no coefficient of association exists, or None where one does."""
        flat = [word for word, column in (("first", self.x), ("second", self.y)) if not _varies(column)]
        if len(self.x) < 3:
            reason = f"Both scored {len(self.x)} items; an association needs 3."
        elif flat:
            reason = f"The {' and the '.join(flat)} column has no variance."
        else:
            return None
        return undefined(name, reason, n_items=len(self.x), n_raters=2).noting(*self.notes)


def paired(ratings: ArrayLike, cases: ArrayLike | None = None) -> Paired:
    """Return the two columns of `ratings` on the items where neither is NaN.

    Examples
    --------
    >>> paired([[1, 2], [3, float("nan")]]).notes[0]
    'Items that only one of the two scored are left out: 1.'
    """
    z = np.asarray(ratings, dtype=float)
    if z.ndim != 2 or z.shape[1] != 2:
        raise Refusal(f"Two columns are compared here, items × 2; this has the shape {z.shape}.")
    there = ~np.isnan(z)
    kept = there.all(axis=1)
    of_case = None if cases is None else np.unique(np.asarray(cases)[kept], return_inverse=True)[1]
    return Paired(z[kept, 0], z[kept, 1], of_case, int(there.any(axis=1).sum() - kept.sum()))


def on_fisher_z(
    name: str, value: float, influence: Floats, data: Paired, *, level: float, raised: bool = False
) -> Estimate:
    """Return `value` with an interval made on Fisher's z from each item's influence, and Student's t.

    `raised` takes the wider of that and what `agreement.chance.linearised.steady` makes of the influences.
    """
    n = len(influence) if data.cases is None else int(data.cases.max()) + 1
    value = float(np.clip(value, -1.0, 1.0))
    # Near ±1 Fisher's z has no slope left: a perfect association of few items says little about others.
    room = 1 - value**2
    if n < 3 or room < 1e-12:
        low, high, why = NAN, NAN, ("A perfect association gives no interval.",) if n >= 3 else ()
    else:
        error = standard_error(influence, data.cases) / room
        reach = error * float(stdtrit(n - 2, (1 + level) / 2))
        low, high, why = np.tanh(np.arctanh(value) - reach), np.tanh(np.arctanh(value) + reach), ()
        if raised:
            ends = steady(value, influence, data.cases, level)
            low, high = min(low, ends[0]), max(high, ends[1])
    over = "" if data.cases is None else " over cases"
    return Estimate(
        name,
        value,
        float(low),
        float(high),
        len(data.x),
        2,
        method=f"influence on Fisher's z, {STEADY if raised else 't'}{over}",
        level=level,
        notes=data.notes + why,
    )


def midranks(column: Floats) -> Floats:
    """Return ranks 1 … n, equal values sharing their mean rank.

    Examples
    --------
    >>> midranks(np.array([10.0, 20, 10, 30]))
    array([1.5, 3. , 1.5, 4. ])
    """
    _, place, count = np.unique(column, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((last - (count - 1) / 2)[place])


def _varies(column: Floats) -> bool:
    return bool(len(column)) and float(np.ptp(column)) > 1e-12 * max(1.0, float(np.abs(column).max()))
