"""Draws of items, or of whole cases, as counts: how often each item is in each replicate."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from agreement.array import Codes

CELLS = 4_000_000  # counts held at once: 32 MB, whatever the number of items
Counts = npt.NDArray[np.float64]


def draws(units: int, replicates: int, rng: np.random.Generator) -> Iterator[Codes]:
    """Yield blocks of (replicates, units) indices drawn with replacement.

    The stream is one, read in order: the size of the blocks changes nothing.

    Examples
    --------
    >>> [block.shape for block in draws(3, 5, np.random.default_rng(0))]
    [(5, 3)]
    """
    block = max(1, min(replicates, CELLS // max(units, 1)))
    for start in range(0, replicates, block):
        rows = min(block, replicates - start)
        yield rng.integers(0, units, size=(rows, units))


def counts(drawn: Codes, units: int) -> Counts:
    """Return how often each unit was drawn, (replicates, units).

    Examples
    --------
    >>> counts(np.array([[0, 0, 2]]), 3)
    array([[2., 0., 1.]])
    """
    made = np.empty((len(drawn), units))
    for row, one in zip(made, drawn, strict=True):
        row[:] = np.bincount(one, minlength=units)
    return made


def counted(units: int, replicates: int, rng: np.random.Generator) -> Iterator[Counts]:
    """Yield blocks of counts, (some replicates, units): those of `draws`, and `rng` moves on as there.

    Many figures draw from one seed: what a generator in the same state drew before is kept, read-only.

    Examples
    --------
    >>> one, other = (np.random.default_rng(1) for _ in range(2))
    >>> first, again = next(counted(4, 2, one)), next(counted(4, 2, other))
    >>> first is again, bool(one.integers(9**9) == other.integers(9**9))
    (True, True)
    """
    place = rng.bit_generator.state
    if units * replicates > CELLS or place["bit_generator"] != "PCG64":
        for block in draws(units, replicates, rng):
            yield counts(block, units)
        return
    at = (place["state"]["state"], place["state"]["inc"], place["has_uint32"], place["uinteger"])
    blocks, after = _kept(at, units, replicates)
    rng.bit_generator.state = {**place, **after}
    yield from blocks


@lru_cache(maxsize=4)
def _kept(
    at: tuple[int, int, int, int], units: int, replicates: int
) -> tuple[tuple[Counts, ...], dict[str, object]]:
    """The counts drawn from one state of a generator, and its state afterwards: 128 MB at the most."""
    bits = np.random.PCG64()
    state, inc, has, rest = at
    bits.state = {
        "bit_generator": "PCG64",
        "state": {"state": state, "inc": inc},
        "has_uint32": has,
        "uinteger": rest,
    }
    blocks = tuple(counts(block, units) for block in draws(units, replicates, np.random.Generator(bits)))
    for block in blocks:
        block.setflags(write=False)
    return blocks, dict(bits.state)


def members(cases: Codes) -> list[Codes]:
    """Return the items of each case.

    Examples
    --------
    >>> members(np.array([1, 0, 1]))
    [array([1]), array([0, 2])]
    """
    order = np.argsort(cases, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(cases[order])) + 1) if len(cases) else []
