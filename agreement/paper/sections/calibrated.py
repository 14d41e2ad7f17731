"""Calibration: a map from each judge to the clinicians' scale, tried on cases that it has not seen."""

from __future__ import annotations

import numpy as np

from agreement.calibration import conformal
from agreement.decision import Decision, Sheet
from agreement.decision.jury import JURY
from agreement.estimate import Estimate
from agreement.fitted_map import KINDS, LEAST, fit_map
from agreement.paper.document import Block, Cell, Chart, Section, Table, Text
from agreement.paper.draw import points
from agreement.paper.whole import Whole

ERRORS = ("bias", "mean absolute error")
WHEN = ("before", "after")
MOST_PICTURES = 6


def calibrated(whole: Whole) -> Section:
    """Return what maps would do, and the maps."""
    pairs = [
        (judge, decision, sheet)
        for judge in whole.verdicts
        for decision, sheet in zip(whole.verdicts[judge], whole.sheets[judge], strict=True)
        if decision.calibration is not None and len(np.unique(sheet.verdicts[sheet.judged])) > 1
    ]
    if not pairs:
        return Section(
            "calibration", "6 Calibration", (Text("No judge has 20 scores beside clinicians.", "note"),)
        )
    rows = tuple((judge, d.question, *_row(d, sheet, ERRORS)) for judge, d, sheet in pairs)
    more = tuple(
        (judge, d.question, *_row(d, sheet, ("ICC(A,1)",)), _half(whole, sheet)) for judge, d, sheet in pairs
    )
    note = (
        "The map is isotonic: it rises with the judge's score and is otherwise free. Every case was "
        "mapped by a "
        "map fitted without it. '± for one' is the half-width within which the clinicians' mean of a "
        "new output "
        "lies in 90 % of cases (split conformal: the map is fitted on one half of the cases, and n "
        "counts the other half, an output a case); the scale's points are its unit. A judge on another "
        "scale has no error before the map."
    )
    columns = ("judge", "question", *(f"{name} {when}" for name in ERRORS for when in WHEN))
    others = ("judge", "question", *(f"ICC(A,1) {when}" for when in WHEN), "± for one")
    blocks: list[Block] = [
        Table("calibration", "Error before and after a map, out of fold", columns, rows),
        Table(
            "calibration_agreement", "Agreement before and after, and one score's range", others, more, note
        ),
    ]
    blocks += [_picture(judge, sheet) for judge, _, sheet in _chosen(pairs)]
    blocks.append(_knots(pairs))
    return Section("calibration", "6 Calibration", tuple(blocks))


def _row(decision: Decision, sheet: Sheet, names: tuple[str, ...]) -> list[Cell]:
    assert decision.calibration is not None
    figures = decision.calibration.figures
    return [
        figures[f"{name} {when}"] if sheet.on_scale or when == "after" else None
        for name in names
        for when in WHEN
    ]


def _half(whole: Whole, sheet: Sheet) -> Cell:
    if sheet.judged.sum() < 4 * LEAST:
        return Estimate(
            "half-width", float("nan"), n_items=int(sheet.judged.sum()), notes=("Fewer than 40 outputs.",)
        )
    scores = np.where(sheet.judged, sheet.verdicts, np.nan)
    return conformal(scores, sheet.mean, rng=whole.settings.rng(), cases=sheet.cases)[1]


def _chosen(pairs: list[tuple[str, Decision, Sheet]]) -> list[tuple[str, Decision, Sheet]]:
    """The jury's pictures first, then the jurors' headline question."""
    jury = [pair for pair in pairs if pair[0] == JURY]
    last = {pair[0]: pair for pair in pairs if pair[0] != JURY}
    return [*jury[-1:], *last.values()][:MOST_PICTURES]


def _picture(judge: str, sheet: Sheet) -> Chart:
    x, y = sheet.verdicts[sheet.judged], sheet.mean[sheet.judged]
    steps = np.linspace(x.min(), x.max(), 60)
    lines: list[tuple[str, list[float], list[float]]] = [
        (str(kind), steps.tolist(), fit_map(x, y, kind=kind).apply(steps).tolist()) for kind in KINDS
    ]
    if sheet.on_scale:
        lines.append(("as it is", steps.tolist(), steps.tolist()))
    picture = points(x, y, f"{judge}'s score", "clinicians' mean", lines=lines)
    title = f"From {judge} to the clinicians' scale, {sheet.question}"
    note = (
        f"Each circle is an output (n {len(x)}), larger where several fall together; lines are fitted "
        f"on all of them."
    )
    return Chart(f"calibration_{judge}_{sheet.question}", title, picture, "calibration", note)


def _knots(pairs: list[tuple[str, Decision, Sheet]]) -> Table:
    rows = []
    for judge, decision, _ in pairs:
        assert decision.calibration is not None
        fitted = decision.calibration.map
        keep = np.unique(np.linspace(0, len(fitted.x) - 1, min(9, len(fitted.x))).round().astype(int))
        steps = ", ".join(f"{fitted.x[k]:.3g} becomes {fitted.y[k]:.3g}" for k in keep)
        rows.append((judge, decision.question, fitted.n_items, steps))
    note = "The passport of each judge holds every knot; a stored map is applied by its name."
    return Table("maps", "The maps", ("judge", "question", "outputs", "scores"), tuple(rows), note)
