"""Krippendorff's alpha, with few points and with continuous scores, against the krippendorff package."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from agreement.alpha.krippendorff import LEVELS, alpha
from benchmarks._paired import Paired, options, paired, report


def few_points(items: int, raters: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    values = np.clip(np.round(rng.normal(3, 1, (items, 1)) + rng.normal(0, 1, (items, raters))), 1, 5)
    values[rng.random(values.shape) < 0.2] = np.nan
    return values


def continuous(items: int, raters: int) -> np.ndarray:
    rng = np.random.default_rng(1)
    return np.exp(rng.normal(0, 0.5, (items, 1)) + rng.normal(0, 0.5, (items, raters)))


def levels(values: np.ndarray, rounds: int, what: str, *, peer: bool, target: str) -> list[Paired]:
    try:
        import krippendorff
    except ImportError:
        krippendorff, peer = None, False
    made = []
    for level in LEVELS:
        if peer:
            theirs = krippendorff.alpha(reliability_data=values.T, level_of_measurement=level)
            assert abs(alpha(values, level).value - theirs) < 1e-9, level
        made.append(
            paired(
                f"alpha ({level}), {what}",
                lambda level=level: alpha(values, level),
                (
                    lambda level=level: krippendorff.alpha(
                        reliability_data=values.T, level_of_measurement=level
                    )
                )
                if peer
                else None,
                lambda: np.count_nonzero(np.isnan(values)),
                rounds=rounds,
                peer_name="krippendorff",
                target=target,
                note="floor: one pass for what is unrated",
            )
        )
    return made


def main() -> None:
    opts = options(__doc__)
    rounds = 3 if opts.quick else 25
    small = few_points(*((500, 5) if opts.quick else (10_000, 20)))
    results = levels(
        small, rounds, f"5 points, {len(small):,} x {small.shape[1]}", peer=True, target="3 times"
    )
    # The package's tables of values by values grow with their square: compared at 100 values, timed at 1,000.
    some = continuous(33, 3)
    results += levels(some, rounds, f"continuous, {some.size} values", peer=True, target="")
    many = continuous(200 if opts.quick else 1_000, 3)
    results += levels(
        many, rounds, f"continuous, {len(many):,} values a rater", peer=False, target="milliseconds"
    )
    study = few_points(1_000, 10)
    rng = np.random.default_rng
    results.append(
        paired(
            "alpha (ordinal) with 2,000 bootstrap replicates, 1,000 x 10",
            lambda: alpha(study, "ordinal", rng=rng(0)),
            rounds=3 if opts.quick else 9,
            target="0.5 s",
        )
    )
    report(results, opts.json)


if __name__ == "__main__":
    main()
