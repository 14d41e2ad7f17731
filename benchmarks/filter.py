"""A changed filter on the page Agreement: from the report that is made to the table and the plotly figure.

1,000 outputs x 10 raters x 3 questions and their mean, with five columns that split the outputs. There is
no peer; the floor is one pass over the report's figures. A lead waits for this and for the browser.
"""

from __future__ import annotations

import sys
import time
from itertools import cycle
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from agreement.report import Report, compare
from agreement.report.picked import ALL, Picked, choices
from agreement.report.settings import Settings
from benchmarks._paired import options, paired, report
from benchmarks.whole_report import study
from pages.plotted import plotted
from verbs.figures import figures

STRATA = {"category": 5, "subcategory": 11, "specialty": 6, "language": 2}


def made(items: int, replicates: int) -> Report:
    """The report; how many draws an interval had makes no difference to whoever reads it."""
    frame, facts = study(items)
    rng = np.random.default_rng(1)
    for column, values in STRATA.items():
        facts[column] = [f"{column}-{k}" for k in rng.integers(0, values, items)]
    return compare(frame, facts, settings=Settings(replicates=replicates))


def filters(of: Report) -> list[Picked]:
    """Every question alone and all of them, in every split, by every coefficient that this leaves."""
    asked = [(), *((question,) for question in choices(of).questions)]
    splits = [Picked(questions=q, split=split) for q in asked for split in choices(of).splits]
    return [
        Picked(one.questions, (), one.split, name) for one in splits for name in choices(of, one).coefficients
    ]


def answer(of: Report, wanted: Picked) -> None:
    """What the page does when a filter is changed."""
    choices(of, wanted)
    _, chart = figures(of, wanted)
    if chart is not None:
        plotted(chart.drawing).to_json()


def main() -> None:
    opts = options(__doc__)
    of = made(60 if opts.quick else 1_000, 200)
    every = filters(of)
    slowest, turn = max((_seconds(of, wanted), at) for at, wanted in enumerate(every)), cycle(every)
    worst = every[slowest[1]]
    note = f"{len(of.figures):,} figures, {len(every):,} filters"
    floor = lambda: sum(figure.n_items for figure in of.figures)  # noqa: E731
    whole = f"{worst.coefficient} by {'nothing' if worst.split == ALL else worst.split}"
    report(
        [
            paired("a filter, one after the other", lambda: answer(of, next(turn)), None, floor,
                   rounds=5 if opts.quick else 15, target="1 s", note=note),
            paired(f"the slowest filter, {whole}", lambda: answer(of, worst), None, floor,
                   rounds=5, target="1 s"),
        ],
        opts.json,
    )  # fmt: skip


def _seconds(of: Report, wanted: Picked) -> float:
    start = time.perf_counter()
    answer(of, wanted)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
