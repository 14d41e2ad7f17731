"""Which of a report's figures a reader wants to see: by question, by who is compared, by subgroup."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from agreement.report.figure import Figure
from agreement.report.tables import Report

ALL, WITHIN = "all", "within system"
CLINICIANS, JURY, JURORS, EACH = (
    "clinicians with one another",
    "the jury",
    "jurors with one another",
    "each clinician",
)
FIRST = ("ICC(A,1)", "ICC(1,1)", "kappa with the other clinicians", "alpha (nominal)")
"""The coefficients that a reader sees who has not chosen one; the first that there is."""


@dataclass(frozen=True, slots=True)
class Picked:
    """What a reader chose. Nothing chosen means everything of that sort.

    Attributes
    ----------
    questions : tuple of str
    who : tuple of str
        `CLINICIANS`, `JURY`, `JURORS`, `EACH`, or the name of a juror or metric.
    split : str
        `ALL` for the whole study, `WITHIN` for the mean within systems, or the column whose values
        are shown side by side: ``"system"``.
    coefficient : str
    """

    questions: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    split: str = ALL
    coefficient: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from; coefficients are those that the other choices leave."""

    questions: tuple[str, ...]
    who: tuple[str, ...]
    splits: tuple[str, ...]
    coefficients: tuple[str, ...]

    @property
    def coefficient(self) -> str:
        """The one to begin with."""
        return next((name for name in FIRST if name in self.coefficients), next(iter(self.coefficients), ""))


def who(figure: Figure) -> str:
    """Return whom a figure is about, as a reader chooses it."""
    if figure.between == "clinician–clinician":
        return EACH if figure.rater else CLINICIANS
    if figure.between == "clinician–self":
        return EACH
    if figure.between == "jury–clinician":
        return JURY
    return JURORS if figure.between == "juror–juror" else figure.rater


def split(figure: Figure) -> str:
    """Return the column that a figure's subgroup is one value of, or `ALL` or `WITHIN`."""
    return figure.stratum.partition(" = ")[0]


def picked(report: Report, wanted: Picked) -> tuple[Figure, ...]:
    """Return the figures that a reader wants, those of one question together.

    Examples
    --------
    >>> picked(Report((), (), (), (), 0, 2000, 0.95), Picked(questions=("accuracy",)))
    ()
    """
    found = [f for f in _fitting(report.figures, wanted) if f.coefficient == wanted.coefficient]
    order = {one.question: at for at, one in enumerate(report.questions)}
    return tuple(sorted(found, key=lambda f: order.get(f.question, len(order))))


def choices(report: Report, wanted: Picked | None = None) -> Choices:
    """Return what there is to choose from, beside what is chosen already."""
    left = _fitting(report.figures, wanted or Picked())
    return Choices(
        _each(report.figures, lambda figure: figure.question),
        _each(report.figures, who),
        _each(report.figures, split),
        _each(left, lambda figure: figure.coefficient),
    )


def _fitting(figures: Iterable[Figure], wanted: Picked) -> Sequence[Figure]:
    """Figures that all choices but the coefficient's leave."""
    return [
        figure
        for figure in figures
        if split(figure) == wanted.split
        and (not wanted.questions or figure.question in wanted.questions)
        and (not wanted.who or who(figure) in wanted.who)
    ]


def _each(figures: Iterable[Figure], name: Callable[[Figure], str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(name, figures)))
