"""2,000 bootstrap replicates of ICC(A,1), against resampling the array for each."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from agreement.additive import icc_of
from agreement.bootstrap import Resampling, bootstrap, interval
from agreement.icc import points
from agreement.meansquares import mean_squares
from benchmarks._paired import Paired, options, paired, report
from benchmarks.icc import ratings


def naive(values: np.ndarray, replicates: int) -> np.ndarray:
    """The loop that everybody writes: resample the rows, compute again."""
    rng = np.random.default_rng(1)
    rows = (rng.integers(0, len(values), len(values)) for _ in range(replicates))
    return np.array([points(mean_squares(values[row]), "ICC(A,1)") for row in rows])


def race(items: int, raters: int, replicates: int, rounds: int, target: str) -> Paired:
    values = ratings(items, raters)

    def ours() -> object:
        how = Resampling(replicates)
        return bootstrap("ICC(A,1)", icc_of("ICC(A,1)"), values, rng=np.random.default_rng(1), how=how)

    low, high, _ = interval(naive(values, replicates), 0.95, items)
    assert abs(ours().low - low) < 1e-9
    assert abs(ours().high - high) < 1e-9
    floor = replicates * values[:, 0]
    result = paired(
        f"{replicates:,} replicates, {items:,} x {raters}",
        ours,
        lambda: naive(values, replicates),
        lambda: [np.add.reduce(floor) for _ in range(replicates)],
        rounds=rounds,
        peer_name="resampled arrays",
        target=target,
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    note = f"floor: one sum over the items a replicate; peak of this process {peak:.0f} MiB"
    return Paired(**{**vars(result), "note": note})


def main() -> None:
    opts = options(__doc__)
    replicates = 100 if opts.quick else 2_000
    small = race(1_000, 10, replicates, 3 if opts.quick else 7, "0.5 s or less")
    large = [] if opts.quick else [race(100_000, 20, replicates, 1, "6 s or less, within 1 GiB")]
    report([small, *large], opts.json)


if __name__ == "__main__":
    main()
