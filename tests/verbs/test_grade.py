"""`consilium grade` from files and in a study: what is written, what is kept, and what a kill costs."""

import csv
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from annotate.fault import Fault
from annotate.item import Item, Output
from annotate.metrics.metric import Score
from annotate.metrics.registry import metrics
from cli import main
from data.formats.items import write_items
from data.formats.long import read_ratings
from data.scores import ScoreFile
from verbs.grade import TOGETHER, _needs, grade_file, grade_study

SLOW = """
import pathlib, time

scored = []

def slow(output, references):
    time.sleep(0.001)
    with open(LOG, "a") as file:
        file.write(output + "\\n")
    scored.append(output)
    until = time.monotonic() + 120
    while len(scored) > FAR and not pathlib.Path(LOG + ".struck").exists():
        if time.monotonic() > until:
            raise SystemExit("nobody struck: the test is gone")
        time.sleep(0.01)
    return len(output)
"""


def write_slow(file, log, far):
    """Write a slow metric: each of its processes goes so far and waits for `strike`."""
    file.write_text(SLOW.replace("LOG", repr(str(log))).replace("FAR", str(far)))


def strike(kill, number, sent, log):
    """Send a signal to a process (`os.kill`) or to a group (`os.killpg`) and let what is left of it go on."""
    kill(number, sent)
    log.with_name(log.name + ".struck").touch()


def some_items(count):
    return [
        Item(str(n), (Output(f"output {n} of chest pains", "m1"),), references=(f"chest pain {n % 5}",))
        for n in range(count)
    ]


@pytest.fixture
def there(tmp_path):
    write_items(some_items(20), tmp_path / "items.csv")
    return tmp_path / "items.csv"


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_file_of_items_becomes_a_file_of_ratings(there, tmp_path, capsys):
    out = tmp_path / "ratings.csv"
    assert (
        main(
            [
                "grade",
                "--items",
                str(there),
                "--out",
                str(out),
                "--metric",
                "rouge-l",
                "--metric",
                "baselines",
            ]
        )
        == 0
    )
    said = capsys.readouterr().out
    assert "No overlap metric follows hallucination" in said
    read = read_ratings(out)
    assert set(read.frame["kind"]) == {"metric"}
    assert read.frame.groupby("rater").size().tolist() == [20] * 5
    identities = json.loads((tmp_path / "ratings.metrics.json").read_text())
    assert set(identities) == set(read.frame["rater"])
    assert identities[metrics(["rouge-l"])[0].raters[0]]["stem"] == "porter-nltk"


def test_no_reference_is_a_row_without_a_value(tmp_path):
    write_items([Item("a", (Output("x"),))], tmp_path / "items.csv")
    grade_file(tmp_path / "items.csv", tmp_path / "out.csv", metrics(["chrf"]))
    (row,) = rows(tmp_path / "out.csv")
    assert (row["value"], row["status"], row["reason"]) == ("", "unable", "no reference")


def test_where_nothing_could_be_scored_the_last_line_says_so(tmp_path):
    write_items([Item("a", (Output("x"),))], tmp_path / "items.csv")
    said = grade_file(tmp_path / "items.csv", tmp_path / "out.csv", metrics(["chrf"]))
    assert str(said).endswith("1 unanswered, no reference\nNothing was scored: the reasons stand above.")
    said = grade_file(tmp_path / "items.csv", tmp_path / "out.csv", metrics(["chrf", "length"]))
    assert "Nothing was scored" not in str(said)


def test_shards_of_a_file_add_up_to_the_whole(there, tmp_path):
    whole, parts = tmp_path / "whole.csv", []
    grade_file(there, whole, metrics(["rouge-2"]))
    for shard in range(3):
        grade_file(there, tmp_path / f"{shard}.csv", metrics(["rouge-2"]), shard=(shard, 3))
        parts += rows(tmp_path / f"{shard}.csv")
    assert sorted(map(str, parts)) == sorted(map(str, rows(whole)))


def started(tmp_path, workers):
    """Start a slow run in a group of its own; return it, its metric and its log, once a third is scored."""
    write_items(some_items(1600), tmp_path / "items.csv")
    log = tmp_path / "log"
    write_slow(tmp_path / "own.py", log, 1000 // workers)
    spec = f"{tmp_path / 'own.py'}:slow"
    command = [sys.executable, "-m", "cli", "grade", "--items", str(tmp_path / "items.csv")]
    command += ["--out", str(tmp_path / "out.csv"), "--metric", spec, "--workers", str(workers)]
    run = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True
    )
    until = time.monotonic() + 300
    while not log.exists() or len(log.read_text().split("\n")) < 700:
        assert run.poll() is None, run.stderr.read()
        assert time.monotonic() < until
        time.sleep(0.02)
    return run, spec, log


def finished(tmp_path, spec, log):
    """Run to the end; return how many outputs were scored before and after."""
    seen = len(log.read_text().splitlines())
    grade_file(tmp_path / "items.csv", tmp_path / "out.csv", metrics([spec]))
    assert [row["value"] for row in rows(tmp_path / "out.csv")] == [
        repr(float(len(item.outputs[0].text))) for item in some_items(1600)
    ]
    assert not list(tmp_path.glob(".out.csv.*"))
    return seen, len(log.read_text().splitlines()) - seen


@pytest.mark.parametrize("workers", [1, 2])
def test_after_a_kill_only_the_batch_in_flight_is_scored_again(workers, tmp_path):
    run, spec, log = started(tmp_path, workers)
    strike(os.kill, run.pid, signal.SIGKILL, log)
    run.communicate()
    until = time.monotonic() + 300
    while alive(run.pid) and time.monotonic() < until:  # its processes see that it is gone
        time.sleep(0.05)
    assert not alive(run.pid)
    assert not (tmp_path / "out.csv").exists()
    assert list(tmp_path.glob(".out.csv.*"))
    seen, again = finished(tmp_path, spec, log)
    # With processes the chunk after the one that is being kept has been handed out, too.
    assert 1600 - seen <= again <= 1600 - seen + metrics([spec])[0].batch * workers


def alive(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_ends_every_process_and_says_that_the_same_command_goes_on(workers, tmp_path):
    run, spec, log = started(tmp_path, workers)
    strike(os.killpg, run.pid, signal.SIGINT, log)
    _, said = run.communicate(timeout=300)
    assert run.returncode == 1
    assert "the same command goes on from here" in said
    assert "Traceback" not in said
    assert not (tmp_path / "out.csv").exists()
    assert not list(tmp_path.glob(".out.csv.*"))
    seen, again = finished(tmp_path, spec, log)
    assert 1600 - seen <= again <= 1600 - seen + metrics([spec])[0].batch * workers


def test_a_process_that_is_killed_ends_the_run_with_a_sentence(tmp_path):
    run, spec, log = started(tmp_path, 2)
    children = [
        int(status.parent.name)
        for status in Path("/proc").glob("[0-9]*/status")
        if f"PPid:\t{run.pid}\n" in status.read_text()
        and "spawn_main" in (status.parent / "cmdline").read_text()
    ]
    strike(os.kill, children[0], signal.SIGKILL, log)
    _, said = run.communicate(timeout=300)
    assert run.returncode == 2
    assert "A process that scores was ended" in said
    assert "Traceback" not in said
    finished(tmp_path, spec, log)


def test_two_runs_on_the_same_part_at_once_write_the_same(tmp_path):
    write_items(some_items(1500), tmp_path / "items.csv")
    command = [sys.executable, "-m", "cli", "grade", "--items", str(tmp_path / "items.csv"), "--shard", "1/2"]
    command += ["--out", str(tmp_path / "out.csv"), "--metric", "rouge-l", "--metric", "chrf"]
    runs = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(2)]
    assert [(run.communicate(timeout=300)[1], run.returncode) for run in runs] == [(b"", 0), (b"", 0)]
    both = (tmp_path / "out.csv").read_text()
    grade_file(tmp_path / "items.csv", tmp_path / "alone.csv", metrics(["rouge-l", "chrf"]), shard=(0, 2))
    assert both == (tmp_path / "alone.csv").read_text()


def test_ctrl_c_says_that_the_same_command_goes_on(there, tmp_path, capsys):
    (tmp_path / "own.py").write_text(
        "import pathlib\n"
        f"FIRST = pathlib.Path({str(tmp_path / 'first')!r})\n"
        "def stopped(output):\n"
        "    if not FIRST.exists():\n"
        "        FIRST.touch()\n"
        "        raise KeyboardInterrupt\n"
        "    return 1\n"
    )
    words = ["grade", "--items", str(there), "--out", str(tmp_path / "out.csv"), "--metric"]
    words += [f"{tmp_path / 'own.py'}:stopped"]
    assert main(words) == 1
    assert "the same command goes on from here" in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()
    assert main(words) == 0
    assert len(rows(tmp_path / "out.csv")) == 20


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--metric", "rouge-l"], "Say what to grade"),
        (["s", "--items", "i.csv", "--out", "o.csv", "--metric", "rouge-l"], "Say what to grade"),
        (["--items", "i.csv", "--out", "o.csv", "--metric", "rouge-l", "--shard", "3/2"], "is not I/N"),
        (["--items", "none.csv", "--out", "o.csv", "--metric", "rouge-l"], "does not exist"),
        (
            ["--items", "i.csv", "--out", "o.xlsx", "--metric", "rouge-l"],
            "give it the ending .csv or .parquet",
        ),
        (["--items", "i.csv", "--out", "no/o.csv", "--metric", "rouge-l"], "there is no folder"),
        (["--items", "there.csv", "--out", "there.csv", "--metric", "length"], "is the file of items itself"),
        (
            ["--items", "there.csv", "--out", "./there.csv", "--metric", "length"],
            "is the file of items itself",
        ),
        (
            ["--items", "there.csv", "--out", "folder.csv", "--metric", "length"],
            "there is a folder of this name",
        ),
        (
            ["--items", "there.csv", "--out", "o.csv", "--metric", "length", "--workers", "0"],
            "--workers 0 is no",
        ),
    ],
)
def test_arguments_that_cannot_be_used_change_nothing(words, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_items(some_items(3), tmp_path / "there.csv")
    (tmp_path / "folder.csv").mkdir()
    before, items = set(tmp_path.iterdir()), (tmp_path / "there.csv").read_bytes()
    assert main(["grade", *words]) == 2
    assert sentence in capsys.readouterr().err
    assert set(tmp_path.iterdir()) == before
    assert (tmp_path / "there.csv").read_bytes() == items


def test_a_full_disk_is_one_sentence_and_what_was_kept_is_safe(there, tmp_path, monkeypatch):
    grade_file(there, tmp_path / "out.csv", metrics(["rouge-l"]))
    before = (tmp_path / "out.csv").read_bytes()

    def full(self, row):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("data.formats.ratings_file._Csv.write", full)
        with pytest.raises(Fault, match=r"out\.csv cannot be written: No space left on device"):
            grade_file(there, tmp_path / "out.csv", metrics(["length"]))
    assert (tmp_path / "out.csv").read_bytes() == before
    assert not list(tmp_path.glob(".out.csv.*"))
    with ScoreFile(tmp_path / "out.csv.scores") as scores:
        pages = scores._file.execute("PRAGMA page_count").fetchone()[0]
        scores._file.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(Fault, match=r"takes no more scores \(database or disk is full\)"):
            scores.keep({bytes([n]): Score(note="x" * 5000) for n in range(9)})
    with ScoreFile(tmp_path / "out.csv.scores") as scores:
        assert scores.found([bytes([n]) for n in range(9)]) == {}


def test_a_study_gets_its_metrics_as_raters_and_only_what_is_new(store):
    from data.store import items, raters, ratings, studies
    from data.store.frame import ratings_frame

    with store.writing() as session:
        study = studies.create(session, name="ward", title="Ward", protocol_text="title: Ward", who="lead")
        items.add(session, study_id=study.id, items=[*some_items(7), Item("bare", (Output("x"),))])
    told = []
    grade_study(store, "ward", metrics(["rouge-l"]), watch=told.append)
    assert told[-1].share == 1.0
    with store.reading() as session:
        frame = ratings_frame(session, study_id=study.id, kinds=["metric"], words=["reason"])
        graders = raters.in_study(session, study_id=study.id, kinds=["metric"])
        before = ratings.count(session, study_id=study.id)
    assert before == len(frame) == 8 * 3
    assert frame.groupby("item", observed=True)["status"].first().loc["bare"] == "unable"
    assert set(frame.loc[frame["item"] == "bare", "reason"]) == {"no reference"}
    assert {rater.identity["stem"] for rater in graders} == {"porter-nltk"}
    with store.writing() as session:
        items.add(session, study_id=study.id, items=[*some_items(9)[7:]])
    summary = grade_study(store, "ward", metrics(["rouge-l", "length"]))
    assert sum(summary.answered.values()) == 2 * 3 + 10
    with store.reading() as session:
        assert ratings.count(session, study_id=study.id) == before + 2 * 3 + 10


NEEDS_A_LIST = """
import pathlib

DRUGS = pathlib.Path({path!r})

def drugs(output):
    return None if output.endswith("2 of chest pains") else len(DRUGS.read_text().split())
"""


@pytest.fixture
def needing(tmp_path):
    """Return the spec of a metric of one's own that needs a file, and that file, which is not there yet."""
    (tmp_path / "own.py").write_text(NEEDS_A_LIST.format(path=str(tmp_path / "drugs.txt")))
    return f"{tmp_path / 'own.py'}:drugs", tmp_path / "drugs.txt"


def test_what_failed_is_asked_again_by_the_next_run(there, tmp_path, needing):
    spec, drugs = needing
    summary = grade_file(there, tmp_path / "out.csv", metrics([spec]))
    assert summary.answered == {}
    assert {row["status"] for row in rows(tmp_path / "out.csv")} == {"failed", "unable"}
    drugs.write_text("aspirin heparin")
    grade_file(there, tmp_path / "out.csv", metrics([spec]))
    after = [(row["value"], row["status"], row["reason"]) for row in rows(tmp_path / "out.csv")]
    unable = ("", "unable", "drugs gives no value")
    assert after == [unable if n in (2, 12) else ("2.0", "answered", "") for n in range(20)]


def test_what_failed_in_a_study_is_asked_again(store, needing):
    from data.store import items, ratings, studies
    from data.store.frame import ratings_frame

    spec, drugs = needing
    with store.writing() as session:
        study = studies.create(session, name="ward", title="Ward", protocol_text="title: Ward", who="lead")
        items.add(session, study_id=study.id, items=some_items(7))

    def graded():
        grade_study(store, "ward", metrics([spec]))
        with store.reading() as session:
            frame = ratings_frame(session, study_id=study.id, kinds=["metric"])
            return frame["status"].value_counts().to_dict(), ratings.count(session, study_id=study.id)

    assert graded() == graded() == ({"failed": 6, "unable": 1}, 7)
    drugs.write_text("aspirin heparin")
    assert graded() == graded() == ({"answered": 6, "unable": 1}, 7)


def test_a_study_that_got_some_of_the_shards_is_graded_to_its_end(store, tmp_path):
    from data.shipped import protocol
    from data.store import items, raters, studies
    from data.store.frame import ratings_frame
    from verbs.bring import bring
    from verbs.incoming import read_incoming

    there, (metric,) = (
        [replace(item, references=(item.key,)) for item in some_items(20)],
        metrics(["rouge-2"]),
    )
    write_items(there, tmp_path / "items.csv")
    for shard in (0, 2):
        grade_file(tmp_path / "items.csv", tmp_path / f"{shard}.csv", [metric], shard=(shard, 3))
    with store.writing() as session:
        number = studies.create(
            session, name="ward", title="Ward", protocol_text="title: Ward", who="lead"
        ).id
        items.add(session, study_id=number, items=there)
    parts = read_incoming([tmp_path / "0.csv", tmp_path / "2.csv"], protocol("medhelm"))
    bring(store, study_id=number, incoming=parts, who="lead")
    grade_study(store, "ward", [metric])
    with store.reading() as session:
        frame = ratings_frame(session, study_id=number, kinds=["metric"])
        known = raters.in_study(session, study_id=number, kinds=["metric"])
    said = sorted(zip(frame["item"], frame["rater"], strict=True))
    assert said == sorted((item.key, rater) for item in there for rater in metric.raters)
    assert {rater.key: rater.identity for rater in known} == metric.identities()


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT])
def test_a_study_whose_grading_was_stopped_has_each_score_once(stop, migrated_sqlite, tmp_path):
    from data.store import Store, items, ratings, studies
    from data.store.frame import ratings_frame

    url = f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'consilium.db')}"
    store, log = Store(url), tmp_path / "log"
    with store.writing() as session:
        study = studies.create(session, name="ward", title="Ward", protocol_text="title: Ward", who="lead")
        items.add(session, study_id=study.id, items=some_items(400))
    write_slow(tmp_path / "own.py", log, 200)
    spec = f"{tmp_path / 'own.py'}:slow"
    run = subprocess.Popen(
        [sys.executable, "-m", "cli", "grade", "ward", "--metric", spec, "--metric", "rouge-l"],
        env={**os.environ, "CONSILIUM_DATABASE_URL": url},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    until = time.monotonic() + 300
    while not log.exists() or len(log.read_text().split("\n")) < 130:
        assert run.poll() is None, run.stderr.read()
        assert time.monotonic() < until
        time.sleep(0.02)
    strike(os.kill, run.pid, stop, log)
    _, said = run.communicate(timeout=300)
    assert (run.returncode, "Traceback" in said) == ({signal.SIGKILL: -9, signal.SIGINT: 1}[stop], False)
    grade_study(store, "ward", metrics([spec, "rouge-l"]))
    with store.reading() as session:
        frame = ratings_frame(session, study_id=study.id, kinds=["metric"])
        assert ratings.count(session, study_id=study.id) == len(frame) == 400 * 4
    store.close()
    slow = frame[frame["question"] == "slow"].set_index("item")["number"].to_dict()
    assert slow == {item.key: float(len(item.outputs[0].text)) for item in some_items(400)}
    assert len(log.read_text().splitlines()) <= 400 + TOGETHER


def test_a_metric_that_cannot_be_run_leaves_no_rater_behind(store):
    from data.store import items, raters, studies

    def breaks(pairs):
        raise Fault("no such model")

    with store.writing() as session:
        study = studies.create(session, name="ward", title="Ward", protocol_text="title: Ward", who="lead")
        items.add(session, study_id=study.id, items=some_items(3))
    fine = metrics(["length"])[0]
    with pytest.raises(Fault, match="no such model"):
        grade_study(store, "ward", [fine, replace(fine, name="broken", score=breaks)])
    with store.reading() as session:
        there = raters.in_study(session, study_id=study.id, kinds=["metric"])
    assert [rater.key for rater in there] == list(fine.raters)


def test_a_study_that_is_not_there_is_said(store):
    with pytest.raises(Fault, match="ward"):
        grade_study(store, "ward", metrics(["length"]))


def test_a_worker_of_a_cluster_asks_for_a_gpu_only_where_a_metric_runs_on_one():
    plain = metrics(["length"])[0]
    on_gpu = replace(plain, settings={"device": "cuda, torch"})
    assert _needs([plain, replace(plain, settings={"device": "cpu, torch"})]) == {}
    assert _needs([plain, on_gpu]) == {"num_gpus": 1}
