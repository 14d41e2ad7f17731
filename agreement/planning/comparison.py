"""How many items tell two raters' agreement with a third apart, or show one no worse: by simulation."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from agreement.array import Array
from agreement.level import tail
from agreement.planning.beside import Beside
from agreement.planning.influence import influences
from agreement.refusal import Refusal

STUDIES = 2000
MANY = 5000
"""Studies behind the power that a plan promises: the first search may end on a lucky 2,000."""
LARGE = 200_000
"""Items of the one study that says how large the error of a difference is."""
CELLS = 3_000_000
MOST = 200_000  # items: beyond this a study is not planned but dreamt of


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true in the simulated world: correlations of two raters with the reference, and between them.

    Attributes
    ----------
    first, second : float
        Each rater's r with the reference (for clinicians: with the mean of the others).
    between : float
        r of the two raters: the higher, the sharper a paired comparison.
    """

    first: float
    second: float
    between: float

    def root(self) -> Array:
        """Return the Cholesky factor of (reference, first, second); a sentence where no world is so."""
        a, b, c = self.first, self.second, self.between
        matrix = np.array([[1, a, b], [a, 1, c], [b, c, 1]])
        if np.linalg.eigvalsh(matrix).min() <= 1e-9:
            raise Refusal(
                f"No three raters correlate {a:g}, {b:g} and {c:g}: the last is out of reach of the others."
            )
        return np.asarray(np.linalg.cholesky(matrix))

    def differences(self, x: Array) -> tuple[Array, Array]:
        """Return differences of the two r with their standard errors, one a study."""
        r, influence = influences(x[..., 0], x[..., 1:])
        n = x.shape[1]
        error = np.sqrt(((influence[..., 0] - influence[..., 1]) ** 2).sum(axis=1) / (n - 1) / n)
        return np.asarray(r[:, 0] - r[:, 1]), np.asarray(error)


World = Truth | Beside
"""One reference for both, or clinicians left out in turn."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many items, and the share of simulated studies of that size that succeed."""

    items: int
    power: float
    error: float
    studies: int


def power(
    truth: World,
    items: int,
    *,
    rng: np.random.Generator,
    margin: float = 0.0,
    level: float = 0.95,
    studies: int = STUDIES,
) -> Size:
    """Return the share of simulated studies of `items` items that succeed.

    Without a margin a study succeeds where the interval of the difference leaves out 0; with one, where it
    lies above -margin. Each study's interval is the paired one, from the influence of each item on both r.

    References
    ----------
    Davison & Hinkley 1997, Bootstrap Methods and their Application, section 2.7.

    Examples
    --------
    >>> made = power(Truth(0.5, 0.5, 0.5), 100, rng=np.random.default_rng(0))
    >>> 0.02 < made.power < 0.09  # no difference: the level of the test
    True
    """
    if items < 4:
        raise Refusal(f"A comparison needs at least 4 items, not {items}.")
    if margin < 0:
        raise Refusal(f"A margin is how much worse is still acceptable, above 0; not {margin:g}.")
    root, z = truth.root(), float(ndtri(tail(level)))
    won, block = 0, max(1, CELLS // (len(root) * items))
    for start in range(0, studies, block):
        x = rng.normal(size=(min(block, studies - start), items, len(root))) @ root.T
        value, error = truth.differences(x)
        low, high = value - z * error, value + z * error
        won += int(np.count_nonzero(low > -margin if margin else (low > 0) | (high < 0)))
    share = won / studies
    return Size(items, share, math.sqrt(share * (1 - share) / studies), studies)


def items_for(
    truth: World,
    *,
    rng: np.random.Generator,
    margin: float = 0.0,
    wanted: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Return the number of items with which a share `wanted` of simulated studies succeeds.

    Examples
    --------
    >>> made = items_for(Truth(0.6, 0.6, 0.5), margin=0.15, rng=np.random.default_rng(0))
    >>> abs(made.power - 0.8) < 0.04
    True
    """
    gap = truth.first - truth.second + margin
    if gap == 0 or (margin and gap < 0):
        raise Refusal(
            f"A true difference of {truth.first - truth.second:g} cannot be shown against {-margin:g}."
        )
    if not 0 < wanted < 1:
        raise Refusal(f"A power lies between 0 and 1, not {wanted:g}.")
    z, goal = float(ndtri(tail(level))), float(ndtri(wanted))
    root = truth.root()
    _, error = truth.differences(rng.normal(size=(1, LARGE, len(root))) @ root.T)
    deviation = float(error[0]) * math.sqrt(LARGE)
    n = _feasible(((z + goal) * deviation / gap) ** 2)
    for studies in (STUDIES, MANY):
        made = power(truth, n, rng=rng, margin=margin, level=level, studies=studies)
        reached = float(ndtri(min(max(made.power, 0.5 / studies), 1 - 0.5 / studies)))
        n = _feasible(n * ((z + goal) / max(z + reached, 0.1)) ** 2)
    return power(truth, n, rng=rng, margin=margin, level=level, studies=MANY)


def _feasible(n: float) -> int:
    if n > MOST:
        raise Refusal(
            f"This would take about {n:,.0f} items; choose a wider margin or expect a larger difference."
        )
    return max(4, math.ceil(n))
