"""The bias audit: what is known to be wrong with judges, measured on these ratings, in sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd

from agreement import audit
from agreement.array import Array
from agreement.audit import Draw, Finding
from agreement.decision import Sheet
from agreement.paper.document import Block, Cell, Chart, Section, Table, Text
from agreement.paper.draw import intervals
from agreement.paper.sections.checks import checks
from agreement.paper.whole import Whole

NOTE = (
    "A size of 0 means none. Level and own family are in points; spread is the logarithm of the "
    "ratio of standard "
    "deviations (-0.69 is half as spread out); length is r of words with overrating; halo is a "
    "difference in r. Where a high value is bad (see Methods) answers are turned round: higher is kinder."
)
NO_FAMILY = (
    "Whether a judge rates the outputs of its own model family higher is not measured: the items file has no "
    "column 'family' whose values stand in a judge's name."
)


def bias(whole: Whole) -> Section:
    """Return what was found about each juror."""
    rows: list[tuple[Cell, ...]] = []
    charted: dict[str, list[tuple[str, object]]] = {}
    for judge, sheets in whole.sheets.items():
        if whole.kinds[judge] == "metric":
            continue
        for sheet in sheets:
            if sheet.question in whole.questions and not sheet.labels and sheet.on_scale:
                for finding in _findings(whole, judge, sheet):
                    rows.append((judge, sheet.question, finding.bias, finding.estimate, finding.sentence))
                    charted.setdefault(finding.bias, []).append(
                        (f"{judge}, {sheet.question}", finding.estimate)
                    )
        together = _halo(whole, judge)
        if together:
            rows.append((judge, "all", together.bias, together.estimate, together.sentence))
    blocks: list[Block] = []
    if rows:
        columns = ("judge", "question", "bias", "size", "in words")
        blocks.append(Table("bias", "Known faults of judges", columns, tuple(rows), NOTE))
        if not any(row[2] == "own family" for row in rows):
            blocks.append(Text(NO_FAMILY, "note"))
    if "level" in charted:
        pairs = [(name, e) for name, e in charted["level"]]
        picture = intervals(pairs, "points above the clinicians (lenient) or below them (strict)")  # type: ignore[arg-type]
        blocks.insert(0, Chart("bias_level_chart", "How lenient each judge is", picture, "bias"))
    blocks += [*checks(whole), *_abstention(whole)]
    return Section("bias", "5 Bias audit", tuple(blocks))


def _findings(whole: Whole, judge: str, sheet: Sheet) -> list[Finding]:
    how = Draw(whole.plan.seed, sheet.cases, whole.plan.replicates, whole.plan.level)
    found = [
        audit.level(sheet.verdicts, sheet.clinicians, how),
        audit.spread(sheet.verdicts, sheet.clinicians, how),
    ]
    if sheet.length is not None:
        found.append(audit.length(sheet.verdicts, sheet.clinicians, sheet.length, how))
    family = sheet.strata.get("system family", sheet.strata.get("family"))
    if family is not None:
        own = np.array([bool(name) and name.casefold() in judge.casefold() for name in family])
        if own.any() and not own.all():
            found.append(audit.family(sheet.verdicts, sheet.clinicians, own, how))
    return found


def _halo(whole: Whole, judge: str) -> Finding | None:
    laid = [s for s in whole.sheets[judge] if s.question in whole.questions and not s.labels]
    if len(laid) < 2 or len({s.items for s in laid}) > 1 or len({s.raters for s in laid}) > 1:
        return None
    said: Array = np.stack([sheet.verdicts for sheet in laid], axis=1)
    theirs: Array = np.stack([sheet.clinicians for sheet in laid], axis=2)
    return audit.halo(
        said, theirs, Draw(whole.plan.seed, laid[0].cases, whole.plan.replicates, whole.plan.level)
    )


def _abstention(whole: Whole) -> list[Block]:
    if "status" not in whole.frame:
        return []
    frame = whole.frame.assign(status=whole.frame["status"].astype(str), kind=whole.frame["kind"].astype(str))
    blocks: list[Block] = []
    people = frame[frame["kind"] == "clinician"]
    jurors = set(frame.loc[frame["kind"] == "juror", "rater"].astype(str))
    for juror in sorted(jurors & set(whole.panel)):
        own = frame[frame["rater"].astype(str) == juror]
        sentence = audit.abstention(_reasons(own), _reasons(people), len(own), len(people))
        blocks.append(Text(sentence.replace("The judge", juror)))
    return blocks


def _reasons(rows: pd.DataFrame) -> dict[str, int]:
    counts = rows.loc[rows["status"] != "answered", "status"].value_counts().sort_index()
    return {str(status): int(n) for status, n in counts.items()}
