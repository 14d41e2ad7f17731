"""The figures among raters of one kind: how far clinicians, or jurors, agree with one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
from agreement.icc_ceiling import held
from agreement.kendall_w import kendall_w
from agreement.medhelm import clinician_clinician
from agreement.oneway import ONEWAY, oneway_icc
from agreement.pair.bland_altman import bland_altman
from agreement.pair.kendall_tau import kendall_tau
from agreement.pair.lin import lin_ccc
from agreement.pair.pearson import pearson
from agreement.pair.spearman import spearman
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

WHOLE: tuple[Form, ...] = ("ICC(A,1)", "ICC(C,1)", "ICC(A,k)", "ICC(C,k)", "ICC(1,1)", "ICC(1,k)")
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
        yield from _two(one, values, place, settings)
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
        return list(held(values, iccs(values, level=settings.level, forms=WHOLE)).values())
    return list(crossed_iccs(values, level=settings.level, rng=settings.rng()).values())


def _alphas(
    one: Answers, values: Array, place: Place, settings: Settings, headline: bool
) -> Iterator[Figure]:
    for measured in ("nominal",) if one.labels else _levels(one, values, headline):
        found = alpha(values, measured, **settings.drawn(one.cases))
        forms: dict[str, str] = {"ordinal": "Krippendorff's ranks", "nominal": f"{len(one.points)} words"}
        if not one.labels:
            forms["nominal"] = "points as labels without an order"
        yield place.of(found, forms.get(measured, "raw scores"))


def _levels(one: Answers, values: Array, headline: bool) -> tuple[Level, ...]:
    """Levels that the scores may have: nominal where there are points, ratio where none is below 0."""
    if headline:
        return ("ordinal",)
    nominal: tuple[Level, ...] = ("nominal",) if one.points else ()
    ratio: tuple[Level, ...] = ("ratio",) if values.size and not (values < 0).any() else ()
    return ("ordinal", "interval", *nominal, *ratio)


def _two(one: Answers, values: Array, place: Place, settings: Settings) -> Iterator[Figure]:
    """Two raters alone have what any two columns have: association, concordance, limits of agreement."""
    if values.shape[1] != 2:
        return
    more = settings.over(one.cases)
    yield from place.all(f(values, **more) for f in (pearson, spearman, kendall_tau, lin_ccc))
    first, second = (*place.columns, "the first", "the second")[:2]
    found = bland_altman(values, **more)
    yield from place.all((found.bias, found.lower, found.upper), f"{second} less {first}, in points")


def _chance(
    one: Answers, values: Array, place: Place, settings: Settings, headline: bool
) -> Iterator[Figure]:
    more, points = settings.over(one.cases), one.points
    found = [percent_agreement(values, points, held=True, **more)]
    if not one.labels and len(points) > 2:
        found.append(percent_agreement(values, points, 1.0, held=True, **more))
    if not headline:
        # Two points leave nothing to weight: being apart is being as far apart as can be.
        weightings: tuple[Weighting, ...] = ("unweighted", "linear", "quadratic")
        for weighting in weightings[: 1 if one.labels or len(points) == 2 else None]:
            found += _kappas(one, values, weighting, settings)
    return place.all(found, f"{len(points)} points" if not one.labels else f"{len(points)} words")


def _kappas(one: Answers, values: Array, weighting: Weighting, settings: Settings) -> list[Estimate]:
    """Coefficients of agreement beyond chance; those that tell raters apart only where they are people."""
    more, points = settings.over(one.cases), one.points
    functions: list[Callable[..., Estimate]] = [] if weighting == "linear" else [gwet_ac, brennan_prediger]
    functions += [fleiss_kappa] if weighting != "linear" else []
    if not one.slots and values.shape[1] == 2:
        functions.append(cohen_kappa)
    elif not one.slots and weighting != "linear":
        functions.append(conger_kappa)
    return [function(values, points, weighting, held=True, **more) for function in functions]
