"""Every coefficient by name, what it needs and what must not change it: the tests go through all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from agreement.estimate import Estimate
from agreement.icc import icc

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


_ICC: frozenset[Tag] = frozenset({"complete", "symmetric", "shift", "scale", "perfect"})

COEFFICIENTS: dict[str, Coefficient] = {
    "ICC(1,1)": Coefficient(partial(icc, form="ICC(1,1)"), _ICC),
    "ICC(A,1)": Coefficient(partial(icc, form="ICC(A,1)"), _ICC),
    "ICC(C,1)": Coefficient(partial(icc, form="ICC(C,1)"), _ICC | {"rater_shift"}),
    "ICC(1,k)": Coefficient(partial(icc, form="ICC(1,k)"), _ICC),
    "ICC(A,k)": Coefficient(partial(icc, form="ICC(A,k)"), _ICC),
    "ICC(C,k)": Coefficient(partial(icc, form="ICC(C,k)"), _ICC | {"rater_shift"}),
}
"""Name as a report prints it -> coefficient. Each module's line stands here, so that none is forgotten."""
