"""The figures of one column beside the clinicians: of the jury, of a juror, of a metric."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from agreement.additive import icc_of
from agreement.array import Array
from agreement.bootstrap import Resampling, bootstrap
from agreement.calibration import calibrate
from agreement.chance.cohen import cohen_kappa
from agreement.chance.gwet import gwet_ac
from agreement.chance.percent import bounded, percent_agreement
from agreement.chance.weights import Weighting
from agreement.decision.coding import on_scale, scale_of
from agreement.estimate import Estimate, undefined
from agreement.fitted_map import LEAST
from agreement.icc import iccs
from agreement.medhelm import jury_clinician
from agreement.pair.auroc import auroc_of_bad
from agreement.pair.bland_altman import bland_altman
from agreement.pair.kendall_tau import kendall_tau
from agreement.pair.lin import lin_ccc
from agreement.pair.pearson import pearson
from agreement.pair.spearman import spearman
from agreement.ranking import mean_of_items
from agreement.refusal import Refusal
from agreement.report.answers import Answers
from agreement.report.figure import Figure, Place
from agreement.report.settings import Settings
from agreement.transform import Ends, Transform, together
from agreement.turned import up_to

MEANS = "its scores and the clinicians' means"


def beside(one: Answers, column: Array, place: Place, settings: Settings) -> Iterator[Figure]:
    """Return every coefficient of `column` with the clinicians of the same outputs."""
    if one.labels:
        yield from _words(one, column, place, settings)
        return
    pair = np.column_stack([one.human, column])
    kind = "metric" if place.between == "metric–clinician" else "juror"
    same = on_scale(column, one.clinicians, kind)
    yield from _association(one, pair, place, settings)
    yield from _one_scale(one, pair, place, settings, same)
    if place.stratum != "all":
        return
    yield from _recipe(one, column, place, settings)
    if kind == "metric" or not same:
        yield from _mapped(one, column, place, settings)


def _association(one: Answers, pair: Array, place: Place, settings: Settings) -> Iterator[Figure]:
    more = settings.over(one.cases)
    for function in (pearson, spearman, kendall_tau)[: 2 if place.stratum != "all" else 3]:
        yield place.of(function(pair, **more), MEANS)
    if place.stratum == "all":
        low, high = (one.points[0], one.points[-1]) if one.points else scale_of(one.clinicians)
        bad = low + 0.25 * (high - low)
        if settings.bad is not None:
            bad = settings.bad if one.turned is None else one.turned.of(settings.bad)
        yield place.of(
            auroc_of_bad(pair[:, ::-1], bad, **more), f"clinicians' mean of {up_to(bad, one.turned)} is bad"
        )


def _one_scale(one: Answers, pair: Array, place: Place, settings: Settings, same: bool) -> Iterator[Figure]:
    """Coefficients of level, too: raw where both are on one scale, else refused raw and named otherwise."""
    ends = (one.points[0], one.points[-1]) if one.points else scale_of(one.clinicians)
    scales: tuple[Ends | None, Ends | None] = (ends, ends if same else None)
    transforms: tuple[Transform, ...] = ("raw",) if same else ("raw", "min–max", "z-score")
    for transform in transforms[: 1 if place.stratum != "all" else None]:
        form = f"one rater, absolute agreement; {MEANS}, {_named(transform)}"
        yield place.of(_icc(one, pair, transform, scales, settings), form)
    if not same:
        return
    more = settings.over(one.cases)
    if place.stratum == "all":
        yield place.of(lin_ccc(pair, **more), MEANS)
    found = bland_altman(pair, **more)
    limits = [found.bias] if place.stratum != "all" else [found.bias, found.lower, found.upper]
    way = "" if one.turned is None else ", turned round: above 0 is kinder"
    yield from place.all(limits, f"it less the clinicians' mean, in points{way}")
    if one.points and place.stratum == "all":
        yield from _near(one, pair[:, 1], place, settings)
        yield from _kappas(one, pair, place, settings)


def _icc(
    one: Answers,
    pair: Array,
    transform: Transform,
    scales: tuple[Ends | None, Ends | None],
    settings: Settings,
) -> Estimate:
    there = ~np.isnan(pair).any(axis=1)
    try:
        both = together(pair, transform, scales)
    except Refusal as refusal:
        return undefined("ICC(A,1)", str(refusal), n_items=int(there.sum()), n_raters=2)
    if np.isnan(both).any():
        reason = f"A column without variance has no {transform}."
        return undefined("ICC(A,1)", reason, n_items=len(both), n_raters=2)
    found = iccs(both, level=settings.level, forms=("ICC(A,1)",))["ICC(A,1)"]
    if one.cases is None or not found.defined:
        return found
    # The F interval takes items to be independent; outputs of one case are not.
    how = Resampling(settings.replicates, np.unique(one.cases[there], return_inverse=True)[1])
    return bootstrap("ICC(A,1)", icc_of("ICC(A,1)"), both, rng=settings.rng(), how=how, level=settings.level)


def _recipe(one: Answers, column: Array, place: Place, settings: Settings) -> Iterator[Figure]:
    """MedHELM's: the columns of the jury, or one column, with the clinicians, everything z-scored."""
    machines = one.panel if place.between == "jury–clinician" else column[:, None]
    pair = jury_clinician(one.clinicians, machines, level=settings.level, name="MedHELM")
    yield from place.all(pair, "each rater z-scored, means z-scored")


def _near(one: Answers, column: Array, place: Place, settings: Settings) -> Iterator[Figure]:
    """The share of its verdicts that equal a clinician's, or lie within one point, pair by pair."""
    apart = np.abs(one.clinicians - column[:, None])
    near_enough = [("exact agreement", 0.0), ("agreement within ±1", 1.0)][: 1 if len(one.points) == 2 else 2]
    if not np.isin(column[~np.isnan(column)], one.points).all():
        near_enough = near_enough[1:]  # a mean of jurors lies between the points: it is seldom the same
    for name, distance in near_enough:
        near = np.where(np.isnan(apart), np.nan, apart <= distance + 1e-9)
        with np.errstate(invalid="ignore"):
            share = np.nansum(near, axis=1) / (~np.isnan(near)).sum(axis=1)
        yield place.of(_share(name, share, one, settings), "pairs of its scores and each clinician's")


def _kappas(one: Answers, pair: Array, place: Place, settings: Settings) -> Iterator[Figure]:
    """Kappas, where a single clinician's points stand beside points: a mean of several is none."""
    both = pair[~np.isnan(pair).any(axis=1)]
    if one.clinicians.shape[1] != 1 or not np.isin(both, one.points).all():
        return
    weightings: tuple[Weighting, ...] = ("unweighted", "linear", "quadratic")
    for weighting in weightings[: 1 if len(one.points) == 2 else None]:
        found = cohen_kappa(pair, one.points, weighting, held=True, **settings.over(one.cases))
        yield place.of(found, "its points and the clinician's")


def _share(name: str, share: Array, one: Answers, settings: Settings) -> Estimate:
    n = int((~np.isnan(one.clinicians)).any(axis=0).sum())
    reason = "No output has both."
    found = mean_of_items(name, share, n + 1, one.cases, settings.level, reason, lowest=0.0)
    return bounded(found, found.n_items)


def _mapped(one: Answers, column: Array, place: Place, settings: Settings) -> Iterator[Figure]:
    """What an isotonic map makes of the scores, fitted without the case that it is tried on."""
    seen = ~np.isnan(column) & ~np.isnan(one.human)
    form = "mapped to the clinicians' scale, isotonic, out of fold"
    if seen.sum() < LEAST:
        return
    found = calibrate(
        column, one.human, rng=settings.rng(), cases=one.cases, replicates=settings.replicates // 2
    ).figures
    for name in ("mean absolute error", "ICC(A,1)"):
        estimate = replace(found[f"{name} after"], coefficient=f"{name} after a map")
        flat = () if estimate.defined else ("The scores or the clinicians' means do not vary.",)
        yield place.of(estimate.noting(*flat), form)


def _words(one: Answers, column: Array, place: Place, settings: Settings) -> Iterator[Figure]:
    """Words have no mean: the clinicians' majority stands for them, where there is one."""
    pair = np.column_stack([one.human, column])
    none = int((~np.isnan(one.clinicians)).any(axis=1).sum() - (~np.isnan(one.human)).sum())
    notes = (f"Outputs on which the clinicians have no majority are left out: {none}.",) if none else ()
    both = ~np.isnan(pair).any(axis=1)
    cases = None if one.cases is None else one.cases[both]
    functions: list[Callable[..., Estimate]] = [cohen_kappa]
    if place.stratum == "all":
        functions += [gwet_ac, percent_agreement]
    for function in functions:
        found = function(pair[both], one.points, cases=cases, level=settings.level, held=True)
        yield place.of(found.noting(*notes), "its answers and the clinicians' majority")


def _named(transform: Transform) -> str:
    return {"raw": "raw scores", "min–max": "each min–max scaled", "z-score": "each z-scored"}[transform]
