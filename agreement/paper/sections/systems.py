"""Systems beside one another: heatmaps, win rates and macro-averages by three sources, and what they cost."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agreement.array import Array
from agreement.decision import Sheet
from agreement.decision.facts import placed
from agreement.estimate import Estimate, undefined
from agreement.paper.document import Block, Cell, Chart, Section, Table, Text
from agreement.paper.heat import grid
from agreement.paper.sections.cost import cost
from agreement.paper.sections.gains import headline, judge_of, sources
from agreement.paper.whole import Whole, suppressed
from agreement.powered_standing import powered_standing
from agreement.standing import Standing, standing
from agreement.systems import detectable_difference, normalised, ranking_agreement

Names = NDArray[np.str_]
PLACES = ("benchmark", "category")
STANDING = (
    "Win rate: the share of rivals beaten, ties half, averaged over benchmarks. Win SD: how much the "
    "share of benchmarks won differs between rivals. Macro-average: mean over benchmarks of scores set to "
    "0 to 1. Each three times: from the clinicians, from the jury, and from both (prediction-powered "
    "means: the clinicians' level, sharpened by the jury on outputs that no clinician rated)."
)
SMALLEST = (
    "The smallest difference: found with 80 % power at 95 %, between two systems of the median size; its "
    "range is that of the scores' SD. A difference below it is not shown by these ratings, whichever way it "
    "points."
)


def systems(whole: Whole) -> Section:
    """Return the systems as MedHELM shows them, from clinicians, from the jury and from both."""
    judge = judge_of(whole)
    sheet = headline(whole, judge) if judge else None
    names = _column(whole, sheet, "system") if sheet is not None else np.array([], dtype=str)
    if judge is None or sheet is None or len(set(names) - {""}) < 2:
        said = "The outputs name fewer than two systems, or no juror scores them on the clinicians' scale."
        return Section("systems", "8 Systems", (Text(said, "note"),))
    found = _standings(whole, judge, sheet, names)
    blocks: list[Block] = [_table(found, sheet)]
    for place in PLACES:
        blocks += _heatmap(whole, judge, sheet, names, place)
    blocks.append(_agreement(whole, judge, sheet, names))
    counts = {name: int((names == name).sum()) for name in sorted(set(names) - {""})}
    won = {
        source: {name: suppressed(e) for name, e in zip(each.systems, each.win_rate, strict=True)}
        for source, each in found.items()
    }
    blocks += cost(whole, counts, won)
    return Section("systems", "8 Systems", tuple(blocks))


def _column(whole: Whole, sheet: Sheet, name: str) -> Names:
    """A column of facts for the rows of a sheet; empty words where there is none."""
    if whole.facts is None or name not in whole.facts:
        return np.full(len(sheet.items), "", dtype=str)
    table: pd.DataFrame = placed(sheet.items, whole.facts)
    return np.asarray(table[name].fillna("").astype(str).to_numpy(dtype=str))


def _standings(whole: Whole, judge: str, sheet: Sheet, names: Names) -> dict[str, Standing]:
    """How systems stand by each source."""
    benchmarks = _column(whole, sheet, "benchmark")
    benchmarks = benchmarks if (benchmarks != "").any() else np.full(len(names), "all outputs")
    kept = (names != "") & (benchmarks != "")
    cases = None if sheet.cases is None else sheet.cases[kept]
    human, said = (normalised(x[kept], sheet.low, sheet.high) for x in (sheet.mean, sheet.verdicts))

    def of(scores: Array) -> Standing:
        return standing(
            scores, names[kept], benchmarks[kept],
            rng=whole.settings.rng(), cases=cases, replicates=whole.plan.replicates,
        )  # fmt: skip

    both = powered_standing(
        human, said, names[kept], benchmarks[kept],
        rng=whole.settings.rng(), cases=cases, replicates=whole.plan.replicates,
    )  # fmt: skip
    return {"clinicians": of(human), judge: of(said), "both": both}


def _table(standings: dict[str, Standing], sheet: Sheet) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for source, found in standings.items():
        for i, name in enumerate(found.systems):
            won, mean = suppressed(found.win_rate[i]), suppressed(found.macro[i])
            spread = suppressed(found.win_spread[i]) if won.defined else None
            if won.defined and len(found.systems) == 2:
                spread = undefined("win SD", "One rival has no spread.", n_items=won.n_items)
            rows.append((name, source, won, spread, mean))
    columns = ("system", "by", "win rate", "win SD", "macro-average")
    title = f"Win rate and macro-average, {sheet.question}"
    return Table("systems", title, columns, tuple(rows), STANDING)


def _heatmap(whole: Whole, judge: str, sheet: Sheet, names: Names, place: str) -> list[Block]:
    """Mean scores, 0 to 1, of each system in each place: one picture a source, one table for all."""
    where = _column(whole, sheet, place)
    across, down = sorted(set(where) - {""}), sorted(set(names) - {""})
    if len(across) < 2:
        return []
    human, said = (normalised(x, sheet.low, sheet.high) for x in (sheet.mean, sheet.verdicts))
    rows: list[tuple[Cell, ...]] = []
    shades = np.full((3, len(down), len(across)), np.nan)
    told = np.full((3, len(down), len(across)), "", dtype=object)
    for i, system in enumerate(down):
        for j, spot in enumerate(across):
            cell = (names == system) & (where == spot)
            cases = None if sheet.cases is None else sheet.cases[cell]
            found: list[Estimate] = [suppressed(e) for e in sources(human[cell], said[cell], cases)]
            shades[:, i, j] = [e.value for e in found]
            told[:, i, j] = [f"{e.value:.2f}; n {e.n_items}" for e in found]
            rows.append((system, spot, *found))
    note = (
        "Scores set to 0 to 1, with the number of outputs. Darker is higher; what stands on fewer than 5 "
        "outputs stays empty. The table below has the intervals."
    )
    key = f"systems_by_{place}"
    table = Table(
        key, f"Scores by {place}, {sheet.question}", ("system", place, "clinicians", judge, "both"),
        tuple(rows), note, drawn=True,
    )  # fmt: skip
    charts = [
        Chart(
            f"{key}_{source}",
            f"Scores by {place}, by {name}",
            grid(shade, down, across, 0.0, 1.0, said),
            key,
            note,
        )
        for source, name, shade, said in zip(
            ("clinicians", "jury", "both"), ("clinicians", judge, "both"), shades, told, strict=True
        )
        if not np.isnan(shade).all()
    ]
    return [*charts, table]


def _agreement(whole: Whole, judge: str, sheet: Sheet, names: Names) -> Table:
    kept = names != ""
    cases = None if sheet.cases is None else sheet.cases[kept]
    tau: Estimate = undefined("Kendall tau", "Fewer than three systems.")
    if len(np.unique(names[kept])) > 2:
        tau = ranking_agreement(
            sheet.mean[kept], sheet.verdicts[kept], names[kept],
            rng=whole.settings.rng(), cases=cases, replicates=whole.plan.replicates,
        )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [(f"ranking by clinicians and by {judge} (Kendall tau)", tau)]
    for source, scores in (("clinicians", sheet.mean), (judge, sheet.verdicts)):
        gap = detectable_difference(scores[kept], names[kept])
        rows.append((f"smallest difference that would show, {source} (points)", gap))
    return Table("systems_agreement", "What can be told apart", ("figure", "value"), tuple(rows), SMALLEST)
