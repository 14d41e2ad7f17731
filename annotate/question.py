"""What is asked about an item: the kinds of question and what an answer to each must look like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from annotate.scale import Scale

QuestionKind = Literal[
    "scale",  # one point of an anchored scale: Likert, bipolar, binary
    "choice",  # one of some nominal points: agree / disagree, A / B / tie
    "multi",  # any number of nominal points
    "number",  # a number between bounds
    "ranking",  # the item's outputs, best first
    "spans",  # marked words with label and severity, and "missing" marks
    "sentences",  # a point for each sentence of the output
    "checklist",  # met / not met for each of the item's own criteria
    "placement",  # a place in the taxonomy: confirm, move, ambiguous, not in it
    "text",  # free text
]
QUESTION_KINDS: tuple[QuestionKind, ...] = (
    "scale",
    "choice",
    "multi",
    "number",
    "ranking",
    "spans",
    "sentences",
    "checklist",
    "placement",
    "text",
)

VERDICTS = ("confirm", "move", "ambiguous", "none")
"""What a placement says of the place that an item was given."""

CONFIDENCES = ("low", "medium", "high")
"""How sure a rater says to be, where a question asks."""

REASONS = ("outside my specialty", "source insufficient", "output unreadable", "other")
"""Why a clinician cannot judge, unless a protocol says otherwise."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a protocol.

    Attributes
    ----------
    key, text : str
        Its name in files, and what the rater reads.
    kind : QuestionKind
        What an answer looks like.
    scale : Scale or None
        The declared points; for spans and sentences the labels; None for free text and rankings.
    per_output : bool
        Asked once for every output of the item; the rating's part is then the output's key.
    required : bool
        A submit without an answer (or "unable") is too early.
    unable : tuple of str
        The reasons offered beside "unable to assess"; empty where that is not offered.
    comment : "optional", "required" or "extremes"
        "extremes": required on the first and last point.
    shown_if : tuple of (question key, values) or None
        Asked only after one of these answers to an earlier question.
    severities : Scale or None
        For spans and sentences: how bad a mark is. A sentence with the first point needs none.
    compares : bool
        The points are about the two outputs as shown, first against second; the answer is turned back
        by the stored order, so that what is kept is about the outputs in the item's own order.
    omissions : bool
        Spans: the rater may also say what is missing.
    ties : bool
        Ranking: outputs may share a place.
    entries : int
        Text: up to so many lines, best first (a ranked list that the rater writes); 0 for free text.
    level : "category", "subcategory" or "task"
        Placement: what is reviewed.
    steps : tuple of str
        The steps of the design in which it is asked; empty for all.
    asked_of : tuple of (column, values) or None
        Asked only about items with one of these values in this column (a stratum, or a taxonomy level).
    """

    key: str
    text: str
    kind: QuestionKind = "scale"
    scale: Scale | None = None
    hint: str = ""
    per_output: bool = False
    required: bool = True
    unable: tuple[str, ...] = REASONS
    comment: Literal["none", "optional", "required", "extremes"] = "optional"
    confidence: bool = False
    shown_if: tuple[str, tuple[str, ...]] | None = None
    severities: Scale | None = None
    compares: bool = False
    omissions: bool = False
    ties: bool = False
    entries: int = 0
    level: Literal["category", "subcategory", "task"] = "subcategory"
    steps: tuple[str, ...] = ()
    asked_of: tuple[str, tuple[str, ...]] | None = None
