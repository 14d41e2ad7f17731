"""What spoilt outputs do to a juror: planted instructions, padding, another question's answer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from agreement import audit
from agreement.array import Array
from agreement.audit import Draw, Finding
from agreement.panel import CHECKS, check_of
from agreement.paper.document import Block, Cell, Table, Text
from agreement.paper.sections.order import order, several
from agreement.paper.whole import Whole
from agreement.report.answers import Answers

WORDS = {
    "padded": ("padding", "words that add nothing"),
    "canary": ("planted instruction", "an instruction to the juror in the text"),
    "reversed": ("order of questions", "the questions in reverse order"),
    "no-reference": ("reference", "the reference answer taken away"),
}
UNMEASURED = (
    "Not measured here, because it needs outputs made for it: {missing}. A jury run can add such outputs."
)
NOTE = (
    "The same juror on the same outputs, spoilt in one way; 0 means that it does not mind. For mismatched "
    "pairs (an output with another item's question) the figure is the share of pairs in which the right "
    "output scores above the wrong one, 0.5 is a coin. What is spoilt never enters the jury. Where a high "
    "value is bad (see Methods) answers are turned round: higher is kinder."
)
NAMED = {
    "reversed": "the order of criteria",
    "swapped": "two outputs in the other order",
    "padded": "padded outputs",
    "canary": "planted instructions",
    "mismatched": "pairs of an output with another question",
}


def checks(whole: Whole) -> list[Block]:
    """Return the figures of the checks that were run, and the sentence about those that were not."""
    rows: list[tuple[Cell, ...]] = []
    ran: set[str] = set()
    for one in whole.answers:
        if not one.labels and one.question in whole.questions:
            for juror, check, finding in _findings(whole, one):
                ran.add(check)
                rows.append((juror, one.question, finding.bias, finding.estimate, finding.sentence))
    for juror, question, finding in order(whole):
        ran.add("swapped")
        rows.append((juror, question, finding.bias, finding.estimate, finding.sentence))
    blocks: list[Block] = []
    if rows:
        columns = ("juror", "question", "check", "size", "in words")
        rows.sort(key=lambda row: (str(row[0]), str(row[2]), str(row[1])))
        blocks.append(Table("checks", "Spoilt outputs: what a juror minds", columns, tuple(rows), NOTE))
    tried = ran if several(whole) else ran | {"swapped"}
    missing = [words for name, words in NAMED.items() if name not in tried]
    return [*blocks, Text(UNMEASURED.format(missing=", ".join(missing)), "note")] if missing else blocks


def _findings(whole: Whole, one: Answers) -> Iterator[tuple[str, str, Finding]]:
    columns = dict(zip(one.names["juror"], one.jurors.T, strict=True))
    plan = whole.plan
    cases = one.cases if one.cases is not None else np.array([key[0] for key in one.rows])
    how = Draw(whole.settings.seed, cases, plan.replicates, plan.level)
    for name, spoilt in columns.items():
        found = check_of(name)
        if found is not None and found[0] in columns and found[1] in CHECKS:
            juror, check = found
            yield from ((juror, check, each) for each in _finding(check, columns[juror], spoilt, how))


def _finding(check: str, plain: Array, spoilt: Array, how: Draw) -> Iterator[Finding]:
    if check == "mismatched":
        yield audit.mismatched(np.where(np.isnan(spoilt), np.nan, plain), spoilt, how)
    elif check in WORDS:
        bias, what = WORDS[check]
        yield audit.shifted(bias, plain, spoilt, what, how)
