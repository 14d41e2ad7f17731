"""The same steps in Label Studio, where it is installed: three five-point questions, one text, the next."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks._peer import BETWEEN_MS, CHANGES, KEYS, ROUNDS, Study, Walk, Walked, kept_after, window
from benchmarks._waiting import wait_for

HOTKEYS = ("12345", "67890", "qweta")  # what it gives to the points of the first three questions
WHO = {"email": "rater@example.org", "password": "a-password-for-loopback"}
TOKEN = "0123456789abcdef0123456789abcdef01234567"
QUESTION = '<Choices name="{0}" toName="t" choice="single">{1}</Choices>'
QUIET = {
    "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
    "COLLECT_ANALYTICS": "false",
    "LATEST_VERSION_CHECK": "false",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
}
# One page for all items: when a key was pressed, and when its answer, or another item, was painted.
WATCH = """
window.times = []; window.pick = []; window.at = ''; window.first = 0;
let completed = 0, waits = false, picked = 0, before = 0;
const boxes = () => [...document.querySelectorAll('.ant-checkbox-input')];
const ticked = () => boxes().map((one) => +one.checked).join('');
addEventListener('keydown', (event) => {
  if (event.ctrlKey && event.key === 'Enter') completed = event.timeStamp;
  else if (event.key.length === 1) {
    picked = event.timeStamp; before = ticked(); window.pressed = performance.timeOrigin + picked; }
}, true);
const look = () => {
  if (picked && ticked() !== before) {
    const from = picked; picked = 0;
    const c = new MessageChannel(); c.port2.postMessage(0);
    c.port1.onmessage = () => window.pick.push(performance.now() - from);
  }
  const text = document.querySelector('[class*="richtext"]')?.textContent || '';
  const item = (text.match(/case \\d+/) || [''])[0];
  const fresh = item && item !== window.at && document.querySelectorAll('.ant-checkbox-input').length === 15
    && !document.querySelector('.ant-checkbox-checked');
  if (fresh && !waits) {
    waits = true;
    const c = new MessageChannel(); c.port2.postMessage(0);
    c.port1.onmessage = () => {
      waits = false; window.at = item; window.first ||= performance.now();
      if (completed) window.times.push(performance.now() - completed);
      completed = 0; };
  }
  requestAnimationFrame(look);
};
look();
"""


@contextlib.contextmanager
def label_studio(command: str, port: int) -> Iterator[Walk]:
    """Start Label Studio once (its migrations take a minute or more); yield what walks through a study."""
    folder = Path(tempfile.mkdtemp())
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            _command(command, port),
            env=_around(folder),
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        own = f"http://127.0.0.1:{port}"
        wait_for(f"{own}/health", seconds=300)

        def walk(browser: Browser, study: Study) -> Walked:
            project = _project(own, [f"{study.text} case {n}" for n in range(study.items + 1)])
            found, typed = _walked(browser, study, project)
            stored = _stored(own, project)
            found.right = sum(stored.get(item) == said for item, said in typed.items())
            return found

        yield walk
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _command(command: str, port: int) -> list[str]:
    where = ["--no-browser", "--internal-host", "127.0.0.1", "--port", str(port)]
    who = ["--username", WHO["email"], "--password", WHO["password"], "--user-token", TOKEN]
    return [command, "start", *where, *who]


def _around(folder: Path) -> dict[str, str]:
    return {**os.environ, **QUIET, "HOME": str(folder), "LABEL_STUDIO_BASE_DATA_DIR": str(folder)}


def _asked(url: str, body: Any = None) -> Any:
    content = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, content, headers), timeout=60) as answer:
        return json.loads(answer.read())


def _project(own: str, texts: list[str]) -> int:
    points = "".join(f'<Choice value="{n}"/>' for n in range(1, 6))
    questions = "".join(QUESTION.format(key, points) for key in KEYS)
    config = f'<View><Text name="t" value="$text"/>{questions}</View>'
    number = int(_asked(f"{own}/api/projects", {"title": "three", "label_config": config})["id"])
    _asked(f"{own}/api/projects/{number}/import", [{"text": text} for text in texts])
    return number


def _walked(browser: Browser, study: Study, project: int) -> tuple[Walked, dict[str, str]]:
    page = window(browser, WATCH)
    _sign_in(page, study.base)
    task = f"{study.base}/projects/{project}/data?labeling=1"
    rng, found, typed = random.Random(1), Walked(), {}
    for _ in range(ROUNDS):
        fresh = window(browser, WATCH, cookies_of=page)
        for times in (found.cold, found.warm):
            fresh.goto(task)
            _another(fresh, "")
            times.append(fresh.evaluate("window.first"))
        fresh.context.close()
    page.goto(task)
    before = ""
    for _ in range(study.items):
        before = _another(page, before)
        page.wait_for_timeout(study.reading_ms)
        said = "".join(rng.choice("12345") for _ in KEYS)
        typed[before] = said
        keys = "".join(keys[int(digit) - 1] for keys, digit in zip(HOTKEYS, said, strict=True))
        page.keyboard.type(keys, delay=30)
        page.wait_for_timeout(30)
        page.keyboard.press("Control+Enter")
    _another(page, before)
    found.coming, found.pick = page.evaluate("window.times"), page.evaluate("window.pick")
    page.wait_for_timeout(study.reading_ms)
    found.saved = [_saved(page, HOTKEYS[0][n % 5]) for n in range(CHANGES)]
    page.context.close()
    return found, typed


def _sign_in(page: Page, base: str) -> None:
    page.goto(f"{base}/user/login/")
    for name, value in WHO.items():
        page.fill(f"#{name}", value)
    page.locator("button[type=submit]").first.click()
    page.wait_for_url(lambda url: "login" not in url)


def _saved(page: Page, key: str) -> float:
    page.wait_for_timeout(BETWEEN_MS)
    page.keyboard.press(key)
    return kept_after(page, page.evaluate("window.pressed"))


def _another(page: Page, before: str) -> str:
    page.wait_for_function("before => window.at && window.at !== before", arg=before)
    return str(page.evaluate("window.at"))


def _stored(own: str, project: int) -> dict[str, str]:
    found = {}
    for task in _asked(f"{own}/api/projects/{project}/export?exportType=JSON"):
        said = {
            row["from_name"]: row["value"]["choices"][0]
            for annotation in task["annotations"]
            for row in annotation["result"]
        }
        item = "case " + task["data"]["text"].rpartition("case ")[2]
        found[item] = "".join(said.get(key, "?") for key in KEYS)
    return found
