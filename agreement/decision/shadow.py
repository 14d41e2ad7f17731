"""Does a judge follow one clinician more closely than anyone could who had not seen her ratings?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agreement.array import Array
from agreement.estimate import Estimate
from agreement.weights import percentile, seeded_weights

Pair = tuple[int, int]
NAME = "squared r with one clinician over what her agreement with the others allows"
LEAD = "how much more it follows her than the others do, given how the others agree"
BEYOND = "r with the others beyond what her ratings say"
LEAST = 20
"""Items that two raters must share before their r is looked at."""
SURE = 0.99
"""Of all clinicians' intervals together: so seldom is an honest judge suspected at the very bound."""


@dataclass(frozen=True, slots=True)
class Shadow:
    """How a judge follows one clinician.

    Attributes
    ----------
    clinician : int
        Her column.
    closeness : Estimate
        The judge's squared r with her over its bound: above 1 it follows her errors, too.
    lead : Estimate
        Above 0 it follows her more than a judge of the same outputs would.
    beyond : Estimate
        What it says about the others' ratings that hers do not say; a copy, however shaken, says nothing.
    """

    clinician: int
    closeness: Estimate
    lead: Estimate
    beyond: Estimate

    @property
    def copied(self) -> bool:
        """Whether it follows her alone: more than the others do, and nothing besides, for or against."""
        return self.lead.low > 0 and self.beyond.low <= 0 <= self.beyond.high


def shadows(
    clinicians: Array,
    judge: Array,
    *,
    seed: int,
    cases: Sequence[object] | NDArray[Any] | None = None,
    replicates: int = 1000,
) -> list[Shadow]:
    """Return how the judge follows each clinician who can be looked at.

    Parameters
    ----------
    clinicians : array of shape (items, clinicians)
        NaN = unrated. At least three must share 20 items with one another and with the judge.
    judge : array of shape (items,)

    Notes
    -----
    A judge whose errors are independent of hers has at most r² = R_h with her, her own reliability
    (attenuation, Spearman 1904). With others a and b, R_h = r_ha r_hb / r_ab; over several others this takes
    the square of the mean r_ha over the mean r_ab, which is never below R_h where their reliabilities
    differ. Above 1 the judge follows her errors, too. A judge that shares a point of view with her alone
    may be above 1 as well: it has to be looked into, not condemned.

    A shaken copy falls below that bound, but not out of two others. Where all raters see one thing with
    errors of their own, r_jh r_ab = r_ja r_hb (a vanishing tetrad, Spearman 1904): the lead is the mean of
    the left over the others less that of the right. And what is made from her ratings alone has
    r_ja = r_jh r_ha: nothing beyond hers, while a judge of the outputs knows more than she says. One that
    runs against the others, as chance lets a random judge do, is no copy of hers either: there the rest is
    below 0.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> ratings = rng.normal(size=(150, 1)) + rng.normal(size=(150, 4))
    >>> copy, shaken = (ratings[:, 2] + rng.normal(size=150) * much for much in (0.2, 1.0))
    >>> [one.clinician for one in shadows(ratings, copy, seed=1, replicates=200) if one.closeness.low > 1]
    [2]
    >>> [one.clinician for one in shadows(ratings, shaken, seed=1, replicates=200) if one.copied]
    [2]
    """
    table = np.column_stack([clinicians, judge])
    seen, k = ~np.isnan(table) & ~np.isnan(judge)[:, None], clinicians.shape[1]
    pairs = [(a, b) for a, b in combinations(range(k + 1), 2) if (seen[:, a] & seen[:, b]).sum() >= LEAST]
    known = [h for h in range(k) if _others(h, pairs, k)]
    if not known:
        return []
    drawn = seeded_weights(len(table), replicates, seed, cases)
    blocks = list(_correlations(table, pairs, (np.ones((1, len(table))), *drawn)))
    among = dict(zip(pairs, np.concatenate(blocks, axis=1), strict=True))
    level, method = 1 - (1 - SURE) / len(known), f"percentile bootstrap of whole cases, {replicates} draws"
    made = []
    for h in known:
        others = _others(h, pairs, k)
        raters, n = 1 + len({one for pair in others for one in pair}), int(seen[:, h].sum())

        def told(name: str, values: Array, sure: float, n: int = n, raters: int = raters) -> Estimate:
            return Estimate(name, float(values[0]), *percentile(values[1:], sure), n, raters, method, sure)

        ratio = among[h, k] ** 2 / _bound(others, h, among)
        lead, beyond = _alone(others, h, k, among)
        made.append(Shadow(h, told(NAME, ratio, level), told(LEAD, lead, level), told(BEYOND, beyond, 0.95)))
    return made


def _alone(others: list[Pair], h: int, judge: int, among: dict[Pair, Array]) -> tuple[Array, Array]:
    """In each draw: the mean tetrad, and the judge's mean r with the others less what hers explains."""
    beside = [one for one in sorted({one for pair in others for one in pair}) if (one, judge) in among]
    if not beside:
        none = np.full_like(among[h, judge], np.nan)
        return none, none
    theirs = np.mean([among[pair] for pair in others], axis=0)
    hers = np.mean([among[min(h, a), max(h, a)] for a in beside], axis=0)
    its = np.mean([among[a, judge] for a in beside], axis=0)
    return among[h, judge] * theirs - its * hers, its - among[h, judge] * hers


def _others(h: int, pairs: list[Pair], judge: int) -> list[Pair]:
    """Pairs of other clinicians who share enough with one another and each with her; none without a judge."""
    beside = {a + b - h for a, b in pairs if h in (a, b)}
    return [(a, b) for a, b in pairs if b != judge and a in beside and b in beside and judge in beside]


def _correlations(table: Array, pairs: list[Pair], drawn: Iterable[Array]) -> Iterator[Array]:
    """Yield r of every pair, (pairs, replicates), over what both rated, a block of draws at a time."""
    firsts, seconds = (table[:, [pair[side] for pair in pairs]] for side in (0, 1))
    both = ~np.isnan(firsts) & ~np.isnan(seconds)
    middle = np.nanmean(table)
    x, y = np.where(both, firsts - middle, 0.0), np.where(both, seconds - middle, 0.0)
    parts = np.hstack([both.astype(float), x, y, x * x, y * y, x * y])
    for weights in drawn:
        n, sx, sy, xx, yy, xy = np.split(weights @ parts, 6, axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            below = np.sqrt(np.clip(n * xx - sx * sx, 0, None) * np.clip(n * yy - sy * sy, 0, None))
            yield np.where(below > 1e-9, (n * xy - sx * sy) / below, np.nan).T


def _bound(others: list[Pair], h: int, among: dict[Pair, Array]) -> Array:
    """Her reliability in each draw; NaN where she or the others do not agree at all."""
    beside = sorted({one for pair in others for one in pair})
    own = np.mean([among[min(h, a), max(h, a)] for a in beside], axis=0)
    theirs = np.mean([among[pair] for pair in others], axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        bound = np.where((own > 0) & (theirs > 0), own**2 / theirs, np.nan)
    return np.asarray(np.minimum(bound, 1.0))
