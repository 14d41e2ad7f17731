"""The world of a fair comparison: a juror beside clinicians who are left out in turn, for planning."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from agreement.array import Array
from agreement.planning.influence import influences
from agreement.planning.points import cuts, underlying
from agreement.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Beside:
    """What is true in the simulated world: how juror and clinician agree with the mean of the others.

    Attributes
    ----------
    first : float
        The juror's r with the mean of an item's other clinicians.
    second : float
        A clinician's r with the same mean.
    clinicians : int
        How many rate each item. Two of six an item are two.
    ceiling : float
        Share of the ratings at the highest of five points; 0 for scores without a ceiling. What an output
        adds to an r varies more at a ceiling, so that it takes more outputs.
    """

    first: float
    second: float
    clinicians: int
    ceiling: float = 0.0

    def root(self) -> Array:
        """Return the Cholesky factor of (clinicians, juror); a sentence where no world is so.

        At a ceiling it is that of the scores underneath.

        Examples
        --------
        >>> root = Beside(0.6, 0.5, 2).root()
        >>> np.round(root @ root.T, 2).tolist()
        [[1.0, 0.5, 0.6], [0.5, 1.0, 0.6], [0.6, 0.6, 1.0]]
        """
        m, square = self.clinicians - 1, self.second**2
        if m < 1:
            raise Refusal(f"A fair comparison needs 2 clinicians an item or more, not {self.clinicians}.")
        # r of two clinicians: their r with a mean of m is r · m / sqrt(m + m(m - 1)r), solved for r
        one = ((m - 1) * square + math.sqrt(((m - 1) * square) ** 2 + 4 * m * square)) / (2 * m)
        cross = self.first * math.sqrt(m + m * (m - 1) * one) / m
        if self.ceiling:
            one, cross = (underlying(r, cuts(self.ceiling)) for r in (one, cross))
        matrix = np.full((m + 2, m + 2), one)
        matrix[-1] = matrix[:, -1] = cross
        np.fill_diagonal(matrix, 1.0)
        if np.linalg.eigvalsh(matrix).min() <= 1e-9:
            raise Refusal(
                f"No juror has r {self.first:g} with the mean of {m} clinicians whose own r with it is "
                f"{self.second:g}: expect less of the juror."
            )
        return np.asarray(np.linalg.cholesky(matrix))

    def differences(self, x: Array) -> tuple[Array, Array]:
        """Return the mean difference over clinicians left out in turn, with its error, one a study."""
        if self.ceiling:
            x = np.searchsorted(cuts(self.ceiling), x).astype(float)
        k, n = self.clinicians, x.shape[1]
        value, shift = np.zeros(len(x)), np.zeros(x.shape[:2])
        total = x[..., :k].sum(axis=2)
        for h in range(k):
            others = (total - x[..., h]) / (k - 1)
            r, influence = influences(others, np.stack([x[..., k], x[..., h]], axis=2))
            value += (r[:, 0] - r[:, 1]) / k
            shift += (influence[..., 0] - influence[..., 1]) / k
        return value, np.sqrt((shift**2).sum(axis=1) / (n - 1) / n)
