"""The figures of a report that a reader picks, as a table and a picture: what a page's filter shows."""

from __future__ import annotations

from collections.abc import Sequence

from agreement.estimate import Estimate
from agreement.paper.document import Chart, Table
from agreement.paper.draw import intervals
from agreement.paper.sections.glance import estimate
from agreement.report import Figure, Report
from agreement.report.picked import ALL, WITHIN, Picked, picked, who

DRAWN = 40
"""More rows than this are no picture that anybody reads; the table holds them all."""


def figures(report: Report, wanted: Picked) -> tuple[Table, Chart | None]:
    """Return what was picked, one row a figure, and the same drawn; no picture where there is nothing.

    Examples
    --------
    >>> table, chart = figures(Report((), (), (), (), 0, 2000, 0.95), Picked(coefficient="r"))
    >>> table.rows, chart
    ((), None)
    """
    found = picked(report, wanted)
    columns = ("question", "who", "outputs", wanted.coefficient, "raters", "how", "remarks")
    rows = tuple(
        (f.question, _name(f), _where(f), estimate(f), f.n_raters, f.form, " ".join(f.notes)) for f in found
    )
    table = Table("picked", wanted.coefficient, columns, rows, f"Intervals hold {report.level * 100:g} %.")
    named = zip(_told_apart(found), found, strict=True)
    drawn = [(name, estimate(f)) for name, f in named if f.defined]
    return table, _chart(drawn, wanted.coefficient) if drawn else None


def _chart(drawn: list[tuple[str, Estimate]], coefficient: str) -> Chart:
    more = len(drawn) - DRAWN
    note = f"The first {DRAWN} rows; {more:,} more are in the table." if more > 0 else ""
    return Chart("picked_chart", coefficient, intervals(drawn[:DRAWN], coefficient), "picked", note)


def _name(figure: Figure) -> str:
    whom = who(figure)
    return f"{whom}: {figure.rater}" if figure.rater and figure.rater != whom else whom


def _where(figure: Figure) -> str:
    return {ALL: "all", WITHIN: "within systems"}.get(figure.stratum, figure.stratum)


def _told_apart(found: Sequence[Figure]) -> list[str]:
    """What tells each row from the others: whatever is the same in all of them is left out."""
    columns = [[f.question for f in found], [_name(f) for f in found], [_where(f) for f in found]]
    varied = [column for column in columns if len(set(column)) > 1] or [columns[1]]
    named = [" · ".join(parts) for parts in zip(*varied, strict=True)]
    forms: dict[str, list[str]] = {}
    for name, f in zip(named, found, strict=True):
        forms.setdefault(name, []).append(f.form)
    return [_with_form(name, f.form, forms[name]) for name, f in zip(named, found, strict=True)]


def _with_form(name: str, form: str, forms: Sequence[str]) -> str:
    """A name that several rows have, with the words of its form in which they differ.

    Examples
    --------
    >>> _with_form("rouge-l", "means, z-scored", ["means, min–max", "means, z-scored"])
    'rouge-l · z-scored'
    """
    if len(forms) == 1:
        return name
    parts = [one.split(", ") for one in forms]
    own = [part for part in form.split(", ") if not all(part in one for one in parts)]
    return f"{name} · {', '.join(own) or form}"
