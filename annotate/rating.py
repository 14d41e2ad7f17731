"""The one row: (item, part, rater, question, occasion) gives a value, or is unanswered with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

RaterKind = Literal["clinician", "juror", "metric"]
Status = Literal["answered", "unable", "refused", "failed", "skipped"]

RATER_KINDS: tuple[RaterKind, ...] = ("clinician", "juror", "metric")


@dataclass(frozen=True, slots=True)
class Rating:
    """What one rater said to one question about one item, on one occasion.

    Attributes
    ----------
    item, rater, question : str
        Their keys within the study.
    part : str
        Which part of the item the answer is about: an output of several (``"B"``), a criterion of a
        checklist, a sentence. Empty for the item as a whole.
    occasion : int
        1, and 2 and up for hidden repeats and a juror's further samples.
    status : Status
        ``"answered"``, else why not. Never asked is no row at all.
    value : str or None
        What was said, as text: a point's value, a number, JSON for spans and rankings.
        None unless answered.
    number : float or None
        Where `value` stands on the question's scale; None for what has no place on one.
    reason : str
        Why it is unanswered: one of the question's reasons, or a juror's failure in words.
    """

    item: str
    rater: str
    question: str
    value: str | None
    number: float | None = None
    part: str = ""
    occasion: int = 1
    status: Status = "answered"
    reason: str = ""
    comment: str = ""
    confidence: str = ""
    submitted_at: datetime | None = None

    def __post_init__(self) -> None:
        if (self.status == "answered") != (self.value is not None):
            raise ValueError(
                f"A rating is answered with a value or unanswered without one; {self.item!r}, "
                f"{self.question!r} by {self.rater!r} has status {self.status!r} and value {self.value!r}"
            )
        if self.status != "answered" and not self.reason:
            raise ValueError(
                f"An unanswered rating needs a reason; {self.item!r}, {self.question!r} has none"
            )


def unanswered(
    item: str, rater: str, question: str, *, status: Status, reason: str, part: str = "", occasion: int = 1
) -> Rating:
    """Return the row of a question that was asked and not answered.

    Examples
    --------
    >>> unanswered("case-1", "C01", "accuracy", status="unable", reason="outside my specialty").value is None
    True
    """
    return Rating(item, rater, question, None, part=part, occasion=occasion, status=status, reason=reason)
