"""What the peers of the rating room have in common here: a study to walk through, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Error, Page

from benchmarks._told import Figure, counted, timed

KEYS = ("accuracy", "completeness", "clarity")
CHANGES, ROUNDS, BETWEEN_MS = 5, 2, 600
# When the last request that keeps an answer was answered, by the clock of all pages.
KEPT = """
window.clock = () => performance.timeOrigin + performance.now();
window.afterPaint = (act) => requestAnimationFrame(() => {
  const c = new MessageChannel(); c.port1.onmessage = act; c.port2.postMessage(0); });
const ask = window.fetch;
window.fetch = (...asked) => ask(...asked).then((answer) => {
  const keeps = /updateinstance|drafts|annotations/.test(String(asked[0]?.url || asked[0]));
  if (keeps) sessionStorage.kept = String(clock());
  return answer; });
"""


@dataclass(frozen=True)
class Study:
    """Items with one text, reached at `base` (a link with a delay, for one); a rater reads so long."""

    text: str
    items: int
    base: str
    reading_ms: int = 1200  # sooner Potato's button may not listen yet


@dataclass
class Walked:
    """Milliseconds of each step, and how many items were stored as they were typed."""

    coming: list[float] = field(default_factory=list)
    pick: list[float] = field(default_factory=list)
    saved: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    right: int = 0

    def figures(self, who: str, where: str, items: int) -> list[Figure]:
        """Return all of it as figures."""
        steps = {
            "picked answer painted": self.pick,
            "next item painted": self.coming,
            "changed answer saved": self.saved,
            "first page, cold": self.cold,
            "first page, warm": self.warm,
        }
        told = [timed(who, step, where, times) for step, times in steps.items() if times]
        return [counted(who, "answers 30 ms apart, stored right", where, self.right, items), *told]


Walk = Callable[[Browser, Study], Walked]


def window(browser: Browser, watch: str, cookies_of: Page | None = None) -> Page:
    """Open an empty window that watches, signed in as another page is."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, bypass_csp=True)
    context.set_default_timeout(60_000)
    if cookies_of:
        context.add_cookies(cookies_of.context.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(KEPT + watch)
    return page


def kept_after(page: Page, begun: float, seconds: float = 6) -> float:
    """Wait until a request that keeps an answer was answered; return when (NaN where none was)."""
    for _ in range(int(seconds / 0.02)):
        try:
            at = float(page.evaluate("sessionStorage.kept || 0"))
        except Error:  # between two pages
            at = 0.0
        if at > begun:
            return at - begun
        page.wait_for_timeout(20)
    return float("nan")
