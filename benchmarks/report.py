"""The whole agreement report: a MedHELM-size study, and a large one, with every interval and difference."""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import pandas as pd

from agreement.report import compare
from agreement.report.settings import Settings
from benchmarks._paired import options, paired, report


def study(
    items: int, clinicians: int, per_item: int, jurors: int, metrics: int, questions: int
) -> pd.DataFrame:
    """Ratings on five points: `per_item` of the clinicians each item, all jurors, metrics on 0 to 1."""
    rng = np.random.default_rng(0)
    truth, severity = rng.normal(3.6, 0.8, items), rng.normal(0, 0.3, clinicians)
    rows: list[tuple[str, str, str, str, float]] = []
    for i in range(items):
        who = rng.permutation(clinicians)[:per_item]
        for q in range(questions):
            level = truth[i] + rng.normal(0, 0.4)
            for kind, letter, raters in (("clinician", "C", who), ("juror", "J", np.arange(jurors))):
                for k in raters:
                    own = severity[k] if kind == "clinician" else 0.3 * k
                    score = float(np.clip(np.round(level + own + rng.normal(0, 0.8)), 1, 5))
                    rows.append((f"i{i}", f"{letter}{k}", kind, f"q{q}", score))
        for m in range(metrics):
            rows.append((f"i{i}", f"M{m}", "metric", "score", truth[i] / 10 + rng.normal(0, 0.15)))
    frame = pd.DataFrame(rows, columns=["item", "rater", "kind", "question", "number"])
    return frame.assign(value=frame["number"].astype(str), part="", occasion=1, status="answered", reason="")


def _cpu(frame: pd.DataFrame, settings: Settings) -> float:
    """Seconds of processor time, which other programs on the machine stretch less than the clock."""
    start = time.process_time()
    compare(frame, settings=settings)
    return time.process_time() - start


def main() -> None:
    opts = options(__doc__)
    settings = Settings(replicates=200 if opts.quick else 2000)
    sizes = {
        "56 items, 13 clinicians (2 an item), 3 jurors, 2 metrics, 3 questions + composite": (
            study(56, 13, 2, 3, 2, 3),
            "1 s",
        ),
        "1,000 items x 10 raters, 3 questions + composite": (
            study(60 if opts.quick else 1_000, 6, 6, 3, 1, 3),
            "5 s",
        ),
    }
    results = [
        paired(
            f"report of {name}",
            lambda frame=frame: compare(frame, settings=settings),
            None,
            lambda frame=frame: frame.groupby(["question", "rater"])["number"].sum(),
            rounds=2 if opts.quick else 5,
            target=target,
            note=f"{_cpu(frame, settings):.2g} s of one processor; floor: one grouped sum",
        )
        for name, (frame, target) in sizes.items()
    ]
    report(results, opts.json)


if __name__ == "__main__":
    main()
