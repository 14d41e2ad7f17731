"""Several judges on the same outputs: the best of them looks better than it is."""

from __future__ import annotations

from agreement.decision.check import said
from agreement.decision.plan import Plan
from agreement.estimate import Estimate

BEST_OF = "{} judges were looked at on these outputs: the best of several looks better than it is."


def strict_level(level: float, judges: int) -> float:
    """Return the level of each interval so that all of them together hold what one promises.

    Examples
    --------
    >>> round(strict_level(0.95, 5), 4)
    0.99
    """
    return 1 - (1 - level) / max(judges, 1)


def confirmed(difference: Estimate | None, plan: Plan) -> bool:
    """Return whether the difference rules out the plan's margin with every judge counted."""
    return difference is not None and difference.low > -plan.margin


def of_several(difference: Estimate | None, plan: Plan, judges: int) -> str:
    """Return the sentence about a judge that was looked at together with others; empty for a judge alone.

    Parameters
    ----------
    difference : Estimate or None
        Judge less clinician, with the interval of `strict_level`.
    judges : int
        How many judges were looked at on these outputs, this one among them.

    Examples
    --------
    >>> print(of_several(Estimate("r", 0.02, -0.06, 0.1, n_items=90), Plan(margin=0.1), 3))
    3 judges were looked at on these outputs: the best of several looks better than it is. With all 3 \
counted (Bonferroni), the difference is 0.02 (-0.06 to 0.10), so worse by 0.1 or more stays ruled out.
    """
    if judges < 2:
        return ""
    start = BEST_OF.format(judges)
    if difference is None or not difference.defined:
        return start
    end = (
        "stays ruled out"
        if confirmed(difference, plan)
        else "is not ruled out: confirm a judge that was picked on fresh outputs"
    )
    return (
        f"{start} With all {judges} counted (Bonferroni), the difference is {said(difference)}, so worse by "
        f"{plan.margin:g} or more {end}."
    )
