"""Which scale answers stand on, as far as they show, and words as numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from agreement.array import Array

LABELS = 30
"""More different words than this are free text, which has no agreement to compute."""


def scale_of(ratings: Array) -> tuple[float, float]:
    """Return the ends of the scale that these ratings were given on, as far as they show.

    Examples
    --------
    >>> scale_of(np.array([2.0, 4, 5])), scale_of(np.array([0.0, 1])), scale_of(np.array([0, 35.5]))
    ((1.0, 5.0), (0.0, 1.0), (0.0, 35.5))
    """
    given = ratings[~np.isnan(ratings)]
    if not len(given):
        return 0.0, 1.0
    low, high = float(given.min()), float(given.max())
    whole = bool((given == np.round(given)).all())
    for ends in ((0.0, 1.0), (1.0, 5.0)):
        if whole and ends[0] <= low and high <= ends[1]:
            return ends
    return (low, high) if high > low else (low, low + 1)


def on_scale(verdicts: Array, ratings: Array, kind: str) -> bool:
    """Return whether a judge's scores can be read on the clinicians' scale as they are."""
    given, theirs = verdicts[~np.isnan(verdicts)], ratings[~np.isnan(ratings)]
    if kind == "metric":
        return False
    if not len(given) or not len(theirs):
        return True
    low, high = scale_of(theirs)
    room = 1.0 if (theirs == np.round(theirs)).all() and high - low > 1 else 0.0
    outside = (given < low - room) | (given > high + room)
    share_like = high > 1 and given.min() >= 0 and given.max() <= 1 and len(np.unique(given)) > 2
    return bool(outside.mean() <= 0.05) and not share_like


def coded(rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Add the column `code`: the number, or the place of a word among the words that were said.

    Free text stays as it is, without the column.
    """
    answered = rows["status"].eq("answered") if "status" in rows else rows["number"].notna()
    human = answered & rows["kind"].eq("clinician")
    if rows.loc[human, "number"].notna().all():
        return rows.assign(code=rows["number"]), ()
    words = rows["value"].astype(str).str.strip().str.casefold()
    labels = tuple(sorted(words[answered].unique()))
    if len(labels) > LABELS:
        return rows, ()
    code = words.map({label: float(at) for at, label in enumerate(labels)}).where(answered)
    return rows.assign(code=code.astype(float)), labels
