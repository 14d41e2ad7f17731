"""How often nominal 95 % intervals hold the true value, on designs that studies have: 92 to 97 % is right."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from agreement.additive import icc_of, pearson
from agreement.bootstrap import Resampling, bootstrap
from agreement.chance.cohen import cohen_kappa
from agreement.chance.gwet import gwet_ac
from agreement.crossed.icc import crossed_iccs, share
from agreement.crossed.severity import severity
from agreement.difference import Arm, difference
from agreement.estimate import Estimate
from agreement.icc import iccs
from agreement.icc_ceiling import held
from agreement.oneway import oneway_icc
from agreement.pair.pearson import fisher_z
from agreement.pair.pearson import pearson as reported

Array = np.ndarray
Intervals = Mapping[str, tuple[Estimate, float]]


@dataclass(frozen=True)
class Design:
    """Items, raters, ratings an item, standard deviations of item, rater, rest; points of 1 to 5 or not."""

    name: str
    items: int
    raters: int
    each: int
    sd: tuple[float, float, float]
    centre: float | None = None  # the mean before rounding and cutting to 1 … 5; None: normal scores

    def scored(self, latent: Array) -> Array:
        return latent if self.centre is None else np.clip(np.round(self.centre + latent), 1, 5)

    def ratings(self, rng: np.random.Generator) -> tuple[Array, Array]:
        """One study, and the true severity of each rater on the latent scale."""
        a, b, e = self.sd
        severity_ = b * rng.normal(size=self.raters)
        y = a * rng.normal(size=(self.items, 1)) + severity_ + e * rng.normal(size=(self.items, self.raters))
        there = np.argsort(rng.random(y.shape), axis=1) < self.each
        return np.where(there, self.scored(y), np.nan), severity_

    def truth(self) -> Array:
        """Variance components of the scores themselves, by quadrature over item, rater and rest."""
        nodes, weights = np.polynomial.hermite_e.hermegauss(81)
        w = weights / weights.sum()
        a, b, e = (s * nodes for s in self.sd)
        y = self.scored(a[:, None, None] + b[None, :, None] + e[None, None, :])
        mean = np.einsum("i,j,k,ijk->", w, w, w, y)
        item = w @ (np.einsum("j,k,ijk->i", w, w, y) - mean) ** 2
        rater = w @ (np.einsum("i,k,ijk->j", w, w, y) - mean) ** 2
        total = np.einsum("i,j,k,ijk->", w, w, w, (y - mean) ** 2)
        return np.array([item, rater, total - item - rater])


DESIGNS = (
    Design("2 of 6 clinicians an item, 60 items", 60, 6, 2, (1.0, 0.4, 1.0)),
    Design("2 of 6, strict and lenient ones, 60 items", 60, 6, 2, (1.0, 0.8, 0.8)),
    Design("2 of 6, little agreement, 60 items", 60, 6, 2, (0.5, 0.3, 1.0)),
    Design("2 of 13 clinicians, 56 items", 56, 13, 2, (0.8, 0.4, 0.8)),
    Design("3 raters with severity, 60 items", 60, 3, 3, (1.0, 0.7, 1.0)),
    Design("3 raters with severity, 30 items", 30, 3, 3, (0.8, 0.5, 1.0)),
    Design("3 of 4 raters, 12 items, points 1-5", 12, 4, 3, (1.17, 0.13, 0.46), 2.7),
    Design("ceiling: 3 raters, points 1-5", 60, 3, 3, (0.9, 0.4, 0.8), 4.6),
    Design("ceiling: 2 of 6 clinicians, points 1-5", 60, 6, 2, (0.9, 0.4, 0.8), 4.6),
)


def of_design(design: Design) -> Callable[[np.random.Generator], Intervals]:
    true = design.truth()

    def study(rng: np.random.Generator) -> Intervals:
        values, levels = design.ratings(rng)
        found: dict[str, tuple[Estimate, float]] = {}
        if design.each == design.raters:
            for form, made in iccs(values).items():
                if form in ("ICC(A,1)", "ICC(C,1)", "ICC(A,k)"):
                    found[f"{form}, F"] = made, float(share(true, form, design.each, 0.0))
            for form, made in held(values, iccs(values)).items():
                if form in ("ICC(A,1)", "ICC(C,1)", "ICC(A,k)"):
                    found[f"{form}, F in the report"] = made, float(share(true, form, design.each, 0.0))
            made = bootstrap("", icc_of("ICC(A,1)"), values, rng=rng, how=Resampling(500))
            found["ICC(A,1), item bootstrap"] = made, float(share(true, "ICC(A,1)", 1, 0.0))
        for form, made in crossed_iccs(values, rng=rng).items():
            if form in ("ICC(A,1)", "ICC(C,1)", "ICC(A,k)"):
                found[f"{form}, REML"] = made, float(share(true, form, design.each, 0.0))
        if design.centre is None:
            found["severity, BLUP"] = severity(values)[0], float(levels[0] - levels.mean())
        return found

    return study


def slots(rng: np.random.Generator) -> Intervals:
    """One to three anonymous ratings an item."""
    y = rng.normal(size=(60, 1)) + rng.normal(size=(60, 3))
    values = np.where(np.arange(3) < rng.integers(1, 4, (60, 1)), y, np.nan)
    return {"ICC(1,1), F on unweighted means": (oneway_icc(values), 0.5)}


def pairs(rng: np.random.Generator) -> Intervals:
    """A juror and a clinician beside the mean of the other clinicians, 60 items."""
    root = np.linalg.cholesky(np.array([[1, 0.6, 0.5], [0.6, 1, 0.4], [0.5, 0.4, 1]]))
    x = rng.normal(size=(60, 3)) @ root.T
    how = Resampling(500)
    juror, clinician = (Arm(name, pearson(), x[:, [0, j]]) for name, j in (("juror", 1), ("clinician", 2)))
    return {
        "Pearson r, item bootstrap": (bootstrap("r", pearson(), x[:, :2], rng=rng, how=how), 0.6),
        "difference of two r, paired": (difference(juror, clinician, rng=rng, how=how), 0.1),
    }


def crowded(items: int) -> Callable[[np.random.Generator], Intervals]:
    """Two raters at the ceiling: Fisher's z takes scores to be normal, however many items there are."""
    design = Design("", items, 2, 2, (0.9, 0.0, 0.8), 4.6)
    item, _, rest = design.truth()
    true = float(item / (item + rest))

    def study(rng: np.random.Generator) -> Intervals:
        made = reported(design.ratings(rng)[0])
        classical = fisher_z("r", made.value, items)
        return {"Pearson r, Fisher's z": (classical, true), "Pearson r, in the report": (made, true)}

    return study


def weighted(items: int, shared: float = 1.0) -> Callable[[np.random.Generator], Intervals]:
    """Quadratic weights at the ceiling; `shared` of the items have a second rating."""
    design, points = Design("", items, 2, 2, (0.9, 0.0, 0.8), 4.6), (1, 2, 3, 4, 5)
    named = {"Cohen's kappa": cohen_kappa, "AC2": gwet_ac} if shared == 1 else {"AC2": gwet_ac}
    true: dict[str, float] = {}

    def drawn(rng: np.random.Generator, n: int) -> Array:
        values = replace(design, items=n).ratings(rng)[0]
        values[round(shared * n) :, 1] = np.nan
        return values

    for name, function in named.items():
        true[name] = function(drawn(np.random.default_rng(1), 200_000), points, "quadratic").value

    def study(rng: np.random.Generator) -> Intervals:
        values, found = drawn(rng, items), {}
        for name, function in named.items():
            for held_, how in ((False, "as published"), (True, "in the report")):
                made = function(values, points, "quadratic", held=held_)
                found[f"{name} (quadratic), {how}"] = made, true[name]
        return found

    return study


def cases(rng: np.random.Generator) -> Intervals:
    """Three outputs a case, 30 cases: resampling outputs is wrong, whole cases are right."""
    case = np.repeat(rng.normal(size=(30, 1)), 3, axis=0)
    noise = np.repeat(rng.normal(size=(30, 2)), 3, axis=0)
    x = 0.9 * case + 0.3 * rng.normal(size=(90, 1)) + 0.8 * noise + 0.3 * rng.normal(size=(90, 2))
    true = (0.81 + 0.09) / (0.81 + 0.09 + 0.64 + 0.09)
    whole = Resampling(500, cases=np.repeat(np.arange(30), 3))
    return {
        "Pearson r, outputs drawn": (bootstrap("r", pearson(), x, rng=rng, how=Resampling(500)), true),
        "Pearson r, whole cases drawn": (bootstrap("r", pearson(), x, rng=rng, how=whole), true),
    }


def covered(name: str, study: Callable[[np.random.Generator], Intervals], seeds: range) -> Iterator[dict]:
    below: dict[str, int] = {}
    above: dict[str, int] = {}
    n: dict[str, int] = {}
    for seed in seeds:
        for what, (made, true) in study(np.random.default_rng(seed)).items():
            if np.isnan(made.low):
                continue
            n[what] = n.get(what, 0) + 1
            below[what] = below.get(what, 0) + (true < made.low)
            above[what] = above.get(what, 0) + (true > made.high)
    for what, count in n.items():
        low, high = below[what] / count, above[what] / count
        yield {
            "design": name,
            "interval": what,
            "coverage": 1 - low - high,
            "missed_below": low,
            "missed_above": high,
            "studies": count,
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write every figure to this file, too")
    parser.add_argument("--quick", action="store_true", help="few studies: does it run?")
    parser.add_argument("--studies", type=int, default=2000, help="of each design (2000)")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="the first study's seed (0)")
    parser.add_argument("--only", default="", metavar="WORDS", help="designs whose name holds these words")
    opts = parser.parse_args()
    studies = 20 if opts.quick else opts.studies
    runs = [(design.name, of_design(design)) for design in DESIGNS]
    runs += [("anonymous slots, 1 to 3 an item, 60 items", slots), ("60 items", pairs)]
    runs += [(f"ceiling: 2 raters, points 1-5, {n} items", crowded(n)) for n in (30, 60, 200)]
    runs += [(f"ceiling: 2 raters, quadratic weights, {n} items", weighted(n)) for n in (30, 60, 200)]
    runs += [("ceiling: 60 of 300 items have a second rating", weighted(300, 0.2))]
    runs += [("30 cases of 3 outputs", cases)]
    rows = []
    for name, study in runs:
        if opts.only not in name:
            continue
        for row in covered(name, study, range(opts.first, opts.first + studies)):
            rows.append(row)
            print(
                f"{row['design']:<45} {row['interval']:<32} {row['coverage']:.1%} "
                f"(true value below {row['missed_below']:.1%}, above {row['missed_above']:.1%})",
                flush=True,
            )
    if opts.json:
        known = {"designs": [asdict(design) for design in DESIGNS], "rows": rows}
        opts.json.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
