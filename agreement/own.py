"""A rater's agreement with themselves: a clinician a week later, a juror asked again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from agreement.array import Array, ratings
from agreement.crossed.icc import crossed_icc
from agreement.estimate import Estimate, undefined
from agreement.icc import icc
from agreement.oneway import oneway_icc


def over_occasions(own: npt.ArrayLike, *, level: float = 0.95) -> Estimate:
    """Return a rater's own reliability over occasions: ICC(A,1), so that a drift in level counts as error.

    Parameters
    ----------
    own : array of (items, occasions)
        One rater's ratings; items rated on one occasion only are left out.

    References
    ----------
    Koo & Li 2016, Journal of Chiropractic Medicine 15:155 (absolute agreement for test-retest).

    Examples
    --------
    >>> made = over_occasions([[5, 4], [3, 3], [2, 2], [4, 4], [1, 2], [3, None]])
    >>> made.n_items, round(made.value, 2)
    (5, 0.88)
    """
    again, notes = _again(ratings(own))
    if len(again) < 2:
        return _none("own ICC(A,1)", again, notes)
    whole = not np.isnan(again).any()
    made = icc(again, "ICC(A,1)", level=level) if whole else crossed_icc(again, "ICC(A,1)", level=level)
    return replace(made, coefficient="own ICC(A,1)", notes=(*made.notes, *notes))


def over_repeats(own: npt.ArrayLike, *, level: float = 0.95) -> Estimate:
    """Return a rater's own reliability over exchangeable repeats: one-way ICC(1,1).

    Parameters
    ----------
    own : array of (items, repeats)
        One juror's samples; which is first means nothing. Items asked once are left out.

    References
    ----------
    McGraw & Wong 1996, Psychological Methods 1:30.

    Examples
    --------
    >>> made = over_repeats([[5, 4], [3, 3], [2, 2], [4, 4], [1, 2], [3, None]])
    >>> made.n_items, made.coefficient
    (5, 'own ICC(1,1)')
    """
    again, notes = _again(ratings(own))
    if len(again) < 2:
        return _none("own ICC(1,1)", again, notes)
    whole = not np.isnan(again).any()
    made = icc(again, "ICC(1,1)", level=level) if whole else oneway_icc(again, level=level)
    return replace(made, coefficient="own ICC(1,1)", notes=(*made.notes, *notes))


def _again(own: Array) -> tuple[Array, tuple[str, ...]]:
    n = (~np.isnan(own)).sum(axis=1)
    once = int((n == 1).sum())
    said = f"{once} items left out: rated once." if once > 1 else "1 item left out: rated once."
    return own[n > 1], (said,) if once else ()


def _none(name: str, again: Array, notes: tuple[str, ...]) -> Estimate:
    reason = f"Own reliability needs at least 2 items rated more than once; there are {len(again)}."
    return undefined(name, reason, n_items=len(again), n_raters=again.shape[1]).noting(*notes)
