"""How many items give an ICC's interval a stated width."""

from __future__ import annotations

import math

from scipy.special import ndtri

from agreement.level import tail
from agreement.refusal import Refusal


def items_for_width(icc: float, width: float, raters: int, *, level: float = 0.95) -> int:
    """Return the number of items for which an ICC(1 or C,1) interval has about this width.

    Parameters
    ----------
    icc : float
        What the study expects.
    width : float
        From lower to upper bound.
    raters : int
        Ratings an item.

    References
    ----------
    Bonett 2002, Statistics in Medicine 21:1331, equation 3 and its correction for 2 raters and high ICCs.

    Examples
    --------
    >>> items_for_width(0.7, 0.2, 2)
    105
    """
    if not 0 <= icc < 1:
        raise Refusal(f"An expected ICC lies between 0 and 1, not {icc:g}.")
    if not 0 < width < 2:
        raise Refusal(f"A width lies between 0 and 2, not {width:g}.")
    if raters < 2:
        raise Refusal(f"An ICC needs at least 2 ratings an item, not {raters}.")
    z = float(ndtri(tail(level)))
    spread = (1 - icc) ** 2 * (1 + (raters - 1) * icc) ** 2
    plain = 8 * z**2 * spread / (raters * (raters - 1) * width**2) + 1
    return math.ceil(plain + (5 * icc if raters == 2 and icc >= 0.7 else 0.0))


def width_for_items(icc: float, items: int, raters: float, *, level: float = 0.95) -> float:
    """Return about how wide an ICC(1 or C,1) interval will be: the other way round of `items_for_width`.

    Parameters
    ----------
    raters : float
        Ratings an item; their harmonic mean where items differ.

    References
    ----------
    Bonett 2002, Statistics in Medicine 21:1331, equation 3.

    Examples
    --------
    >>> round(width_for_items(0.5, 100, 3), 2)
    0.23
    """
    if items < 2 or raters <= 1:
        return math.nan
    z = float(ndtri(tail(level)))
    spread = (1 - icc) ** 2 * (1 + (raters - 1) * icc) ** 2
    return math.sqrt(8 * z**2 * spread / (raters * (raters - 1) * (items - 1)))


def raters_for_reliability(icc: float, reliability: float) -> int:
    """Return how many raters' mean has this reliability (Spearman-Brown, solved for k).

    Examples
    --------
    >>> raters_for_reliability(0.4, 0.8)
    6
    """
    if not 0 < icc < 1 or not 0 < reliability < 1:
        raise Refusal(f"An ICC and a reliability lie between 0 and 1; these are {icc:g} and {reliability:g}.")
    return max(1, math.ceil(reliability * (1 - icc) / (icc * (1 - reliability)) - 1e-9))
