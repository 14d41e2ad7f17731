"""Two Ray workers on this machine, one of them killed half-way: the same scores, none twice, none missing."""

import importlib.util
import os
import signal
import threading
import time
from collections import Counter

import pytest

from annotate.fault import Fault
from annotate.item import Item, Output
from annotate.metrics.cluster import cluster
from annotate.metrics.grading import Unkept, grade
from annotate.metrics.registry import metrics

OWN = """
import os, pathlib, time

def slow_length(output):
    pathlib.Path({seen!r}, str(os.getpid())).touch()
    time.sleep(0.004)
    return len(output)
"""


class Kept(dict):
    """A cache that counts how often each score is kept."""

    def __init__(self):
        self.times = Counter()

    def found(self, keys):
        return {key: self[key] for key in keys if key in self}

    def keep(self, scores):
        self.times.update(scores.keys())
        self.update(scores)


@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is not installed (extra cluster)")
@pytest.mark.filterwarnings("ignore")  # Ray's own
def test_a_worker_that_is_killed_changes_nothing(tmp_path):
    seen = tmp_path / "seen"
    seen.mkdir()
    (tmp_path / "own.py").write_text(OWN.format(seen=str(seen)))
    chosen = metrics(["rouge-l", f"{tmp_path / 'own.py'}:slow_length"])
    there = [
        Item(str(n), (Output(f"output {n} of pains"),), references=("output of pain",)) for n in range(1500)
    ]
    alone = list(grade(there, metrics(["rouge-l", "length"]), Unkept()))
    killed = []

    def kill_one():
        until = time.monotonic() + 120
        while len(list(seen.iterdir())) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        killed.append(int(sorted(seen.iterdir())[0].name))
        os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    cache = Kept()
    with cluster("local", 2, num_cpus=1) as scorer:
        killer.start()
        rated = list(grade(there, chosen, cache, scorer=scorer))
    killer.join()
    assert killed
    assert len(list(seen.iterdir())) == 3  # the two, and the one that took the dead one's place
    rouge = [row for row in rated if row.rater.startswith("rouge-l")]
    assert rouge == [row for row in alone if row.rater.startswith("rouge-l")]
    assert [row.number for row in rated if row.rater.startswith("slow")] == [
        float(len(item.outputs[0].text)) for item in there
    ]
    assert len(rated) == len({(row.item, row.rater) for row in rated}) == 1500 * 4
    assert set(cache.times.values()) == {1}


def test_without_ray_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Fault, match="needs Ray"), cluster("local", 2):
        pass
