"""What holds for a whole report: the seed, the number of draws, the level, what counts as bad."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from agreement.array import Codes
from agreement.panel import Jury


class Over(TypedDict):
    """What a coefficient with an analytic interval is given."""

    cases: Codes | None
    level: float


class Drawn(Over):
    """What a coefficient with a bootstrap interval is given."""

    rng: np.random.Generator
    replicates: int


@dataclass(frozen=True, slots=True)
class Settings:
    """How a report is made.

    Attributes
    ----------
    seed, replicates : int
        Every figure draws from the same seed, so that none depends on which others were asked for.
    level : float
        Of all intervals.
    bad : float or None
        A clinicians' mean up to here is bad; None: a quarter of the scale above its lowest point.
    opinions : bool
        Ask pingouin and krippendorff, too, where they are installed: seconds to import.
    jury : tuple of str or None
        The jurors whose mean is the jury; None: all but checks and baselines.
    high_is_bad : tuple of str
        Questions on which a high value is bad: they are turned round before figures are made.
    """

    seed: int = 0
    replicates: int = 2000
    level: float = 0.95
    bad: float | None = None
    opinions: bool = False
    jury: Jury = None
    high_is_bad: tuple[str, ...] = ()

    def rng(self) -> np.random.Generator:
        """Return a fresh generator from the seed."""
        return np.random.default_rng(self.seed)

    def over(self, cases: Codes | None) -> Over:
        """Return what a coefficient with an analytic interval is given."""
        return {"cases": cases, "level": self.level}

    def drawn(self, cases: Codes | None) -> Drawn:
        """Return what a coefficient with a bootstrap interval is given."""
        return {"cases": cases, "level": self.level, "rng": self.rng(), "replicates": self.replicates}
