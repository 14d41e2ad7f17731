"""An assignment: who rates what, on which occasion, in which place, and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Round = Literal["training", "main", "adjudication"]


@dataclass(frozen=True, slots=True)
class Assignment:
    """One form that one rater is to fill.

    Attributes
    ----------
    item, rater : str
        Their keys within the study.
    occasion : int
        2 for a hidden repeat of the rater's own first answer.
    place : int
        When, counted from 1 within the rater's round.
    round : Round
        Training comes before, adjudication after the study itself.
    output_order : tuple of str
        Keys of the item's outputs in the order shown; the browser learns only "A", "B", … in this
        order. Empty where the item has fewer than two outputs.
    arm, step : str
        The randomised arm and the step of the design; empty where it has none.
    """

    item: str
    rater: str
    occasion: int = 1
    place: int = 1
    round: Round = "main"
    output_order: tuple[str, ...] = ()
    arm: str = ""
    step: str = ""


def slots(output_order: tuple[str, ...]) -> dict[str, str]:
    """Return the letters that the browser knows, in the order shown, with the output behind each.

    Examples
    --------
    >>> slots(("second", "first"))
    {'A': 'second', 'B': 'first'}
    """
    return {_letter(place): key for place, key in enumerate(output_order)}


def _letter(place: int) -> str:
    first, last = divmod(place, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)
