"""Differences between two machines' association with the clinicians, on the same outputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from agreement.additive import pearson
from agreement.array import Array
from agreement.bootstrap import Resampling
from agreement.difference import Arm, difference
from agreement.estimate import Estimate, undefined
from agreement.report.answers import Answers
from agreement.report.figure import Figure, Place
from agreement.report.settings import Settings


def over_metrics(one: Answers, settings: Settings) -> Iterator[Figure]:
    """Return by how much the jury's r with the clinicians' means exceeds each metric's."""
    if one.labels or not one.panel.size or one.astray:
        return
    raters = len(one.names["clinician"]) + one.panel.shape[1] + 1
    for name, column in zip(one.names["metric"], one.metrics.T, strict=True):
        place = Place(one.question, "jury–clinician", name, raters=raters)
        found = difference_in_r(one, one.jury, column, settings)
        yield place.of(found, f"its means less the scores of {name}, with the clinicians' means")


def difference_in_r(one: Answers, first: Array, second: Array, settings: Settings) -> Estimate:
    """Return r(first, clinicians) − r(second, clinicians) with a paired bootstrap of whole cases."""
    human, name = one.human, "difference in r, jury less metric"
    seen = ~(np.isnan(human) | np.isnan(first) | np.isnan(second))
    n = int(seen.sum())
    if n < 3:
        return undefined(name, f"{n} outputs have clinicians, jury and metric.", n_items=n)
    first, second = (np.column_stack([column[seen], human[seen]]) for column in (first, second))
    how = Resampling(settings.replicates, None if one.cases is None else one.cases[seen])
    arms = Arm("jury", pearson(), first), Arm("metric", pearson(), second)
    found = difference(*arms, rng=settings.rng(), how=how, level=settings.level)
    return replace(found, coefficient=name)
