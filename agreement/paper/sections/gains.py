"""What the jury buys: means of systems from clinicians, from the jury, and from both together."""

from __future__ import annotations

import numpy as np

from agreement.array import Array
from agreement.decision import Sheet
from agreement.decision.jury import JURY
from agreement.decision.lay import COMPOSITE
from agreement.estimate import Estimate
from agreement.paper.document import Block, Cell, Section, Table, Text
from agreement.paper.sections.choices import choices
from agreement.paper.sections.yesno import rate_tables
from agreement.paper.whole import Whole, suppressed
from agreement.ppi import powered_mean


def judge_of(whole: Whole) -> str | None:
    """Return whose scores stand beside the clinicians': the jury's, else the only juror's."""
    jurors = [name for name in whole.panel if name in whole.sheets]
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
    blocks += [*rate_tables(whole), *_open(whole)]
    blocks += choices(whole, headline(whole, judge)) if judge else []
    if not blocks:
        blocks = [Text("There is no juror on the clinicians' scale here.", "note")]
    return Section("gains", "7 What the jury buys", tuple(blocks))


def sources(human: Array, said: Array, cases: Array | None) -> tuple[Estimate, Estimate, Estimate]:
    """Return the mean by clinicians alone, by the jury alone, and by both together."""
    alone, jury = (
        powered_mean(scores, np.where(np.isnan(scores), np.nan, 0.0), power=0.0, cases=cases)
        for scores in (human, said)
    )
    return alone, jury, powered_mean(human, said, cases=cases)


def _means(whole: Whole, judge: str, sheet: Sheet) -> Table:
    systems = sheet.strata.get("system", np.full(len(sheet.verdicts), "", dtype=str))
    groups: list[tuple[str, Array]] = [("all", np.ones(len(systems), bool))]
    groups += [(str(name), systems == name) for name in np.unique(systems) if name]
    rows: list[tuple[Cell, ...]] = []
    for name, rows_of in groups:
        cases = None if sheet.cases is None else sheet.cases[rows_of]
        found = sources(sheet.mean[rows_of], sheet.verdicts[rows_of], cases)
        rows.append((name, *map(suppressed, found)))
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
        "would show it in four of five studies, if it is as good in truth."
    )
    columns = ("judge", "question", "what is open", "more outputs")
    return [Table("open", "What would settle what is open", columns, tuple(rows), note)]
