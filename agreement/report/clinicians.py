"""The figures among raters of one kind: how far clinicians, or jurors, agree with one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from agreement.alpha.krippendorff import Level, alpha
from agreement.array import Array
from agreement.chance.brennan_prediger import brennan_prediger
from agreement.chance.cohen import cohen_kappa
from agreement.chance.conger import conger_kappa
from agreement.chance.fleiss import fleiss_kappa
from agreement.chance.gwet import gwet_ac
from agreement.chance.percent import percent_agreement
from agreement.chance.weights import Weighting
from agreement.crossed.icc import crossed_iccs
from agreement.estimate import Estimate
from agreement.icc import Form, iccs
from agreement.kendall_w import kendall_w
from agreement.medhelm import clinician_clinician
from agreement.oneway import ONEWAY, oneway_icc
from agreement.report.answers import Answers
from agreement.report.figure import Figure, Place
from agreement.report.settings import Settings

FORMS = {
    "ICC(1,1)": "one rater, one-way",
    "ICC(1,k)": "mean of raters, one-way",
    "ICC(A,1)": "one rater, absolute agreement",
    "ICC(C,1)": "one rater, consistency",
    "ICC(A,k)": "mean of raters, absolute agreement",
    "ICC(C,k)": "mean of raters, consistency",
    "ICC(Q,k)": "mean of raters, other raters for other items",
}

WHOLE: tuple[Form, ...] = ("ICC(A,1)", "ICC(C,1)", "ICC(A,k)", "ICC(C,k)", "ICC(1,1)")
CASES = "Outputs of one case are taken to be independent in this interval; alpha's draws whole cases."


def among(one: Answers, values: Array, place: Place, settings: Settings) -> Iterator[Figure]:
    """Return every coefficient among the columns of `values`; a short list outside the stratum "all"."""
    headline = place.stratum != "all"
    if not one.labels:
        for estimate in _iccs(values, one.slots, settings):
            if not headline or estimate.coefficient == "ICC(A,1)" or one.slots:
                estimate = estimate if one.cases is None else estimate.noting(CASES)
                yield place.of(estimate, f"{FORMS[estimate.coefficient]}; raw scores")
    yield from _alphas(one, values, place, settings, headline)
    if one.points and np.isin(values[~np.isnan(values)], one.points).all():
        yield from _chance(one, values, place, settings, headline)
    if not one.labels and not one.slots and not headline:
        yield place.of(kendall_w(values, **settings.drawn(one.cases)), "ranks")
    if not one.labels and not one.slots and not headline and place.between == "clinician–clinician":
        recipe = clinician_clinician(
            values, rng=settings.rng(), level=settings.level, replicates=settings.replicates
        )
        yield place.of(replace(recipe, coefficient="MedHELM ICC(3,k)"), "each clinician z-scored, pairs")


def _iccs(values: Array, slots: bool, settings: Settings) -> Sequence[Estimate]:
    rated = values[(~np.isnan(values)).any(axis=1)]
    rated = rated[:, (~np.isnan(rated)).any(axis=0)]
    whole = rated.shape[1] < 2 or not np.isnan(rated).any()
    if slots:
        return [oneway_icc(values, form, level=settings.level) for form in ONEWAY]
    if whole:
        return list(iccs(values, level=settings.level, forms=WHOLE).values())
    return list(crossed_iccs(values, level=settings.level, rng=settings.rng()).values())


def _alphas(
    one: Answers, values: Array, place: Place, settings: Settings, headline: bool
) -> Iterator[Figure]:
    levels: tuple[Level, ...] = ("ordinal",) if headline else ("ordinal", "interval")
    for measured in ("nominal",) if one.labels else levels:
        found = alpha(values, measured, **settings.drawn(one.cases))
        yield place.of(found, "Krippendorff's ranks" if measured == "ordinal" else "raw scores")


def _chance(
    one: Answers, values: Array, place: Place, settings: Settings, headline: bool
) -> Iterator[Figure]:
    more, points = settings.over(one.cases), one.points
    weighting: Weighting = "unweighted" if one.labels else "quadratic"
    found = [percent_agreement(values, points, **more)]
    if not one.labels:
        found.append(percent_agreement(values, points, 1.0, **more))
    if not headline:
        found += [fleiss_kappa(values, points, **more), gwet_ac(values, points, **more)]
        found.append(brennan_prediger(values, points, weighting, **more))
        if not one.slots:
            found.append(conger_kappa(values, points, weighting, **more))
        if not one.slots and values.shape[1] == 2:
            found.append(cohen_kappa(values, points, weighting, **more))
        if not one.labels:
            found.append(gwet_ac(values, points, weighting, **more))
    return place.all(found, f"{len(points)} points" if not one.labels else f"{len(points)} words")
