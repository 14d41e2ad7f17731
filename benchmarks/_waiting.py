"""Waiting until a peer's server answers."""

from __future__ import annotations

import time
import urllib.request


def wait_for(address: str, *, seconds: float) -> None:
    """Return as soon as an address answers; RuntimeError where it does not in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{address} did not answer in {seconds:g} s")
