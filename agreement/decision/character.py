"""What a judge is like, in a few plain words beside the answer."""

from __future__ import annotations

from collections.abc import Sequence

from agreement.decision.answer import Decision
from agreement.decision.check import listed


def character(decisions: Sequence[Decision]) -> str:
    """Return what stands out about a judge: that it is lenient, strict or says one thing; empty if nothing.

    Examples
    --------
    >>> from agreement.decision.check import Check
    >>> from agreement.estimate import Estimate
    >>> off = {"bias": Estimate("bias", 0.8, 0.7, 0.9, n_items=90)}
    >>> level = Check("same level", "not met", "use calibrated and with review", "", figures=off)
    >>> character([Decision("accuracy", "j", "cannot tell yet", "", (), None, (level,))])
    'It is lenient: 0.80 points above the clinicians on accuracy.'
    """
    said = []
    one = [d.question for d in decisions if _failed(d, "tells items apart")]
    if one:
        said.append(f"It says nearly the same to everything on {listed(one)}: useless as a judge.")
    for word, side, sign in (("lenient", "above", 1), ("strict", "below", -1)):
        found = [(d.question, d.figures["bias"].value) for d in decisions if _failed(d, "same level")]
        of = [(question, value) for question, value in found if sign * value > 0]
        if of:
            sizes = listed([f"{abs(value):.2f}" for _, value in of])
            names = listed([question for question, _ in of])
            said.append(f"It is {word}: {sizes} points {side} the clinicians on {names}.")
    return " ".join(said)


def _failed(decision: Decision, rule: str) -> bool:
    return any(check.rule == rule and check.state == "not met" for check in decision.checks)
