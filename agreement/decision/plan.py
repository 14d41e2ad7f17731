"""What the lead states before anyone looks: margins, floors, and a hash that shows they were not moved."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from agreement.columns import COEFFICIENTS
from agreement.refusal import Refusal

NOTHING = 0.1
"""Agreement that nobody would act on."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules of a decision.

    Attributes
    ----------
    questions : tuple of str
        Which questions decide; empty means every question of the file.
    coefficient : str
        The primary one. Labels without an order are always compared by kappa.
    margin : float
        How much less than a clinician's the judge's agreement may be.
    bias : float
        How far the judge's level may lie from the clinicians', as a share of the scale's range
        (0.0625 is a quarter of a point on 1 to 5).
    coverage : float
        Least share of the outputs put to it that the judge must answer.
    repeatability : float
        Least agreement of the judge with itself, where outputs were put to it twice.
    sensitivity : float
        Least share of the outputs that clinicians found bad which the judge must also call bad.
    bad : float or None
        What counts as bad: this point or lower. None means the lowest quarter of the scale (1 and 2 of 5).
    subgroup : float
        Floor of the judge's r with the clinicians within any system, benchmark or other subgroup.
    items : int
        Fewer than this many shared outputs never allow a use.
    high_is_bad : tuple of str
        Questions on which a high value is bad, such as counts of errors; `bad` is then this point or higher.
    level : float
        Of every interval.
    replicates, seed : int
        Of the bootstrap.

    Examples
    --------
    >>> plan = Plan(margin=0.05)
    >>> plan.hash == Plan.of({"margin": 0.05}).hash != Plan().hash
    True
    """

    questions: tuple[str, ...] = ()
    coefficient: str = "ICC(A,1)"
    margin: float = 0.1
    bias: float = 0.0625
    coverage: float = 0.9
    repeatability: float = 0.6
    sensitivity: float = 0.5
    bad: float | None = None
    subgroup: float = 0.0
    items: int = 30
    level: float = 0.95
    replicates: int = 1000
    seed: int = 1
    high_is_bad: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.coefficient, str) or self.coefficient not in COEFFICIENTS:
            raise Refusal(
                f"The plan's coefficient {self.coefficient!r} is none of {', '.join(COEFFICIENTS)}."
            )
        for name, low, high in _BOUNDS:
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
                raise Refusal(f"The plan's {name} is {value!r}; it must lie between {low:g} and {high:g}.")
            if name in _WHOLE and not isinstance(value, int):
                raise Refusal(f"The plan's {name} is {value!r}; it must be a whole number.")
        if self.bad is not None and not _finite(self.bad):
            raise Refusal(f"The plan's bad is {self.bad!r}; it must be a point of the scale, such as 2.")
        for name in _NAMES:
            names = getattr(self, name)
            if not all(isinstance(question, str) for question in names):
                raise Refusal(f"The plan's {name} are {list(names)!r}; write their names as text.")

    @property
    def nothing(self) -> float:
        """An agreement that is surely below this is next to nothing, however wide the margin is."""
        return min(self.margin, NOTHING)

    @property
    def hash(self) -> str:
        """SHA-256 of the plan as canonical JSON."""
        stated = asdict(self)
        if not self.high_is_bad:  # plans stated before this could be said keep their hash
            del stated["high_is_bad"]
        return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()

    @classmethod
    def of(cls, stated: Mapping[str, Any]) -> Plan:
        """Return the plan that a file states; what it leaves out keeps its default."""
        known = [field.name for field in fields(cls)]
        unknown = [name for name in stated if name not in known]
        if unknown:
            raise Refusal(f"A plan has no {unknown[0]!r} (it may state {', '.join(known)}).")
        values = dict(stated)
        for name in _NAMES:
            questions = values.get(name, ())
            if not isinstance(questions, str | list | tuple):
                raise Refusal(f"The plan's {name} are {questions!r}; write a list of their names.")
            values[name] = (questions,) if isinstance(questions, str) else tuple(questions)
        return cls(**values)


_BOUNDS = (
    ("margin", 0, 1),
    ("bias", 0, 1),
    ("coverage", 0, 1),
    ("repeatability", -1, 1),
    ("sensitivity", 0, 1),
    ("subgroup", -1, 1),
    ("items", 3, 1e9),
    ("level", 0.5, 0.999),
    ("replicates", 50, 1e6),
    ("seed", 0, 2**63 - 1),
)

_NAMES = ("questions", "high_is_bad")
_WHOLE = ("items", "replicates", "seed")


def _finite(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
