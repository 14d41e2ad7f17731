"""Clinicians among themselves: coefficients, severity, own reliability, and what divides them."""

from __future__ import annotations

import numpy as np

from agreement.columns import icc_a1
from agreement.estimate import Estimate, undefined
from agreement.matrix import occasions
from agreement.paper.document import Block, Cell, Chart, Section, Table, Text
from agreement.paper.draw import intervals
from agreement.paper.sections.glance import estimate
from agreement.paper.sections.kinds import kinds
from agreement.paper.whole import Whole
from agreement.report.answers import Answers
from agreement.weights import case_weights, percentile

MOST_DIVIDED = 10


def clinicians(whole: Whole) -> Section:
    """Return how far clinicians agree with one another."""
    blocks: list[Block] = []
    for one in whole.answers:
        table = _coefficients(whole, one)
        if table.rows:
            blocks.append(table)
        if not one.labels and one.clinicians.shape[1] > 1:
            blocks += [*_severity(whole, one), *_divided(one)]
    blocks += kinds(whole)
    own = _own(whole)
    blocks.append(
        own
        if own
        else Text("No clinician rated an output twice, so her own reliability is not known.", "note")
    )
    return Section("clinicians", "3 Clinicians among themselves", tuple(blocks))


def _coefficients(whole: Whole, one: Answers) -> Table:
    found = whole.report.where(question=one.question, between="clinician–clinician", rater="", stratum="all")
    rows = tuple((f.coefficient, f.form, estimate(f), f.n_raters) for f in found)
    note = (
        "ICC: intraclass correlation; A counts level differences, C does not; 1 is for one rater, k "
        "for the mean "
        "of an output's raters, Q for that mean where other outputs have other raters. Alpha "
        "(Krippendorff), kappa "
        "(Fleiss, Conger, Cohen) and Brennan–Prediger take out agreement by chance, each by its own "
        "idea of chance; "
        "quadratic: being far apart counts more. AC1 and AC2 (Gwet) are high where most answers are "
        "alike, so they "
        "stand beside kappa, never instead. Kendall's W compares orders. MedHELM ICC(3,k): section 1."
    )
    columns = ("coefficient", "form", "agreement", "clinicians")
    return Table(
        f"clinicians_{one.question}", f"Agreement among clinicians, {one.question}", columns, rows, note
    )


def _severity(whole: Whole, one: Answers) -> list[Block]:
    rows = [(name, _gap(whole, one, h)) for h, name in enumerate(one.names["clinician"])]
    title = f"How lenient each clinician is, {one.question}"
    chart = intervals(
        rows, "points above (lenient) or below (strict) the other clinicians, on the same outputs"
    )
    columns = ("clinician", "points above the other clinicians")
    table = Table(f"severity_{one.question}", title, columns, tuple(rows), drawn=True)
    return [Chart(f"severity_{one.question}_chart", title, chart, table.key), table]


def _gap(whole: Whole, one: Answers, h: int) -> Estimate:
    """Her ratings less the mean of the others of the same outputs."""
    others = np.delete(one.clinicians, h, axis=1)
    count = (~np.isnan(others)).sum(axis=1)
    gap = one.clinicians[:, h] - np.nansum(others, axis=1) / np.where(count > 0, count, np.nan)
    seen = ~np.isnan(gap)
    n, kept = int(seen.sum()), gap[seen]
    if n < 3:
        return undefined("severity", "Fewer than three outputs shared with others.", n_items=n, n_raters=1)
    cases = None if one.cases is None else one.cases[seen]
    draws = case_weights(n, whole.plan.replicates, whole.settings.rng(), cases)
    booted = np.concatenate([w @ kept / w.sum(axis=1) for w in draws])
    method = f"percentile bootstrap of whole cases, {whole.plan.replicates} draws"
    return Estimate("severity", float(kept.mean()), *percentile(booted), n, 1, method)


def _divided(one: Answers) -> list[Block]:
    counts = (~np.isnan(one.clinicians)).sum(axis=1)
    if (counts > 1).sum() < 2:
        return []
    shared = np.where(counts > 1)[0]
    apart = np.nanmax(one.clinicians[shared], axis=1) - np.nanmin(one.clinicians[shared], axis=1)
    worst = shared[np.argsort(-apart, kind="stable")][:MOST_DIVIDED]
    rows: list[tuple[Cell, ...]] = []
    for i in worst:
        said = [
            f"{name} {value:.3g}"
            for name, value in zip(one.names["clinician"], one.clinicians[i], strict=True)
            if not np.isnan(value)
        ]
        distance = float(np.nanmax(one.clinicians[i]) - np.nanmin(one.clinicians[i]))
        rows.append((*one.rows[i], distance, ", ".join(said)))
    title = f"Outputs that divide clinicians most, {one.question}"
    return [Table(f"divided_{one.question}", title, ("item", "part", "points apart", "ratings"), tuple(rows))]


def _own(whole: Whole) -> Table | None:
    if "occasion" not in whole.frame or not (whole.frame["occasion"] > 1).any():
        return None
    rows: list[tuple[Cell, ...]] = []
    for one in whole.answers:
        for name in one.names["clinician"] if one.question in whole.questions and not one.labels else ():
            twice = occasions(whole.frame, question=one.question, rater=name, kinds=["clinician"]).values
            if twice.shape[1] > 1:
                rows.append((name, one.question, _repeat(whole, twice[:, :2])))
    known = [row for row in rows if isinstance(row[2], Estimate) and row[2].n_items]
    if not known:
        return None
    title = "Each clinician's own reliability: hidden repeats"
    return Table("own_reliability", title, ("clinician", "question", "ICC(A,1) with herself"), tuple(known))


def _repeat(whole: Whole, twice: np.ndarray) -> Estimate:
    both = twice[~np.isnan(twice).any(axis=1)]
    n = len(both)
    if n < 5 or np.ptp(both) == 0:
        return undefined("ICC(A,1)", "Fewer than five repeats, or all alike.", n_items=n, n_raters=1)
    draws = case_weights(n, whole.plan.replicates, whole.settings.rng())
    booted = np.concatenate([icc_a1(both[:, 0], both[:, 1], w) for w in draws])
    value = float(icc_a1(both[:, 0], both[:, 1], np.ones((1, n)))[0])
    return Estimate("ICC(A,1)", value, *percentile(booted), n, 1, "bootstrap of outputs")
