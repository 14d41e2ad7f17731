"""From the rules to one of four answers, with the rule that fired."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from agreement.altest import AltTest, Scoring, alternative_annotator_test, baselines, beside_baselines
from agreement.calibration import Calibration, calibrate
from agreement.decision import apart, conduct, not_worse, rules
from agreement.decision.check import Answer, Check
from agreement.decision.evidence import Evidence, gather
from agreement.decision.plan import Plan
from agreement.decision.several import confirmed, of_several
from agreement.decision.sheet import Sheet
from agreement.estimate import Estimate
from agreement.fitted_map import LEAST

ORDER: tuple[Answer, ...] = ("use", "use calibrated and with review", "cannot tell yet", "do not use")
"""From best to worst; a judge's answer over several questions is the worst of them."""
UNSETTLED = (conduct.OWN, rules.SAME_SAID, rules.NAMES)
"""Rules that no number of further items settles."""
MOST = 100
"""More than this many times the items at hand is no advice that anybody can follow."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for one question and one judge.

    Attributes
    ----------
    answer : Answer
        One of four.
    because : tuple of str
        The sentences of the rules that fired; for a plain use, those that carry it.
    more_items : int or None
        With "cannot tell yet": about how many more items would settle it, None where nothing tells; capped at
        a hundred times the items at hand, which nobody can follow: then the difference sits at the margin
        itself.
    capped : bool
        Whether `more_items` is that cap.
    checks : tuple of Check
        Every rule that was looked at.
    alternative : dict of str to AltTest
        The alternative-annotator test of the judge (``"judge"``) and of each baseline.
    calibration : Calibration or None
        The map onto the clinicians' scale, and what it does out of fold.
    several : str
        What it means that other judges were looked at on the same outputs; empty for a judge alone.
    judges : int
        How many were looked at.
    confirmed : bool
        Whether a use stands with all of them counted.
    """

    question: str
    judge: str
    answer: Answer
    rule: str
    because: tuple[str, ...]
    more_items: int | None
    checks: tuple[Check, ...]
    alternative: dict[str, AltTest] = field(default_factory=dict)
    calibration: Calibration | None = None
    capped: bool = False
    several: str = ""
    judges: int = 1
    confirmed: bool = True

    @property
    def usable(self) -> bool:
        """Whether the judge may be used, as it is or calibrated."""
        return self.answer in ("use", "use calibrated and with review")

    @property
    def main(self) -> str:
        """The sentence to read first: of the rules that fired, the one that asks for most items."""
        fired = [check for check in self.checks if check.sentence in self.because]
        asking = [check for check in fired if not math.isnan(check.items)] if self.more_items else []
        if asking:
            return max(asking, key=lambda check: check.items).sentence
        return self.because[0] if self.because else ""

    @property
    def figures(self) -> dict[str, Estimate]:
        """Every figure behind the answer, by stable names."""
        return {name: figure for check in self.checks for name, figure in check.figures.items()}

    def __str__(self) -> str:
        if self.answer == "cannot tell yet" and self.more_items:
            word = "more than" if self.capped else "about"
            return f"cannot tell yet ({word} {self.more_items:,} more items)"
        return self.answer


def decide(sheet: Sheet, plan: Plan, judges: int = 1) -> Decision:
    """Say whether a judge may stand in for a clinician on one question.

    Parameters
    ----------
    judges : int
        How many judges are looked at on these outputs, this one among them.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> truth = rng.normal(3, 1, (200, 1))
    >>> points = np.clip(np.round(truth + rng.normal(0, 0.6, (200, 4))), 1, 5)
    >>> five = np.full(200, 5.0)
    >>> sheet = Sheet("accuracy", "always five", points, five, ~np.isnan(five))
    >>> print(decide(sheet, Plan(replicates=200)))
    do not use
    """
    small = sheet.shared.sum() < rules.FEW
    found = gather(sheet, plan, judges) if sheet.judged.sum() >= rules.FEW else None
    checks = list(_checks(sheet, plan, found))
    answer, fired = _verdict(checks)
    strict = found.strict if found and answer in ORDER[:2] else None
    more, capped = _more(fired, sheet, plan)
    return Decision(
        sheet.question,
        sheet.judge,
        answer,
        fired[0].rule if fired else "every rule is met",
        tuple(check.sentence for check in fired) or _carrying(checks),
        more if answer == "cannot tell yet" and not any(c.rule in UNSETTLED for c in fired) else None,
        tuple(checks),
        {} if small or _one_said(checks) else _alternative(sheet, plan),
        None if small or _one_said(checks) else _calibration(sheet, plan),
        answer == "cannot tell yet" and capped,
        of_several(strict, plan, judges),
        judges,
        confirmed(strict, plan),
    )


def _one_said(checks: list[Check]) -> bool:
    return any(check.rule == rules.SAME_SAID for check in checks)


def overall(decisions: Iterable[Decision]) -> Answer:
    """Return the worst answer: a judge may be used where every question allows it.

    Examples
    --------
    >>> overall([])
    'cannot tell yet'
    """
    answers = [decision.answer for decision in decisions]
    return max(answers, key=ORDER.index) if answers else "cannot tell yet"


def _checks(sheet: Sheet, plan: Plan, found: Evidence | None) -> Iterable[Check]:
    yield rules.coverage(sheet, plan)
    yield rules.put_to_it(sheet, plan)
    yield rules.enough(sheet, plan)
    if found is None:
        return
    looked: tuple[Callable[..., Check | None], ...] = (
        rules.tells_apart,
        rules.ruler,
        rules.informed,
        rules.beyond_baselines,
        apart.enough_differ,
        apart.enough_cases,
        apart.within_systems,
        not_worse.in_order,
        not_worse.as_it_is,
        conduct.independent,
        conduct.same_level,
        conduct.finds_bad,
        conduct.repeats_itself,
        conduct.even,
    )
    for rule in looked[:1] if sheet.shared.sum() < rules.FEW else looked:
        check = rule(sheet, plan, found)
        if check is not None:
            yield check
            if check.rule == "tells items apart" and check.state == "not met":
                return  # a judge that says one thing has no agreement to look at
            if check.rule == rules.SAME_SAID:
                return


def _verdict(checks: list[Check]) -> tuple[Answer, list[Check]]:
    """Return the worst answer that a rule leaves, and the rules that leave it.

    An unclear rule that would only have cost the plain use costs that use; a rule that was not
    measured costs nothing, and the report names it.
    """
    open_ = [check for check in checks if check.state in ("not met", "unclear")]
    if not open_:
        return "use", []
    worst = max((check.if_not for check in open_), key=ORDER.index)
    return worst, [check for check in open_ if check.if_not == worst]


def _carrying(checks: list[Check]) -> tuple[str, ...]:
    return tuple(check.sentence for check in checks if check.rule.startswith("not worse"))


def _more(fired: list[Check], sheet: Sheet, plan: Plan) -> tuple[int | None, bool]:
    """Return about how many more items would settle the rules that fired, to two figures, and if capped.

    None where no rule that fired can tell, as where the judge does no better than a length.
    """
    have = int(sheet.shared.sum())
    least = max(plan.items, have + max(1, have // 10))
    needs = [check.items for check in fired if not math.isnan(check.items)]
    if not needs:
        return None, False
    # Few items say too little about how many are needed: first fill up to what the plan asks for.
    most = plan.items if have < rules.FEW else MOST * max(have, plan.items)
    wanted = max([*needs, least])
    more = min(wanted, most) - have
    step = 10 ** max(0, len(str(int(more))) - 2)
    return int(math.ceil(more / step) * step), wanted > most > plan.items


def _alternative(sheet: Sheet, plan: Plan) -> dict[str, AltTest]:
    """Return the alternative-annotator test of the judge and of the baselines, on the scale's own scoring."""
    if not sheet.on_scale:
        return {}
    scoring: Scoring = "accuracy" if sheet.labels or sheet.high - sheet.low <= 1 else "-RMSE"
    known = baselines(
        sheet.clinicians, np.random.default_rng([plan.seed, 1]), None if sheet.labels else sheet.length
    )
    tests = {
        name: alternative_annotator_test(sheet.clinicians, column, scoring=scoring)
        for name, column in {"judge": sheet.verdicts, **known}.items()
    }
    if not tests["judge"].places:
        return {"judge": tests["judge"]}
    return tests


def alternative_sentence(decision: Decision) -> str:
    """Return the alternative-annotator test in a sentence, its baselines beside it."""
    tests = decision.alternative
    if not tests:
        return (
            "No alternative-annotator test: the judge is on another scale, the clinicians say one thing to "
            "everything, or the sample is too small."
        )
    judge = tests["judge"]
    if not judge.places:
        return " ".join(judge.notes)
    rates = ", ".join(f"{name} {test.winning_rate:.2f}" for name, test in tests.items() if name != "judge")
    sentence = (
        f"Alternative-annotator test ({judge.scoring}, epsilon {judge.epsilon:g}, "
        f"{len(judge.places)} clinician{'s' if len(judge.places) > 1 else ''}): "
        f"winning rate {judge.winning_rate:.2f}, "
        f"{'passed' if judge.passed else 'not passed'} (0.50 is needed); "
        f"judges that know nothing: {rates}."
    )
    others = {name: test for name, test in tests.items() if name != "judge"}
    return " ".join([sentence, *beside_baselines(judge, others)])


def _calibration(sheet: Sheet, plan: Plan) -> Calibration | None:
    if sheet.labels or sheet.judged.sum() < 2 * LEAST:
        return None
    return calibrate(
        np.where(sheet.judged, sheet.verdicts, np.nan),
        sheet.mean,
        rng=np.random.default_rng(plan.seed),
        cases=sheet.cases,
        replicates=plan.replicates,
        name=f"{sheet.judge}, {sheet.question}",
    )
