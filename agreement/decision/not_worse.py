"""The rule that decides: not worse than a clinician by the plan's margin, in order and as it is."""

from __future__ import annotations

from dataclasses import replace

from agreement.decision.check import REVIEW, Check, State, said
from agreement.decision.evidence import Evidence
from agreement.decision.plan import Plan
from agreement.decision.sheet import Sheet
from agreement.estimate import Estimate
from agreement.fair import required_items


def in_order(sheet: Sheet, plan: Plan, found: Evidence) -> Check:
    """Does the judge order outputs as a clinician does, level aside?"""
    state, sentence = _not_worse(found.order.difference, plan.margin)
    sentence = (
        f"Beside the same other clinicians, on the same items: judge {found.order.juror.coefficient} "
        f"{said(found.order.juror)}, a clinician {said(found.order.clinician)}; {sentence}"
    )
    return Check(
        "not worse than a clinician, in order",
        state,
        "do not use" if state == "not met" else "cannot tell yet",
        sentence,
        items=_items_needed(found.order.difference, plan),
        figures={
            "order_judge": found.order.juror,
            "order_clinician": found.order.clinician,
            "order_difference": found.order.difference,
        },
    )


def as_it_is(sheet: Sheet, plan: Plan, found: Evidence) -> Check | None:
    """Does the judge, uncorrected, agree with clinicians as a clinician does, level included?"""
    rule = "not worse than a clinician, as it is"
    if not sheet.on_scale:
        return Check(
            rule,
            "not met",
            REVIEW,
            "The judge's scores are not on the clinicians' scale, so only a fitted map can use them.",
        )
    if found.level.juror.coefficient == found.order.juror.coefficient:
        return None  # labels, or a plan that asks for order only: it was looked at already
    state, sentence = _not_worse(found.level.difference, plan.margin)
    sentence = (
        f"The same with level differences counted: judge {found.level.juror.coefficient} "
        f"{said(found.level.juror)}, a clinician {said(found.level.clinician)}; {sentence}"
    )
    return Check(
        rule,
        state,
        REVIEW,
        sentence,
        items=_items_needed(found.level.difference, plan),
        figures={
            "level_judge": found.level.juror,
            "level_clinician": found.level.clinician,
            "level_difference": found.level.difference,
        },
    )


def _not_worse(difference: Estimate, margin: float) -> tuple[State, str]:
    if not difference.defined:
        return "unclear", f"the difference is undefined: {' '.join(difference.notes)}"
    text = f"difference {said(difference)}. "
    if difference.low > -margin:
        return "met", text + f"Worse by {margin:g} or more is ruled out."
    if difference.high < -margin:
        return "not met", text + f"It is worse by more than the {margin:g} that the plan allows."
    return "unclear", text + f"Worse by {margin:g} or more, which the plan forbids, is not ruled out."


def _items_needed(difference: Estimate, plan: Plan) -> float:
    """Where a judge as good as a clinician is not ruled out, that is taken to be the truth."""
    if difference.low <= 0 <= difference.high:
        half = (difference.high - difference.low) / 2
        equal = required_items(replace(difference, value=0.0, low=-half, high=half), plan.margin)
        if equal > difference.n_items:
            return equal
    return required_items(difference, plan.margin)
