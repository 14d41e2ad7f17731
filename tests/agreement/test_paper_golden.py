"""A tiny fixed report keeps its shape: sections, tables, columns, pictures and names of figures.

Where the format is meant to change, write the file anew and say so in the change:
``python tests/agreement/test_paper_golden.py``.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from agreement.decision import Plan
from agreement.paper.compose import compose, figures, files
from agreement.paper.document import Chart, Table
from agreement.paper.whole import Attendance, whole
from agreement.report.settings import Settings

GOLDEN = Path(__file__).parent / "golden_report.json"
N = 36
RATERS = {
    "C1": "clinician", "C2": "clinician", "C3": "clinician",
    "a@1": "juror", "b@2": "juror", "a@1/canary": "juror", "always-the-same": "juror",
}  # fmt: skip


def shape():
    """The report of a study that draws on every section, without its figures."""
    rows = [
        (f"i{n:02}", rater, kind, question, 4.0 if rater == "always-the-same" else score(n, k, q))
        for q, question in enumerate(("accuracy", "clarity"))
        for k, (rater, kind) in enumerate(RATERS.items())
        for n in range(N)
        if k != 1 or n % 3
    ]
    frame = pd.DataFrame(rows, columns=["item", "rater", "kind", "question", "number"])
    frame = frame.assign(value=frame["number"].map("{:g}".format), status="answered", part="", occasion=1)
    items = {"item": [f"i{n:02}" for n in range(N)], "part": "", "length": np.arange(float(N))}
    facts = pd.DataFrame(items).assign(
        case=[f"c{n // 2}" for n in range(N)],
        system=[f"s{n % 3}" for n in range(N)],
        benchmark=[f"b{n // 18}" for n in range(N)],
    )
    found = whole(frame, facts, plan=Plan(replicates=60), settings=Settings(replicates=100))
    found = replace(found, attendance=(Attendance("C1", "surgery", N, N, 2.0),))
    document = compose(found, title="Golden", provenance={"ratings": "SHA-256 0", "software": "0"})
    told = figures(found, document)
    return {
        "sections": {part.title: [named(block) for block in part.blocks] for part in document.sections},
        "columns": {
            key: table["columns"] for key, table in told["tables"].items() if key != "second_opinions"
        },
        "figure": sorted(told["figures"][0]),
        "coefficients": sorted({f"{f['between']}: {f['coefficient']}" for f in told["figures"]}),
        "json": sorted(told),
        "files": sorted(name for name in files(found, document) if "second_opinions" not in name),
    }


def score(n, k, q):
    """A fixed score from 1 to 5: the output's own quality, shaken by rater and question."""
    return float(np.clip(1 + (n * 7 + q * 3) % 5 + (n + k * (1 + n % 4)) % 3 - 1, 1, 5))


def named(block):
    """A block by its kind and key; second opinions depend on what is installed."""
    if isinstance(block, (Table, Chart)):
        word = f"{type(block).__name__.lower()} {block.key}"
        return "second opinions" if block.key == "second_opinions" else word
    return "second opinions" if block.text.startswith("Second opinions") else f"text ({block.tone})"


def test_the_small_report_has_the_shape_that_is_published():
    golden, made = json.loads(GOLDEN.read_text(encoding="utf-8")), shape()
    assert made.keys() == golden.keys()
    for part in golden:
        assert made[part] == golden[part], f"{part} changed; see this file's first lines"


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(shape(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
