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
from annotate.metrics.cluster import RETRIES, cluster
from annotate.metrics.grading import PART, Unkept, grade
from annotate.metrics.registry import metrics
from tests.conftest import skip

OWN = """
import os, pathlib, time

def slow_length(output):
    seen = pathlib.Path({seen!r})
    with open(seen / str(os.getpid()), "ab") as file:
        file.write(b".")
    # Two workers go so far and wait for the one that kills: it is never too late for half-way.
    until = time.monotonic() + 300
    while (seen / str(os.getpid())).stat().st_size > {far} and not seen.with_name("killed").exists():
        assert time.monotonic() < until, "nobody killed a worker"
        time.sleep(0.01)
    time.sleep(0.002)
    return len(output)

def deadly(output):
    os.kill(os.getpid(), 9)
"""
COUNT = 2000


pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.xdist_group("ray")]  # Ray's own warnings


@pytest.fixture(scope="module")
def two_workers():
    """Two workers of a cluster on this machine."""
    if importlib.util.find_spec("ray") is None:
        skip("Ray is not installed (make cluster)")
    with cluster("local", 2, num_cpus=1) as scorer:
        yield scorer


@pytest.fixture
def own(tmp_path):
    """A file of functions, and the folder where each worker leaves a byte for each output that it scored."""
    seen = tmp_path / "seen"
    seen.mkdir()
    (tmp_path / "own.py").write_text(OWN.format(seen=str(seen), far=COUNT * 3 // 8))
    return tmp_path / "own.py", seen


class Kept(dict):
    """A cache that counts how often each score is kept."""

    def __init__(self):
        self.times = Counter()

    def found(self, keys):
        return {key: self[key] for key in keys if key in self}

    def keep(self, scores):
        self.times.update(scores.keys())
        self.update(scores)


def some_items(count):
    return [
        Item(str(n), (Output(f"output {n} of pains"),), references=("output of pain",)) for n in range(count)
    ]


def scored(seen):
    return sum(worker.stat().st_size for worker in seen.iterdir())


def kill_one_half_way(seen, cache, killed):
    until = time.monotonic() + 300
    while (scored(seen) < COUNT // 2 or not cache) and time.monotonic() < until:
        time.sleep(0.01)
    killed.append((min(seen.iterdir()).name, scored(seen)))
    os.kill(int(killed[0][0]), signal.SIGKILL)
    seen.with_name("killed").touch()


def test_a_worker_that_is_killed_half_way_changes_nothing(own, two_workers):
    file, seen = own
    there = some_items(COUNT)
    chosen = metrics(["rouge-l", f"{file}:slow_length"])
    alone = list(grade(there, metrics(["rouge-l"]), Unkept()))
    cache, killed = Kept(), []
    killer = threading.Thread(target=kill_one_half_way, args=(seen, cache, killed))
    killer.start()
    rated = list(grade(there, chosen, cache, scorer=two_workers))
    killer.join()
    ((_, at),) = killed
    assert COUNT // 2 <= at < COUNT
    assert len(list(seen.iterdir())) == 3  # the two, and the one that took the dead one's place
    assert COUNT <= scored(seen) <= COUNT + PART  # what was in flight is scored again, and nothing else
    assert [row for row in rated if row.rater.startswith("rouge-l")] == alone
    assert [row.number for row in rated if row.rater.startswith("slow")] == [
        float(len(item.outputs[0].text)) for item in there
    ]
    assert len(rated) == len({(row.item, row.rater) for row in rated}) == COUNT * 4
    assert set(cache.times.values()) == {1}


def test_a_text_that_ends_every_worker_ends_the_run_with_a_sentence(own, two_workers):
    sentence = f"{RETRIES + 1} workers of the cluster ended on one batch"
    with pytest.raises(Fault, match=sentence):
        list(grade(some_items(3), metrics([f"{own[0]}:deadly"]), Unkept(), scorer=two_workers))


def test_an_address_without_a_cluster_is_said(monkeypatch):
    if importlib.util.find_spec("ray") is None:
        skip("Ray is not installed (make cluster)")
    monkeypatch.setattr("ray.is_initialized", lambda: False)
    with pytest.raises(Fault, match="no Ray cluster to use at 'nowhere'"), cluster("nowhere", 2):
        pass


def test_without_ray_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Fault, match="needs Ray"), cluster("local", 2):
        pass
