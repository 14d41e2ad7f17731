"""Questions of yes or no: F1 pair by pair, and the true rate behind what a judge says."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from agreement.array import Array
from agreement.decision import Sheet
from agreement.estimate import Estimate, undefined
from agreement.pairwise import Pairwise, pairwise_f1, physicians_f1
from agreement.paper.document import Block, Cell, Table
from agreement.paper.whole import Whole, suppressed
from agreement.rates import rogan_gladen, share

YES = ("yes", "met", "true", "present", "1")
F1 = (
    "Pairs of a rater and each clinician's answer to the same output, {yes} counted as yes. Precision: of "
    "the answers that the rater gives, the share that the clinicians give, too; recall: of the clinicians' "
    "answers, the share that the rater gives. F1 is their harmonic mean, and balanced F1 the mean of F1 for "
    "yes and for no (HealthBench). "
    "Read a judge's beside the clinicians', each of whom stands against the others. Shares "
    "without a range count the pairs of the balanced F1 beside them."
)
RATES = (
    "Share of outputs with the answer {yes}. Clinicians: their majority, ties left out, where they rated. "
    "Corrected: the judge's share over all outputs, put right by how often it misses {yes} and says it "
    "wrongly on the outputs that clinicians rated (Rogan–Gladen); it holds where those are a "
    "random part of all."
)


def f1_tables(whole: Whole) -> Iterator[Block]:
    """Yield one table a question of yes or no: each judge beside each clinician."""
    for question, found in _sheets(whole).items():
        rows = [(judge, *_f1(_judge(sheet, whole))) for judge, sheet in found.items()]
        first = next(iter(found.values()))
        rows += [
            (name, *_f1(one))
            for name, one in zip(first.raters, _clinicians(first, whole), strict=False)
            if one.balanced_f1.n_items
        ]
        columns = (
            "rater", "balanced F1", "precision of yes", "recall of yes", "precision of no", "recall of no"
        )  # fmt: skip
        title = f"Yes or no, pair by pair: {question}"
        yield Table(f"f1_{question}", title, columns, tuple(rows), F1.format(yes=_word(first)))


def rate_tables(whole: Whole) -> Iterator[Block]:
    """Yield one table a question of yes or no: the rate by clinicians, by a judge, and corrected."""
    for question, found in _sheets(whole).items():
        rows: list[tuple[Cell, ...]] = []
        for judge, sheet in found.items():
            systems = sheet.strata.get("system", np.full(len(sheet.verdicts), "", dtype=str))
            groups = [("all", np.ones(len(systems), bool))]
            groups += [(str(name), systems == name) for name in np.unique(systems) if name]
            rows += [(judge, name, *_rates(sheet, mine)) for name, mine in groups]
        first = next(iter(found.values()))
        columns = ("judge", "system", "clinicians", "the judge as it is", "the judge corrected")
        title = f"Rates and what the judge's errors do to them: {question}"
        yield Table(f"rates_{question}", title, columns, tuple(rows), RATES.format(yes=_word(first)))


def _sheets(whole: Whole) -> dict[str, dict[str, Sheet]]:
    """The sheets about yes or no, as 1 and 0, by question and judge."""
    found: dict[str, dict[str, Sheet]] = {}
    for judge, sheets in whole.sheets.items():
        for sheet in sheets:
            given = np.concatenate([sheet.clinicians.ravel(), sheet.verdicts])
            strict = bool(np.isin(given[~np.isnan(given)], (0.0, 1.0)).all())
            if (
                sheet.question in whole.questions
                and sheet.on_scale
                and strict
                and len(sheet.labels) in (0, 2)
            ):
                found.setdefault(sheet.question, {})[judge] = sheet
    return found


def _word(sheet: Sheet) -> str:
    if not sheet.labels:
        return "1"
    return repr(sheet.labels[0 if _flipped(sheet) else 1])


def _flipped(sheet: Sheet) -> bool:
    return sheet.turned is not None or (bool(sheet.labels) and sheet.labels[0] in YES)


def _judge(sheet: Sheet, whole: Whole) -> Pairwise:
    said, people = _coded(sheet)
    how = whole.settings
    return pairwise_f1(
        said, people, rng=how.rng(), cases=sheet.cases, replicates=whole.plan.replicates, level=how.level
    )


def _clinicians(sheet: Sheet, whole: Whole) -> list[Pairwise]:
    _, people = _coded(sheet)
    return physicians_f1(
        people, rng=whole.settings.rng(), cases=sheet.cases, replicates=whole.plan.replicates
    )


def _coded(sheet: Sheet) -> tuple[Array, Array]:
    if _flipped(sheet):
        return 1 - sheet.verdicts, 1 - sheet.clinicians
    return sheet.verdicts, sheet.clinicians


def _f1(one: Pairwise) -> tuple[Cell, ...]:
    return (
        suppressed(one.balanced_f1),
        *(_plain(x) for x in (one.precision_yes, one.recall_yes, one.precision_no, one.recall_no)),
    )


def _plain(x: float) -> float | None:
    return None if np.isnan(x) else float(x)


def _rates(sheet: Sheet, mine: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> tuple[Estimate, ...]:
    said, people = (x[mine] for x in _coded(sheet))
    count = (~np.isnan(people)).sum(axis=1)
    mean = np.where(count > 0, np.nansum(people, axis=1) / np.maximum(count, 1), 0.5)
    raters = int((~np.isnan(people)).any(axis=0).sum())
    settled, judged = mean != 0.5, ~np.isnan(said)
    human = share("rate", int((mean[settled] > 0.5).sum()), int(settled.sum()), n_raters=raters)
    own = share("rate", int((said[judged] == 1).sum()), int(judged.sum()), n_raters=1)
    bad, good = (said[settled & judged & side] for side in (mean > 0.5, mean < 0.5))
    if not own.defined or not len(bad) or not len(good):
        none = undefined("corrected rate", "Clinicians found no output of one of the two kinds.")
        return suppressed(human), suppressed(own), none
    corrected = rogan_gladen(
        own.value, int(judged.sum()),
        specificity=float((good == 0).mean()), n_good=len(good),
        sensitivity=float((bad == 1).mean()), n_bad=len(bad),
    )  # fmt: skip
    return suppressed(human), suppressed(own), suppressed(corrected)
