"""A judge's passport: who it is, what was decided, on which figures, and what voids it. Plain JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from agreement.altest import AltTest
from agreement.calibration import Calibration
from agreement.decision.answer import Decision, alternative_sentence, overall
from agreement.decision.character import character
from agreement.decision.lay import COMPOSITE
from agreement.decision.plan import Plan
from agreement.estimate import Estimate

VOID = (
    "This holds for this judge as it was asked: another prompt, another model snapshot, other parameters "
    "or another kind of item voids it."
)


def deciding(decisions: Sequence[Decision], plan: Plan) -> list[Decision]:
    """Return the decisions that count: the questions, and the composite only where the plan names it."""
    return [d for d in decisions if d.question != COMPOSITE or COMPOSITE in plan.questions]


def passport(
    judge: str,
    decisions: Sequence[Decision],
    plan: Plan,
    *,
    identity: Mapping[str, Any],
    data: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the passport of one judge.

    Parameters
    ----------
    identity : mapping
        What is known of the judge: kind, model, prompt hash, parameters.
    data : mapping
        Hash of the ratings, file names, software version.
    """
    counted = deciding(decisions, plan)
    return {
        "judge": judge,
        "identity": dict(identity),
        "answer": overall(counted),
        "stands_out": character(counted) or None,
        "usable": bool(counted) and all(decision.usable for decision in counted),
        "questions": {d.question: _decision(d, d in counted) for d in decisions},
        "plan": {
            **asdict(plan),
            "questions": list(plan.questions),
            "high_is_bad": list(plan.high_is_bad),
            "hash": plan.hash,
        },
        "data": dict(data),
        "void_if": VOID,
    }


def file_name(key: str) -> str:
    """Return a key as a file's name: it may hold a question's or a rater's name, and leads nowhere else.

    Examples
    --------
    >>> file_name("../mini@1a2b")
    '.._mini_1a2b'
    """
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in key)


def figure(estimate: Estimate) -> dict[str, Any]:
    """Return an estimate as JSON: NaN is null.

    Examples
    --------
    >>> figure(Estimate("r", 0.5, n_items=9))["low"] is None
    True
    """
    estimate = estimate.without_flat()
    plain = asdict(estimate)
    plain["notes"] = list(estimate.notes)
    return {name: None if isinstance(v, float) and not math.isfinite(v) else v for name, v in plain.items()}


def _decision(decision: Decision, counts: bool) -> dict[str, Any]:
    return {
        "answer": decision.answer,
        "in_words": str(decision),
        "counts": counts,
        "usable": decision.usable,
        "more_items": decision.more_items,
        "rule": decision.rule,
        "because": list(decision.because),
        "among_several_judges": decision.several or None,
        "checks": [
            {"rule": c.rule, "state": c.state, "if_not_met": c.if_not, "sentence": c.sentence}
            for c in decision.checks
        ],
        "figures": {name: figure(estimate) for name, estimate in decision.figures.items()},
        "alternative_annotator_test": {
            "sentence": alternative_sentence(decision),
            **{name: _test(test) for name, test in decision.alternative.items()},
        },
        "calibration": _calibration(decision.calibration),
    }


def _test(test: AltTest) -> dict[str, Any]:
    return {
        "winning_rate": None if math.isnan(test.winning_rate) else test.winning_rate,
        "advantage": figure(test.advantage),
        "passed": test.passed,
        "scoring": test.scoring,
        "epsilon": test.epsilon,
        "places": [asdict(place) for place in test.places],
        "notes": list(test.notes),
    }


def _calibration(calibration: Calibration | None) -> dict[str, Any] | None:
    if calibration is None:
        return None
    figures = {name: figure(estimate) for name, estimate in calibration.figures.items()}
    return {"map": calibration.map.knots(), "out_of_fold": figures}
