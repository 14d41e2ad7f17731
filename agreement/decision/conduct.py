"""Rules about the judge's conduct: its level, the bad outputs it finds, its repeats, its subgroups."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from agreement.array import Array
from agreement.columns import icc_a1
from agreement.decision.check import REVIEW, Check, State, against_floor, counted, listed, said
from agreement.decision.evidence import Evidence, bias, with_mean
from agreement.decision.plan import Plan
from agreement.decision.sheet import Sheet
from agreement.estimate import Estimate
from agreement.rates import share
from agreement.turned import up_to
from agreement.weights import case_weights, percentile

FEW = 10
"""Outputs below which a rate is not held against a judge."""
LEAST_GROUP = 20
"""Items below which a subgroup is not looked at."""
RARE = 5
"""With fewer answers besides the commonest one, r of a subgroup hangs on single items."""
OWN = "independent of the clinicians"
"""The rule that no further items settle."""
BY_CHANCE = 0.001
"""How unlikely identical answers must be before they are called a copy."""


def same_level(sheet: Sheet, plan: Plan, found: Evidence) -> Check:
    """Is the judge as strict as the clinicians?"""
    figure, limit = found.bias, plan.bias * (sheet.high - sheet.low)
    if not figure.defined:
        return Check("same level", "not measured", REVIEW, figure.notes[0])
    sure = not figure.low <= 0 <= figure.high
    off: State = "not met" if sure else "unclear"
    word = "lenient" if figure.value > 0 else "strict"
    apart = (
        f"{abs(figure.value):.2f} points more {word} than" if abs(figure.value) >= 0.005 else "as strict as"
    )
    sentence = f"The judge is {apart} the clinicians (bias {said(figure)}; the plan allows {limit:.2f})."
    state: State = off if abs(figure.value) > limit else "met"
    return Check("same level", state, REVIEW, sentence, figures={"bias": figure})


def independent(sheet: Sheet, plan: Plan, found: Evidence) -> Check | None:
    """Are the judge's answers its own, or a copy of a clinician's or of the clinicians' mean?"""
    for at, (who, column) in enumerate(_sources(sheet)):
        both = sheet.judged & ~np.isnan(column)
        n = int(both.sum())
        if n < LEAST_GROUP or np.abs(sheet.verdicts - column)[both].max() > 0.0051:
            continue
        others = sheet.clinicians[both][:, np.arange(sheet.clinicians.shape[1]) != at]
        same = int((others == sheet.verdicts[both][:, None]).sum())
        usual = (same + 1) / (int((~np.isnan(others)).sum()) + 2)
        if usual**n * sheet.clinicians.shape[1] < BY_CHANCE:
            sentence = (
                f"The judge says exactly what {who} says on all {n} items of both, and what single other "
                f"clinicians say on {usual:.0%}. A copy shows nothing: find out where its answers are from."
            )
            return Check(OWN, "unclear", "cannot tell yet", sentence)
    return _shadow(sheet, found) or _too_close(found)


def _shadow(sheet: Sheet, found: Evidence) -> Check | None:
    """Does the judge follow one clinician's own errors, or her alone?"""
    above = [one for one in found.shadows if one.closeness.low > 1 + 1e-9 or one.copied]
    if not above:
        return None
    one = max(above, key=lambda shadow: (shadow.closeness.low, shadow.lead.low))
    who, column = _sources(sheet)[one.clinician]
    both = sheet.judged & ~np.isnan(column)
    sentence = f"The judge says what {who} says on {int((sheet.verdicts == column)[both].sum())} of "
    sentence += f"{int(both.sum())} items of both, and "
    if one.closeness.low > 1 + 1e-9:
        sentence += (
            f"agrees with {who} more closely than anyone can who has not seen those ratings: its squared r "
            f"is {said(one.closeness)} times the most that {who}'s agreement with the others allows. So it"
        )
        figures = {"closeness_to_one": one.closeness}
    else:
        sentence += (
            f"follows {who} more than a judge of the same outputs would, while beyond {who}'s ratings it "
            f"says nothing of what the others say (r {said(one.beyond)}), as a shaken copy does. So it"
        )
        figures = {"lead_of_one": one.lead, "beyond_one": one.beyond}
    sentence += f" may be made from {who}'s ratings: find out where its answers are from."
    return Check(OWN, "unclear", "cannot tell yet", sentence, figures=figures)


def _too_close(found: Evidence) -> Check | None:
    """Does the judge follow what the clinicians share more closely than what they share can be followed?"""
    figure, ruler = found.closeness, found.order.clinician
    if figure.n_items < LEAST_GROUP or not figure.low > 1 + 1e-9 or not ruler.low > 0:
        return None
    sentence = (
        f"The judge agrees with the clinicians more closely ({found.order.juror.coefficient} "
        f"{said(found.order.juror)}) than anyone can who has not seen their ratings: they agree by "
        f"{said(ruler)} among themselves, and its squared r is {said(figure)} times the most that allows. "
        "So it may be made from their ratings: find out where its answers are from."
    )
    return Check(OWN, "unclear", "cannot tell yet", sentence, figures={"closeness": figure})


def _sources(sheet: Sheet) -> list[tuple[str, Array]]:
    names = sheet.raters or tuple(f"clinician {j + 1}" for j in range(sheet.clinicians.shape[1]))
    found = list(zip(names, sheet.clinicians.T, strict=True))
    if sheet.labels:
        return found
    there = np.where(np.isnan(sheet.clinicians), sheet.mean[:, None], sheet.clinicians)
    return [*found, ("the clinicians' mean", np.where(np.ptp(there, axis=1) > 0, sheet.mean, np.nan))]


def finds_bad(sheet: Sheet, plan: Plan, found: Evidence | None = None) -> Check | None:
    """Does the judge call bad what clinicians found bad?"""
    if sheet.labels or not sheet.on_scale or (sheet.high - sheet.low < 3 and plan.bad is None):
        return None
    limit = sheet.bad(plan.bad)
    bad = up_to(limit, sheet.turned)
    rows = sheet.judged & (sheet.mean <= limit)
    caught = int((sheet.verdicts[rows] <= limit).sum())
    figure = share("sensitivity", caught, int(rows.sum()), level=plan.level, n_raters=1)
    rule = "finds the bad ones"
    if not rows.any():
        none = f"Clinicians rated no item {bad}, so nobody knows whether it finds bad ones."
        return Check(rule, "not measured", REVIEW, none, figures={"sensitivity": figure})
    sentence = (
        f"Of {counted(int(rows.sum()), 'item')} that clinicians rated {bad}, the judge did so for {caught}"
    )
    if rows.sum() < FEW:
        return Check(
            rule,
            "not measured",
            REVIEW,
            sentence + "; too few to hold it to the plan.",
            figures={"sensitivity": figure},
        )
    sentence += f" ({said(figure)}); the plan asks for {plan.sensitivity:.0%}."
    return Check(
        rule, against_floor(figure, plan.sensitivity), REVIEW, sentence, figures={"sensitivity": figure}
    )


def repeats_itself(sheet: Sheet, plan: Plan, found: Evidence) -> Check:
    """Does the judge say the same when asked again?"""
    rule = "repeats itself"
    again = np.full(len(sheet.verdicts), np.nan) if sheet.again is None else sheet.again
    rows = ~np.isnan(sheet.verdicts) & ~np.isnan(again)
    if rows.sum() < FEW:
        return Check(
            rule, "not measured", "do not use", "The judge was not asked twice about 10 items or more."
        )
    x, y = sheet.verdicts[rows], again[rows]
    if sheet.labels or np.ptp(np.concatenate([x, y])) == 0:
        figure = share("same answer twice", int((x == y).sum()), len(x), level=plan.level, n_raters=1)
    else:
        rng = np.random.default_rng(plan.seed)
        booted = np.concatenate([icc_a1(x, y, w) for w in case_weights(len(x), plan.replicates, rng)])
        figure = Estimate(
            "repeatability ICC(A,1)",
            float(icc_a1(x, y, np.ones((1, len(x))))[0]),
            *percentile(booted, plan.level),
            len(x),
            1,
            "bootstrap of items",
            plan.level,
        )
    state = against_floor(figure, plan.repeatability)
    sentence = f"Asked again about {len(x)} items, the judge agrees with itself by {said(figure)}; "
    sentence += f"the plan asks for {plan.repeatability:g}."
    return Check(
        rule,
        state,
        "do not use" if state == "not met" else "cannot tell yet",
        sentence,
        items=float(sheet.shared.sum()),
        figures={"repeatability": figure},
    )


def _vary(given: Array) -> bool:
    """Are there enough answers besides the commonest one for r to be held against anybody?"""
    return bool(len(given) - np.unique(given, return_counts=True)[1].max() >= RARE)


def even(sheet: Sheet, plan: Plan, found: Evidence) -> Check:
    """Does the judge fail within a system, a benchmark or another subgroup?"""
    groups = [
        (f"{column} {name}", sheet.judged & (values == name))
        for column, values in sheet.strata.items()
        for name in np.unique(values[sheet.judged])
        if name
    ]
    once = {rows.tobytes(): (name, rows) for name, rows in reversed(groups) if rows.sum() >= LEAST_GROUP}
    groups = list(once.values())[::-1]  # columns that split the items alike are looked at once
    if not groups or sheet.labels:
        return Check("holds in subgroups", "not measured", REVIEW, f"No subgroup has {LEAST_GROUP} items.")
    level = 1 - (1 - plan.level) / len(groups)  # so many looks, one error rate
    strict = replace(plan, level=min(level, 0.999))
    limit = 2 * plan.bias * (sheet.high - sheet.low)
    fails: list[str] = []
    gaps: list[tuple[float, str]] = []
    figures: dict[str, Estimate] = {}
    for name, rows in groups:
        r, off = with_mean(sheet, strict, rows), bias(sheet, strict, rows)
        figures |= {f"r in {name}": r, f"bias in {name}": off}
        if r.high < plan.subgroup and _vary(sheet.verdicts[rows]) and _vary(sheet.mean[rows]):
            fails.append(f"{name} (r {said(r)})")
        if off.defined and found.bias.defined:
            apart = off.low > found.bias.value + limit or off.high < found.bias.value - limit
            fails += [f"{name} (bias {said(off)})"] * apart
            gaps.append((abs(off.value - found.bias.value), f"{name}, bias {said(off)}"))
    sentence = f"{counted(len(groups), 'subgroup')} of {LEAST_GROUP} items or more looked at: "
    limits = f"r clearly below {plan.subgroup:g}"
    if gaps:
        limits += f", or a level clearly more than {limit:.2f} points off the level over all"
    sentence += f"it fails in {listed(fails)}." if fails else f"none fails the plan's limits ({limits})."
    if gaps and not fails:
        sentence += f" Its level differs most in {max(gaps)[1]}; over all {said(found.bias)}."
    return Check("holds in subgroups", "not met" if fails else "met", REVIEW, sentence, figures=figures)
