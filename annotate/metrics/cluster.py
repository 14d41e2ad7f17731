"""Scoring on a Ray cluster: the same batches, on whatever machines there are.

Ray, because one actor keeps one model loaded on one GPU or core while batches stream to it, which Spark and
Dask have to be talked into; because it restarts a lost worker and runs its batch again, which is safe here,
as a score is a pure function of its texts; and because the same lines run on one laptop.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from typing import Any

from annotate.fault import Fault
from annotate.metrics.grading import Scorer, in_parts
from annotate.metrics.metric import Metric, Pair, Score

RETRIES = 3
"""How often a batch is given to a new worker; one that ends every worker must not go round for ever."""


@contextmanager
def cluster(address: str, count: int, **needs: Any) -> Iterator[Scorer]:
    """Open a `Scorer` that uses `count` actors of the Ray cluster at `address` (``"local"`` starts one here).

    Parameters
    ----------
    needs : what an actor asks Ray for
        ``num_cpus=2``, ``num_gpus=1`` …
    """
    if importlib.util.find_spec("ray") is None:
        raise Fault("Grading on a cluster needs Ray: run `make cluster` (an 80 MB download).")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray would report that it is used
    ray: Any = importlib.import_module("ray")  # Any: its types change from one release to the next
    ours = not ray.is_initialized()
    if ours:
        _joined(ray, address)
    # A worker that dies is started again and its batch is scored again, whatever killed it.
    made = ray.remote(max_restarts=-1, max_task_retries=RETRIES, **needs)(_Worker)
    actors = [made.remote() for _ in range(count)]

    def spread(metric: Metric, batches: Sequence[Sequence[Pair]]) -> Iterable[list[Score]]:
        shared, turn = ray.put(metric), cycle(actors)
        # Handed out now, collected when they are asked for.
        handed = [[next(turn).score.remote(shared, part) for part in in_parts(batch)] for batch in batches]
        return (_collected(ray, parts) for parts in handed)

    try:
        yield spread
    finally:
        if ours:
            ray.shutdown()


def _joined(ray: Any, address: str) -> None:
    # What Ray starts by itself listens on this machine only, and shows no dashboard.
    local = {"include_dashboard": False, "_node_ip_address": "127.0.0.1"} if address == "local" else {}
    try:
        ray.init(address=address, log_to_driver=False, logging_level="error", **local)
    except Exception as fault:  # Ray's own are many: no such host, another version, no room to start
        raise Fault(
            f"There is no Ray cluster to use at {address!r} ({str(fault).splitlines()[0]}); give the address "
            "that `ray start --head` printed, or `--ray local`."
        ) from fault


def _collected(ray: Any, parts: Sequence[Any]) -> list[Score]:
    try:
        return [score for scores in ray.get(parts) for score in scores]
    except ray.exceptions.RayActorError as fault:
        raise Fault(
            f"{RETRIES + 1} workers of the cluster ended on one batch, most often for want of memory; what "
            "was scored before is kept. Use fewer --workers a machine, or find the text that ends them."
        ) from fault


class _Worker:
    """Holds what a metric loads (a model) between batches."""

    def score(self, metric: Metric, pairs: Sequence[Pair]) -> list[Score]:
        return metric.score(pairs)
