"""Level and points: limits of agreement with their intervals, Bland–Altman pictures, confusion of points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from agreement.decision import Plan, Sheet
from agreement.decision.evidence import bias
from agreement.estimate import bound
from agreement.pair.bland_altman import BlandAltman, bland_altman
from agreement.paper.document import Block, Cell, Chart, Table
from agreement.paper.draw import points
from agreement.paper.whole import Whole

MOST_PICTURES = 4
LIMITS = (
    "Judge less the clinicians' mean, in points: its mean, and the limits between which about 95 % of single "
    "differences lie (Bland and Altman 1999), each with its own interval. "
    "Where a high value is bad (see Methods) they are turned round: above 0 is kinder."
)


def level(whole: Whole) -> list[Block]:
    """Return the limits of agreement of each judge, and a picture of the first ones' headline question."""
    found = [
        (judge, sheet, _limits(sheet, whole.plan))
        for judge, sheets in whole.sheets.items()
        for sheet in sheets
        if not sheet.labels and sheet.on_scale and sheet.judged.sum() >= 10
    ]
    if not found:
        return []
    rows = tuple((judge, s.question, each.bias, each.lower, each.upper) for judge, s, each in found)
    columns = ("judge", "question", "mean difference", "lower limit", "upper limit")
    last = {judge: (sheet, each) for judge, sheet, each in found}
    pictures = [_picture(judge, *both) for judge, both in last.items()][:MOST_PICTURES]
    return [Table("limits", "Level: limits of agreement", columns, rows, LIMITS), *pictures]


def _limits(sheet: Sheet, plan: Plan) -> BlandAltman:
    """Limits with their intervals, and the mean difference by the same draws as wherever else it stands."""
    kept, level = sheet.judged, plan.level
    cases = None if sheet.cases is None else sheet.cases[kept]
    found = bland_altman(np.column_stack([sheet.mean, sheet.verdicts])[kept], cases=cases, level=level)
    return replace(found, bias=bias(sheet, plan, kept))


def _picture(judge: str, sheet: Sheet, found: BlandAltman) -> Chart:
    """Draw difference against mean."""
    j, c = sheet.verdicts[sheet.judged], sheet.mean[sheet.judged]
    levels = [
        (f"{name}{each.value:z.2f} ({bound(each.low)} to {bound(each.high)})", each.value)
        for name, each in (("mean ", found.bias), ("", found.lower), ("", found.upper))
    ]
    label = f"{judge} less clinicians"
    picture = points((j + c) / 2, j - c, "mean of judge and clinicians", label, levels=levels)
    note = (
        f"Between the dashed lines lie about 95 % of single differences (n {len(j)}); each line's interval "
        "stands beside it. Larger circles are several outputs."
    )
    title = f"Level: {judge} beside the clinicians' mean, {sheet.question} (Bland–Altman)"
    return Chart(f"level_{judge}", title, picture, "limits", note)


def confusion(whole: Whole) -> list[Block]:
    """Return which points each juror gives where clinicians give which, a table a question."""
    return [
        block
        for judge, sheets in whole.sheets.items()
        for sheet in sheets
        if sheet.question in whole.questions and sheet.on_scale and whole.kinds[judge] == "juror"
        for block in _confused(judge, sheet)
    ]


def _confused(judge: str, sheet: Sheet) -> list[Block]:
    span = int(sheet.high - sheet.low) + 1
    if span > 11 or (sheet.verdicts[sheet.judged] % 1 != 0).any():
        return []
    ends = [sheet.low + k for k in range(span)]
    given = ends if sheet.turned is None else [sheet.turned.of(p) for p in ends]
    names = list(sheet.labels) or [f"{p:g}" for p in given]
    rows: list[tuple[Cell, ...]] = []
    for p, name in zip(ends, names, strict=True):
        said = sheet.verdicts == p
        counts = [int((said[:, None] & (sheet.clinicians == q)).sum()) for q in ends]
        rows.append((f"{judge}: {name}", *counts, sum(counts)))
    columns = ("said", *(f"clinicians: {name}" for name in names), "pairs")
    title = f"Confusion of points: {judge}, {sheet.question}"
    note = "Pairs of the judge and each clinician."
    return [Table(f"confusion_{judge}_{sheet.question}", title, columns, tuple(rows), note)]
