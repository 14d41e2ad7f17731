"""One rule looked at: met, not met, unclear or not measured, in a sentence with its figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from agreement.estimate import NAN, Estimate, bound

State = Literal["met", "not met", "unclear", "not measured"]
Answer = Literal[
    "use", "use calibrated and with review", "cannot tell yet", "do not use"
]  # from best to worst
REVIEW: Answer = "use calibrated and with review"


@dataclass(frozen=True, slots=True)
class Check:
    """What one rule found.

    Attributes
    ----------
    rule : str
        Its short name: ``"coverage"``, ``"not worse than a clinician, in order"``.
    state : State
        Whether it is met.
    if_not : Answer
        The best answer that remains when it is not met.
    sentence : str
        What was found, in words that a clinician understands.
    items : float
        About how many items in all would settle an unclear rule; NaN where that cannot be said.
    figures : dict of str to Estimate
        By stable names.
    """

    rule: str
    state: State
    if_not: Answer
    sentence: str
    items: float = NAN
    figures: dict[str, Estimate] = field(default_factory=dict)


def against_floor(estimate: Estimate, floor: float) -> State:
    """Return whether a figure reaches a floor: unclear where only its interval does.

    Examples
    --------
    >>> [against_floor(Estimate("share", 0.8, low, high), 0.9) for low, high in ((0.7, 0.95), (0.7, 0.85))]
    ['unclear', 'not met']
    """
    if not estimate.defined:
        return "not measured"
    if estimate.value >= floor:
        return "met"
    return "unclear" if estimate.high >= floor else "not met"


def said(estimate: Estimate) -> str:
    """Return a figure for a sentence: value and interval.

    Examples
    --------
    >>> said(Estimate("r", 0.5, 0.4, 0.61)), said(Estimate("r", NAN, notes=("Nothing varies.",)))
    ('0.50 (0.40 to 0.61)', 'undefined (Nothing varies)')
    """
    if not estimate.defined:
        return f"undefined ({estimate.notes[0].rstrip('.')})" if estimate.notes else "undefined"
    estimate = estimate.without_flat()
    if estimate.low != estimate.low:
        return f"{estimate.value:z.2f} (no interval)"
    return f"{estimate.value:z.2f} ({bound(estimate.low)} to {bound(estimate.high)})"


def counted(n: int, word: str) -> str:
    """Return a number with its word, which takes an s unless there is one.

    Examples
    --------
    >>> counted(1, "juror"), counted(0, "output")
    ('1 juror', '0 outputs')
    """
    return f"{n} {word}" if n == 1 else f"{n} {word}s"


def listed(names: list[str]) -> str:
    """Return names as a sentence lists them.

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
