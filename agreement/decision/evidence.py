"""The figures that the rules look at, computed once for a question and a judge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agreement.altest import baselines
from agreement.array import Array
from agreement.columns import NUMERIC
from agreement.contest import Contest, contest
from agreement.decision.closeness import closeness
from agreement.decision.plan import Plan
from agreement.decision.several import strict_level
from agreement.decision.shadow import Shadow, shadows
from agreement.decision.sheet import Sheet
from agreement.estimate import Estimate, undefined
from agreement.fair import Fair, told
from agreement.weights import percentile, seeded_weights


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was computed.

    Attributes
    ----------
    level : Fair
        By the plan's coefficient, on the judge's own scores.
    order : Fair
        By r, which a level difference does not touch; kappa where answers have no order.
    baselines : dict of str to Fair
        Each baseline in the judge's place.
    ordered : dict of str to Fair
        The same by r, or kappa where answers have no order.
    beyond : dict of str to Fair
        The judge with each baseline in the clinicians' place.
    outdone : dict of str to Fair
        The same by r, or kappa where answers have no order.
    r : Estimate
        The judge with the clinicians' mean.
    bias : Estimate
        Judge minus clinicians' mean, in points.
    closeness : Estimate
        Above 1, the judge follows the clinicians' errors, too.
    shadows : tuple of Shadow
        The same of one clinician at a time, and whether the judge follows her alone.
    strict : Estimate
        The difference in order with an interval that all judges looked at hold together.
    """

    level: Fair
    order: Fair
    baselines: dict[str, Fair]
    ordered: dict[str, Fair]
    beyond: dict[str, Fair]
    outdone: dict[str, Fair]
    r: Estimate
    bias: Estimate
    closeness: Estimate
    shadows: tuple[Shadow, ...]
    strict: Estimate


def gather(sheet: Sheet, plan: Plan, looked: int = 1) -> Evidence:
    """Return the evidence; every figure sees the same bootstrap draws."""
    primary = "kappa" if sheet.labels else plan.coefficient
    order = "kappa" if sheet.labels else "r"
    scaled = primary if sheet.on_scale else "r"

    judges = {"judge": sheet.verdicts, **_know_nothing(sheet, plan)}
    held = contest(
        sheet.clinicians,
        judges,
        list(dict.fromkeys([scaled, order])),
        rng=np.random.default_rng(plan.seed),
        cases=sheet.cases,
        replicates=plan.replicates,
    )
    known = [name for name in judges if name != "judge"]
    return Evidence(
        level=told(held, scaled, "judge", level=plan.level),
        order=told(held, order, "judge", level=plan.level),
        baselines={name: told(held, scaled, name, level=plan.level) for name in known},
        ordered={name: told(held, order, name, level=plan.level) for name in known},
        beyond={name: told(held, scaled, "judge", name, level=plan.level) for name in known},
        outdone={name: told(held, order, "judge", name, level=plan.level) for name in known},
        r=with_mean(sheet, plan, sheet.judged),
        bias=bias(sheet, plan, sheet.judged),
        closeness=closeness(_numbered(sheet, plan) or held),
        shadows=_shadows(sheet, plan),
        strict=told(held, order, "judge", level=strict_level(plan.level, looked)).difference,
    )


def _numbered(sheet: Sheet, plan: Plan) -> Contest | None:
    """Two labels are as good as 0 and 1: what a copy shows in r it shows there, too."""
    if len(sheet.labels) != 2:
        return None
    return contest(
        sheet.clinicians,
        {"judge": sheet.verdicts},
        ["r"],
        rng=np.random.default_rng(plan.seed),
        cases=sheet.cases,
        replicates=plan.replicates,
    )


def _shadows(sheet: Sheet, plan: Plan) -> tuple[Shadow, ...]:
    if len(sheet.labels) > 2:
        return ()
    found = shadows(
        sheet.clinicians, sheet.verdicts, seed=plan.seed, cases=sheet.cases, replicates=plan.replicates
    )
    return tuple(found)


def _know_nothing(sheet: Sheet, plan: Plan) -> dict[str, Array]:
    length = None
    if sheet.length is not None and not sheet.labels and (~np.isnan(sheet.length)).any():
        length = np.where(np.isnan(sheet.length), np.nanmedian(sheet.length), sheet.length)
    return baselines(sheet.clinicians, np.random.default_rng([plan.seed, 1]), length)


def bias(sheet: Sheet, plan: Plan, rows: NDArray[np.bool_]) -> Estimate:
    """Return judge minus clinicians' mean over `rows`, in points of the scale."""
    if sheet.labels:
        return undefined("bias", "Words have no level that could be off.")
    if not sheet.on_scale:
        return undefined("bias", "The judge and the clinicians are not on one scale of numbers.")
    gap = (sheet.verdicts - sheet.mean)[rows]
    return booted("bias", sheet, plan, rows, lambda w: np.asarray(w @ gap / w.sum(axis=1)))


def with_mean(sheet: Sheet, plan: Plan, rows: NDArray[np.bool_]) -> Estimate:
    """Return the judge's r with the clinicians' mean over `rows`."""
    if sheet.labels:
        return undefined("r", "The answers have no order.")
    x, y = sheet.verdicts[rows], sheet.mean[rows]
    return booted("r", sheet, plan, rows, lambda w: NUMERIC["r"](x, y, w))


def booted(
    name: str, sheet: Sheet, plan: Plan, rows: NDArray[np.bool_], figure: Callable[[Array], Array]
) -> Estimate:
    """Return a figure over `rows` with its interval; `figure` takes draws of shape (replicates, rows)."""
    n, raters = int(rows.sum()), int((~np.isnan(sheet.clinicians[rows])).any(axis=0).sum())
    if n < 3:
        return undefined(name, f"{n} items are too few.", n_items=n, n_raters=raters)
    value = float(figure(np.ones((1, n)))[0])
    if np.isnan(value):
        return undefined(name, "One side gives the same to every item.", n_items=n, n_raters=raters)
    cases = None if sheet.cases is None else sheet.cases[rows]
    drawn = seeded_weights(n, plan.replicates, plan.seed, cases)
    replicates = np.concatenate([figure(w) for w in drawn])
    method = f"percentile bootstrap of whole cases, {plan.replicates} draws"
    return Estimate(name, value, *percentile(replicates, plan.level), n, raters, method, plan.level)
