"""A rate-limit storm: 1,024 calls to a server that takes 32 at once. What is lost, and what is asked."""

from __future__ import annotations

import json
from typing import Any

import _paired
from _court import Timed, alone, ours, server, warm

CALLS = 1024
ALLOWED = 32
TARGET = 1.10


def main() -> None:
    opts = _paired.options(__doc__)
    calls, latency = (256, 0.2) if opts.quick else (CALLS, 1.0)
    rows = []
    with server(latency=latency, allowed=ALLOWED) as at:
        for flavour in ("anthropic", "openai"):
            warm(at.url, flavour)
            for in_flight in (64, calls):
                mine = ours(at.url, flavour, calls, in_flight)
                rows.append(
                    _row(f"consilium, {flavour}, up to {in_flight} in flight", mine, at.tally(), True)
                )
            for retries in (2, 10):
                other = alone(at.url, flavour, calls, calls, aio=True, retries=retries)
                rows.append(_row(f"SDK alone, {flavour}, {retries} retries", other, at.tally(), False))
    if opts.json:
        opts.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def _row(name: str, timed: Timed, tally: dict[str, int], own: bool) -> dict[str, Any]:
    lost, more = timed.calls - timed.done, tally["asked"] / timed.calls
    row: dict[str, Any] = {"name": name, "calls": timed.calls, "lost": lost, "requests_a_call": more}
    row |= {"seconds": timed.seconds, "peak_in_flight": tally["peak"]}
    if own:
        row |= {"target": f"0 lost, {TARGET} requests a call", "met": lost == 0 and more <= TARGET}
    verdict = {True: "met", False: "NOT MET"}.get(row.get("met"), "")
    print(
        f"{name:<44} lost {lost:>4} of {timed.calls}  {more:.3f} requests a call  {timed.seconds:.1f} s  "
        f"{row.get('target', '')} {verdict}",
        flush=True,
    )
    return row


if __name__ == "__main__":
    main()
