"""Bootstrap draws as count weights: whole cases are drawn, and every figure sees the same draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agreement.array import Array, Codes
from agreement.resample import counted

MANY_ITEMS = 20_000
"""From here on, drawing items one by one takes seconds a figure, and cheaper ways give the same interval."""
KEPT = 1_500_000
"""Weights of one draw that are worth keeping: 12 MB."""


def case_codes(cases: Sequence[object] | NDArray[Any] | None, n: int) -> Codes:
    """Return a code 0, 1, 2 … for each item's case; without cases every item is its own.

    Examples
    --------
    >>> case_codes(["a", "a", "b"], 3).tolist(), case_codes(None, 3).tolist()
    ([0, 0, 1], [0, 1, 2])
    """
    if cases is None:
        return np.arange(n)
    names = np.asarray(cases)
    names = names.astype(str) if names.dtype.kind == "O" else names
    return np.unique(names, return_inverse=True)[1].reshape(-1)


def case_weights(
    n: int, replicates: int, rng: np.random.Generator, cases: Sequence[object] | NDArray[Any] | None = None
) -> Iterator[Array]:
    """Yield how often each item counts, blocks of shape (some replicates, n), until there are `replicates`.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> [block.shape for block in case_weights(5, 3, rng)]
    [(3, 5)]
    """
    codes = case_codes(cases, n)
    drawn = int(codes.max()) + 1 if n else 0
    for weights in counted(drawn, replicates if n else 0, rng):
        yield weights if cases is None else weights.take(codes, axis=1)


def seeded_weights(
    n: int, replicates: int, seed: int, cases: Sequence[object] | NDArray[Any] | None = None
) -> Iterator[Array]:
    """Yield the draws of a fresh generator with this seed; kept for the next figure where small.

    Examples
    --------
    >>> first, again = (next(seeded_weights(4, 2, seed=1)) for _ in range(2))
    >>> first is again
    True
    """
    codes = case_codes(cases, n)
    if n * replicates > KEPT:
        yield from case_weights(n, replicates, np.random.default_rng(seed), codes)
    else:
        yield from _kept(codes.astype(np.int64).tobytes(), n, replicates, seed)


@lru_cache(maxsize=12)
def _kept(codes: bytes, n: int, replicates: int, seed: int) -> tuple[Array, ...]:
    cases = np.frombuffer(codes, dtype=np.int64)
    blocks = tuple(case_weights(n, replicates, np.random.default_rng(seed), cases))
    for block in blocks:
        block.setflags(write=False)
    return blocks


def percentile(replicates: Array, level: float = 0.95) -> tuple[float, float]:
    """Return the percentile interval of the replicates that are defined; NaN where most are not.

    Examples
    --------
    >>> percentile(np.arange(101.0), level=0.5)
    (25.0, 75.0)
    """
    kept = replicates[~np.isnan(replicates)]
    if len(kept) < max(20, len(replicates) / 2):
        return np.nan, np.nan
    tail = (1 - level) / 2
    low, high = np.quantile(kept, [tail, 1 - tail])
    return float(low), float(high)
