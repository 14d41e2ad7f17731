"""What each choice costs in hours and money, and what more outputs or another look by a juror would buy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from agreement.decision import Sheet
from agreement.decision.check import counted
from agreement.estimate import Estimate
from agreement.paper.document import Block, Cell, Table
from agreement.paper.sections.glance import estimate
from agreement.paper.whole import Whole
from agreement.planning.width import width_for_items

CLINICIANS = (1, 2, 3, 5, 8)
REPEATS = (1, 2, 3)
OUTPUTS = (30, 50, 100, 200, 400, 800)
UNTIMED, UNPRICED = "not timed", "not known"
CHOICES = (
    "What more clinicians buy stands in section 3, how far the jury may stand in for them in section 4. "
    "Hours: the mean of the clinicians' median minutes a form, for each of these outputs. Dollars: what the "
    "replies of the jurors cost, by the price list that was named when they came. A juror asked again "
    "agrees better with itself, right or wrong."
)
WIDTHS = (
    "From the lower to the upper bound of the 95 % interval of ICC(C,1), by Bonett's formula (2002), with as "
    "many ratings an output as here; a plan, so it has no range of its own."
)


def choices(whole: Whole, sheet: Sheet | None) -> list[Block]:
    """Return what each choice costs, and what more outputs would settle; nothing for words."""
    if sheet is None or sheet.labels:
        return []
    rows = [*_clinicians(whole), *_asked_again(whole), _jury(whole)]
    columns = ("choice", "agreement with itself", "clinician hours", "dollars")
    title = f"What each choice costs for {whole.outputs} outputs"
    return [Table("choices", title, columns, tuple(rows), CHOICES), *_widths(whole, sheet)]


def _clinicians(whole: Whole) -> Iterator[tuple[Cell, ...]]:
    minutes = _minutes(whole)
    for k in CLINICIANS:
        hours: Cell = UNTIMED if np.isnan(minutes) else float(whole.outputs * k * minutes / 60)
        yield f"{counted(k, 'clinician')} an output", None, hours, None


def _minutes(whole: Whole) -> float:
    timed = [one.minutes for one in whole.attendance if not np.isnan(one.minutes)]
    return float(np.mean(timed)) if timed else float("nan")


def _asked_again(whole: Whole) -> Iterator[tuple[Cell, ...]]:
    """The mean of a juror's own repeats, by Spearman and Brown: reliable with itself, right or wrong."""
    for figure in whole.report.where(between="juror–self", stratum="all"):
        if figure.defined and figure.value > 0:  # what does not agree with itself once never will
            for t in REPEATS:
                name = f"{figure.rater} asked {counted(t, 'time')}, {figure.question}"
                yield name, _stepped(estimate(figure), t), None, None


def _stepped(one: Estimate, t: int) -> Estimate:
    value, low, high = (t * x / (1 + (t - 1) * x) for x in (one.value, max(one.low, 0.0), one.high))
    return replace(one, value=value, low=low, high=high, method=f"{one.method}; Spearman–Brown")


def _jury(whole: Whole) -> tuple[Cell, ...]:
    paid = [whole.spent[name] for name in whole.panel if name in whole.spent]
    known = len(paid) == len(whole.panel) > 0 and not any(map(np.isnan, paid))
    return "the jury alone, as it was asked", None, None, float(sum(paid)) if known else UNPRICED


def _widths(whole: Whole, sheet: Sheet) -> list[Block]:
    found = [
        f
        for f in whole.report.where(question=sheet.question, between="clinician–clinician", stratum="all")
        if f.coefficient == "ICC(C,1)" and not f.rater and f.defined
    ]
    counts = (~np.isnan(sheet.clinicians[sheet.rated])).sum(axis=1)
    each = float(counts.mean()) if len(counts) else 0.0
    if not found or each <= 1:
        return []
    rows = tuple((n, width_for_items(found[0].value, n, each, level=whole.plan.level)) for n in OUTPUTS)
    title = f"How narrow the clinicians' agreement would be known, {sheet.question}"
    return [Table("widths", title, ("outputs", "width of the interval"), rows, WIDTHS)]
