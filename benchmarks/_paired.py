"""Timing that survives a busy machine: interleaved runs, and the median of the ratios of neighbours."""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a path or as a module, same packages

SHORT = 0.02
Run = Callable[[], object]


@dataclass(frozen=True)
class Paired:
    """Medians of seconds, and of the ratios within each round; `floor` is one pass over the data."""

    name: str
    ours: float
    peer: float | None
    floor: float | None
    times_faster: float | None
    times_floor: float | None
    rounds: int
    peer_name: str = ""
    target: str = ""
    note: str = ""

    def __str__(self) -> str:
        parts = [f"{self.name:<42} ours {_time(self.ours)}"]
        if self.peer is not None:
            parts.append(
                f"{self.peer_name or 'peer'} {_time(self.peer)} ({self.times_faster:.3g} times ours)"
            )
        if self.floor is not None:
            parts.append(f"floor {_time(self.floor)} (ours is {self.times_floor:.3g} times it)")
        return " | ".join(
            parts + [f"target {self.target}"] * bool(self.target) + [self.note] * bool(self.note)
        )


def paired(
    name: str,
    ours: Run,
    peer: Run | None = None,
    floor: Run | None = None,
    *,
    rounds: int = 7,
    peer_every: int = 1,
    peer_name: str = "",
    target: str = "",
    note: str = "",
) -> Paired:
    """Time the three in turn, `rounds` times after one warm-up, the peer only every `peer_every` rounds."""
    runs = {"ours": ours, "peer": peer, "floor": floor}
    seconds: dict[str, list[float]] = {key: [] for key in runs}
    faster: list[float] = []
    above: list[float] = []
    for run in (ours, floor):
        if run is not None:
            run()
    for turn in range(rounds):
        mine = _seconds(ours)
        seconds["ours"].append(mine)
        if peer is not None and turn % peer_every == 0:
            seconds["peer"].append(_seconds(peer))
            faster.append(seconds["peer"][-1] / mine)
        if floor is not None:
            seconds["floor"].append(_seconds(floor))
            above.append(mine / seconds["floor"][-1])
    return Paired(
        name,
        statistics.median(seconds["ours"]),
        statistics.median(seconds["peer"]) if seconds["peer"] else None,
        statistics.median(seconds["floor"]) if seconds["floor"] else None,
        statistics.median(faster) if faster else None,
        statistics.median(above) if above else None,
        rounds,
        peer_name,
        target,
        note,
    )


def options(description: str | None) -> argparse.Namespace:
    """Read --json FILE and --quick, which every benchmark takes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, help="write every figure to this file, too")
    parser.add_argument("--quick", action="store_true", help="smaller data and fewer rounds: does it run?")
    return parser.parse_args()


def report(results: list[Paired], to: Path | None) -> None:
    """Print one line a result, and write them as JSON where asked."""
    for result in results:
        print(result)
    if to:
        to.write_text(json.dumps([asdict(result) for result in results], indent=2) + "\n", encoding="utf-8")


def _seconds(run: Run) -> float:
    """Seconds a run; runs of microseconds are repeated, so that the clock and cold caches do not count."""
    gc.collect()
    start = time.perf_counter()
    run()
    once = time.perf_counter() - start
    if once > SHORT:
        return once
    times = int(2 * SHORT / max(once, 1e-6)) + 1
    start = time.perf_counter()
    for _ in range(times):
        run()
    return (time.perf_counter() - start) / times


def _time(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1e3:.3g} ms"
