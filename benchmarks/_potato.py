"""The same steps in Potato, where it is installed: three five-point questions, one text, the next item."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Error, Page

from benchmarks._waiting import wait_for

KEYS = ("accuracy", "completeness", "clarity")
SCHEME = (
    "  - {{annotation_type: likert, name: {0}, description: {0}, min_label: poor, max_label: good, size: 5}}"
)
CONFIG = """
server_name: localhost
annotation_task_name: three
task_dir: {folder}
output_annotation_dir: {folder}/out/
output_annotation_format: jsonl
data_files: [items.jsonl]
item_properties: {{id_key: id, text_key: text}}
user_config: {{allow_all_users: true, users: []}}
require_password: false
login: {{type: open}}
alert_time_each_instance: 10000000
site_dir: default
annotation_schemes:
{schemes}
"""
# Potato opens a new page for each item: the times lie in the session's storage, by the clock of all pages.
WATCH = """
const clock = () => performance.timeOrigin + performance.now();
const look = () => {
  const item = document.getElementById('instance_id')?.value;
  const ready = item && document.getElementById('clarity_5_radio');
  if (ready && item !== sessionStorage.seen) {
    sessionStorage.seen = item;
    const c = new MessageChannel(); c.port2.postMessage(0);
    c.port1.onmessage = () => { sessionStorage.at = String(clock()); };
  }
  requestAnimationFrame(look);
};
look();
"""


def potato_times(browser: Browser, text: str, items: int, port: int, base: str) -> tuple[list[float], int]:
    """Return milliseconds from "next" to the next item painted, and how many items were stored right.

    `base` is the address through which `port` is reached: a link with a delay, for one.
    """
    folder = Path(tempfile.mkdtemp())
    rows = [json.dumps({"id": f"i{n}", "text": f"{text} case {n}"}) for n in range(items + 1)]
    (folder / "items.jsonl").write_text("\n".join(rows))
    schemes = "\n".join(SCHEME.format(key) for key in KEYS)
    (folder / "config.yaml").write_text(CONFIG.format(folder=folder, schemes=schemes))
    command = [str(shutil.which("potato")), "start", "config.yaml", "-p", str(port)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_for(f"http://127.0.0.1:{port}/", seconds=60)
        times, typed = _walk(browser, base, items)
        time.sleep(2)
        return times, sum(_stored(folder).get(item) == said for item, said in typed.items())
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _walk(browser: Browser, base: str, items: int) -> tuple[list[float], dict[str, str]]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, bypass_csp=True)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(base)
    page.fill("#login-email", "rater")
    page.locator("button[type=submit]").click()
    rng, times, typed = random.Random(1), [], {}
    for _ in range(items):
        _painted_at(page)
        page.wait_for_timeout(1500)  # sooner its button may not listen yet
        item = page.evaluate("document.getElementById('instance_id').value")
        said = "".join(rng.choice("12345") for _ in KEYS)
        for key, digit in zip(KEYS, said, strict=True):
            page.evaluate("id => document.getElementById(id).click()", f"{key}_{digit}_radio")
            page.wait_for_timeout(30)
        typed[item] = said
        begun = page.evaluate(
            """() => { sessionStorage.removeItem('at');
            const now = performance.timeOrigin + performance.now();
            document.getElementById('next-btn').click(); return now; }"""
        )
        times.append(_painted_at(page) - begun)
    context.close()
    return times, typed


def _painted_at(page: Page) -> float:
    """Wait, over the change of page, until the item is painted; return when it was."""
    for _ in range(1000):
        with contextlib.suppress(Error):
            at = page.evaluate("sessionStorage.at")
            if at:
                return float(at)
        page.wait_for_timeout(30)
    raise RuntimeError("Potato's next item did not come")


def _stored(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in folder.glob("out/*/user_state.json"):
        labels = json.loads(file.read_text()).get("instance_id_to_label_to_value", {})
        for item, pairs in labels.items():
            said = {pair[0]["schema"]: str(pair[1]) for pair in pairs}
            found[item] = "".join(said.get(key, "?") for key in KEYS)
    return found
