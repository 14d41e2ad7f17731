"""Scoring in several processes of one machine."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from annotate.metrics.grading import Scorer, here
from annotate.metrics.metric import Metric, Pair, Score

PART = 64
"""How many pairs a process is given at a time."""


@contextmanager
def workers(count: int) -> Iterator[Scorer]:
    """Open a `Scorer` that uses `count` processes, or this one alone.

    A metric that uses every core by itself (BERTScore) stays in this process.

    Examples
    --------
    >>> from annotate.metrics.registry import metrics
    >>> with workers(1) as scorer:
    ...     list(scorer(metrics(["length"])[0], [[Pair("no pain")]]))
    [[Score(values=(2.0,), reason='', note='')]]
    """
    if count <= 1:
        yield here
        return
    # Spawned, not forked: a fork of a process with threads (a page, OpenVINO) may hang.
    with ProcessPoolExecutor(count, multiprocessing.get_context("spawn")) as pool:

        def spread(metric: Metric, batches: Sequence[Sequence[Pair]]) -> Iterable[list[Score]]:
            if metric.threaded:
                return here(metric, batches)
            # Handed out now, collected when they are asked for.
            return _collected([pool.map(metric.score, _parts(batch)) for batch in batches])

        yield spread


def _parts(batch: Sequence[Pair]) -> list[Sequence[Pair]]:
    return [batch[at : at + PART] for at in range(0, len(batch), PART)]


def _collected(handed: Iterable[Iterable[list[Score]]]) -> Iterator[list[Score]]:
    for parts in handed:
        yield [score for scores in parts for score in scores]
