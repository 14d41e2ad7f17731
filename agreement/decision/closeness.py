"""Is a judge closer to these clinicians than anyone could be who had not seen their ratings?"""

from __future__ import annotations

import numpy as np

from agreement.array import Array
from agreement.contest import Contest
from agreement.estimate import Estimate, undefined
from agreement.weights import percentile

NAME = "squared r over what the clinicians' agreement allows"
SURE = 0.99
"""Of the interval: an honest judge without any error of its own is above 1 half a time in a hundred."""


def closeness(held: Contest) -> Estimate:
    """Return the judge's squared r with the other clinicians, over the most that independence allows.

    A judge who errs independently of the clinicians follows at best what they share: its squared r with
    the mean of m of them is at most the reliability of that mean, which is known from how well each of them
    follows the others. Above 1 means that it also follows their errors, as a copy with noise does.

    Notes
    -----
    The classical bound of attenuation (Spearman 1904). With R the reliability of one clinician, the mean of
    m has mR / (1 + (m - 1)R), and a clinician's squared r with it is R times that; R is solved from there.

    Examples
    --------
    >>> from agreement.contest import contest
    >>> rng = np.random.default_rng(0)
    >>> ratings = rng.normal(size=(200, 1)) + rng.normal(size=(200, 3))
    >>> copy = ratings.mean(axis=1) + rng.normal(size=200) / 5
    >>> held = contest(ratings, {"judge": copy}, ["r"], rng=rng, replicates=200)
    >>> closeness(held).low > 1
    True
    """
    if "r" not in held.shown or not held.places:
        return undefined(NAME, "It needs ratings with an order, and outputs that two clinicians rated.")
    shown, drawn = held.means("r", "judge", "clinician")
    defined = shown[~np.isnan(shown).any(axis=1)]
    if not len(defined):
        return undefined(NAME, "The judge or the clinicians do not vary.")
    rows = np.unique(np.concatenate([place.rows for place in held.places]))
    m = _others(held)
    value = _ratio(defined.mean(axis=0)[:, None], m)[0]
    raters = int((~np.isnan(held.clinicians[rows])).any(axis=0).sum())
    method = f"percentile bootstrap of whole cases, {drawn.shape[1]} draws"
    return Estimate(NAME, float(value), *percentile(_ratio(drawn, m), SURE), len(rows), raters, method, SURE)


def _others(held: Contest) -> float:
    """The harmonic mean of how many other clinicians stand behind a mean."""
    counts = (~np.isnan(held.clinicians)).sum(axis=1)
    others = np.concatenate([counts[place.rows] - 1 for place in held.places])
    return float(len(others) / (1 / others).sum())


def _ratio(rs: Array, m: float) -> Array:
    """The ratio from the judge's r and a clinician's r, (2, ...); 0 where clinicians do not agree at all."""
    judge, clinician = rs
    square = np.maximum(clinician, 0) ** 2
    one = ((m - 1) * square + np.sqrt(((m - 1) * square) ** 2 + 4 * m * square)) / (2 * m)
    several = m * one / (1 + (m - 1) * one)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(several > 0, np.maximum(judge, 0) ** 2 / several, 0.0))
