"""The panel by its mean, its median and some of its jurors, a table a question."""

from __future__ import annotations

from collections.abc import Iterator

from agreement.paper.document import Cell, Table
from agreement.paper.whole import Whole, suppressed
from agreement.report.answers import Answers
from agreement.subpanels import MOST_IN_FULL, Subpanel, subpanels

NOTE = (
    "All rows stand on the outputs that every juror and a clinician rated, beside the clinicians' mean. "
    "Less the panel's: r less that of the mean of all, on the same draws; a range that holds 0 shows no "
    "difference. A panel that was chosen because it did best here looks better than it is: try it on "
    "other outputs."
)


def panel_tables(whole: Whole) -> Iterator[Table]:
    """Yield a table a question with numbers that two jurors of the panel answered."""
    for one in whole.answers:
        jurors = _jurors(whole, one)
        if one.labels or len(jurors) < 2 or not one.names["clinician"]:
            continue
        columns = [one.names["juror"].index(name) for name in jurors]
        found = subpanels(
            one.jurors[:, columns], jurors, one.human, rng=whole.settings.rng(), cases=one.cases,
            count=whole.plan.replicates, level=whole.settings.level,
        )  # fmt: skip
        rows = tuple(_row(each, jurors) for each in found)
        title = f"The panel by mean, median and part, {one.question}"
        columns_ = ("panel", "r", "less the panel's r", "ICC(A,1)", "points above clinicians")
        note = (
            NOTE
            if len(jurors) <= MOST_IN_FULL
            else f"{NOTE} Of {len(jurors)} jurors, not every part is shown."
        )
        yield Table(f"panel_{one.question}", title, columns_, rows, note)


def _jurors(whole: Whole, one: Answers) -> list[str]:
    """The panel's jurors who answered this question."""
    given = dict(zip(one.names["juror"], one.jurors.T, strict=True))
    return [name for name in whole.panel if name in given and (given[name] == given[name]).any()]


def _row(each: Subpanel, jurors: list[str]) -> tuple[Cell, ...]:
    less = None if len(each.jurors) == len(jurors) and each.by == "mean" else suppressed(each.less)
    return (_named(each, jurors), suppressed(each.order), less, suppressed(each.level), suppressed(each.bias))


def _named(each: Subpanel, jurors: list[str]) -> str:
    """A part of the panel in words.

    Examples
    --------
    >>> one = Subpanel(("a", "b"), "mean", *[None] * 4)
    >>> _named(one, ["a", "b"]), _named(one, ["a", "b", "c"]), _named(one, ["a", "b", "c", "d"])
    ('mean of all 2', 'mean without c', 'mean of a and b')
    """
    if len(each.jurors) == len(jurors):
        return f"{each.by} of all {len(jurors)}"
    if len(each.jurors) == 1:
        return f"{each.jurors[0]} alone"
    left = [name for name in jurors if name not in each.jurors]
    if len(left) == 1:
        return f"{each.by} without {left[0]}"
    return f"{each.by} of {' and '.join(each.jurors)}"
