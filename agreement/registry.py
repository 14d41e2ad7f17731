"""Every coefficient by name, what it needs and what must not change it: the tests go through all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from agreement.alpha.krippendorff import Level, alpha, alpha_gwet_ordinal
from agreement.chance.brennan_prediger import brennan_prediger
from agreement.chance.cohen import cohen_kappa, light_kappa
from agreement.chance.conger import conger_kappa
from agreement.chance.fleiss import fleiss_kappa
from agreement.chance.gwet import gwet_ac
from agreement.chance.percent import percent_agreement
from agreement.chance.weights import WEIGHTINGS, Weighting
from agreement.crossed.icc import CROSSED, crossed_icc
from agreement.estimate import Estimate
from agreement.icc import icc
from agreement.kendall_w import kendall_w
from agreement.medhelm import clinician_clinician
from agreement.oneway import ONEWAY, oneway_icc
from agreement.pair.kendall_tau import kendall_tau
from agreement.pair.lin import lin_ccc
from agreement.pair.pearson import pearson
from agreement.pair.spearman import spearman

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


_ALWAYS: frozenset[Tag] = frozenset({"symmetric", "perfect"})
_MOVES: frozenset[Tag] = _ALWAYS | {"shift", "scale"}
_ICC: frozenset[Tag] = _MOVES | {"complete"}
_BY_LEVEL: dict[Level, frozenset[Tag]] = {
    "nominal": _MOVES | {"monotone", "relabel", "random"},
    "ordinal": _MOVES | {"monotone", "random"},
    "interval": _MOVES | {"random"},
    "ratio": _ALWAYS | {"scale", "random"},
}
_BY_WEIGHTING: dict[Weighting, frozenset[Tag]] = {
    "unweighted": _MOVES | {"needs_scale", "monotone", "relabel"},
    "linear": _MOVES | {"needs_scale"},
    "quadratic": _MOVES | {"needs_scale"},
    "ordinal": _MOVES | {"needs_scale", "monotone"},
}
_WEIGHTED: dict[str, tuple[Callable[..., Estimate], frozenset[Tag]]] = {
    "Cohen's kappa": (cohen_kappa, frozenset({"two_raters"})),
    "Light's kappa": (light_kappa, frozenset()),
    "Fleiss' kappa": (fleiss_kappa, frozenset()),
    "Conger's kappa": (conger_kappa, frozenset()),
    "Brennan–Prediger": (brennan_prediger, frozenset()),
    "AC": (gwet_ac, frozenset()),
}


def _weighted(name: str, weighting: str) -> str:
    if name == "AC":
        return "AC1" if weighting == "unweighted" else f"AC2 ({weighting})"
    return name if weighting == "unweighted" else f"{name} ({weighting})"


COEFFICIENTS: dict[str, Coefficient] = {
    "ICC(1,1)": Coefficient(partial(icc, form="ICC(1,1)"), _ICC),
    "ICC(A,1)": Coefficient(partial(icc, form="ICC(A,1)"), _ICC),
    "ICC(C,1)": Coefficient(partial(icc, form="ICC(C,1)"), _ICC | {"rater_shift"}),
    "ICC(1,k)": Coefficient(partial(icc, form="ICC(1,k)"), _ICC),
    "ICC(A,k)": Coefficient(partial(icc, form="ICC(A,k)"), _ICC),
    "ICC(C,k)": Coefficient(partial(icc, form="ICC(C,k)"), _ICC | {"rater_shift"}),
    **{f"alpha ({m})": Coefficient(partial(alpha, measured=m), tags) for m, tags in _BY_LEVEL.items()},
    "alpha (ordinal, Gwet's weights)": Coefficient(
        alpha_gwet_ordinal, _MOVES | {"needs_scale", "monotone", "random"}
    ),
    **{
        _weighted(name, w): Coefficient(partial(function, weighting=w), _BY_WEIGHTING[w] | more)
        for name, (function, more) in _WEIGHTED.items()
        for w in WEIGHTINGS
    },
    "exact agreement": Coefficient(percent_agreement, _BY_WEIGHTING["unweighted"]),
    "agreement within ±1": Coefficient(
        partial(percent_agreement, distance=1.0), _ALWAYS | {"needs_scale", "shift"}
    ),
    "Kendall's W": Coefficient(kendall_w, _MOVES | {"monotone", "rater_shift", "random"}),
    "r": Coefficient(pearson, _MOVES | {"two_raters", "rater_shift"}),
    "Spearman's rho": Coefficient(spearman, _MOVES | {"two_raters", "rater_shift", "monotone"}),
    "Kendall's tau-b": Coefficient(kendall_tau, _MOVES | {"two_raters", "rater_shift", "monotone"}),
    "CCC": Coefficient(lin_ccc, _MOVES | {"two_raters"}),
    "clinician-clinician ICC(3,k)": Coefficient(clinician_clinician, _MOVES | {"rater_shift", "random"}),
    **{f"{form} incomplete": Coefficient(partial(crossed_icc, form=form), _MOVES) for form in CROSSED},
    **{f"{form} slots": Coefficient(partial(oneway_icc, form=form), _MOVES) for form in ONEWAY},
}
"""Name as a report prints it -> coefficient. Each module's line stands here, so that none is forgotten."""
