"""What more clinicians would buy, and what several say together: D-study and Dawid–Skene."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from agreement.array import Array
from agreement.consensus import majority
from agreement.dawid_skene import DawidSkene, dawid_skene
from agreement.decision.check import counted
from agreement.decision.lay import COMPOSITE
from agreement.estimate import Estimate
from agreement.generalizability import GStudy, d_study, g_study
from agreement.paper.document import Block, Cell, Chart, Table
from agreement.paper.draw import intervals
from agreement.paper.whole import FEWEST, Whole, suppressed
from agreement.report.answers import Answers

RATERS = (1, 2, 3, 5, 8)
CURVE = (1, 2, 3, 4, 5, 6, 8, 10)
NOTE = (
    "Reliability of the mean of so many clinicians an output, level differences counted (Phi; a D-study "
    "after Brennan 2001): 1 is perfect, and 0.8 is often asked for. The shares say where the variance of the "
    "ratings comes from: outputs, clinicians' levels, and the rest. More clinicians help against the last "
    "two only; consilium plan raters counts how many a stated reliability needs."
)
TOGETHER = (
    "The likely answer weighs each clinician by how well her answers go with the others' (Dawid and Skene "
    "1979, maximum likelihood by EM); a majority counts each alike. It takes errors to be independent given "
    "the truth and may settle on a local optimum: read it beside the majority, never instead. First row: the "
    "share of outputs with that likely answer. Then: where an answer is likely, how often each clinician "
    f"gives it; empty where she rated fewer than {FEWEST} such outputs."
)


def reliability(whole: Whole) -> Iterator[Block]:
    """Yield the table of all questions with numbers, and the curve of the one that stands for all."""
    studied = [(one, g_study(one.clinicians, rng=whole.settings.rng())) for one in _numeric(whole)]
    studied = [(one, study) for one, study in studied if not np.isnan(study.item)]
    if not studied:
        return
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            one.question,
            *_shares(study),
            *(suppressed(each) for each in _phi(whole, one, study, RATERS)),
        )
        for one, study in studied
    )
    columns = ("question", "outputs", "levels", "rest", *(counted(n, "clinician") for n in RATERS))
    title = "What more clinicians an output would buy"
    one, study = next((pair for pair in studied if pair[0].question == COMPOSITE), studied[0])
    curve = [
        (counted(n, "clinician"), suppressed(each))
        for n, each in zip(CURVE, _phi(whole, one, study, CURVE), strict=True)
    ]
    if all(estimate.defined for _, estimate in curve):
        picture = intervals(curve, "reliability of their mean (Phi)")
        yield Chart("reliability_chart", f"{title}, {one.question}", picture, "reliability")
    yield Table("reliability", title, columns, rows, NOTE)


def _phi(whole: Whole, one: Answers, study: GStudy, raters: tuple[int, ...]) -> list[Estimate]:
    """Return the reliability of the mean of so many clinicians, with the range of ICC(A,1) stepped up.

    Of one clinician it is ICC(A,1), and one figure must not come with two ranges: that of section 3 is
    stepped up by Spearman–Brown, as the figure itself is.
    """
    found = [each.absolute for each in d_study(study, raters, level=whole.settings.level)]
    single = [
        f
        for f in whole.report.figures
        if (f.coefficient, f.between, f.stratum, f.question)
        == ("ICC(A,1)", "clinician–clinician", "all", one.question)
    ]
    if not single or math.isnan(single[0].low) or study.rater < 0:
        return found
    ends, how = (single[0].low, single[0].high), f"{single[0].method}, stepped up by Spearman–Brown"
    return [
        replace(each, low=_stepped(ends[0], n), high=_stepped(ends[1], n), method=how)
        if each.defined
        else each
        for n, each in zip(raters, found, strict=True)
    ]


def _stepped(single: float, n: int) -> float:
    """Return the reliability of the mean of `n`; below 0 there is none, as in a D-study."""
    kept = max(single, 0.0)
    return n * kept / (1 + (n - 1) * kept)


def together(whole: Whole) -> Iterator[Block]:
    """Yield one table a question in words, or of yes or no, that three clinicians answered."""
    for one in whole.answers:
        binary = len(one.points) == 2 and bool(np.isin(one.clinicians, (*one.points, np.nan)).all())
        people = (~np.isnan(one.clinicians)).any(axis=0).sum()
        if one.question == COMPOSITE or one.slots or people < 3 or not (one.labels or binary):
            continue
        found = dawid_skene(one.as_given.clinicians, one.as_given.points)
        if found.converged:
            yield _together(one.as_given, found)


def _numeric(whole: Whole) -> list[Answers]:
    return [one for one in whole.answers if not one.labels and not one.slots and one.clinicians.shape[1] > 1]


def _shares(study: GStudy) -> tuple[str, str, str]:
    parts = np.maximum([study.item, study.rater, study.interaction + study.repeat], 0.0)
    total = parts.sum()
    item, rater, rest = (f"{part / total:.0%}" if total > 0 else "" for part in parts)
    return item, rater, rest


def _together(one: Answers, found: DawidSkene) -> Table:
    names = one.labels or tuple(f"{point:g}" for point in one.points)
    rows: list[tuple[Cell, ...]] = [("share of outputs", *(float(p) for p in found.prevalence))]
    for name, column, confusion in zip(
        one.names["clinician"], one.clinicians.T, found.confusion, strict=True
    ):
        rows.append((name, *_own(found.posterior[~np.isnan(column)], confusion)))
    title = f"What the clinicians say together, {one.question}"
    columns = ("clinician", *(f"likely: {name}" for name in names))
    return Table(f"together_{one.question}", title, columns, tuple(rows), f"{_beside(one, found)} {TOGETHER}")


def _own(posterior: Array, confusion: Array) -> list[float | None]:
    rated = np.nansum(posterior, axis=0)
    return [
        float(confusion[k, k]) if n >= FEWEST and not np.isnan(confusion[k, k]) else None
        for k, n in enumerate(rated)
    ]


def _beside(one: Answers, found: DawidSkene) -> str:
    """How often the likely answer is not the majority, and how many outputs without one get an answer."""
    most, likely = majority(one.clinicians).values, found.values
    other = int((most != likely)[~np.isnan(most)].sum())
    tied = int((np.isnan(most) & ~np.isnan(likely)).sum())
    return (
        f"Of {counted(int((~np.isnan(likely)).sum()), 'output')}, {tied} have no majority, and on {other} "
        "the likely answer is another than the majority's."
    )
