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
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Error, Page

from benchmarks._peer import BETWEEN_MS, CHANGES, KEYS, ROUNDS, Study, Walk, Walked, kept_after, window
from benchmarks._waiting import wait_for

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
const look = () => {
  const item = document.getElementById('instance_id')?.value;
  const ready = item && document.getElementById('clarity_5_radio');
  const seen = `${item} ${performance.timeOrigin}`;
  if (ready && seen !== sessionStorage.seen) {
    sessionStorage.seen = seen;
    const c = new MessageChannel(); c.port2.postMessage(0);
    c.port1.onmessage = () => { sessionStorage.at = String(clock()); };
  }
  requestAnimationFrame(look);
};
look();
"""
PICK = """id => new Promise((done) => { const from = clock();
  document.getElementById(id).click(); afterPaint(() => done([from, clock() - from])); })"""
NEXT = """() => { sessionStorage.removeItem('at'); const now = clock();
  document.getElementById('next-btn').click(); return now; }"""


@contextlib.contextmanager
def potato(command: str, port: int) -> Iterator[Walk]:
    """Yield what walks through a study in Potato; each study has a server of its own, which starts soon."""

    def walk(browser: Browser, study: Study) -> Walked:
        with _served(command, port, study) as folder:
            found, typed = _walked(browser, study)
            time.sleep(2)
            found.right = sum(_stored(folder).get(item) == said for item, said in typed.items())
            return found

    yield walk


@contextlib.contextmanager
def _served(command: str, port: int, study: Study) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp())
    rows = [json.dumps({"id": f"i{n}", "text": f"{study.text} case {n}"}) for n in range(study.items + 1)]
    (folder / "items.jsonl").write_text("\n".join(rows))
    schemes = "\n".join(SCHEME.format(key) for key in KEYS)
    (folder / "config.yaml").write_text(CONFIG.format(folder=folder, schemes=schemes))
    start = [command, "start", "config.yaml", "-p", str(port)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(start, cwd=folder, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_for(f"http://127.0.0.1:{port}/", seconds=60)
        yield folder
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _walked(browser: Browser, study: Study) -> tuple[Walked, dict[str, str]]:
    page = window(browser, WATCH)
    page.goto(study.base)
    page.fill("#login-email", "rater")
    page.locator("button[type=submit]").click()
    rng, found, typed = random.Random(1), Walked(), {}
    _painted_at(page)
    _first_pages(browser, page, study, found)
    for _ in range(study.items):
        _painted_at(page)
        page.wait_for_timeout(study.reading_ms)
        item = page.evaluate("document.getElementById('instance_id').value")
        said = "".join(rng.choice("12345") for _ in KEYS)
        for key, digit in zip(KEYS, said, strict=True):
            found.pick.append(page.evaluate(PICK, f"{key}_{digit}_radio")[1])
            page.wait_for_timeout(30)
        typed[item] = said
        begun = page.evaluate(NEXT)
        found.coming.append(_painted_at(page) - begun)
    page.wait_for_timeout(study.reading_ms)
    for n in range(CHANGES):
        page.wait_for_timeout(BETWEEN_MS)
        begun = page.evaluate(PICK, f"accuracy_{n % 5 + 1}_radio")[0]
        found.saved.append(kept_after(page, begun))
    page.context.close()
    return found, typed


def _first_pages(browser: Browser, page: Page, study: Study, found: Walked) -> None:
    for _ in range(ROUNDS):
        fresh = window(browser, WATCH, cookies_of=page)
        for times in (found.cold, found.warm):
            fresh.goto(study.base)
            fresh.wait_for_function("Number(sessionStorage.at) > performance.timeOrigin")
            times.append(fresh.evaluate("Number(sessionStorage.at) - performance.timeOrigin"))
        fresh.context.close()


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
