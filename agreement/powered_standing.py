"""Where systems stand by few clinicians' ratings and many of the jury together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agreement.array import Array
from agreement.ppi import power_of
from agreement.standing import Grid, Standing, placed


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
        As in `agreement.standing.standing`.

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
    grid = Grid.of(systems, benchmarks, kept)
    member = grid.members()
    power = np.array([power_of(human[m], said[m]) for m in member.T])
    return placed(
        lambda weights: _powered(weights, member, human, said, power),
        grid,
        rng=rng,
        cases=None if cases is None else np.asarray(cases)[kept],
        replicates=replicates,
        level=level,
        how="prediction-powered means; ",
    )


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
