"""Everything that a report is written from, computed once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from agreement.array import Array
from agreement.decision import Decision, Plan, Sheet, decide
from agreement.decision.jury import JURY, joined
from agreement.decision.lay import COMPOSITE, kinds_of, lay
from agreement.estimate import Estimate, undefined
from agreement.panel import check_of, on_panel
from agreement.report import Report, compare
from agreement.report.answers import Answers, answers
from agreement.report.keys import case_names
from agreement.report.settings import Settings
from agreement.statements import Suggested

FEWEST = 5
"""A subgroup of fewer outputs or people than this is not shown outside the house."""
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Attendance:
    """How far a clinician came: forms assigned and submitted, the median minutes a form (NaN = not timed)."""

    rater: str
    specialty: str
    assigned: int
    submitted: int
    minutes: float
    left: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """The figures of a study, before anybody lays them out.

    Attributes
    ----------
    report : Report
        Every coefficient.
    answers : tuple of Answers
        The ratings themselves, a question each, the composite last.
    verdicts : mapping of judge to its decisions
        Of the jury's mean where there are two jurors, of each juror and each metric.
    sheets : mapping of judge to its sheets
    facts : DataFrame or None
        One row an output.
    frame : DataFrame
        The ratings as they came.
    identities : mapping of judge to what is known of it
        Model, prompt hash, parameters: what a passport holds for.
    attendance : tuple of Attendance
        How far each clinician came; empty where nobody knows, as in a file of ratings.
    statements : tuple of Suggested
        Sentences to look at first, a question each; empty where clinicians judged no sentences.
    """

    report: Report
    answers: tuple[Answers, ...]
    verdicts: Mapping[str, tuple[Decision, ...]]
    sheets: Mapping[str, tuple[Sheet, ...]]
    kinds: Mapping[str, str]
    plan: Plan
    settings: Settings
    frame: pd.DataFrame
    facts: pd.DataFrame | None = None
    identities: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    attendance: tuple[Attendance, ...] = ()
    statements: tuple[Suggested, ...] = ()

    @property
    def panel(self) -> tuple[str, ...]:
        """The jurors whose mean is the jury."""
        jury = self.settings.jury
        return tuple(n for n, kind in self.kinds.items() if kind == "juror" and on_panel(n, jury))

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions, without the composite."""
        return tuple(one.question for one in self.answers if one.question != COMPOSITE)

    def fact(self, name: str, one: Answers) -> Array | None:
        """Return a column of facts for the rows of a question; None where there is none."""
        if self.facts is None or name not in self.facts:
            return None
        parts = self.facts.drop_duplicates(["item", "part"])
        keyed = dict(zip(zip(parts["item"], parts["part"], strict=True), parts[name], strict=True))
        whole = dict(zip(self.facts["item"][::-1], self.facts[name][::-1], strict=True))
        return np.array([keyed.get(key, whole.get(key[0], "")) for key in one.rows])


def whole(
    frame: pd.DataFrame,
    facts: pd.DataFrame | None = None,
    *,
    plan: Plan | None = None,
    settings: Settings | None = None,
    points: Mapping[str, Sequence[float]] | None = None,
    slots: bool = False,
    measures: Mapping[str, str] | None = None,
    report: Report | None = None,
    progress: Progress = lambda said: None,
) -> Whole:
    """Compute everything that the report shows, and say what is being computed.

    Parameters
    ----------
    frame, facts, points, slots, measures
        As in `agreement.report.compare`.
    plan : Plan, optional
        The rules of the decision.
    report : Report, optional
        Where it is known already.
    progress : function
        Called with a few words before each step.
    """
    settings = settings or Settings()
    plan = plan or Plan(seed=settings.seed, level=settings.level)
    if report is None:
        progress("agreement")
        report = compare(frame, facts, points=points, slots=slots, measures=measures, settings=settings)
    found = answers(
        frame, points=points, case=case_names(facts), slots=slots, measures=measures, jury=settings.jury
    )
    kinds = _kinds(frame)
    sheets: dict[str, tuple[Sheet, ...]] = {}
    if (frame["kind"] == "clinician").any():
        for judge in (name for name in kinds if check_of(name) is None):
            progress(f"ratings of {judge}")
            sheets[judge] = tuple(lay(frame, judge, plan, facts))
        panel = [n for n, kind in kinds.items() if kind == "juror" and on_panel(n, settings.jury)]
        jury = joined([sheets[name] for name in panel])
        if jury:
            sheets = {JURY: jury, **sheets}
            kinds = {JURY: "jury", **kinds}
    verdicts = {}
    looked = [name for name in sheets if kinds[name] != "juror" or on_panel(name, settings.jury)]
    rivals = len(looked)
    for judge, laid in sheets.items():
        progress(f"decision on {judge}")
        verdicts[judge] = tuple(decide(sheet, plan, rivals if judge in looked else 1) for sheet in laid)
    return Whole(report, tuple(found), verdicts, sheets, kinds, plan, settings, frame, facts)


def suppressed(estimate: Estimate) -> Estimate:
    """Return the estimate, or nothing but its name where it stands on a small group.

    Examples
    --------
    >>> suppressed(Estimate("r", 0.9, n_items=4)).notes
    ('Fewer than 5 outputs: not shown.',)
    """
    if 0 < estimate.n_items < FEWEST:
        return undefined(estimate.coefficient, f"Fewer than {FEWEST} outputs: not shown.")
    return estimate


def _kinds(frame: pd.DataFrame) -> dict[str, str]:
    pairs = kinds_of(frame)
    order = {"juror": 0, "metric": 1}
    return {
        rater: kind
        for rater, kind in sorted(pairs.items(), key=lambda pair: (order.get(pair[1], 2), pair[0]))
        if kind != "clinician"
    }
