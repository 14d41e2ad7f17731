"""Agreement on sets of labels: Krippendorff's alpha with the MASI distance."""

from __future__ import annotations

from collections.abc import Sequence, Set

import numpy as np
from numpy.typing import ArrayLike

from agreement.alpha.distance import over
from agreement.alpha.krippendorff import of
from agreement.alpha.units import counted
from agreement.estimate import Estimate


def masi(one: Set[str], other: Set[str]) -> float:
    """Return the distance of two sets: 1 − Jaccard × monotonicity (1 equal, 2/3 within, 1/3 overlapping).

    References
    ----------
    Passonneau, R. (2006). Measuring agreement on set-valued items (MASI). *LREC*, 831–836.

    Examples
    --------
    >>> masi({"bias"}, {"bias"}), round(masi({"bias"}, {"bias", "tone"}), 3), masi({"bias"}, set())
    (0.0, 0.667, 1.0)
    """
    if one == other:
        return 0.0
    shared, either = len(one & other), len(one | other)
    monotone = 2 / 3 if one <= other or other <= one else 1 / 3
    return 1 - shared / either * monotone


def alpha_sets(
    labels: Sequence[Sequence[Set[str] | None]],
    *,
    rng: np.random.Generator | None = None,
    replicates: int = 2000,
    cases: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Return alpha of multi-label ratings, items × raters; None is unrated, an empty set is an answer.

    See `agreement.alpha.krippendorff.alpha` for the other parameters.

    Examples
    --------
    >>> rows = [[{"a"}, {"a"}], [{"a", "b"}, {"a", "b"}], [{"b"}, {"a", "b"}], [set(), set()]]
    >>> round(alpha_sets(rows).value, 3)
    0.767
    """
    raters = max((len(row) for row in labels), default=0)
    found = sorted({tuple(sorted(cell)) for row in labels for cell in row if cell is not None})
    place = {cell: number for number, cell in enumerate(found)}
    codes = np.full((len(labels), raters), np.nan)
    for i, row in enumerate(labels):
        for j, cell in enumerate(row):
            codes[i, j] = np.nan if cell is None else place[tuple(sorted(cell))]
    rows = counted(codes, np.arange(len(found), dtype=float))
    sets = [frozenset(found[int(point)]) for point in rows.points]
    delta = np.array([[masi(one, other) for other in sets] for one in sets]).reshape(len(sets), len(sets))
    return of("alpha (sets, MASI)", codes, rows, over(delta), rng, replicates, cases, level)
