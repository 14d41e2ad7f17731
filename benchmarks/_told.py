"""Figures of the rating room: told as they come, and kept even where the run is broken off."""

from __future__ import annotations

import json
import statistics
import time
from pathlib import Path
from typing import Any

Figure = dict[str, Any]


class Sheet:
    """Says every figure at once and rewrites the file, so that nothing measured is lost."""

    def __init__(self, file: Path | None) -> None:
        self.file, self.begun = file, time.monotonic()
        self.figures: list[Figure] = []

    def seconds(self) -> float:
        """Return how long this run has taken."""
        return time.monotonic() - self.begun

    def add(self, *figures: Figure) -> None:
        """Keep figures and say them."""
        self.figures += figures
        for one in figures:
            print(f"{self.seconds():4.0f} s  {sentence(one)}", flush=True)
        if self.file:
            self.file.write_text(json.dumps(self.figures, indent=1), encoding="utf-8")

    def compare(self, peers: tuple[str, ...]) -> None:
        """Add how many times as long each peer took as the rating room, wherever both were measured."""
        ours = {(one["step"], one["where"]): one for one in self.figures if one.get("who") == "ours"}
        for one in [one for one in self.figures if one.get("who") in peers and "median_ms" in one]:
            mine = ours.get((one["step"], one["where"]))
            if mine and mine["median_ms"]:
                self.add(ratio(one, mine))


def ratio(peer: Figure, mine: Figure) -> Figure:
    """Return how many times as long as ours a peer took for the same step at the same place."""
    what = f"{peer['who']} / ours: {peer['step']} ({peer['where']})"
    return {"what": what, "times": peer["median_ms"] / mine["median_ms"]}


def timed(who: str, step: str, where: str, times: list[float], target: str = "") -> Figure:
    """Return the median and the 95th percentile of milliseconds."""
    p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else float("nan")
    median = statistics.median(times) if times else float("nan")
    named = {"what": f"{who}: {step} ({where})", "who": who, "step": step, "where": where}
    return {**named, "median_ms": median, "p95_ms": p95, "n": len(times), "target": target}


def counted(who: str, step: str, where: str, right: int, of: int) -> Figure:
    """Return how many items were stored as they were typed."""
    return {"what": f"{who}: {step} ({where})", "right": right, "of": of}


def sentence(one: Figure) -> str:
    """Return a figure as a line.

    Examples
    --------
    >>> sentence(counted("ours", "stored right", "loopback", 200, 200)).split("  ")[-1].strip()
    '200 of 200'
    """
    if "right" in one:
        return f"{one['what']:<74} {one['right']} of {one['of']}"
    if "times" in one:
        return f"{one['what']:<74} {one['times']:.3g} times"
    if "kB" in one:
        return f"{one['what']:<74} {one['kB']:7.1f} kB"
    told = f"{one['what']:<74} median {one['median_ms']:7.1f} ms   p95 {one['p95_ms']:7.1f} ms"
    return f"{told}   n {one['n']}" + (f"   (target {one['target']})" if one["target"] else "")
