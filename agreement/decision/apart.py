"""Rules about what an agreement stands on: outputs that differ, cases, and more than which system wrote."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from agreement.array import Array, Codes
from agreement.contest import mean_defined
from agreement.decision.check import REVIEW, Answer, Check, State, counted, said
from agreement.decision.evidence import Evidence, booted
from agreement.decision.plan import Plan
from agreement.decision.sheet import Sheet
from agreement.estimate import NAN, Estimate
from agreement.fair import required_items

FEW = 10
"""Outputs that differ, or cases, below which no interval says what the next ones would show."""
LEAST = 20
"""Items, besides one a system, below which nothing is said about what happens within systems."""


def enough_differ(sheet: Sheet, plan: Plan, found: Evidence) -> Check | None:
    """Do clinicians say anything but their commonest answer about ten items or more?

    Where all agree on one item that differs, every draw of a bootstrap has agreement 1 or none at all.
    """
    ratings = sheet.clinicians[sheet.shared]
    given = ratings[~np.isnan(ratings)]
    if not given.size:
        return None
    points, counts = np.unique(given, return_counts=True)
    top = float(points[counts.argmax()])
    n, differ = len(ratings), int((~np.isnan(ratings) & (ratings != top)).any(axis=1).sum())
    if not 0 < differ < FEW:
        return None
    name = sheet.labels[int(top)] if sheet.labels else f"{top:.3g}"
    sentence = (
        f"Clinicians say {name} to all of {n} items but {differ}: agreement hangs on so few that its "
        f"interval says too little. Have at least {FEW} items rated that differ in quality."
    )
    return Check(
        "enough items that differ", "unclear", "cannot tell yet", sentence, items=float(n * FEW / differ)
    )


def enough_cases(sheet: Sheet, plan: Plan, found: Evidence) -> Check | None:
    """Do the items come from ten cases or more? Items of one case count as one in every interval."""
    if sheet.cases is None:
        return None
    n, cases = int(sheet.shared.sum()), len(np.unique(sheet.cases[sheet.shared]))
    if not 0 < cases < FEW:
        return None
    sentence = (
        f"The {n} items come from {counted(cases, 'case')}, and items of one case count as one: fewer than "
        f"{FEW} cases do not show what others would."
    )
    return Check("enough cases", "unclear", "cannot tell yet", sentence, items=float(n * FEW / cases))


def within_systems(sheet: Sheet, plan: Plan, found: Evidence) -> Check | None:
    """Does the judge know more about an output than which system wrote it?

    Where systems differ, a judge that recognises the system agrees with clinicians over all outputs, and
    one that is wrong about every output of a system may do so, too.
    """
    if sheet.system is None or len(sheet.labels) > 2:  # two labels are as good as 0 and 1
        return None
    rows = sheet.shared & (sheet.system != "")
    systems, code = np.unique(sheet.system[rows], return_inverse=True)
    if len(systems) < 2 or rows.sum() - len(systems) < LEAST:
        return None
    judge = booted("r within systems", sheet, plan, rows, _judge(sheet, rows, code))
    theirs = booted("r within systems", sheet, plan, rows, _clinicians(sheet, rows, code))
    state, answer, means = _held(judge, theirs, plan)
    sentence = (
        f"Within systems, where only the output itself tells, the judge's r with the clinicians is "
        f"{said(judge)}, a clinician's with the others {said(theirs)}; {means}"
    )
    return Check(
        "knows more than the system",
        state,
        answer,
        sentence,
        items=required_items(judge, 0.0) if judge.value > 0 else NAN,
        figures={"judge_within_systems": judge, "clinicians_within_systems": theirs},
    )


def _held(judge: Estimate, theirs: Estimate, plan: Plan) -> tuple[State, Answer, str]:
    if judge.low > 0:
        return "met", "cannot tell yet", "above chance."
    if not theirs.low > 0:
        means = "so there nobody knows whether it knows more than which system wrote an output."
        return "not measured", REVIEW, means
    if judge.high < plan.nothing or not judge.defined:
        return "not met", "do not use", "it may know the system, but next to nothing of the output."
    return "unclear", "cannot tell yet", "it may know no more than which system wrote an output."


def _judge(sheet: Sheet, rows: NDArray[np.bool_], code: Codes) -> Callable[[Array], Array]:
    x, y = sheet.verdicts[rows], sheet.mean[rows]
    return lambda weights: r_within(x, y, code, weights)


def _clinicians(sheet: Sheet, rows: NDArray[np.bool_], code: Codes) -> Callable[[Array], Array]:
    """The mean, over clinicians with enough items, of each one's r within systems with the others' mean."""
    ratings = sheet.clinicians[rows]
    places = []
    for h, own in enumerate(ratings.T):
        both = np.flatnonzero(~np.isnan(own))  # every row has two clinicians or more
        if len(both) >= FEW:
            others = np.nanmean(np.delete(ratings[both], h, axis=1), axis=1)
            places.append((both, own[both], others))
    return lambda weights: mean_defined(
        np.array([r_within(own, others, code[at], weights[:, at]) for at, own, others in places]).reshape(
            len(places), len(weights)
        )
    )


def r_within(x: Array, y: Array, groups: Codes, weights: Array) -> Array:
    """Return Pearson's r of two columns less the means of their groups, under each row of `weights`.

    Parameters
    ----------
    x, y : array of shape (items,)
        No NaN.
    groups : array of shape (items,)
        A code for each item's group.
    weights : array of shape (replicates, items)

    Returns
    -------
    array of shape (replicates,)
        NaN where a column does not vary within any group.

    Examples
    --------
    >>> x, y = np.array([1.0, 2, 11, 12]), np.array([2.0, 1, 12, 11])
    >>> r_within(x, y, np.array([0, 0, 1, 1]), np.ones((1, 4)))
    array([-1.])
    """
    x, y = x - x.mean(), y - y.mean()
    member = np.eye(int(groups.max()) + 1)[groups]
    n = weights @ member
    sx, sy = weights @ (member * x[:, None]), weights @ (member * y[:, None])
    with np.errstate(divide="ignore", invalid="ignore"):
        between = [np.where(n > 0, a * b / n, 0.0).sum(axis=1) for a, b in ((sx, sx), (sy, sy), (sx, sy))]
        xx, yy, xy = (
            weights @ product - part for product, part in zip((x * x, y * y, x * y), between, strict=True)
        )
        return np.asarray(np.where((xx > 1e-9) & (yy > 1e-9), xy / np.sqrt(xx * yy), np.nan))
