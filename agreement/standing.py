"""Where systems stand by one source of ratings: win rates and macro-averages, each with its interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agreement.array import Array
from agreement.estimate import Estimate
from agreement.systems import macro_average, win_rates, win_spread
from agreement.weights import case_weights, percentile


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Where systems stand by one source of ratings.

    Attributes
    ----------
    systems, benchmarks : tuple of str
    scores : array of shape (systems, benchmarks)
        Mean score, 0 to 1.
    win_rate, macro : tuple of Estimate
        One a system, with bootstrap intervals over items (whole cases).
    win_spread : tuple of Estimate
        MedHELM's win SD, one a system.
    """

    systems: tuple[str, ...]
    benchmarks: tuple[str, ...]
    scores: Array
    win_rate: tuple[Estimate, ...]
    macro: tuple[Estimate, ...]
    win_spread: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Which system on which benchmark each item belongs to.

    Attributes
    ----------
    systems, benchmarks : tuple of str
    system, benchmark : arrays of shape (items,)
        Places in the two.
    """

    systems: tuple[str, ...]
    benchmarks: tuple[str, ...]
    system: NDArray[np.intp]
    benchmark: NDArray[np.intp]

    @classmethod
    def of(cls, systems: Sequence[str], benchmarks: Sequence[str], kept: NDArray[np.bool_]) -> Grid:
        """Return the grid of the items that are kept."""
        names, system = np.unique(np.asarray(systems, dtype=str)[kept], return_inverse=True)
        places, benchmark = np.unique(np.asarray(benchmarks, dtype=str)[kept], return_inverse=True)
        named, placed_at = tuple(map(str, names)), tuple(map(str, places))
        return cls(named, placed_at, system.reshape(-1), benchmark.reshape(-1))

    def members(self) -> NDArray[np.bool_]:
        """Return which cell each item is in, (items, systems × benchmarks), a system's cells side by side."""
        cell = self.system * len(self.benchmarks) + self.benchmark
        return np.asarray(cell[:, None] == np.arange(len(self.systems) * len(self.benchmarks)))


def standing(
    scores: Array,
    systems: Sequence[str],
    benchmarks: Sequence[str],
    *,
    rng: np.random.Generator,
    cases: Sequence[object] | NDArray[Any] | None = None,
    replicates: int = 1000,
    level: float = 0.95,
) -> Standing:
    """Return where systems stand, from one 0–1 score an item.

    Parameters
    ----------
    scores : array of shape (items,)
        NaN = no score.
    systems, benchmarks : sequence of shape (items,)
        What wrote the item's output, and which benchmark it belongs to.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> found = standing(np.array([1, 0.5, 0.8, 0.2] * 10), ["a", "b"] * 20, ["x"] * 40, rng=rng)
    >>> found.systems, [round(w.value, 1) for w in found.win_rate]
    (('a', 'b'), [1.0, 0.0])
    """
    seen = ~np.isnan(np.asarray(scores, float))
    values, grid = np.asarray(scores, float)[seen], Grid.of(systems, benchmarks, seen)
    ones = grid.members().astype(float)

    def means(weights: Array) -> Array:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((weights @ (ones * values[:, None])) / (weights @ ones))

    return placed(
        means,
        grid,
        rng=rng,
        cases=None if cases is None else np.asarray(cases)[seen],
        replicates=replicates,
        level=level,
    )


def placed(
    means: Callable[[Array], Array],
    grid: Grid,
    *,
    rng: np.random.Generator,
    cases: NDArray[Any] | None,
    replicates: int,
    level: float,
    how: str = "",
) -> Standing:
    """Return where systems stand by their means in each cell, with intervals from draws of whole cases.

    Parameters
    ----------
    means : function of weights (draws, items)
        Returns means (draws, systems × benchmarks).
    how : str
        What the means are, where they are not plain ones.
    """
    counts = np.bincount(grid.system, minlength=len(grid.systems))
    n, shape = len(grid.system), (len(grid.systems), len(grid.benchmarks))
    drawn = [means(w).reshape(-1, *shape) for w in case_weights(n, replicates, rng, cases)]
    booted = np.concatenate(drawn) if drawn else np.empty((0, *shape))
    shown = means(np.ones((1, n))).reshape(shape) if n else np.empty(shape)
    method = f"{how}percentile bootstrap of whole cases, {replicates} draws"

    def estimates(label: str, figure: Callable[[Array], Array]) -> tuple[Estimate, ...]:
        columns = np.array([figure(table) for table in booted]).T
        return tuple(
            Estimate(label, float(v), *percentile(column, level), int(count), 0, method, level)
            for v, column, count in zip(figure(shown), columns, counts, strict=True)
        )

    won, macro = estimates("win rate", win_rates), estimates("macro-average", macro_average)
    return Standing(grid.systems, grid.benchmarks, shown, won, macro, estimates("win SD", win_spread))
