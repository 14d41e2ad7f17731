"""How fast the rating room answers, in Chromium, on loopback and over a link with a 120 ms round trip."""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks._label_studio import label_studio_times
from benchmarks._potato import potato_times
from benchmarks._proxy import Proxy
from data.store import Store, assignments, room
from tests import rating_studies as made
from tests.browser.conftest import ARGUMENTS
from tests.conftest import free_port
from tests.serving import Server

LINK_SECONDS = 0.12
Peer = Callable[[Browser, str, int, int, str], tuple[list[float], int]]
PEERS: tuple[tuple[str, str, Peer], ...] = (
    ("potato", "potato-annotation", potato_times),
    ("label-studio", "label-studio", label_studio_times),
)
READING_MS = 350  # a rater reads; meanwhile the next item comes
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    server = Server(f"sqlite:///{folder / 'consilium.db'}", free_port(), folder).start()
    proxy = Proxy(server.port, LINK_SECONDS / 2)
    found: list[dict[str, Any]] = []
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
            for name, base in (("loopback", server.base), ("120 ms link", f"http://127.0.0.1:{proxy.port}")):
                for words, items in ((300, 20 if args.quick else 200), (5000, 8 if args.quick else 40)):
                    found += walk(browser, server, base, name, words, items)
                found += saving(browser, server, base, name, 10 if args.quick else 60)
            found += first_page(browser, server, 3 if args.quick else 8)
            found += peers(browser, args.quick)
    finally:
        server.kill()
        proxy.close()
        shutil.rmtree(folder)
    for row in found:
        print(sentence(row))
    if args.json:
        args.json.write_text(json.dumps(found, indent=1))


def walk(
    browser: Browser, server: Server, base: str, link: str, words: int, items: int
) -> list[dict[str, Any]]:
    """Rate a whole study by keyboard, digits 30 ms apart, and compare what is stored with what was typed."""
    token, number = made.make_study(server.url, cases=items, source=made.long_text(words))
    page = opened(browser, base, token)
    rng = random.Random(words)
    typed = ["".join(rng.choice("12345") for _ in range(3)) for _ in range(items)]
    for place, digits in enumerate(typed, 1):
        page.wait_for_timeout(READING_MS)
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
    where = f"{link}, {words:,} words"
    return [
        {"what": f"digits 30 ms apart, stored right ({where})", "right": right, "of": items},
        row(f"a picked answer is in the page ({where})", times["pick"], "median 10 ms"),
        row(f"… and in the next frame ({where})", times["frame"], ""),
        row(f"completing key to next item painted ({where})", times["next"][:-1], "median 60, p95 100 ms"),
    ]


def saving(browser: Browser, server: Server, base: str, link: str, changes: int) -> list[dict[str, Any]]:
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
    return [row(f"changed answer to “Saved” ({link})", times, "median 60 ms on the machine")]


def opened(browser: Browser, base: str, token: str) -> Page:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, bypass_csp=True)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(f"{base}/enter#{token}")
    page.locator(".room h1").wait_for()
    return page


def stored(url: str, rater_id: int) -> list[str]:
    store = Store(url)
    with store.reading() as session:
        mine = assignments.standings(session, rater_id=rater_id)
        forms = [room.draft(session, assignment_id=one.assignment_id) for one in mine]
    store.close()
    keys = ("accuracy", "completeness", "clarity")
    return [
        "".join(form.form.get(key, {}).get("value", "?") for key in keys) if form else "" for form in forms
    ]


def first_page(browser: Browser, server: Server, rounds: int) -> list[dict[str, Any]]:
    """Time from the navigation to the room: with an empty cache, and again."""
    token, _ = made.make_study(server.url, cases=2, source=made.long_text(300))
    cold, warm = [], []
    for _ in range(rounds):
        page = opened(browser, server.base, token)
        cookies = page.context.cookies()
        page.context.close()
        context = browser.new_context(viewport={"width": 1366, "height": 768}, bypass_csp=True)
        context.add_cookies(cookies)
        page = context.new_page()
        page.add_init_script(WATCH)
        for times in (cold, warm):
            page.goto(server.base)
            page.wait_for_function("window.times.first > 0")
            times.append(page.evaluate("window.times.first"))
        context.close()
    return [row("first page, cold", cold, "1,200 ms"), row("first page, warm", warm, "500 ms")]


def row(what: str, times: list[float], target: str) -> dict[str, Any]:
    p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else float("nan")
    return {
        "what": what,
        "median_ms": statistics.median(times),
        "p95_ms": p95,
        "n": len(times),
        "target": target,
    }


def sentence(found: dict[str, Any]) -> str:
    if "right" in found:
        return f"{found['what']:<66} {found['right']} of {found['of']}"
    told = f"{found['what']:<66} median {found['median_ms']:7.1f} ms   p95 {found['p95_ms']:7.1f} ms"
    return f"{told}   n {found['n']}" + (f"   (target {found['target']})" if found["target"] else "")


def peers(browser: Browser, quick: bool) -> list[dict[str, Any]]:
    """Walk through the peers that are installed by the same steps."""
    found: list[dict[str, Any]] = []
    for command, package, timed in PEERS:
        if shutil.which(command) is None:
            print(f"{command} is not on the path: no peer (pip install {package}, elsewhere than here)")
            continue
        for words in (300, 5000):
            for link in ("loopback", "120 ms link"):
                found += _peer(browser, command, timed, words, link, 6 if quick else 40)
    return found


def _peer(
    browser: Browser, name: str, timed: Peer, words: int, link: str, items: int
) -> list[dict[str, Any]]:
    port = free_port()
    proxy = Proxy(port, LINK_SECONDS / 2)
    base = f"http://127.0.0.1:{port if link == 'loopback' else proxy.port}"
    times, right = timed(browser, made.long_text(words), items, port, base)
    proxy.close()
    where = f"{name}, {link}, {words:,} words"
    return [
        {"what": f"answers 30 ms apart, stored right ({where})", "right": right, "of": items},
        row(f"completing to next item painted ({where})", times, ""),
    ]


if __name__ == "__main__":
    main()
