"""Long frame to matrix, against pandas' pivot on the same frame."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import pandas as pd

from agreement.matrix import matrix
from benchmarks._paired import Paired, options, paired, report


def ratings(items: int, raters: int) -> pd.DataFrame:
    """A shuffled long frame of strings, as a file is read."""
    rng = np.random.default_rng(0)
    order = rng.permutation(items * raters)
    names = np.array([f"item-{i:06d}" for i in range(items)])
    who = np.array([f"C{j:02d}" for j in range(raters)])
    return pd.DataFrame(
        {
            "item": names[order // raters],
            "rater": who[order % raters],
            "kind": "clinician",
            "question": "accuracy",
            "number": rng.integers(1, 6, len(order)).astype(float),
            "occasion": 1,
            "status": "answered",
        }
    )


def categorical(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with text as categories, as the store hands it over."""
    text = ["item", "rater", "kind", "question", "status"]
    return frame.astype(dict.fromkeys(text, "category"))


def pivot(frame: pd.DataFrame) -> pd.DataFrame:
    """What a careful analyst writes: the same rows, then pivot, which also refuses duplicates."""
    read = frame[
        (frame["question"] == "accuracy")
        & (frame["kind"] == "clinician")
        & (frame["occasion"] == 1)
        & (frame["status"] == "answered")
    ]
    return read.pivot(index="item", columns="rater", values="number")


def from_frame(name: str, frame: pd.DataFrame, rounds: int) -> Paired:
    def ours() -> object:
        return matrix(frame, question="accuracy", kinds=["clinician"])

    assert np.array_equal(ours().values, pivot(frame).to_numpy()), "the two must agree before they race"
    codes = frame["number"].to_numpy()
    at = np.random.default_rng(1).permutation(len(codes))

    def floor() -> object:
        return codes[at]

    target = "at least 10 times" if "categories" in name else ""
    return paired(
        name,
        ours,
        lambda: pivot(frame),
        floor,
        rounds=rounds,
        peer_name="pandas pivot",
        target=target,
        note="floor: one gather of the numbers",
    )


def main() -> None:
    opts = options(__doc__)
    items, rounds = (5_000, 3) if opts.quick else (100_000, 7)
    text = ratings(items, 20)
    results = [
        from_frame(f"{items * 20:,} rows of categories (store)", categorical(text), rounds),
        from_frame(f"{items * 20:,} rows of strings (file)", text, rounds),
    ]
    report(results, opts.json)


if __name__ == "__main__":
    main()
