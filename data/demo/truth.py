"""What is true of the demo's raters on the points 1 to 5, so that a test can ask whether we find it.

The model of `scores` lives on an unbounded scale; rounding and the ceiling change every coefficient. So the
truth is taken from a very large study by the same raters. `python -m data.demo.truth` writes it again.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from data.demo import scores

ITEMS = 400_000
SEED = 20260101


def stored() -> dict[str, Any]:
    """Return the truth as it is shipped."""
    text = files("data.demo").joinpath("truth.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def computed(items: int = ITEMS) -> dict[str, Any]:
    """Return the truth of each question and of the composite."""
    rng = np.random.default_rng(SEED)
    said = scores.everyone(rng, scores.latent(rng, items))
    columns = {question: n for n, question in enumerate(scores.QUESTIONS)}
    truth = {question: _truth({r: x[:, n] for r, x in said.items()}) for question, n in columns.items()}
    return {"items": items, **truth, "composite": _truth({r: x.mean(axis=1) for r, x in said.items()})}


def _truth(said: dict[str, scores.Array]) -> dict[str, Any]:
    clinicians = np.stack([said[rater] for rater in scores.SEVERITIES], axis=1)
    everyone = clinicians.mean(axis=1)
    jurors = [*scores.JURORS, scores.CONSTANT]
    return {
        "icc_a1": _icc_a1(clinicians),
        "ceiling": round(float((clinicians == 5).mean()), 4),
        "severity": {
            rater: round(float(said[rater].mean() - everyone.mean()), 4) for rater in scores.SEVERITIES
        },
        "juror_bias": {juror: round(float(said[juror].mean() - everyone.mean()), 4) for juror in jurors},
        "juror_r": {juror: _r(said[juror], everyone) for juror in scores.JURORS},
    }


def _icc_a1(values: scores.Array) -> float:
    """Return ICC(A,1) from the two-way mean squares (McGraw & Wong 1996)."""
    n, k = values.shape
    grand = values.mean()
    rows = k * ((values.mean(axis=1) - grand) ** 2).sum() / (n - 1)
    columns = n * ((values.mean(axis=0) - grand) ** 2).sum() / (k - 1)
    total = ((values - grand) ** 2).sum()
    error = (total - rows * (n - 1) - columns * (k - 1)) / ((n - 1) * (k - 1))
    return round(float((rows - error) / (rows + (k - 1) * error + k * (columns - error) / n)), 4)


def _r(first: scores.Array, second: scores.Array) -> float:
    return round(float(np.corrcoef(first, second)[0, 1]), 4)


if __name__ == "__main__":
    Path(__file__).with_name("truth.json").write_text(
        json.dumps(computed(), indent=2) + "\n", encoding="utf-8"
    )
