"""A rater's steps in our own rating room, timed in Chromium."""

from __future__ import annotations

import random
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks._told import Figure, counted, timed
from data.store import Store, assignments, room
from tests import rating_studies as made
from tests.serving import Server

READING_MS = 350  # a rater reads; meanwhile the next item comes
KEYS = ("accuracy", "completeness", "clarity")
# Runs before the page's own scripts. Painted: one task after the animation frame that follows a change.
WATCH = """
window.times = {pick: [], frame: [], next: [], saved: [], first: 0};
const painted = (act) => requestAnimationFrame(() => {
  const c = new MessageChannel(); c.port1.onmessage = act; c.port2.postMessage(0); });
let picked = 0, completed = 0;
addEventListener('keydown', (event) => {
  if (event.ctrlKey && event.key === 'Enter') completed = event.timeStamp;
  else if (/^\\d$/.test(event.key)) picked = event.timeStamp;
}, true);
let place = '', state = '', changed = 0;
new MutationObserver((changes) => {
  const now = performance.now();
  const h1 = document.querySelector('.room h1')?.textContent || '';
  if (h1 && h1 !== place) {
    place = h1;
    if (!window.times.first) painted(() => { window.times.first = performance.now(); });
    if (completed) {
      const from = completed; completed = 0; picked = 0;
      painted(() => window.times.next.push(performance.now() - from));
    }
  }
  const checks = (c) => c.attributeName === 'aria-checked' && c.target.ariaChecked === 'true';
  if (picked && changes.some(checks)) {
    const from = picked; picked = 0; changed = from;
    window.times.pick.push(now - from);
    painted(() => window.times.frame.push(performance.now() - from));
  }
  const line = document.querySelector('.room .status')?.textContent || '';
  if (line === 'Saved' && state !== 'Saved' && changed) {
    window.times.saved.push(now - changed); changed = 0; }
  state = line;
}).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
"""


def opened(browser: Browser, base: str, token: str, slower: int = 1) -> Page:
    """Open a study's room in a window of its own, on a processor so many times slower."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, bypass_csp=True)
    context.set_default_timeout(60_000)
    page = context.new_page()
    slow_down(page, slower)
    page.add_init_script(WATCH)
    page.goto(f"{base}/enter#{token}")
    page.locator(".room h1").wait_for()
    return page


def slow_down(page: Page, slower: int) -> None:
    """Let the page's own work take so many times as long, as an old laptop would."""
    if slower > 1:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})


def walk(
    browser: Browser,
    server: Server,
    base: str,
    where: str,
    words: int,
    items: int,
    *,
    reading: int = READING_MS,
    slower: int = 1,
) -> list[Figure]:
    """Rate a whole study by keyboard, digits 30 ms apart, and compare what is stored with what was typed."""
    token, number = made.make_study(server.url, cases=items, source=made.long_text(words))
    page = opened(browser, base, token, slower)
    rng = random.Random(words)
    typed = ["".join(rng.choice("12345") for _ in range(3)) for _ in range(items)]
    for place, digits in enumerate(typed, 1):
        page.wait_for_timeout(reading)
        page.keyboard.type(digits, delay=30)
        page.wait_for_timeout(30)
        page.keyboard.press("Control+Enter")
        page.wait_for_function(
            "n => !document.querySelector('.room h1').textContent.startsWith(`Item ${n} of`)", arg=place
        )
    page.locator(".notice", has_text="All your answers are saved.").wait_for()
    times = page.evaluate("window.times")
    page.context.close()
    right = sum(a == b for a, b in zip(typed, stored(server.url, number), strict=True))
    where = f"{where}, {words:,} words"
    return [
        counted("ours", "answers 30 ms apart, stored right", where, right, items),
        timed("ours", "a picked answer is in the page", where, times["pick"], "median 10 ms"),
        timed("ours", "picked answer painted", where, times["frame"]),
        timed("ours", "next item painted", where, times["next"][:-1], "median 60, p95 100 ms"),
    ]


def saving(browser: Browser, server: Server, base: str, where: str, changes: int) -> Figure:
    """Change one answer at a time, as a rater does, and wait for the word."""
    token, _ = made.make_study(server.url, cases=1, source=made.long_text(300))
    page = opened(browser, base, token)
    for n in range(changes):
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("12345"[n % 5])
        page.wait_for_timeout(READING_MS)
    times = page.evaluate("window.times.saved")
    page.context.close()
    return timed("ours", "changed answer saved", f"{where}, 300 words", times, "median 60 ms on the machine")


def stored(url: str, rater_id: int) -> list[str]:
    """Return the digits that are in the database, item by item."""
    store = Store(url)
    with store.reading() as session:
        mine = assignments.standings(session, rater_id=rater_id)
        forms = [room.draft(session, assignment_id=one.assignment_id) for one in mine]
    store.close()
    return [
        "".join(form.form.get(key, {}).get("value", "?") for key in KEYS) if form else "" for form in forms
    ]


def first_page(
    browser: Browser, server: Server, base: str, where: str, rounds: int, slower: int = 1
) -> list[Figure]:
    """Time from the navigation to the room: with an empty cache, and again."""
    token, _ = made.make_study(server.url, cases=2, source=made.long_text(300))
    page = opened(browser, server.base, token)
    cookies = page.context.cookies()
    page.context.close()
    times: dict[str, list[float]] = {"cold": [], "warm": []}
    for _ in range(rounds):
        context = browser.new_context(viewport={"width": 1366, "height": 768}, bypass_csp=True)
        context.add_cookies([{**one, "url": base} for one in map(_bare, cookies)])
        page = context.new_page()
        slow_down(page, slower)
        page.add_init_script(WATCH)
        for found in times.values():
            page.goto(base)
            page.wait_for_function("window.times.first > 0")
            found.append(page.evaluate("window.times.first"))
        context.close()
    target = {"cold": "1,200 ms", "warm": "500 ms"} if where == "loopback" else {"cold": "", "warm": ""}
    where = f"{where}, 300 words"
    return [timed("ours", f"first page, {name}", where, found, target[name]) for name, found in times.items()]


def _bare(cookie: Any) -> dict[str, Any]:
    return {"name": cookie["name"], "value": cookie["value"]}
