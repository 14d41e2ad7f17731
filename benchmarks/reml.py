"""Crossed REML of incomplete ratings with all forms and intervals, beside R's lme4 where R is installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from agreement.crossed.components import components
from agreement.crossed.icc import crossed_iccs
from benchmarks._paired import Paired, options, paired, report

LMER = """
suppressMessages(library(lme4)); d <- read.csv(commandArgs(TRUE)[1])
s <- numeric(3); for (i in 1:3) s[i] <- system.time(m <- lmer(y ~ 1 + (1|item) + (1|rater), d))[["elapsed"]]
v <- as.data.frame(VarCorr(m))$vcov; cat(sprintf("[%.9f,%.9f,%.9f,%.4f]", v[1], v[2], v[3], median(s)))
"""


def ratings(items: int, raters: int, each: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    y = rng.normal(size=(items, 1)) + 0.4 * rng.normal(size=raters) + rng.normal(size=(items, raters))
    return np.where(np.argsort(rng.random(y.shape), axis=1) < each, y, np.nan)


def lme4(values: np.ndarray) -> list[float] | None:
    """Item, rater, residual variance and median seconds of three fits by R; None where there is no lme4."""
    if not shutil.which("Rscript"):
        return None
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.csv"
        rows, columns = np.nonzero(~np.isnan(values))
        table = np.column_stack([rows, columns, values[rows, columns]])
        np.savetxt(data, table, delimiter=",", header="item,rater,y", comments="", fmt=["%d", "%d", "%.17g"])
        done = subprocess.run(["Rscript", "-e", LMER, str(data)], capture_output=True, text=True)
    return json.loads(done.stdout) if done.returncode == 0 else None


def race(items: int, raters: int, each: int, target: str, rounds: int) -> Paired:
    values = ratings(items, raters, each)
    theirs = lme4(values)
    note = "floor: one pass over the ratings; R with lme4 is not installed here"
    if theirs:
        ours = components(values).variance
        gap = float(np.abs(np.sort(ours[:2]) - np.sort(theirs[:2])).max())
        note = (
            f"floor: one pass over the ratings; lme4 took {theirs[3]:.3g} s, components differ by {gap:.1g}"
        )
    return paired(
        f"REML, {items:,} x {raters}, {each} an item, five forms with intervals",
        lambda: crossed_iccs(values),
        None,
        lambda: np.nansum(values),
        rounds=rounds,
        target=target,
        note=note,
    )


def main() -> None:
    opts = options(__doc__)
    if opts.quick:
        results = [race(200, 6, 2, "", 3)]
    else:
        results = [race(1_000, 10, 3, "100 ms or less", 9), race(100_000, 20, 3, "0.5 s or less", 5)]
    report(results, opts.json)


if __name__ == "__main__":
    main()
