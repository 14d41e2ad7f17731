"""Lin's concordance correlation: association and agreement of level and spread in one figure."""

from __future__ import annotations

from numpy.typing import ArrayLike

from agreement.estimate import Estimate, undefined
from agreement.pair.paired import on_fisher_z, paired


def lin_ccc(ratings: ArrayLike, *, cases: ArrayLike | None = None, level: float = 0.95) -> Estimate:
    """Return Lin's concordance correlation coefficient of two columns on one scale.

    See `pearson` for the parameters. The interval is distribution-free: each item's influence on
    Fisher's z, raised where few items carry it.

    References
    ----------
    Lin, L. I.-K. (1989). *Biometrics* 45, 255–268 (population moments).

    Examples
    --------
    >>> shifted = [[1, 2], [2, 3], [3, 4], [4, 5], [5, 6]]
    >>> round(lin_ccc(shifted).value, 3)
    0.8
    """
    data = paired(ratings, cases)
    n = len(data.x)
    x, y = data.x - data.x.mean() if n else data.x, data.y - data.y.mean() if n else data.y
    off = float(data.x.mean() - data.y.mean()) if n else 0.0
    vx, vy, c = ((x**2).mean(), (y**2).mean(), (x * y).mean()) if n else (0.0, 0.0, 0.0)
    spread = float(vx + vy + off**2)
    if n < 3 or spread <= 1e-24:
        reason = "Every score is the same." if n >= 3 else f"Both scored {n} items; agreement needs 3."
        return undefined("CCC", reason, n_items=n, n_raters=2).noting(*data.notes)
    value = float(2 * c / spread)
    pull_spread = (x**2 - vx) + (y**2 - vy) + 2 * off * (x - y)
    influence = (2 * (x * y - c) - value * pull_spread) / spread
    return on_fisher_z("CCC", value, influence, data, level=level, raised=True)
