"""The jury as one judge: the mean of its jurors, laid beside the clinicians like any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from agreement.decision.lay import lay
from agreement.decision.plan import Plan
from agreement.decision.sheet import Sheet
from agreement.panel import Jury, on_panel

JURY = "the jury"


def members(frame: pd.DataFrame, jury: Jury = None) -> list[str]:
    """Return the jurors of a frame whose mean is the jury.

    Examples
    --------
    >>> frame = pd.DataFrame({"rater": ["C1", "b@1", "a@1", "random"], "kind": ["clinician"] + 3 * ["juror"]})
    >>> members(frame)
    ['a@1', 'b@1']
    """
    jurors = frame.loc[frame["kind"].astype(str) == "juror", "rater"].astype(str).unique()
    return sorted(name for name in jurors if on_panel(name, jury))


def lay_jury(
    frame: pd.DataFrame, plan: Plan, facts: pd.DataFrame | None = None, jury: Jury = None
) -> list[Sheet]:
    """Return the sheets of the jury's mean; empty where fewer than two jurors share a question."""
    return list(joined([tuple(lay(frame, name, plan, facts)) for name in members(frame, jury)]))


def joined(jurors: Sequence[Sequence[Sheet]]) -> tuple[Sheet, ...]:
    """Return the mean of all jurors as one judge, where two or more answered; all or none for each output."""
    if len(jurors) < 2:
        return ()
    return tuple(filter(None, (_mean(group) for group in zip(*jurors, strict=False))))


def _mean(group: Sequence[Sheet]) -> Sheet | None:
    first = group[0]
    if first.labels or len({sheet.question for sheet in group}) > 1 or not all(s.on_scale for s in group):
        return None
    rows = sorted(set().union(*(sheet.items for sheet in group)))
    if any(tuple(rows) != sheet.items for sheet in group):
        return None
    return replace(
        first,
        judge=JURY,
        verdicts=np.mean([sheet.verdicts for sheet in group], axis=0),
        asked=np.any([sheet.asked for sheet in group], axis=0),
        again=None,
    )
