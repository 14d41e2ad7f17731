"""What the jury buys: results of systems from clinicians, from the jury, and from both together."""

from __future__ import annotations

import numpy as np

from agreement.array import Array
from agreement.decision import Sheet
from agreement.decision.lay import COMPOSITE
from agreement.estimate import Estimate, undefined
from agreement.panel import on_panel
from agreement.paper.document import Block, Cell, Section, Table, Text
from agreement.paper.whole import JURY, Whole, suppressed
from agreement.ppi import powered_mean
from agreement.systems import detectable_difference, normalised, ranking_agreement, standing


def judge_of(whole: Whole) -> str | None:
    """Return whose scores stand beside the clinicians': the jury's, else the only juror's."""
    jurors = [
        name
        for name, kind in whole.kinds.items()
        if kind == "juror" and on_panel(name) and name in whole.sheets
    ]
    return JURY if JURY in whole.sheets else (jurors[0] if jurors else None)


def headline(whole: Whole, judge: str) -> Sheet | None:
    """Return the sheet that stands for all: the composite, else the first question with numbers."""
    numeric = [s for s in whole.sheets[judge] if not s.labels and s.on_scale]
    named = [s for s in numeric if s.question == COMPOSITE]
    return next(iter(named or numeric), None)


def gains(whole: Whole) -> Section:
    """Return means of systems by three sources, and what would settle what is open."""
    blocks: list[Block] = []
    judge = judge_of(whole)
    for sheet in whole.sheets.get(judge, ()) if judge else ():
        if not sheet.labels and sheet.on_scale:
            blocks.append(_means(whole, judge or "", sheet))
    blocks += _open(whole)
    if not blocks:
        blocks = [Text("There is no juror on the clinicians' scale here.", "note")]
    return Section("gains", "7 What the jury buys", tuple(blocks))


def _means(whole: Whole, judge: str, sheet: Sheet) -> Table:
    systems = sheet.strata.get("system", np.full(len(sheet.verdicts), "", dtype=str))
    groups: list[tuple[str, Array]] = [("all", np.ones(len(systems), bool))]
    groups += [(str(name), systems == name) for name in np.unique(systems) if name]
    rows: list[tuple[Cell, ...]] = []
    for name, rows_of in groups:
        cases = None if sheet.cases is None else sheet.cases[rows_of]
        human, said = sheet.mean[rows_of], sheet.verdicts[rows_of]
        alone = powered_mean(human, np.where(np.isnan(human), np.nan, 0.0), power=0.0, cases=cases)
        jury = powered_mean(said, np.where(np.isnan(said), np.nan, 0.0), power=0.0, cases=cases)
        both = powered_mean(human, said, cases=cases)
        rows.append((name, suppressed(alone), suppressed(jury), suppressed(both)))
    note = (
        "'Both' is the prediction-powered mean (PPI++): the clinicians' mean, sharpened by the jury "
        "as far as the "
        "jury follows them on the outputs that both rated. It keeps the clinicians' level, and it "
        "holds where the "
        "clinicians' outputs are a random part of all. Where clinicians rated everything, it is their mean."
    )
    columns = ("system", "clinicians alone", f"{judge} alone", "both")
    return Table(f"means_{sheet.question}", f"Mean scores, {sheet.question}", columns, tuple(rows), note)


def _open(whole: Whole) -> list[Block]:
    rows: list[tuple[Cell, ...]] = []
    for judge, decisions in whole.verdicts.items():
        for d in decisions:
            if d.answer == "cannot tell yet" and d.more_items:
                word = "more than " if d.capped else "about "
                rows.append((judge, d.question, d.rule, f"{word}{d.more_items:,}"))
    if not rows:
        return []
    note = (
        "Where a judge as good as a clinician is not ruled out, this many more outputs with two "
        "clinicians each "
        "would show it, if it is as good in truth."
    )
    columns = ("judge", "question", "what is open", "more outputs")
    return [Table("open", "What would settle what is open", columns, tuple(rows), note)]


def systems(whole: Whole) -> Section:
    """Return the systems as MedHELM shows them, from clinicians and from the jury side by side."""
    key, title = "systems", "8 Systems"
    judge = judge_of(whole)
    sheet = headline(whole, judge) if judge else None
    if judge is None or sheet is None or "system" not in sheet.strata:
        return Section(key, title, (Text("The outputs name fewer than two systems.", "note"),))
    names = sheet.strata["system"]
    benchmarks = sheet.strata.get("benchmark", np.where(names == "", "", "all outputs"))
    blocks: list[Block] = []
    sources = {"clinicians": sheet.mean, judge: sheet.verdicts}
    rows: list[tuple[Cell, ...]] = []
    for source, scores in sources.items():
        kept = (names != "") & (benchmarks != "")
        cases = None if sheet.cases is None else sheet.cases[kept]
        found = standing(
            normalised(scores[kept], sheet.low, sheet.high), names[kept], benchmarks[kept],
            rng=whole.settings.rng(), cases=cases, replicates=whole.plan.replicates,
        )  # fmt: skip
        for i, name in enumerate(found.systems):
            won, mean = suppressed(found.win_rate[i]), suppressed(found.macro[i])
            rows.append((name, source, won, float(found.win_spread[i]) if won.defined else None, mean))
    note = (
        "Win rate: the share of rivals beaten, ties half, averaged over benchmarks. Win SD: how much "
        "the share of "
        "benchmarks won differs between rivals. Macro-average: mean over benchmarks of scores set to 0 to 1."
    )
    columns = ("system", "by", "win rate", "win SD", "macro-average")
    blocks.append(
        Table("systems", f"Win rate and macro-average, {sheet.question}", columns, tuple(rows), note)
    )
    blocks.append(_agreement(whole, judge, sheet, names))
    return Section(key, title, tuple(blocks))


def _agreement(whole: Whole, judge: str, sheet: Sheet, names: np.ndarray) -> Table:
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
    note = (
        "The smallest difference: found with 80 % power at 95 %, between two systems of the median "
        "size; it has no range."
    )
    return Table("systems_agreement", "What can be told apart", ("figure", "value"), tuple(rows), note)
