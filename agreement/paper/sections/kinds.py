"""Questions whose answers are sets, marks, rankings or preferences: one table each, whoever is compared."""

from __future__ import annotations

from collections.abc import Iterator

from agreement.paper.document import Table
from agreement.paper.sections.glance import estimate
from agreement.paper.whole import Whole

NOTE = (
    "alpha: Krippendorff's, on sets with the MASI distance (Passonneau 2006), on marks his unitizing "
    "coefficient; tau-b and W: Kendall's, item by item; log-strength: Bradley–Terry with ties "
    "(Davidson 1970)."
)


def kinds(whole: Whole) -> Iterator[Table]:
    """Return a table for each question that no scale and no words answer."""
    plain = {one.question for one in whole.answers}
    for asked in whole.report.questions:
        if asked.question in plain:
            continue
        found = whole.report.where(question=asked.question, stratum="all")
        rows = tuple((f.between, f.rater, f.coefficient, f.form, estimate(f), f.n_raters) for f in found)
        columns = ("between", "juror", "coefficient", "form", "agreement", "raters")
        note = " ".join((*asked.said, NOTE))
        yield Table(f"kinds_{asked.question}", f"Agreement on {asked.question}", columns, rows, note)
