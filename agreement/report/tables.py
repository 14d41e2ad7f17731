"""The report as tables: its figures, what each rater did, and what stands behind each question."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from agreement.opinion import Opinion
from agreement.report.figure import Figure


@dataclass(frozen=True, slots=True)
class Spoke:
    """What one rater did with one question.

    Attributes
    ----------
    answered, unanswered : int
        Items; `reasons` says why not, with counts.
    mean, sd : float
        Of the answers; NaN for words, and sd NaN for one answer.
    ceiling, floor : float
        The share of answers at either end of the scale; NaN where there is no common scale.
    """

    question: str
    rater: str
    kind: str
    answered: int
    unanswered: int
    mean: float
    sd: float
    ceiling: float
    floor: float
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands behind the figures of one question.

    Attributes
    ----------
    points : tuple of float
        The scale's points, declared or as far as they show; empty for continuous scores and words.
    labels : tuple of str
        The words, where answers are words.
    items : int
        Outputs that a clinician rated.
    ratings_per_item, least, most : float, int, int
        Clinicians an output.
    ceiling : float
        The share of clinicians' ratings at the highest point.
    said : tuple of str
        What was understood, left out, and why.
    high_is_bad : bool
        Whether the answers were turned round before figures were made.
    """

    question: str
    points: tuple[float, ...]
    labels: tuple[str, ...]
    items: int
    clinicians: int
    jurors: int
    metrics: int
    ratings_per_item: float
    least: int
    most: int
    ceiling: float
    said: tuple[str, ...]
    high_is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was computed; every format of the report is made from this.

    `opinions` are what other libraries say of the clinicians' ratings, question by question.
    """

    figures: tuple[Figure, ...]
    raters: tuple[Spoke, ...]
    questions: tuple[Asked, ...]
    said: tuple[str, ...]
    seed: int
    replicates: int
    level: float
    opinions: tuple[tuple[str, Opinion], ...] = ()

    def where(self, **wanted: object) -> tuple[Figure, ...]:
        """Return the figures whose named fields have these values.

        Examples
        --------
        >>> Report((), (), (), (), 0, 2000, 0.95).where(question="accuracy", coefficient="ICC(A,1)")
        ()
        """
        fits: Callable[[Figure], bool] = lambda f: all(getattr(f, k) == v for k, v in wanted.items())  # noqa: E731
        return tuple(figure for figure in self.figures if fits(figure))

    def plain(self) -> dict[str, Any]:
        """Return it for JSON: None where there is no number."""
        return {
            "figures": [figure.plain() for figure in self.figures],
            "questions": [_plain(asked) for asked in self.questions],
            "raters": [_plain(spoke) for spoke in self.raters],
            "said": list(self.said),
            "opinions": [
                {"question": question, **asdict(one), "difference": one.difference}
                for question, one in self.opinions
            ],
            "seed": self.seed,
            "replicates": self.replicates,
            "level": self.level,
        }


def _plain(row: Spoke | Asked) -> dict[str, Any]:
    return {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in asdict(row).items()}
