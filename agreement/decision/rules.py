"""The rules of the decision, one function each, in the order in which they are looked at."""

from __future__ import annotations

import numpy as np

from agreement.decision.check import REVIEW, Check, State, against_floor, listed, said
from agreement.decision.evidence import Evidence
from agreement.decision.plan import Plan
from agreement.decision.sheet import Sheet
from agreement.estimate import NAN, Estimate
from agreement.fair import Fair, required_items
from agreement.rates import share

FEW = 10
"""Items below which nothing is said about a judge."""
SAME_SAID = "clinicians tell outputs apart"
"""The rule that stops the rest: without a difference there is nothing to agree on."""
NAMES = "items have the same names"
"""The rule that names stop: other names are not settled by more items."""
SAME = 0.95
"""A judge that gives one point to this share of items hardly tells them apart."""


def enough(sheet: Sheet, plan: Plan) -> Check:
    """Are there items with a verdict and two clinicians, and as many as the plan wants?"""
    n = int(sheet.shared.sum())
    rule = "enough items"
    if n == 0 and sheet.judged.any():
        sentence = (
            "No item has a verdict and two clinicians, so nobody can say how far clinicians agree with "
            f"one another; let a second clinician rate at least {plan.items} of the items."
        )
        return Check(rule, "unclear", "cannot tell yet", sentence, items=plan.items)
    have = "1 item has" if n == 1 else f"{n} items have"
    sentence = f"{have} a verdict and at least two clinicians; the plan asks for {plan.items}."
    return Check(
        rule, "met" if n >= plan.items else "unclear", "cannot tell yet", sentence, items=float(plan.items)
    )


def tells_apart(sheet: Sheet, plan: Plan, found: Evidence) -> Check | None:
    """Does the judge give different scores to different items at all?"""
    given = sheet.verdicts[sheet.judged]
    if len(given) < FEW:
        return None
    points, counts = np.unique(given, return_counts=True)
    top, name = float(points[counts.argmax()]), _point(sheet, float(points[counts.argmax()]))
    ours = share("share of the judge's commonest answer", int(counts.max()), len(given), n_raters=1)
    ratings = sheet.clinicians[sheet.judged]
    theirs = share(
        "clinicians' share of that answer",
        int((ratings == top).sum()),
        int((~np.isnan(ratings)).sum()),
        n_raters=int((~np.isnan(ratings)).any(axis=0).sum()),
    )
    varied = len(np.unique(ratings[~np.isnan(ratings)])) > 1
    nearly = ours.value >= SAME and not found.order.juror.low > 0 and theirs.high < ours.value
    blind = varied and (len(points) == 1 or nearly)
    sentence = (
        f"The judge uses {len(points)} different answers, and {name} for {ours.value:.0%} of the items."
    )
    if blind:
        sentence = (
            f"The judge says {name} to {counts.max()} of {len(given)} items; clinicians say it in "
            f"{theirs.value:.0%} of their ratings. It does not tell good outputs from bad ones, "
            "however often it happens to agree."
        )
    figures = {"commonest_answer": ours, "clinicians_same_answer": theirs}
    return Check("tells items apart", "not met" if blind else "met", "do not use", sentence, figures=figures)


def coverage(sheet: Sheet, plan: Plan) -> Check:
    """Does the judge answer what is put to it?"""
    asked = sheet.asked & sheet.rated
    if not asked.any():
        sentence = "No item that clinicians rated was put to the judge, so nobody knows how often it answers."
        return Check("coverage", "not measured", "cannot tell yet", sentence)
    answered = int((asked & ~np.isnan(sheet.verdicts)).sum())
    figure = share("coverage", answered, int(asked.sum()), level=plan.level, n_raters=1)
    sentence = f"The judge answered {answered} of {int(asked.sum())} items put to it ({said(figure)}); "
    if not asked.any():
        sentence = "No item that clinicians rated was put to the judge; "
    sentence += f"the plan asks for {plan.coverage:.0%}."
    state = against_floor(figure, plan.coverage)
    return Check(
        "coverage",
        state,
        "do not use" if state == "not met" else "cannot tell yet",
        sentence,
        items=float(2 * asked.sum()),
        figures={"coverage": figure},
    )


def put_to_it(sheet: Sheet, plan: Plan) -> Check:
    """Was the judge asked about what clinicians rated, or is there no row at all?"""
    rated, asked = int(sheet.rated.sum()), int((sheet.asked & sheet.rated).sum())
    figure = share("share of the clinicians' items put to the judge", asked, rated, n_raters=1)
    missing = rated - asked
    sentence = f"{asked} of {rated} items that clinicians rated have a row by the judge."
    elsewhere = np.flatnonzero(sheet.asked & ~sheet.rated)
    if asked < plan.coverage * rated and len(elsewhere):
        first = f" (first: {sheet.items[elsewhere[0]][0]!r})" if sheet.items else ""
        sentence += (
            f" It has rows for {len(elsewhere)} items{first} that no clinician rated: "
            "see whether both sides call the items the same."
        )
    if asked < plan.coverage * rated:
        sentence += (
            f" Nobody knows whether the {missing} others were left out by chance: "
            "put them to the judge, or record why it gave no verdict."
        )
    state: State = "met" if asked >= plan.coverage * rated else "unclear"
    return Check(
        NAMES if not asked and len(elsewhere) else "asked about the same items",
        state,
        "cannot tell yet",
        sentence,
        items=sheet.shared.sum() + float(missing),
        figures={"asked": figure},
    )


def ruler(sheet: Sheet, plan: Plan, found: Evidence) -> Check:
    """Do clinicians agree with one another beyond chance?"""
    figure = found.order.clinician
    if not figure.defined:  # a judge without variance takes the clinicians' figure with it
        figure = found.baselines["random"].clinician if "random" in found.baselines else figure
    met = figure.low > 0
    given = sheet.clinicians[~np.isnan(sheet.clinicians)]
    if len(given) and np.ptp(given) == 0:
        sentence = (
            f"All clinicians' ratings are the same, {_point(sheet, float(given[0]))}: nothing can be "
            "compared; have them rate outputs that differ in quality."
        )
        return Check(SAME_SAID, "unclear", "cannot tell yet", sentence)
    sentence = (
        f"A clinician's agreement with the other clinicians is {figure.coefficient} {said(figure)}; "
        + (
            "above chance."
            if met
            else "not clearly above chance, so there is no human standard to be held to."
        )
    )
    return Check(
        "clinicians agree among themselves",
        "met" if met else "unclear",
        "cannot tell yet",
        sentence,
        items=_until_above_zero(figure),
        figures={"clinicians_among_themselves": figure},
    )


def informed(sheet: Sheet, plan: Plan, found: Evidence) -> Check:
    """Does the judge agree with clinicians beyond chance?"""
    figure = found.order.juror
    state: State = "met" if figure.low > 0 else "unclear"
    if figure.high < plan.nothing:
        state = "not met"
    word = {"met": "above chance", "unclear": "not clearly above chance", "not met": "next to nothing"}[state]
    if figure.high < -plan.nothing:
        word = "it orders them the other way round, so see whether it read the scale upside down"
    sentence = f"The judge's agreement with the clinicians is {figure.coefficient} {said(figure)}; {word}."
    return Check(
        "agrees beyond chance",
        state,
        "do not use" if state == "not met" else "cannot tell yet",
        sentence,
        items=_until_above_zero(figure),
        figures={"judge_with_clinicians": figure},
    )


def beyond_baselines(sheet: Sheet, plan: Plan, found: Evidence) -> Check:
    """Would a judge that knows nothing have passed, and is this one better than it?

    Baselines have the clinicians' level by construction, so only in order are they a judge's match: one that
    is merely lenient is not beaten by counting words. With level counted they cost the plain use alone.
    """
    rule = "better than knowing nothing"
    figures = {f"better_than_{name}": f.difference for name, f in found.beyond.items()}
    figures |= {f"better_than_{name}_in_order": f.difference for name, f in found.outdone.items()}
    figures |= {f"{name}_baseline": f.juror for name, f in found.baselines.items()}
    figures |= {f"{name}_baseline_in_order": f.juror for name, f in found.ordered.items()}
    order = {name: f if f.difference.defined else found.baselines[name] for name, f in found.ordered.items()}
    outdone = {name: f if f.difference.defined else found.beyond[name] for name, f in found.outdone.items()}
    worse, open_ = _matched(order, outdone, plan)
    sentence = _ignorant(found.order.juror, found.ordered)
    if worse:
        sentence += " Counting the words of the output predicts the clinicians better than this judge does."
        return Check(rule, "not met", "do not use", sentence, figures=figures)
    if open_:
        sentence += (
            f" On these data {listed(open_)} would pass the same comparison, so passing it shows nothing."
        )
        items = float(np.max([_until_above_zero(outdone[name].difference) for name in open_]))
        return Check(rule, "unclear", "cannot tell yet", sentence, items=items, figures=figures)
    worse, open_ = _matched(found.baselines, found.beyond, plan)
    if worse or open_:
        sentence += (
            f" With level counted: {_ignorant(found.level.juror, found.baselines)} As it stands this judge "
            f"shows no more than {listed(worse or open_)}: its level has to be put right first."
        )
        return Check(rule, "not met" if worse else "unclear", REVIEW, sentence, figures=figures)
    return Check(rule, "met", "cannot tell yet", sentence, figures=figures)


def _matched(alone: dict[str, Fair], beyond: dict[str, Fair], plan: Plan) -> tuple[list[str], list[str]]:
    """Return which baselines beat the judge, and which would pass without its being clearly better."""
    worse = [name for name, f in beyond.items() if name == "length" and f.difference.high < 0]
    passing = [name for name, f in alone.items() if f.difference.low > -plan.margin]
    return worse, [name for name in passing if not beyond[name].difference.low > 0]


def _ignorant(judge: Estimate, baselines: dict[str, Fair]) -> str:
    table = ", ".join(f"{name} {f.juror.value:z.2f}" for name, f in baselines.items() if f.juror.defined)
    return f"{judge.coefficient} of judges that know nothing: {table} (this judge: {judge.value:z.2f})."


def _until_above_zero(figure: Estimate) -> float:
    return required_items(figure, 0.0) if figure.value > 0 else NAN


def _point(sheet: Sheet, value: float) -> str:
    if sheet.labels:
        return sheet.labels[int(value)]
    return f"{value if sheet.turned is None else sheet.turned.of(value):.3g}"
