"""Killed at any moment and run again: no verdict missing, none doubled, only calls in flight asked again."""

import contextlib
import csv
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from data.ledger import beside
from data.store import Store
from tests.annotate.jury.test_study import a_study, frame_of
from tests.jury_server import JuryServer

ROOT = Path(__file__).parents[3]
ITEMS, IN_FLIGHT = 120, 8
ROUNDS = int(os.environ.get("CONSILIUM_KILLS", "6"))  # hundreds, where nobody waits for them


def command(tmp_path, url):
    items, panel = tmp_path / "items.csv", tmp_path / "panel.toml"
    with items.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["item", "system", "source", "output"])
        writer.writerows([f"i{n}", "m", "Source.", f"Output {n}."] for n in range(ITEMS))
    panel.write_text(
        "".join(
            f'[[juror]]\nname = "{flavour}"\nprovider = "{flavour}"\nmodel = "m"\nbase_url = "{url}{path}"\n'
            f"in_flight = {IN_FLIGHT}\n"
            for flavour, path in (("anthropic", ""), ("openai", "/v1"))
        )
    )
    words = ["jury", "--items", items, "--out", tmp_path / "r.csv", "--panel", panel, "--yes"]
    return list(map(str, words))


WARM = """
import os, sys
import anthropic, openai, aiohttp, cli, verbs.jury  # once, so that a run starts in no time
for line in sys.stdin:
    child = os.fork()
    if not child:
        sys.stdout = open(os.devnull, "w")
        os._exit(cli.main(line.split("\\t")[:-1]))
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Runs:
    """Starts runs as processes of their own, from one that has imported everything."""

    def __init__(self, words):
        self._line = "\t".join(words) + "\t\n"
        self._warm = subprocess.Popen(
            [sys.executable, "-c", WARM], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self):
        self._warm.stdin.write(self._line)
        self._warm.stdin.flush()
        return int(self._warm.stdout.readline())

    def end(self):
        return int(self._warm.stdout.readline())

    def close(self):
        self._warm.stdin.close()
        self._warm.wait()
        self._warm.stdout.close()


def in_study(tmp_path, url):
    """Return the words for the same panel on a study."""
    panel = command(tmp_path, url)[command(tmp_path, url).index("--panel") + 1]
    return ["jury", "s", "--panel", panel, "--yes"]


def killed_runs(tmp_path, rounds, seed, words=command):
    """Run and kill `rounds` times, each time after some more calls, then let it finish."""
    rng = random.Random(seed)
    kills = 0
    with JuryServer(latency=0.05) as server:
        runs = Runs(words(tmp_path, server.url))
        for _ in range(rounds):
            wanted = len(server.asks) + rng.randrange(1, max(2, 3 * ITEMS // rounds))
            child, patience = runs.start(), time.monotonic() + 300
            while len(server.asks) < wanted and time.monotonic() < patience:
                time.sleep(0.002)
            time.sleep(rng.random() * 0.1)
            with contextlib.suppress(ProcessLookupError):  # it was faster
                os.kill(child, signal.SIGKILL)
            kills += runs.end() == -signal.SIGKILL
        runs.start()
        assert runs.end() == 0
        runs.close()
        asked = Counter(json.dumps(ask.json, sort_keys=True) for ask in server.asks)
    return kills, asked


@pytest.mark.parametrize("seed", [1])
def test_a_killed_run_goes_on_where_it_was(tmp_path, seed):
    kills, asked = killed_runs(tmp_path, ROUNDS, seed)
    with (tmp_path / "r.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    said = Counter((row["item"], row["rater"], row["question"]) for row in rows)
    assert kills >= ROUNDS // 2
    assert len(said) == ITEMS * 2 * 3
    assert set(said.values()) == {1}
    assert {row["status"] for row in rows} == {"answered"}
    assert len(asked) == ITEMS * 2
    # Two jurors with so many calls in flight each: no kill can have lost more than these.
    assert sum(asked.values()) - len(asked) <= kills * 2 * IN_FLIGHT


def test_a_killed_run_in_a_study_goes_on_where_it_was(database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("CONSILIUM_DATABASE_URL", database_url)
    store = Store(database_url)
    study_id = a_study(store, ITEMS)
    rounds = max(2, ROUNDS // 3)
    kills, asked = killed_runs(tmp_path, rounds, 2, in_study)
    frame = frame_of(store, study_id, "juror")
    store.close()
    assert kills >= rounds // 2
    assert len(frame) == ITEMS * 2 * 3
    assert not frame.duplicated(["item", "rater", "question", "occasion"]).any()
    assert set(frame["status"].astype(str)) == {"answered"}
    assert len(asked) == ITEMS * 2
    assert sum(asked.values()) - len(asked) <= kills * 2 * IN_FLIGHT


def test_two_runs_on_one_study_at_once(database_url, tmp_path, monkeypatch):
    """One of them asks; the other says that a jury is sitting, and sends nothing."""
    monkeypatch.setenv("CONSILIUM_DATABASE_URL", database_url)
    store = Store(database_url)
    study_id = a_study(store, ITEMS)
    with JuryServer() as server:
        server.held = threading.Event()  # the one that asks has no reply before the other is turned away
        words = [sys.executable, "-m", "cli", *in_study(tmp_path, server.url)]
        both = [
            subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            for _ in range(2)
        ]
        until = time.monotonic() + 300
        while all(run.poll() is None for run in both) and time.monotonic() < until:
            time.sleep(0.02)
        server.held.set()
        said = {run.communicate()[0]: run.returncode for run in both}
        assert sorted(said.values()) == [0, 2]
        refused = next(words for words, code in said.items() if code == 2)
        assert "A jury is sitting on this already" in refused
        assert "Traceback" not in refused
        asked = Counter(json.dumps(ask.json, sort_keys=True) for ask in server.asks)
        assert len(asked) == ITEMS * 2
        assert set(asked.values()) == {1}
    frame = frame_of(store, study_id, "juror")
    store.close()
    assert len(frame) == ITEMS * 2 * 3
    assert not frame.duplicated(["item", "rater", "question"]).any()


def test_killed_after_a_reply_is_on_disk_and_before_its_verdict_is(tmp_path):
    """What is stored is read again, not asked for again: nothing is paid twice."""
    with JuryServer() as server:
        words = command(tmp_path, server.url)
        stop = (
            "import annotate.jury.seat as s, os, signal, cli, sys\n"
            "s.Seat.find = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)\n"
            "cli.main(sys.argv[1:])"
        )
        run = subprocess.run([sys.executable, "-c", stop, *words], cwd=ROOT, capture_output=True)
        assert run.returncode == -signal.SIGKILL
        paid = len(server.asks)
        assert paid >= 1
        ledger = beside(tmp_path / "r.csv")
        stored = {row["key"] for row in ledger.sent() if any(a["body"] for a in ledger.attempts(row["key"]))}
        ledger.close()
        done = subprocess.run([sys.executable, "-m", "cli", *words], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        asked = Counter(json.dumps(ask.json, sort_keys=True) for ask in server.asks)
        assert stored
        assert len(asked) == ITEMS * 2
        # Asked again are only calls whose reply was not yet on disk.
        assert len(server.asks) == ITEMS * 2 + paid - len(stored)
