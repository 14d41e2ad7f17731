"""Where systems stand by few clinicians' ratings and many of the jury together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agreement.array import Array
from agreement.estimate import Estimate
from agreement.ppi import power_of
from agreement.systems import Standing, macro_average, win_rates, win_spread
from agreement.weights import case_weights, percentile


def powered_standing(
    clinicians: Array,
    jury: Array,
    systems: Sequence[str],
    benchmarks: Sequence[str],
    *,
    rng: np.random.Generator,
    cases: Sequence[object] | NDArray[Any] | None = None,
    replicates: int = 1000,
    level: float = 0.95,
) -> Standing:
    """Return where systems stand by prediction-powered means, one of each system on each benchmark.

    Parameters
    ----------
    clinicians, jury : arrays of shape (items,)
        0 to 1; an output without a jury score is left out, one without a clinician's is the jury's alone.
    systems, benchmarks, cases : sequences of shape (items,)
        As in `agreement.systems.standing`.

    Notes
    -----
    As in `agreement.ppi.powered_mean`: the jury's power is chosen once in each cell, and the draws keep it.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> quality = np.tile([0.9, 0.4], 30) + rng.normal(0, 0.05, 60)
    >>> rated = np.where(np.arange(60) < 20, quality, np.nan)
    >>> names, place = ["a", "b"] * 30, ["x"] * 60
    >>> found = powered_standing(rated, quality + 0.05, names, place, rng=rng, replicates=50)
    >>> [won.value for won in found.win_rate]
    [1.0, 0.0]
    """
    kept = ~np.isnan(jury)
    human, said = np.asarray(clinicians, float)[kept], np.asarray(jury, float)[kept]
    names, s = np.unique(np.asarray(systems, dtype=str)[kept], return_inverse=True)
    places, b = np.unique(np.asarray(benchmarks, dtype=str)[kept], return_inverse=True)
    shape = (len(names), len(places))
    cell = s.reshape(-1) * len(places) + b.reshape(-1)
    member = cell[:, None] == np.arange(shape[0] * shape[1])
    power = np.array([power_of(human[m], said[m]) for m in member.T])

    def table(weights: Array) -> Array:
        means = _powered(weights, member, human, said, power)
        return np.asarray(means.reshape(-1, *shape))

    own = None if cases is None else np.asarray(cases)[kept]
    drawn = [table(w) for w in case_weights(len(human), replicates, rng, own)]
    booted = np.concatenate(drawn) if drawn else np.empty((0, *shape))
    shown = table(np.ones((1, len(human))))[0] if len(human) else np.empty(shape)
    method = f"prediction-powered means; percentile bootstrap of whole cases, {replicates} draws"

    def estimates(label: str, point: Array, each: Array) -> tuple[Estimate, ...]:
        counted = np.bincount(s.reshape(-1), minlength=len(names))
        return tuple(
            Estimate(label, float(v), *percentile(column, level), int(n), 0, method, level)
            for v, column, n in zip(point, each.T, counted, strict=True)
        )

    won, macro = (np.array([figure(t) for t in booted]) for figure in (win_rates, macro_average))
    return Standing(
        tuple(map(str, names)), tuple(map(str, places)), shown,
        estimates("win rate", win_rates(shown), won),
        estimates("macro-average", macro_average(shown), macro),
        win_spread(shown),
    )  # fmt: skip


def _powered(weights: Array, member: NDArray[np.bool_], human: Array, said: Array, power: Array) -> Array:
    """Return the powered mean of each cell, a row a draw; NaN where a cell has fewer than two ratings."""
    seen = ~np.isnan(human)
    rated, rest = member & seen[:, None], member & ~seen[:, None]
    gap = np.where(seen, np.nan_to_num(human), 0.0)[:, None] - power * said[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        right = (weights @ np.where(rated, gap, 0.0)) / (weights @ rated.astype(float))
        alone = (weights @ np.where(rest, said[:, None], 0.0)) / (weights @ rest.astype(float))
        made = right + np.where(power > 0, power * alone, 0.0)
    return np.asarray(np.where(rated.sum(axis=0) > 1, made, np.nan))
