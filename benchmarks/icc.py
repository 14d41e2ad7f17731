"""Six ICCs with their intervals, against pingouin's."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import pandas as pd

from agreement.icc import iccs
from benchmarks._paired import options, paired, report


def ratings(items: int, raters: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    signal = rng.normal(3, 0.8, (items, 1)) + rng.normal(0, 0.3, raters) + rng.normal(0, 0.7, (items, raters))
    return np.clip(np.round(signal), 1, 5)


def main() -> None:
    opts = options(__doc__)
    items, raters = (100, 5) if opts.quick else (1_000, 10)
    values = ratings(items, raters)
    row, column = np.indices(values.shape)
    long = pd.DataFrame({"item": row.ravel(), "rater": column.ravel(), "score": values.ravel()})
    try:
        import pingouin
    except ImportError:
        pingouin = None
    else:
        warnings.simplefilter("ignore")  # pingouin's own
        theirs = pingouin.intraclass_corr(long, "item", "rater", "score").set_index("Type")["ICC"]
        assert all(abs(theirs[form] - ours.value) < 1e-9 for form, ours in iccs(values).items())

    def peer() -> object:
        return pingouin.intraclass_corr(long, "item", "rater", "score")

    result = paired(
        f"six ICCs with intervals, {items:,} x {raters}",
        lambda: iccs(values),
        peer if pingouin else None,
        lambda: np.einsum("ij,ij->", values, values),
        rounds=3 if opts.quick else 15,
        peer_name="pingouin",
        target="at least 100 times",
        note="floor: one sum of squares",
    )
    report([result], opts.json)


if __name__ == "__main__":
    main()
