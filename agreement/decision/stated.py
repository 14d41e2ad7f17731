"""A plan in plain words: what each of its numbers means, and what it asks for."""

from __future__ import annotations

from agreement.decision.plan import Plan

COEFFICIENT_WORDS = {
    "ICC(A,1)": "ICC(A,1): the same points for the same outputs, level counted",
    "ICC(C,1)": "ICC(C,1): the same distances between outputs, whatever the level",
    "r": "r: the same order, whatever the level and the spread",
    "CCC": "CCC: Lin's concordance, close to ICC(A,1)",
    "kappa": "kappa: the same label, beyond chance",
}
LABELS = {
    "margin": "Agreement may be lower by",
    "items": "Fewest outputs",
    "bias": "Level may be off by (share of the scale)",
    "coverage": "Share of outputs it must answer",
    "sensitivity": "Share of bad outputs it must find",
    "bad": "Bad means this or less",
    "high_is_bad": "Questions on which a high value is bad",
    "repeatability": "Agreement with itself",
    "subgroup": "Least r in any subgroup",
}
MEANINGS = {
    "margin": "How much less than a clinician the judge may agree with the other clinicians. With 0.10, "
    "where a clinician reaches 0.50 the judge must be shown to reach 0.40.",
    "items": "Outputs with a verdict and two clinicians. Fewer never allow a use: the answer is then "
    "“cannot tell yet”.",
    "bias": "How much kinder or stricter than the clinicians it may be on average. 0.0625 is a quarter of a "
    "point on a scale of 1 to 5. Beyond it, only a calibrated use with review is left.",
    "coverage": "Refusals, broken replies and failed calls count against it. 0.90 lets one in ten go.",
    "sensitivity": "Of the outputs that clinicians found bad, the share that it must find bad, too. 0.50 is "
    "every second one.",
    "bad": "A clinicians' mean up to this point. Empty: the lowest quarter, 2 or less on 1 to 5.",
    "high_is_bad": "Counts of errors, degrees of harm: there, bad means the highest quarter, or the point "
    "above or more, and text metrics and composites are read the other way round.",
    "repeatability": "How far it says the same when asked the same again: 1 is always, 0 is chance. Looked "
    "at only where outputs were put to it twice.",
    "subgroup": "In no system, specialty or other subgroup may its r with the clinicians clearly lie below "
    "this. 0: nowhere may it put the outputs in the wrong order.",
}


def sentences(plan: Plan) -> tuple[str, ...]:
    """Return a plan as sentences that a clinician understands.

    Examples
    --------
    >>> sentences(Plan(margin=0.05))[1]
    'Its agreement (ICC(A,1)) may be lower than that of a clinician in the same place by less than 0.05.'
    >>> sentences(Plan(questions=("accuracy", "harm")))[0]
    'It is decided on accuracy, harm.'
    """
    bad = "in the lowest quarter of the scale" if plan.bad is None else f"at {plan.bad:g} or less"
    return (
        f"It is decided on {', '.join(plan.questions) or 'every question'}.",
        f"Its agreement ({plan.coefficient}) may be lower than that of a clinician in the same place by less "
        f"than {plan.margin:g}.",
        f"Its level may be off by {plan.bias:.3g} of the scale.",
        f"It answers {plan.coverage:.0%} of what is put to it, and finds {plan.sensitivity:.0%} of the "
        f"outputs that clinicians rated {bad}.",
        f"Asked again, it agrees with itself by {plan.repeatability:g}; in no subgroup is its r clearly "
        f"below {plan.subgroup:g}.",
        f"Fewer than {plan.items} outputs never allow a use.",
        *_upward(plan),
    )


def _upward(plan: Plan) -> tuple[str, ...]:
    if not plan.high_is_bad:
        return ()
    bad = "in the highest quarter of the scale" if plan.bad is None else f"at {plan.bad:g} or more"
    return (f"On {', '.join(plan.high_is_bad)} a high value is bad: there, bad outputs are those {bad}.",)
