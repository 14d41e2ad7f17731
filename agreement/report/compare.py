"""From the long frame to the whole report: question by question, kind by kind, stratum by stratum."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from agreement.array import Array
from agreement.opinion import opinions
from agreement.panel import on_panel
from agreement.report import kinds
from agreement.report.answers import Answers, answers
from agreement.report.beside import beside
from agreement.report.clinicians import among
from agreement.report.describe import asked, spoken
from agreement.report.differences import over_metrics
from agreement.report.figure import Between, Figure, Place
from agreement.report.keys import case_names
from agreement.report.places import in_places
from agreement.report.selves import again, severities
from agreement.report.settings import Settings
from agreement.report.strata import strata, too_many
from agreement.report.tables import Report
from agreement.report.within import within_systems


def compare(
    frame: pd.DataFrame,
    facts: pd.DataFrame | None = None,
    *,
    points: Mapping[str, Sequence[float]] | None = None,
    slots: bool = False,
    measures: Mapping[str, str] | None = None,
    settings: Settings | None = None,
    progress: Callable[[str], None] = lambda said: None,
) -> Report:
    """Return every figure of agreement among clinicians, and of jury, jurors and metrics with them.

    Parameters
    ----------
    frame : DataFrame
        The long ratings frame: item, rater, kind, question, value, number, and if there are any part,
        occasion, status and reason. The first occasion counts.
    facts : DataFrame, optional
        One row an output: item, part, and any of case, system, and further strata.
    points : mapping of question to numbers, optional
        The declared scales; without it they are read off the ratings, and the report says so.
    slots : bool
        Clinicians' names are anonymous slots ("reviewer 1"): one-way coefficients only.
    measures : mapping of question to measure, optional
        What answers are where they do not show it: nominal, sets, spans, ranking or preference.
    progress : function
        Told what is being computed: reports on millions of ratings take a while.

    Examples
    --------
    >>> rows = [(f"i{n}", r, "clinician", "clarity", float((n + k) % 5 + 1))
    ...         for n in range(10) for k, r in enumerate(["C1", "C2"])]
    >>> frame = pd.DataFrame(rows, columns=["item", "rater", "kind", "question", "number"])
    >>> report = compare(frame.assign(value=frame["number"].astype(str)))
    >>> report.where(coefficient="exact agreement")[0].value
    0.0
    """
    settings = settings or Settings()
    case = case_names(facts)
    progress("who answered what")
    found = answers(
        frame,
        points=points,
        case=case,
        slots=slots,
        measures=measures,
        jury=settings.jury,
        high_is_bad=settings.high_is_bad,
    )
    others = _others(frame, facts, measures, settings)
    figures = [figure for one in found for figure in _question(one, facts, settings, progress)]
    figures += [figure for one in others for figure in kinds.figures(one, facts, settings)]
    figures += again(frame, found, settings)
    return Report(
        (*figures, *within_systems(figures, facts, found, settings)),
        (
            *(spoke for one in found for spoke in spoken(one, frame)),
            *(spoke for one in others for spoke in kinds.spoken(one)),
        ),
        (*map(asked, found), *map(kinds.asked, others)),
        (*_left(frame, found, [one.question for one in others]), *too_many(facts)),
        settings.seed,
        settings.replicates,
        settings.level,
        tuple(
            (one.question, each) for one in found if settings.opinions for each in opinions(one.clinicians)
        ),
    )


def _others(
    frame: pd.DataFrame,
    facts: pd.DataFrame | None,
    measures: Mapping[str, str] | None,
    settings: Settings,
) -> list[kinds.Told]:
    """The questions whose answers are sets, marks, rankings or preferences."""
    case, characters = case_names(facts), _characters(facts)
    return [
        replace(kinds.told(frame, question, measure, case, characters), seated=settings.jury)
        for question, measure in kinds.measured(frame, measures).items()
        if measure in kinds.SPECIAL
    ]


def _question(
    one: Answers, facts: pd.DataFrame | None, settings: Settings, progress: Callable[[str], None]
) -> Iterator[Figure]:
    yield from _all(one, "all", settings, progress)
    progress(f"{one.question}: how severe each rater is")
    yield from severities(one, settings)
    yield from over_metrics(one, settings)
    for name, rows in strata(facts, one.rows).items():
        yield from _all(one.cut(rows), name, settings, progress)


def _all(one: Answers, stratum: str, settings: Settings, progress: Callable[[str], None]) -> Iterator[Figure]:
    people, jurors = len(one.names["clinician"]), one.panel.shape[1]
    where = f"{one.question}, {stratum}" if stratum != "all" else one.question
    progress(f"{where}: clinicians with one another")
    yield from among(one, one.clinicians, _place(one, "clinician", stratum), settings)
    if jurors > 1 and stratum == "all" and not one.astray:
        yield from among(one, one.panel, _place(one, "juror", stratum), settings)
    judges = _judges(one, stratum) if people else []
    for place, column in judges:
        progress(f"{where}: {place.rater or 'the jury'} with the clinicians")
        yield from beside(one, column, place, settings)
    if stratum == "all" and judges:
        progress(f"{where}: each judge in a clinician's place")
        yield from in_places(one, judges, settings)


def _judges(one: Answers, stratum: str) -> list[tuple[Place, Array]]:
    """The jury, each juror and each metric, with the line of the report that is about them."""
    people, jurors = len(one.names["clinician"]), one.panel.shape[1]

    def place(between: Between, name: str, raters: int) -> Place:
        return Place(
            one.question, between, name, stratum, people + raters, labels=one.labels, turned=one.turned
        )

    found = [(place("jury–clinician", "", jurors), one.jury)] if jurors and not one.astray else []
    for name, column in zip(one.names["juror"], one.jurors.T, strict=True):
        found.append((place("juror–clinician", name, 1), column))
    for name, column in zip(one.names["metric"], one.metrics.T, strict=True):
        found.append((place("metric–clinician", name, 1), column))
    return found


def _place(one: Answers, kind: str, stratum: str) -> Place:
    between: Between = "clinician–clinician" if kind == "clinician" else "juror–juror"
    names = [name for name in one.names[kind] if kind == "clinician" or on_panel(name, one.seated)]
    return Place(one.question, between, "", stratum, columns=names, labels=one.labels, turned=one.turned)


def _characters(facts: pd.DataFrame | None) -> dict[tuple[str, str], float]:
    if facts is None or "characters" not in facts:
        return {}
    return {(i, p): n for i, p, n in zip(facts["item"], facts["part"], facts["characters"], strict=True)}


def _left(frame: pd.DataFrame, found: Sequence[Answers], others: Sequence[str]) -> Iterator[str]:
    there = {*others, *(one.question for one in found)}
    if not len(frame) or (frame["kind"] == "metric").all():
        yield "Nobody but metrics rated anything: there is nothing to compare them with."
    for question in frame.loc[frame["kind"] != "metric", "question"].astype(str).unique().tolist():
        if question not in there:
            yield f"{question!r} holds free text: there is nothing to compare."
    for one in found:
        if not len(one.names["clinician"]) and one.question in there:
            yield f"No clinician answered {one.question!r}: only jurors can be compared on it."
    if "occasion" in frame and (frame["occasion"] > 1).any():
        rows = int(np.count_nonzero(frame["occasion"] > 1))
        yield f"Ratings on later occasions are left out of comparisons between raters: {rows}."
