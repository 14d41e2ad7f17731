"""How long the whole report of 1,000 outputs × 10 raters × 3 questions takes, step by step.

There is no peer that makes such a report; the floor is reading the ratings once into a matrix a question.
Processor seconds are printed beside the clock: on a busy machine only they mean something.

    python benchmarks/whole_report.py [--json FILE] [--quick]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parents[1]))

from agreement.matrix import matrix
from agreement.paper.compose import compose, files
from agreement.paper.whole import whole

QUESTIONS = ("accuracy", "completeness", "clarity")


def study(items: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the ratings of 7 clinicians and 3 jurors, and what is known of the outputs."""
    rng = np.random.default_rng(0)
    keys = [f"output-{i}" for i in range(items)]
    parts = []
    for question in QUESTIONS:
        truth = rng.normal(3.3, 0.9, items)
        for k in range(10):
            said = np.clip(np.round(truth + rng.normal(0, 0.2) + rng.normal(0, 0.7, items)), 1, 5)
            kind = "clinician" if k < 7 else "juror"
            part = {"item": keys, "rater": f"{kind}-{k}", "kind": kind, "question": question, "number": said}
            parts.append(pd.DataFrame(part))
    frame = pd.concat(parts, ignore_index=True)
    frame = frame.assign(value=frame["number"].map("{:g}".format), status="answered", part="", occasion=1)
    facts = pd.DataFrame({"item": keys, "part": "", "length": rng.normal(200, 30, items)})
    facts["case"] = [f"case-{i // 2}" for i in range(items)]
    facts["system"] = [f"system-{i % 4}" for i in range(items)]
    return frame, facts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true", help="100 outputs instead of 1,000")
    args = parser.parse_args()
    items = 100 if args.quick else 1000
    with threadpool_limits(1):  # as `consilium report` does: matrices are small
        _timed(items, args.json)


def _timed(items: int, out: Path | None) -> None:
    frame, facts = study(items)
    marks = [("floor: three matrices", time.perf_counter(), time.process_time())]
    for question in QUESTIONS:
        matrix(frame, question=question, kinds=["clinician", "juror"])
    marks.append(("figures and decisions", time.perf_counter(), time.process_time()))
    found = whole(frame, facts)
    marks.append(("sections", time.perf_counter(), time.process_time()))
    document = compose(found, title="A study", provenance={})
    marks.append(("all formats", time.perf_counter(), time.process_time()))
    made = files(found, document)
    marks.append(("end", time.perf_counter(), time.process_time()))
    table = {
        name: {"seconds": after[1] - wall, "processor_seconds": after[2] - cpu}
        for (name, wall, cpu), after in pairwise(marks)
    }
    table["whole report"] = {
        key: sum(row[key] for name, row in table.items() if not name.startswith("floor"))
        for key in ("seconds", "processor_seconds")
    }
    size = sum(map(len, made.values()))
    print(f"{items:,} outputs × 10 raters × 3 questions, {len(made)} files, {size:,} bytes")
    for name, row in table.items():
        print(f"  {name:<24} {row['seconds']:8.2f} s   {row['processor_seconds']:8.2f} s of processor")
    if out:
        out.write_text(json.dumps({"items": items, "steps": table}, indent=2))


if __name__ == "__main__":
    main()
