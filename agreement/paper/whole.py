"""Everything that a report is written from, computed once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from agreement.array import Array
from agreement.decision import Decision, Plan, Sheet, decide
from agreement.decision.jury import JURY, joined
from agreement.decision.lay import COMPOSITE, kinds_of, laid
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
    procedure : mapping of what a checklist asks to words
        How ratings came to be (sampling, training, blinding, independence, instructions, consent); empty
        where nobody knows, as in a file.
    spent : mapping of juror to dollars
        What its replies cost; NaN where a price is missing, no entry where nobody knows, as in a file.
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
    spent: Mapping[str, float] = field(default_factory=dict)
    procedure: Mapping[str, str] = field(default_factory=dict)

    @property
    def panel(self) -> tuple[str, ...]:
        """The jurors whose mean is the jury."""
        jury = self.settings.jury
        return tuple(n for n, kind in self.kinds.items() if kind == "juror" and on_panel(n, jury))

    @property
    def outputs(self) -> int:
        """How many outputs were rated; a ranking or a preference is one, whatever it compares."""
        keys = {key for one in self.answers for key in one.rows}
        plain = {one.question for one in self.answers}
        special = {asked.question for asked in self.report.questions} - plain
        rows = self.frame[self.frame["question"].astype(str).isin(special) & (self.frame["kind"] != "metric")]
        return len(keys | {(item, "") for item in rows["item"].astype(str)})

    @property
    def clinicians(self) -> tuple[str, ...]:
        """The clinicians who rated."""
        return tuple(sorted({spoke.rater for spoke in self.report.raters if spoke.kind == "clinician"}))

    @property
    def asked(self) -> tuple[str, ...]:
        """Every question that was compared, on a scale or not, without the composite."""
        return tuple(one.question for one in self.report.questions if one.question != COMPOSITE)

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions on a scale or with labels, without the composite."""
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
        The rules of the decision, with the level and the seed of their own bootstraps.
    report : Report, optional
        Where it is known already.
    progress : function
        Called with a few words before each step.
    """
    settings = settings or Settings()
    plan = plan or Plan(level=settings.level)
    settings, plan = _one_direction(settings, plan)
    if report is None:
        progress("agreement")
        report = compare(frame, facts, points=points, slots=slots, measures=measures, settings=settings)
    found = answers(
        frame,
        points=points,
        case=case_names(facts),
        slots=slots,
        measures=measures,
        jury=settings.jury,
        high_is_bad=settings.high_is_bad,
    )
    kinds = _kinds(frame)
    sheets: dict[str, tuple[Sheet, ...]] = {}
    if (frame["kind"] == "clinician").any():
        for judge in (name for name in kinds if check_of(name) is None):
            progress(f"ratings of {judge}")
            if found_sheets := tuple(laid(frame, judge, plan, facts)):
                sheets[judge] = found_sheets
        panel = [n for n in sheets if kinds[n] == "juror" and on_panel(n, settings.jury)]
        jury = joined([sheets[name] for name in panel])
        if jury:
            sheets = {JURY: jury, **sheets}
            kinds = {JURY: "jury", **kinds}
    verdicts = {}
    looked = [name for name in sheets if kinds[name] != "juror" or on_panel(name, settings.jury)]
    rivals = len(looked)
    for judge, own in sheets.items():
        progress(f"decision on {judge}")
        verdicts[judge] = tuple(decide(sheet, plan, rivals if judge in looked else 1) for sheet in own)
    return Whole(report, tuple(found), verdicts, sheets, kinds, plan, settings, frame, facts)


def _one_direction(settings: Settings, plan: Plan) -> tuple[Settings, Plan]:
    """Both say on which questions a high value is bad: what one of them says, the other does, too."""
    high = tuple(dict.fromkeys((*plan.high_is_bad, *settings.high_is_bad)))
    if high != plan.high_is_bad:
        plan = replace(plan, high_is_bad=high)
    return replace(settings, high_is_bad=high), plan


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
