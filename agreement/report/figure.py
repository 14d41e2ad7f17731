"""One line of a report: an estimate, and what it compares."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from agreement.estimate import Estimate
from agreement.turned import Turned

Between = Literal[
    "clinician–clinician",
    "jury–clinician",
    "juror–clinician",
    "metric–clinician",
    "juror–juror",
    "clinician–self",
    "juror–self",
]
BETWEEN: tuple[Between, ...] = get_args(Between)
_COMMONEST = re.compile(r"(\d+% of the ratings are )(-?[\d.]+)(?: \((ceiling|floor)\))?(:.*)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure under names that scripts may rely on.

    Attributes
    ----------
    question : str
        Its key, or ``"composite"``.
    coefficient : str
        As `Estimate.coefficient`: ``"ICC(A,1)"``, ``"alpha (ordinal)"``, ``"r"``.
    between : Between
        Who is compared with whom.
    rater : str
        The juror or metric that is compared, or the rater that the figure is about; empty for clinicians
        among themselves and for the whole jury.
    stratum : str
        ``"all"``, ``"system = gpt"``, or ``"within system"``.
    value, low, high : float
        NaN is undefined; `notes` say why.
    n_items, n_raters : int
        What it stands on: outputs, and people and machines together.
    form : str
        What went in and which form it is: raw scores or how they were transformed.
    method, level, notes
        As in `Estimate`.
    """

    question: str
    coefficient: str
    between: Between
    rater: str
    stratum: str
    value: float
    low: float
    high: float
    n_items: int
    n_raters: int
    form: str
    method: str
    level: float
    notes: tuple[str, ...]

    @property
    def defined(self) -> bool:
        """Whether there is a figure at all."""
        return not math.isnan(self.value)

    def plain(self) -> dict[str, Any]:
        """Return it for JSON: None where there is no number."""
        made = {name: getattr(self, name) for name in self.__slots__}
        for name in ("value", "low", "high"):
            made[name] = made[name] if math.isfinite(made[name]) else None
        return made | {"notes": list(self.notes)}


@dataclass(frozen=True, slots=True)
class Place:
    """Where figures belong: the part of a line that many share."""

    question: str
    between: Between
    rater: str = ""
    stratum: str = "all"
    raters: int | None = None
    columns: Sequence[str] = ()
    labels: Sequence[str] = ()
    turned: Turned | None = None

    def of(self, estimate: Estimate, form: str = "raw scores") -> Figure:
        """Return the estimate as a line of the report; an interval of no width is none."""
        estimate = estimate.without_flat()
        return Figure(
            self.question,
            estimate.coefficient,
            self.between,
            self.rater,
            self.stratum,
            estimate.value + 0.0,
            estimate.low,
            estimate.high,
            estimate.n_items,
            estimate.n_raters if self.raters is None else self.raters,
            form,
            estimate.method,
            estimate.level,
            tuple(dict.fromkeys(map(self._said, estimate.notes))),
        )

    def all(self, estimates: Iterable[Estimate], form: str = "raw scores") -> Iterator[Figure]:
        """Return several estimates of one form as lines."""
        return (self.of(estimate, form) for estimate in estimates)

    def _said(self, note: str) -> str:
        return given(worded(named(note, self.columns), self.labels), self.turned)


def given(note: str, turned: Turned | None) -> str:
    """Return a note about the commonest answer with the point that was given, where answers were turned.

    Examples
    --------
    >>> given("97% of the ratings are 5 (ceiling): little variance is left.", Turned(0, 5))
    '97% of the ratings are 0 (floor): little variance is left.'
    """
    found = _COMMONEST.fullmatch(note)
    if not found or turned is None:
        return note
    end = {"ceiling": " (floor)", "floor": " (ceiling)"}.get(found[3], "")
    return f"{found[1]}{turned.of(float(found[2])):g}{end}{found[4]}"


def named(note: str, columns: Sequence[str]) -> str:
    """Return a note about numbered raters with their names.

    Examples
    --------
    >>> named("Raters 1 and 3 rated fewer than 5 items.", ["Ada", "Ben", "Cleo"])
    'Raters Ada and Cleo rated fewer than 5 items.'
    """
    if not columns or not (
        found := re.match(r"(?:(?:Rater|Clinician)s? |\d+ (?:rater|clinician)s \()([\d, and…]+)", note)
    ):
        return note
    listed = re.sub(r"\d+", lambda number: _name(int(number[0]), columns), found[1])
    return note[: found.start(1)] + listed + note[found.end(1) :]


def worded(note: str, labels: Sequence[str]) -> str:
    """Return a note about the commonest answer with the word that was given, which has no top or bottom.

    Examples
    --------
    >>> worded("97% of the ratings are 1 (ceiling): little variance is left to agree about.", ["no", "yes"])
    "97% of the ratings are 'yes': little variance is left to agree about."
    """
    found = _COMMONEST.fullmatch(note)
    if not found or not found[2].isdigit() or not int(found[2]) < len(labels):
        return note
    return f"{found[1]}{labels[int(found[2])]!r}{found[4]}"


def _name(number: int, columns: Sequence[str]) -> str:
    return columns[number - 1] if 0 < number <= len(columns) else str(number)
