"""Is a planted effect found as often as `consilium plan` promises?

Each world has clinicians and a juror whose worth is known, on the points 1 to 5. Their true r with the
mean of the other clinicians is taken from a very large study; the plan says how many outputs find the
effect in 80 % of studies; then so many studies of that size are simulated and the fair comparison is asked.
Prints what was promised beside what was found. It measures power, not time.

    python benchmarks/planted.py [--json FILE] [--quick]
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from agreement.columns import NUMERIC
from agreement.fair import fair
from agreement.planning.beside import Beside
from agreement.planning.comparison import items_for

LARGE = 400_000


@dataclass(frozen=True)
class World:
    """Clinicians with noise and severities, and a juror with a noise of its own."""

    name: str
    clinicians: int
    per_item: int
    juror: float
    margin: float
    middle: float = 3.0
    noise: float = 1.0

    def study(self, items: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return (clinicians, juror) on the points 1 to 5; NaN is unrated."""
        quality = rng.normal(self.middle, 1, size=(items, 1))
        severity = 0.2 * rng.normal(size=(1, self.clinicians))
        said = quality + severity + rng.normal(scale=self.noise, size=(items, self.clinicians))
        ratings = np.clip(np.round(said), 1, 5)
        if self.per_item < self.clinicians:
            order = rng.random(ratings.shape).argsort(axis=1)
            ratings[order >= self.per_item] = np.nan
        juror = quality[:, 0] + rng.normal(scale=self.juror, size=items)
        return ratings, np.clip(np.round(juror), 1, 5)

    def truth(self) -> Beside:
        """Return the true r of juror and clinician with the mean of an output's other clinicians.

        The share at the highest point is planned for where it is a third or more, as the docs advise.
        """
        found, top = [], []
        for seed in range(20):  # severities are drawn, too
            ratings, juror = self.study(LARGE // 20, np.random.default_rng([seed, 9]))
            found.append(np.mean([_both(ratings, juror, h) for h in range(self.clinicians)], axis=0))
            top.append((ratings == 5).sum() / (~np.isnan(ratings)).sum())
        first, second = np.mean(found, axis=0)
        ceiling = round(float(np.mean(top)), 2)
        return Beside(float(first), float(second), self.per_item, ceiling if ceiling >= 1 / 3 else 0.0)


WORLDS = (
    World("no worse by 0.1: 2 clinicians rate all", 2, 2, 1.0, 0.1),
    World("no worse by 0.1: 3 clinicians rate all", 3, 3, 1.0, 0.1),
    World("no worse by 0.1: 5 clinicians rate all", 5, 5, 1.0, 0.1),
    World("no worse by 0.1: 2 of 6 rate each", 6, 2, 0.9, 0.1),
    World("no worse by 0.1: 3 rate all, at the ceiling", 3, 3, 0.9, 0.1, middle=4.5),
    World("better: 3 clinicians rate all", 3, 3, 0.5, 0.0),
    World("better: 2 of 6 rate each", 6, 2, 0.5, 0.0),
    World("worse: 3 clinicians rate all", 3, 3, 1.8, 0.0),
)


def _both(ratings: np.ndarray, juror: np.ndarray, h: int) -> tuple[float, float]:
    others = np.delete(ratings, h, axis=1)
    seen = ~np.isnan(ratings[:, h]) & ~np.isnan(others).all(axis=1)
    mean = np.nanmean(others[seen], axis=1)
    one = np.ones((1, int(seen.sum())))
    r = NUMERIC["r"]
    return float(r(juror[seen], mean, one)[0]), float(r(ratings[seen, h], mean, one)[0])


def found(world: World, items: int, simulations: int) -> float:
    """Return the share of studies of that size in which the fair comparison shows what was planted."""
    hits = 0
    for seed in range(simulations):
        ratings, juror = world.study(items, np.random.default_rng([seed, 2]))
        gap = fair(
            ratings, juror, rng=np.random.default_rng(seed), coefficient="r", replicates=500
        ).difference
        hits += gap.low > -world.margin if world.margin else gap.low > 0 or gap.high < 0
    return hits / simulations


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true", help="100 studies instead of 1,000")
    args = parser.parse_args()
    simulations = 100 if args.quick else 1000
    print(f"a planted effect, promised and found in {simulations} studies each")
    table = {}
    for world in WORLDS:
        truth = world.truth()
        plan = items_for(truth, margin=world.margin, rng=np.random.default_rng(1))
        share = found(world, plan.items, simulations)
        table[world.name] = {
            "first": truth.first, "second": truth.second, "ceiling": truth.ceiling, "items": plan.items,
            "promised": plan.power, "found": share,
        }  # fmt: skip
        print(
            f"  {world.name:<46} r {truth.first:.2f} and {truth.second:.2f}, {plan.items:5} outputs: "
            f"promised {plan.power:6.1%}   found {share:6.1%}",
            flush=True,
        )
    if args.json:
        args.json.write_text(json.dumps({"simulations": simulations, "worlds": table}, indent=2))


if __name__ == "__main__":
    main()
