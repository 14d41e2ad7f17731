"""The panel by its mean, by its median and by some of its jurors: all on the same outputs and draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from agreement.additive import icc_of, pearson
from agreement.array import Array, Codes
from agreement.bootstrap import Resampling, drawn_units, interval, replicates
from agreement.estimate import Estimate, undefined
from agreement.notes import few_items
from agreement.pair.bland_altman import bland_altman

MOST_IN_FULL = 4
"""A larger panel is shown without each juror and by each juror, not by every subset."""


@dataclass(frozen=True, slots=True)
class Subpanel:
    """What some jurors say together, beside the clinicians' mean.

    Attributes
    ----------
    jurors : tuple of str
    by : "mean", "median" or "" for a single juror
    order, level, bias : Estimate
        Pearson's r, ICC(A,1), and points above the clinicians.
    less : Estimate
        r less that of the whole panel's mean, paired.
    """

    jurors: tuple[str, ...]
    by: str
    order: Estimate
    less: Estimate
    level: Estimate
    bias: Estimate


def subpanels(
    jurors: Array,
    names: Sequence[str],
    human: Array,
    *,
    rng: np.random.Generator,
    cases: Codes | None = None,
    count: int = 2000,
    level: float = 0.95,
) -> tuple[Subpanel, ...]:
    """Return the whole panel by mean and median, then subsets of its jurors by mean.

    Parameters
    ----------
    jurors : array of shape (outputs, jurors)
        NaN is unanswered; outputs count where all jurors and a clinician answered.
    human : array of shape (outputs,)
        The clinicians' mean.

    Examples
    --------
    >>> human = np.arange(40.0)
    >>> jurors = np.column_stack([human + 1, human + np.tile([2, -2], 20)])
    >>> found = subpanels(jurors, ["a", "b"], human, rng=np.random.default_rng(0), count=100)
    >>> [(" + ".join(one.jurors), one.by, round(one.bias.value, 2)) for one in found]
    [('a + b', 'mean', 0.5), ('a', '', 1.0), ('b', '', 0.0)]
    """
    there = ~np.isnan(jurors).any(axis=1) & ~np.isnan(human)
    said, people = jurors[there], human[there]
    of = None if cases is None else np.unique(cases[there], return_inverse=True)[1]
    how = Resampling(count, of)
    made = list(_made(said, names))
    pairs = [np.column_stack([people, column]) for _, _, column in made]
    n = len(people)
    if n < 3:
        none = undefined("r", f"All jurors and a clinician answered on {n} outputs.", n_items=n)
        return tuple(Subpanel(who, by, none, none, none, none) for who, by, _ in made)
    arms = [(one, pair) for pair in pairs for one in (pearson(), icc_of("ICC(A,1)"))]
    points = np.array([float(one(pair)) for one, pair in arms])
    sample = replicates(arms, rng=rng, how=how)
    # One row of figures a panel: r, ICC, and r less that of the first panel, which is the whole.
    values = np.column_stack([points.reshape(-1, 2), points[::2] - points[0]])
    drawn = np.dstack([sample.reshape(count, -1, 2), sample[:, ::2] - sample[:, :1]])
    found = []
    for k, (who, by, _) in enumerate(made):
        figures = (
            _estimate(name, float(values[k, f]), drawn[:, k, f], n, len(who) + 1, how, level)
            for f, name in enumerate(("r", "ICC(A,1)", "r - r"))
        )
        order, same, less = figures
        bias = bland_altman(pairs[k], cases=of, level=level).bias
        found.append(Subpanel(who, by, order, less, same, bias))
    return tuple(found)


def _estimate(
    name: str, value: float, sample: Array, n: int, raters: int, how: Resampling, level: float
) -> Estimate:
    if not np.isfinite(value):
        return undefined(name, "The scores or the clinicians' means do not vary.", n_items=n)
    low, high, notes = interval(sample, level, drawn_units(n, how))
    said = (*notes, *few_items(n))
    return Estimate(name, value, low, high, n, raters, f"expanded percentile {how}", level, said)


def _made(said: Array, names: Sequence[str]) -> Iterator[tuple[tuple[str, ...], str, Array]]:
    """Yield the whole panel's mean and median, then smaller panels' means, large ones first."""
    whole = tuple(names)
    yield whole, "mean", said.mean(axis=1)
    if len(whole) > 2:
        yield whole, "median", np.median(said, axis=1)
    sizes = range(len(whole) - 1, 0, -1) if len(whole) <= MOST_IN_FULL else (len(whole) - 1, 1)
    for size in sizes:
        for chosen in combinations(range(len(whole)), size):
            columns = list(chosen)
            who = tuple(whole[k] for k in chosen)
            yield who, "mean" if size > 1 else "", said[:, columns].mean(axis=1)
