"""The mean over systems, with an interval that draws whole cases across the systems that answered them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agreement.alpha.interval import interval
from agreement.alpha.nominal import nominal
from agreement.alpha.units import units
from agreement.array import Array
from agreement.columns import icc_a1, pearson
from agreement.report.answers import Answers
from agreement.report.figure import Figure
from agreement.report.settings import Settings
from agreement.report.strata import SHARED, share_cases, strata
from agreement.weights import case_weights

SYSTEM = "system = "
DRAWS = 400
"""Enough for a correlation: its standard error is at most 0.05."""
Drawn = Callable[[Array], Array]
"""Weights of (replicates, rows) -> a statistic of one system's rows, one a replicate."""


def within_systems(
    figures: Iterable[Figure],
    facts: pd.DataFrame | None = None,
    found: Sequence[Answers] = (),
    settings: Settings | None = None,
) -> Iterator[Figure]:
    """Return, for figures made system by system, their mean weighted by outputs.

    Differences between systems make raters agree: a pooled coefficient holds them, this one does not.
    Where systems answered the same cases, what is true of a case moves them together: how far is seen in
    draws of whole cases across systems.
    """
    shared, how = share_cases(facts), settings or Settings()
    answers = {one.question: one for one in found}
    own = [f for f in figures if f.stratum.startswith(SYSTEM)]
    key = lambda f: (f.question, f.between, f.rater, f.coefficient)  # noqa: E731
    known: dict[tuple[str, ...], Array | None] = {}
    rows = {one.question: strata(facts, one.rows) for one in found if shared and one.cases is not None}
    for (question, between, rater, name), group in groupby(sorted(own, key=key), key=key):
        each = list(group)
        defined = [f for f in each if f.defined]
        if len(defined) < 2:
            continue
        one = answers.get(question)
        links = None
        if one is not None and question in rows:
            at = (question, between, rater, _what(name), *(f.stratum for f in defined))
            if at not in known:
                known[at] = _links(one, defined, rows[question], how)
            links = known[at]
        yield _mean(defined, len(each) - len(defined), shared, links)


def _what(coefficient: str) -> str:
    """Of which statistic the draws are, that move as the coefficient's do."""
    for name in ("exact agreement", "agreement within", "bias", "ICC(A,1)", "ICC(1,1)"):
        if coefficient.startswith(name):
            return name
    return "r"


def _links(
    one: Answers, each: Sequence[Figure], masks: Mapping[str, NDArray[np.bool_]], settings: Settings
) -> Array | None:
    """Return how the systems' figures move together when whole cases are drawn, (systems, systems)."""
    rows = [masks[f.stratum] for f in each if f.stratum in masks]
    if len(rows) < len(each):
        return None
    statistics = [_statistic(one.cut(mask), each[0]) for mask in rows]
    if any(statistic is None for statistic in statistics):
        return None
    n, drawn = len(one.rows), []
    for weights in case_weights(n, DRAWS, settings.rng(), one.cases):
        drawn.append(
            [
                statistic(weights[:, mask])
                for statistic, mask in zip(statistics, rows, strict=True)
                if statistic
            ]
        )
    replicates = np.concatenate([np.array(block) for block in drawn], axis=1)
    replicates = replicates[:, np.isfinite(replicates).all(axis=0)]
    if replicates.shape[1] < DRAWS / 2:
        return None
    with np.errstate(invalid="ignore", divide="ignore"):
        links = np.corrcoef(replicates)
    links = np.where(np.isfinite(links), links, 0.0)
    np.fill_diagonal(links, 1.0)
    return np.asarray(links)


def _statistic(one: Answers, figure: Figure) -> Drawn | None:
    """What to draw of one system's answers: the coefficient itself or one that moves as it does."""
    what = _what(figure.coefficient)
    if figure.between in ("clinician–clinician", "juror–juror"):
        values = one.clinicians if figure.between == "clinician–clinician" else one.panel
        return _share(values, what) if "agreement" in what else _alpha(values, bool(one.labels))
    column = _column(one, figure)
    if column is None:
        return None
    pair = np.column_stack([one.human, column])
    seen = ~np.isnan(pair).any(axis=1)
    x, y = pair[seen].T
    if "agreement" in what:
        return _mean_of(np.nanmean(_near(one.clinicians, column, what), axis=1))
    if one.labels:
        return _mean_of(np.where(seen, pair[:, 0] == pair[:, 1], np.nan).astype(float))
    if what == "bias":
        return _mean_of(pair[:, 1] - pair[:, 0])
    function = icc_a1 if what == "ICC(A,1)" else pearson
    return lambda weights: function(x, y, weights[:, seen])


def _column(one: Answers, figure: Figure) -> Array | None:
    if figure.between == "jury–clinician" and not figure.rater:
        return one.jury
    kind = {"juror–clinician": "juror", "metric–clinician": "metric"}.get(figure.between, "")
    names: Mapping[str, tuple[str, ...]] = one.names
    if figure.rater not in names.get(kind, ()):
        return None
    columns = one.jurors if kind == "juror" else one.metrics
    return np.asarray(columns[:, names[kind].index(figure.rater)])


def _near(clinicians: Array, column: Array, what: str) -> Array:
    apart = np.abs(clinicians - column[:, None])
    return np.where(np.isnan(apart), np.nan, apart <= (0.0 if what.startswith("exact") else 1.0) + 1e-9)


def _share(values: Array, what: str) -> Drawn:
    """The share of pairs of raters that agree, item by item."""
    raters = values.shape[1]
    pairs = [(a, b) for a in range(raters) for b in range(a)]
    near = np.column_stack([_near(values[:, [a]], values[:, b], what) for a, b in pairs])
    count = (~np.isnan(near)).sum(axis=1)
    return _mean_of(np.where(count > 0, np.nansum(near, axis=1) / np.maximum(count, 1), np.nan))


def _alpha(values: Array, labels: bool) -> Drawn | None:
    """Alpha, whose draws move as those of every coefficient of agreement among several raters."""
    rows = units(values)
    if len(rows.m) < 2:
        return None
    disagreement = nominal(rows) if labels else interval(rows)

    def drawn(weights: Array) -> Array:
        with np.errstate(invalid="ignore", divide="ignore"):
            observed, expected = disagreement(weights[:, rows.kept])
            return np.asarray(1 - observed / expected)

    return drawn


def _mean_of(each: NDArray[np.float64]) -> Drawn:
    seen = ~np.isnan(each)

    def drawn(weights: Array) -> Array:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(weights[:, seen] @ each[seen] / weights[:, seen].sum(axis=1))

    return drawn


def _mean(each: Sequence[Figure], lost: int, shared: bool, links: Array | None) -> Figure:
    n = np.array([f.n_items for f in each], dtype=float)
    share = n / n.sum()
    value = float(share @ [f.value for f in each])
    # Without shared cases, systems hold different outputs: their errors add up like independent ones.
    together = np.eye(len(each)) if links is None else links
    reach = [
        share * [side * (bound - f.value) for f, bound in zip(each, bounds, strict=True)]
        for side, bounds in ((-1, [f.low for f in each]), (1, [f.high for f in each]))
    ]
    # A few cases may look as if systems made up for one another: nothing does, so that is chance.
    down, up = (float(np.sqrt(max(part @ together @ part, part @ part))) for part in reach)
    notes = (f"Systems in which it is undefined are left out: {lost}.",) if lost else ()
    how = "their intervals combined" + ("" if links is None else ", linked as draws of whole cases link them")
    return replace(
        each[0],
        stratum="within system",
        value=value,
        low=value - down,
        high=value + up,
        n_items=int(n.sum()),
        n_raters=max(f.n_raters for f in each),
        method=f"mean over {len(each)} systems weighted by outputs, {how}",
        notes=(*notes, SHARED) if shared and links is None else notes,
    )
