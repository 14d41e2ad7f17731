"""How many bytes reach a rater's browser, counted where they pass: compressed, headers and all."""

from __future__ import annotations

import random
from contextlib import closing

from playwright.sync_api import Browser, Page

from benchmarks._proxy import Proxy
from benchmarks._room import READING_MS, opened
from benchmarks._told import Figure
from tests import rating_studies as made
from tests.serving import Server

ITEMS = 6


def bytes_on_the_wire(browser: Browser, server: Server, words: int) -> list[Figure]:
    """Count the first page, with an empty cache and again, and an item: its answers, saved, and the next."""
    # Words in a row of their own: what repeats itself would be compressed to nothing.
    rng, known = random.Random(1), made.long_text(300).split()
    text = " ".join(rng.choice(known) + rng.choice(("", "s", f" {rng.random():.2f}")) for _ in range(words))
    token, _ = made.make_study(server.url, cases=ITEMS, source=text)
    with closing(Proxy(server.port, 0)) as proxy:
        page = opened(browser, f"http://127.0.0.1:{proxy.port}", token)
        counts = [_settled(page, proxy)]
        page.reload()
        page.locator(".room h1").wait_for()
        counts.append(_settled(page, proxy))
        for place in range(1, ITEMS - 1):
            page.keyboard.type("425", delay=30)
            page.keyboard.press("Control+Enter")
            page.wait_for_function(
                "n => !document.querySelector('.room h1').textContent.startsWith(`Item ${n} of`)", arg=place
            )
            page.wait_for_timeout(READING_MS)
        counts.append(_settled(page, proxy) / (ITEMS - 2))
        page.context.close()
    steps = ("first page, cold", "first page, warm", "an item, from its answers to the next")
    return [
        {"what": f"ours: bytes of {step} ({words:,} words)", "kB": count / 1000}
        for step, count in zip(steps, counts, strict=True)
    ]


def _settled(page: Page, proxy: Proxy) -> float:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2 * READING_MS)
    count, proxy.came = proxy.came, 0
    return count
