"""How often is a juror who is just one more clinician called "better than clinicians"?

Each simulated study has one juror drawn from the same population as its clinicians. The fair
comparison should call it better about as often as its interval promises; the comparison that is
published does so far more often. Prints both shares. It measures error rates, not time.

    python benchmarks/null.py [--json FILE] [--quick]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from agreement.fair import fair, naive
from agreement.weights import case_weights, percentile

DESIGNS = {
    "3 clinicians rate all 60 items": (3, 60, None),
    "5 clinicians rate all 60 items": (5, 60, None),
    "2 of 6 clinicians rate each of 120 items": (6, 120, 2),
}


def study(seed: int, clinicians: int, items: int, per_item: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Return (clinicians, juror): all raters exchangeable, reliability of one rating 0.4, 1–5 points."""
    rng = np.random.default_rng(seed)
    quality = rng.normal(size=(items, 1))
    severity = 0.3 * rng.normal(size=(1, clinicians + 1))
    latent = quality + severity + rng.normal(scale=np.sqrt(1.5), size=(items, clinicians + 1))
    points = np.clip(np.round(3 + latent), 1, 5)
    ratings, juror = points[:, :-1].copy(), points[:, -1]
    if per_item:
        for row in ratings:
            row[rng.permutation(clinicians)[per_item:]] = np.nan
    return ratings, juror


def shares(design: tuple[int, int, int | None], simulations: int, replicates: int) -> dict[str, float]:
    """Return the share of studies in which the juror is called better, by each comparison."""
    better = {"fair": 0, "naive": 0}
    for seed in range(simulations):
        ratings, juror = study(seed, *design)
        rng = np.random.default_rng([seed, 1])
        found = fair(ratings, juror, rng=rng, coefficient="r", replicates=replicates)
        better["fair"] += found.difference.low > 0
        jury, pairs = naive(ratings, juror, next(case_weights(len(juror), replicates, rng)))
        better["naive"] += percentile(jury - pairs)[0] > 0
    return {name: count / simulations for name, count in better.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true", help="100 studies instead of 500")
    args = parser.parse_args()
    simulations = 100 if args.quick else 500
    table = {name: shares(design, simulations, 500) for name, design in DESIGNS.items()}
    print(f"an exchangeable juror is called better than the clinicians, {simulations} studies each")
    for name, row in table.items():
        print(f"  {name:<42} fair {row['fair']:6.1%}   naive {row['naive']:6.1%}")
    if args.json:
        args.json.write_text(json.dumps({"simulations": simulations, "called_better": table}, indent=2))


if __name__ == "__main__":
    main()
