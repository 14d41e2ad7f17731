"""The decisions about one judge, and how the terminal says them."""

from __future__ import annotations

from dataclasses import dataclass

from agreement.decision import Decision, Plan, overall
from agreement.decision.answer import alternative_sentence
from agreement.decision.character import character
from agreement.decision.passport import VOID, deciding

MARKS = {"met": "met", "not met": "NOT MET", "unclear": "open", "not measured": "unknown"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decisions about one judge, one a question."""

    judge: str
    kind: str
    plan: Plan
    decisions: tuple[Decision, ...]
    said: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether every question that counts allows the judge, as it is or calibrated."""
        counted = deciding(self.decisions, self.plan)
        return bool(counted) and all(decision.usable for decision in counted)


def in_words(one: Verdict) -> str:
    """Return a verdict as the terminal prints it: the answer, the rules that made it, then the others."""
    counted = deciding(one.decisions, one.plan)
    lines = [f"{one.judge} ({one.kind}): {overall(counted).upper()}"]
    if len(counted) > 1:
        lines.append("  " + "; ".join(f"{decision.question}: {decision}" for decision in counted))
    if stands_out := character(counted):
        lines.append(f"  {stands_out}")
    for decision in one.decisions:
        if decision in counted:
            lines += ["", *_question(decision)]
        else:
            lines += ["", f"  {decision.question}: {decision} (shown only; it does not decide)"]
    return "\n".join(
        [*lines, "", *(f"  {sentence}" for sentence in one.said), f"  {VOID}",
         f"  Plan {one.plan.hash[:12]}: margin {one.plan.margin:g}, by {one.plan.coefficient}."]
    )  # fmt: skip


def _question(decision: Decision) -> list[str]:
    lines = [f"  {decision.question}: {decision}"]
    lines += [f"    because  {sentence}" for sentence in decision.because]
    rest = [check for check in decision.checks if check.sentence not in decision.because]
    lines += [f"    {MARKS[check.state]:>7}  {check.sentence}" for check in rest]
    if decision.several:
        lines.append(f"             {decision.several}")
    lines.append(f"             {alternative_sentence(decision)}")
    if decision.calibration and decision.answer != "do not use":
        lines.append(f"             {_calibrated(decision)}")
    return lines


def _calibrated(decision: Decision) -> str:
    assert decision.calibration is not None
    figures, n = decision.calibration.figures, decision.calibration.map.n_items
    names = ("bias", "mean absolute error")
    if "bias" not in decision.figures:  # on another scale there is no error before
        parts = [f"{name} {figures[f'{name} after'].value:z.2f}" for name in names]
        return (
            f"With a map onto the clinicians' scale, fitted on other cases: {'; '.join(parts)} ({n} items)."
        )
    parts = [
        f"{name} {figures[f'{name} before'].value:z.2f} before, {figures[f'{name} after'].value:z.2f} after"
        for name in names
    ]
    return f"With a map fitted on other cases: {'; '.join(parts)} ({n} items)."
