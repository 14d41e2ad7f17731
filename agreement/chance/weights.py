"""How much credit two points share: identity, linear, quadratic, ordinal, or all within a distance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Weighting = Literal["unweighted", "linear", "quadratic", "ordinal"]
WEIGHTINGS: tuple[Weighting, ...] = ("unweighted", "linear", "quadratic", "ordinal")


def weights(points: Sequence[float], weighting: Weighting) -> NDArray[np.float64]:
    """Return the q × q agreement weights of the declared `points`: 1 on the diagonal, 0 for no credit.

    Linear and quadratic weights use the points' numbers; ordinal weights use their order only:
    1 − C(d + 1, 2) / C(q, 2) for two points d places apart.

    References
    ----------
    Gwet, K. L. (2014). *Handbook of Inter-Rater Reliability*, 4th ed., section 3.5.

    Examples
    --------
    >>> weights((1, 2, 3), "quadratic")
    array([[1.  , 0.75, 0.  ],
           [0.75, 1.  , 0.75],
           [0.  , 0.75, 1.  ]])
    """
    x = np.asarray(points, dtype=float)
    if weighting == "unweighted":
        return np.eye(len(x))
    if weighting == "ordinal":
        apart = np.abs(np.subtract.outer(np.arange(len(x)), np.arange(len(x)))).astype(float)
        return _share(apart * (apart + 1) / 2)
    distance = np.abs(np.subtract.outer(x, x))
    return _share(distance if weighting == "linear" else distance**2)


def within(points: Sequence[float], distance: float) -> NDArray[np.float64]:
    """Return weights that give full credit to points at most `distance` apart, and none beyond.

    Examples
    --------
    >>> within((1, 2, 3), 1)
    array([[1., 1., 0.],
           [1., 1., 1.],
           [0., 1., 1.]])
    """
    x = np.asarray(points, dtype=float)
    near = np.abs(np.subtract.outer(x, x)) <= distance + 1e-9
    return np.asarray(near, dtype=float)


def _share(penalty: NDArray[np.float64]) -> NDArray[np.float64]:
    worst = float(penalty.max(initial=0.0))
    return np.asarray(1 - penalty / worst) if worst > 0 else np.ones_like(penalty)
