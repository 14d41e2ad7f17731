"""Clinicians among themselves: coefficients, severity, own reliability, and what divides them."""

from __future__ import annotations

import numpy as np

from agreement.paper.document import Block, Cell, Chart, Section, Table, Text
from agreement.paper.draw import intervals
from agreement.paper.sections.glance import estimate
from agreement.paper.sections.kinds import kinds
from agreement.paper.sections.more import reliability, together
from agreement.paper.whole import Whole
from agreement.report.answers import Answers

MOST_DIVIDED = 10
NEAREST = ("ICC(A,1)", "ICC(1,1)", "kappa", "Conger's kappa", "Fleiss' kappa", "alpha (nominal)")
"""What is primary where the plan's coefficient does not exist: for words, or among anonymous slots."""
TOLD = (
    (
        "ICC(",
        "ICC: intraclass correlation; A counts level differences, C does not; 1 is for one rater, k for the "
        "mean of an output's raters, Q for that mean where other outputs have other raters.",
    ),
    (
        "",
        "Alpha (Krippendorff), kappa (Fleiss, Conger, Cohen) and Brennan–Prediger take out agreement by "
        "chance, each by its own idea of chance.",
    ),
    ("quadratic", "Quadratic: being far apart counts more."),
    (
        "AC1",
        "AC1 and AC2 (Gwet) are high where most answers are alike, so they stand beside kappa, never "
        "instead.",
    ),
    ("Kendall", "Kendall's W compares orders."),
    ("MedHELM", "MedHELM ICC(3,k): section 1."),
)
"""What a reader must know of the coefficients that stand in a table."""
SEVERITY = (
    "Best linear unbiased predictions: whoever met the weaker outputs is not called strict for it, and a "
    "clinician with few outputs is drawn towards the mean."
)


def clinicians(whole: Whole) -> Section:
    """Return how far clinicians agree with one another."""
    blocks: list[Block] = []
    for one in whole.answers:
        table = _coefficients(whole, one)
        if table.rows:
            blocks.append(table)
        if not one.labels and one.clinicians.shape[1] > 1:
            blocks += [*_severity(whole, one), *_divided(one)]
    blocks += [*reliability(whole), *together(whole), *kinds(whole)]
    own = _own(whole)
    blocks.append(
        own
        if own
        else Text("No clinician rated an output twice, so her own reliability is not known.", "note")
    )
    return Section("clinicians", "3 Clinicians among themselves", tuple(blocks))


def _coefficients(whole: Whole, one: Answers) -> Table:
    found = whole.report.where(question=one.question, between="clinician–clinician", rater="", stratum="all")
    first = _primary(whole, [f.coefficient for f in found])
    ordered = sorted(found, key=lambda f: f.coefficient != first)  # the others stay in their order
    rows = tuple(
        (f.coefficient, f.form, estimate(f), f.n_raters, "primary" if f.coefficient == first else "")
        for f in ordered
    )
    told = " ".join(words for name, words in TOLD if any(name in row[0] for row in rows))
    note = (
        f"{_why(whole, first)} The other rows are for comparison with studies that report them; do not "
        f"choose among them. {told}"
    )
    columns = ("coefficient", "form", "agreement", "clinicians", "role")
    return Table(
        f"clinicians_{one.question}", f"Agreement among clinicians, {one.question}", columns, rows, note
    )


def _primary(whole: Whole, there: list[str]) -> str:
    """Return the coefficient to read: the plan's, else the one that is nearest to it."""
    return next((name for name in (whole.plan.coefficient, *NEAREST) if name in there), "")


def _why(whole: Whole, first: str) -> str:
    if first == whole.plan.coefficient:
        return f"The plan's coefficient, {first}, is primary and stands first."
    return f"{first or 'None'} is primary: the plan's {whole.plan.coefficient} is not one of these answers'."


def _severity(whole: Whole, one: Answers) -> list[Block]:
    found = whole.report.where(
        question=one.question, between="clinician–clinician", coefficient="severity", stratum="all"
    )
    if not found:
        return []
    rows = [(figure.rater, estimate(figure)) for figure in found]
    title = f"How lenient each clinician is, {one.question}"
    chart = intervals(
        rows, "points above (lenient) or below (strict) the clinicians' mean, outputs accounted for"
    )
    columns = ("clinician", "points above the clinicians' mean")
    table = Table(f"severity_{one.question}", title, columns, tuple(rows), SEVERITY, drawn=True)
    return [Chart(f"severity_{one.question}_chart", title, chart, table.key), table]


def _divided(one: Answers) -> list[Block]:
    one = one.as_given
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
    columns = ("item", "part", "points apart", "ratings")
    return [Table(f"divided_{one.question}", title, columns, tuple(rows), of_items=True)]


def _own(whole: Whole) -> Table | None:
    found = whole.report.where(between="clinician–self", stratum="all")
    rows = tuple((figure.rater, figure.question, estimate(figure)) for figure in found if figure.n_items)
    if not rows:
        return None
    title = "Each clinician's own reliability: hidden repeats"
    return Table("own_reliability", title, ("clinician", "question", "ICC(A,1) with herself"), rows)
