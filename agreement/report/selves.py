"""What is said of one rater: how severe, and how reliable when asked again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from agreement.crossed.severity import severity
from agreement.matrix import occasions
from agreement.own import over_occasions, over_repeats
from agreement.report.answers import Answers
from agreement.report.figure import Between, Figure, Place
from agreement.report.settings import Settings


def severities(one: Answers, settings: Settings) -> Iterator[Figure]:
    """Return how far above or below the others each clinician rates, items accounted for."""
    names = one.names["clinician"]
    if one.labels or one.slots or len(names) < 2:
        return
    for name, estimate in zip(names, severity(one.clinicians, level=settings.level), strict=True):
        place = Place(one.question, "clinician–clinician", name, raters=len(names))
        way = "" if one.turned is None else ", turned round: above 0 is kinder"
        yield place.of(estimate, f"points above the mean of the clinicians, shrunken{way}")


def again(frame: pd.DataFrame, found: Sequence[Answers], settings: Settings) -> Iterator[Figure]:
    """Return the own reliability of each rater who was asked a second time."""
    if "occasion" not in frame or not (frame["occasion"] > 1).any():
        return
    numbers = {one.question for one in found if not one.labels}
    later = frame[(frame["occasion"] > 1) & frame["question"].isin(numbers) & (frame["kind"] != "metric")]
    for (question, kind, rater), _ in later.groupby(["question", "kind", "rater"], observed=True):
        asked = frame[(frame["rater"] == rater) & (frame["question"] == question)]
        own = occasions(asked, question=str(question), rater=str(rater), kinds=[str(kind)]).values
        function = over_occasions if kind == "clinician" else over_repeats
        between: Between = "clinician–self" if kind == "clinician" else "juror–self"
        place = Place(str(question), between, str(rater), raters=1)
        yield place.of(function(own, level=settings.level), "asked again; raw scores")
