"""P-values of several comparisons, adjusted within a family that is stated beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from agreement.array import Array
from agreement.refusal import Refusal

Correction = Literal["holm", "benjamini-yekutieli"]


def adjusted(family: Mapping[str, float], correction: Correction = "holm") -> dict[str, float]:
    """Return the adjusted p-value of every member of a family.

    Parameters
    ----------
    family : mapping of name to p-value
        All comparisons that were stated, also those that came out undefined (NaN): they count in the
        family's size, since leaving them out afterwards would be a choice made by the data. They stay NaN.
    correction : Correction
        holm: no false claim in the family; benjamini-yekutieli: share of false claims, under any dependence.

    References
    ----------
    Holm 1979, Scand. J. Statist. 6:65; Benjamini & Yekutieli 2001, Annals of Statistics 29:1165.

    Examples
    --------
    >>> adjusted({"juror a": 0.01, "juror b": 0.02, "juror c": 0.5})
    {'juror a': 0.03, 'juror b': 0.04, 'juror c': 0.5}
    """
    p = np.array(list(family.values()), dtype=np.float64)
    if ((p < 0) | (p > 1)).any():
        raise Refusal(f"A p-value lies between 0 and 1; {p[(p < 0) | (p > 1)][0]:g} does not.")
    if correction not in ("holm", "benjamini-yekutieli"):
        raise Refusal(f"{correction!r} is not a correction (holm, benjamini-yekutieli).")
    made = _holm(p) if correction == "holm" else _yekutieli(p)
    return dict(zip(family, np.where(np.isnan(p), np.nan, made).tolist(), strict=True))


def _holm(p: Array) -> Array:
    order = np.argsort(np.where(np.isnan(p), 1.0, p), kind="stable")
    stepped = np.maximum.accumulate(_ranked(p, order) * np.arange(len(p), 0, -1))
    return _back(np.minimum(stepped, 1.0), order)


def _yekutieli(p: Array) -> Array:
    n = len(p)
    order = np.argsort(np.where(np.isnan(p), 1.0, p), kind="stable")
    ranks = np.arange(1, n + 1)
    raw = _ranked(p, order) * n * (1 / ranks).sum() / ranks
    return _back(np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0), order)


def _ranked(p: Array, order: np.typing.NDArray[np.intp]) -> Array:
    return np.where(np.isnan(p), 1.0, p)[order]


def _back(stepped: Array, order: np.typing.NDArray[np.intp]) -> Array:
    made = np.empty_like(stepped)
    made[order] = stepped
    return made
