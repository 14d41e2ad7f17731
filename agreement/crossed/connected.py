"""Whether the raters hang together: two of them are comparable only through items that link them."""

from __future__ import annotations

import numpy as np
from scipy.sparse.csgraph import connected_components

from agreement.array import Array, Codes


def groups(values: Array) -> Codes:
    """Return the group of each rater: raters who share items, directly or through others, share a group.

    Examples
    --------
    >>> groups(np.array([[1, 2, np.nan], [np.nan, np.nan, 3]])).tolist()
    [0, 0, 1]
    """
    there = (~np.isnan(values)).astype(np.float32)
    return np.asarray(connected_components(there.T @ there > 0, directed=False)[1], dtype=np.intp)


def split(values: Array) -> tuple[str, ...]:
    """Return a sentence where the raters fall into groups without an item in common."""
    n = int(groups(values).max(initial=-1)) + 1
    if n <= 1:
        return ()
    return (
        f"The raters fall into {n} groups that share no item: their levels can only be compared by "
        "assuming that items were assigned at random.",
    )
