"""The same steps in Label Studio, where it is installed: three five-point questions, one text, the next."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks._waiting import wait_for

KEYS = ("accuracy", "completeness", "clarity")
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
# One page for all items: when Ctrl+Enter was pressed, and when another item was painted, unanswered.
WATCH = """
window.times = []; window.at = ''; let completed = 0, waits = false;
addEventListener('keydown', (event) => {
  if (event.ctrlKey && event.key === 'Enter') completed = event.timeStamp; }, true);
const look = () => {
  const text = document.querySelector('[class*="richtext"]')?.textContent || '';
  const item = (text.match(/case \\d+/) || [''])[0];
  const fresh = item && item !== window.at && document.querySelectorAll('.ant-checkbox-input').length === 15
    && !document.querySelector('.ant-checkbox-checked');
  if (fresh && !waits) {
    waits = true;
    const c = new MessageChannel(); c.port2.postMessage(0);
    c.port1.onmessage = () => {
      waits = false; window.at = item;
      if (completed) window.times.push(performance.now() - completed);
      completed = 0; };
  }
  requestAnimationFrame(look);
};
look();
"""


def label_studio_times(
    browser: Browser, text: str, items: int, port: int, base: str
) -> tuple[list[float], int]:
    """Return milliseconds from Ctrl+Enter to the next item painted, and how many items were stored right.

    `base` is the address through which `port` is reached: a link with a delay, for one.
    """
    folder = Path(tempfile.mkdtemp())
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            _command(port), env=_around(folder), cwd=folder, stdout=log, stderr=log, start_new_session=True
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/health", seconds=300)  # its migrations take a minute or more
        own = f"http://127.0.0.1:{port}"
        project = _project(own, [f"{text} case {n}" for n in range(items + 1)])
        times, typed = _walk(browser, base, project, items)
        stored = _stored(own, project)
        return times, sum(stored.get(item) == said for item, said in typed.items())
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _command(port: int) -> list[str]:
    where = ["--no-browser", "--internal-host", "127.0.0.1", "--port", str(port)]
    who = ["--username", WHO["email"], "--password", WHO["password"], "--user-token", TOKEN]
    return [str(shutil.which("label-studio")), "start", *where, *who]


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


def _walk(browser: Browser, base: str, project: int, items: int) -> tuple[list[float], dict[str, str]]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, bypass_csp=True)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{base}/user/login/")
    for name, value in WHO.items():
        page.fill(f"#{name}", value)
    page.locator("button[type=submit]").first.click()
    page.wait_for_url(lambda url: "login" not in url)
    page.add_init_script(WATCH)
    page.goto(f"{base}/projects/{project}/data?labeling=1")
    rng, typed = random.Random(1), {}
    before = ""
    for _ in range(items):
        before = _another(page, before)
        page.wait_for_timeout(1500)  # as long as the rater of Potato reads
        said = "".join(rng.choice("12345") for _ in KEYS)
        typed[before] = said
        keys = "".join(keys[int(digit) - 1] for keys, digit in zip(HOTKEYS, said, strict=True))
        page.keyboard.type(keys, delay=30)
        page.wait_for_timeout(30)
        page.keyboard.press("Control+Enter")
    _another(page, before)
    times = page.evaluate("window.times")
    context.close()
    return times, typed


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
