"""Killed at any moment and run again: no verdict missing, none doubled, only calls in flight asked again."""

import contextlib
import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

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


def killed_runs(tmp_path, rounds, seed):
    """Run and kill `rounds` times, each time after some more calls, then let it finish."""
    rng = random.Random(seed)
    kills = 0
    with JuryServer(latency=0.05) as server:
        runs = Runs(command(tmp_path, server.url))
        for _ in range(rounds):
            wanted = len(server.asks) + rng.randrange(1, max(2, 3 * ITEMS // rounds))
            child, patience = runs.start(), time.monotonic() + 30
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
