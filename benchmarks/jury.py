"""The jury's speed and memory: verdicts a second against the ideal, CPU a verdict, 100,000 verdicts."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

import _paired
from _court import ROOT, Timed, alone, ours, server

LATENCY = 1.0
TARGETS = {64: 0.90, 256: 0.85}
CPU_MS = 1.5
CALLS = 3_840
"""As many at 64 in flight as at 256: what a run costs to begin, some 0.3 s, is spread alike."""
MEGABYTES = 500


def speed(quick: bool) -> list[dict[str, Any]]:
    """Both protocols at 64 and 256 in flight; the SDKs alone in the same minutes."""
    rows = []
    number = 256 if quick else CALLS
    for in_flight, target in TARGETS.items():
        for flavour in ("anthropic", "openai"):
            with server(latency=LATENCY) as at:
                mine = ours(at.url, flavour, number, in_flight)
                few = min(number, in_flight * 6)
                rows.append(_row("consilium", flavour, in_flight, mine, target))
                for aio in (False, True):
                    name = "SDK alone, aiohttp" if aio else "SDK alone"
                    rows.append(
                        _row(name, flavour, in_flight, alone(at.url, flavour, few, in_flight, aio=aio))
                    )
                    print(_said(rows[-1]))
            print(_said(rows[-3]), flush=True)
    return rows


def _row(who: str, flavour: str, in_flight: int, timed: Timed, target: float | None = None) -> dict[str, Any]:
    share = timed.rate / (in_flight / LATENCY)
    row: dict[str, Any] = {
        "name": f"{who}, {flavour}, {in_flight} in flight",
        "calls": timed.calls,
        "calls_s": timed.rate,
        "of_ideal": share,
        "cpu_ms": timed.cpu_ms,
    }
    if target is not None:
        row |= {
            "target": f"{target:.0%} of the ideal, {CPU_MS} ms",
            "met": share >= target and timed.cpu_ms <= CPU_MS,
        }
    return row


def _said(row: dict[str, Any]) -> str:
    met = {True: "met", False: "NOT MET"}.get(row.get("met"), "")
    return (
        f"{row['name']:<48} {row['calls_s']:>7.1f} calls/s  {row['of_ideal']:>6.1%} of the ideal  "
        f"{row['cpu_ms']:.2f} ms CPU a call  {row.get('target', '')} {met}"
    )


def memory(quick: bool) -> dict[str, Any]:
    """100,000 verdicts in a process of their own, from a server that answers at once."""
    number = 5_000 if quick else 100_000
    script = (
        "import sys, json; sys.path[:0] = ['benchmarks', '.']\n"
        "from _court import ours, server\n"
        f"with server(latency=0.0) as at: t = ours(at.url, 'anthropic', {number}, 64)\n"
        "print(json.dumps([t.done, t.seconds, t.cpu_ms, t.megabytes]))"
    )
    start = time.perf_counter()
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    done, seconds, cpu, peak = json.loads(ran.stdout)
    took = time.perf_counter() - start
    print(f"{done:,} verdicts: {peak:.0f} MiB at most, {cpu:.2f} ms CPU a verdict, {took:.0f} s")
    return {
        "name": f"{done:,} verdicts, memory",
        "calls": done,
        "calls_s": done / seconds,
        "cpu_ms": cpu,
        "megabytes": peak,
        "target": f"{MEGABYTES} MiB",
        "met": peak <= MEGABYTES,
    }


def main() -> None:
    opts = _paired.options(__doc__)
    rows = [*speed(opts.quick), memory(opts.quick)]
    if opts.json:
        opts.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
