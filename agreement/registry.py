"""Every coefficient by name, what it needs and what must not change it: the tests go through all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from agreement.estimate import Estimate

Tag = Literal[
    "needs_scale",  # takes the declared points as `points=`, on one scale for all raters
    "two_raters",  # is defined for exactly two columns
    "complete",  # is undefined, with a reason, where a cell is unrated
    "symmetric",  # permuting the raters changes nothing
    "shift",  # adding a constant to all ratings changes nothing
    "scale",  # multiplying all ratings by a positive constant changes nothing
    "monotone",  # any increasing transform of all ratings changes nothing
    "relabel",  # any renaming of the points changes nothing: nominal
    "rater_shift",  # adding a constant to one rater's ratings changes nothing: association, consistency
    "perfect",  # is 1 where all raters agree on items that differ
    "random",  # its interval takes `rng=`
]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A function of an items by raters array (NaN = unrated) that returns an Estimate, and its tags."""

    function: Callable[..., Estimate]
    tags: frozenset[Tag]


COEFFICIENTS: dict[str, Coefficient] = {}
"""Name as a report prints it -> coefficient. Each module's line stands here, so that none is forgotten."""
