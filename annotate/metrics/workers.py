"""Scoring in several processes of one machine."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from annotate.fault import Fault
from annotate.metrics.grading import Scorer, here, in_parts
from annotate.metrics.metric import Metric, Pair, Score

GRACE = 0.5
"""How many seconds a process has to finish when the run is stopped."""


@contextmanager
def workers(count: int) -> Iterator[Scorer]:
    """Open a `Scorer` that uses `count` processes, or this one alone.

    A metric that uses every core by itself (BERTScore) stays in this process.

    Examples
    --------
    >>> from annotate.metrics.registry import metrics
    >>> with workers(1) as scorer:
    ...     list(scorer(metrics(["length"])[0], [[Pair("no pain")]]))
    [[Score(values=(2.0,), reason='', note='', failed=False)]]
    """
    if count <= 1:
        yield here
        return
    before = set(multiprocessing.active_children())
    # Spawned, not forked: a fork of a process with threads (a page, OpenVINO) may hang.
    pool = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), initializer=_begin)

    def spread(metric: Metric, batches: Sequence[Sequence[Pair]]) -> Iterable[list[Score]]:
        if metric.threaded:
            return here(metric, batches)
        # Handed out now, collected when they are asked for.
        return _collected([pool.map(metric.score, in_parts(batch)) for batch in batches])

    try:
        yield spread
    except BaseException:
        # What was not begun is dropped first; then nobody waits long for what is in flight.
        pool.shutdown(wait=False, cancel_futures=True)
        for child in set(multiprocessing.active_children()) - before:
            child.join(GRACE)
            child.terminate()
        raise
    pool.shutdown()


def _begin() -> None:
    """Make a process end with the one that started it, however that ended: Ctrl+C is said to that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _collected(handed: Iterable[Iterable[list[Score]]]) -> Iterator[list[Score]]:
    try:
        for parts in handed:
            yield [score for scores in parts for score in scores]
    except BrokenProcessPool as fault:
        raise Fault(
            "A process that scores was ended, most often for want of memory; what was scored is kept: run "
            "the same command again, with fewer --workers."
        ) from fault
