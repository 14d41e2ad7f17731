"""Batches of a server that has lost its mind: bounded, nothing invented, nothing dropped in silence."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from annotate.jury.brought import MISSING, TWO, brought
from annotate.jury.juror import Price
from annotate.jury.reply import Raw
from tests.annotate.jury.conftest import juror_of
from tests.annotate.jury.test_killed import command
from tests.awaited import awaited
from tests.jury_server import Act, JuryServer, saying

BOTH = pytest.mark.parametrize("flavour", ["anthropic", "openai"])
MOMENT = 0.05 / 3600  # hours
N = 5


def batched(bench, server, flavour, spoil=None, **said):
    server.lines_script = spoil or (lambda lines: lines)
    court = bench(juror_of(server.url, flavour, price=Price(1, 10)), items=N)
    return court, court.run(batch=True, poll=0.01, **said)


def asked(server):
    """Return how often each call was handed over in a batch."""
    return Counter(key for batch in server.batches.values() for key, _ in batch["requests"])


def once(spoil):
    """Spoil the first file of results only."""
    turns = iter([spoil])
    return lambda lines: next(turns, lambda same: same)(lines)


def renamed(line, name):
    return json.dumps({**json.loads(line), "custom_id": name})


def other_reply(line):
    return line.replace("Because it says so", "Because it does not")


SPOILT = [
    # what the server does to the lines; how often the first call is handed over; what the lead is told
    ("a stranger's line", lambda ls: [*ls, renamed(ls[0], "nobody")], 1, "1 reply to a call that is not"),
    ("strangers' lines", lambda ls: [*ls, renamed(ls[0], "x"), renamed(ls[0], "y")], 1, "2 replies to calls"),
    ("the same line twice", lambda ls: [ls[0], *ls], 1, ""),
    ("two replies to one", lambda ls: [other_reply(ls[0]), *ls], 2, "1 call with two different replies"),
    ("a line is not there", lambda ls: ls[1:], 2, "1 call without a reply"),
    ("a line is cut off", lambda ls: [ls[0][:-9], *ls[1:]], 2, "a line of it is broken"),
    ("a line names no call", lambda ls: [renamed(ls[0], None), *ls[1:]], 2, "names no call"),
    ("a line names a list", lambda ls: [renamed(ls[0], ["x"]), *ls[1:]], 2, "names no call"),
    ("a line is a number", lambda ls: ["7", *ls[1:]], 2, "a line of it is broken"),
    ("NaN in a line", lambda ls: [ls[0][:-1] + ', "x": NaN}', *ls[1:]], 2, "a line of it is broken"),
    ("a field twice", lambda ls: [ls[0][:-1] + ', "custom_id": "x"}', *ls[1:]], 2, "a line of it is broken"),
    ("HTML", lambda ls: ["<html>", "busy", "</html>"], 2, "5 calls without a reply"),
    ("nothing at all", lambda ls: [], 2, "5 calls without a reply"),
    ("empty lines between", lambda ls: ["", *ls, ""], 1, ""),
]  # fmt: skip


@BOTH
@pytest.mark.parametrize(("name", "spoil", "times", "told"), SPOILT)
def test_what_is_wrong_with_a_line_costs_its_call_one_more_and_is_told(
    name, spoil, times, told, flavour, bench
):
    with JuryServer() as server:
        court, sitting = batched(bench, server, flavour, once(spoil))
        counts = asked(server)
    assert sitting.progress.outcomes == {"usable": N}
    lost = N if "5 calls" in told else 1
    assert sorted(counts.values()) == [1] * (N - lost) + [times] * lost
    assert [told in flag for flag in sitting.flags if "batch" in flag] == ([True] if told else [])
    assert len({row["key"] for row in court.ledger.verdicts()}) == N


@BOTH
@pytest.mark.parametrize(
    ("spoil", "outcome", "why"),
    [(lambda ls: [], "failed", "holds no reply"), (lambda ls: ["{", *ls[1:]], "failed", "is broken"),
     (lambda ls: [*map(other_reply, ls), *ls], "invalid", "two different replies")],
)  # fmt: skip
def test_what_stays_wrong_is_asked_twice_and_then_has_no_score(spoil, outcome, why, flavour, bench):
    with JuryServer() as server:
        court, sitting = batched(bench, server, flavour, spoil)
        assert set(asked(server).values()) <= {1, 2}
    assert sitting.progress.outcomes[outcome] >= 1
    assert sum(sitting.progress.outcomes.values()) == N
    rows = [row for row in court.ledger.verdicts() if row["outcome"] == outcome]
    assert all(why in row["why"] for row in rows)
    assert {score.value for score in court.scores() if score.item == rows[0]["item"]} == {None}


@BOTH
def test_a_batch_that_expired_half_way_brings_what_was_paid_and_asks_only_the_rest(flavour, bench):
    seen = Counter()

    def half(ask):
        key = json.dumps(ask.json["messages"])
        seen[key] += 1
        return Act(410) if seen[key] == 1 and list(seen).index(key) % 2 else None

    with JuryServer() as server:
        server.batch_script = half
        court, sitting = batched(bench, server, flavour)
        assert sorted(asked(server).values()) == [1, 1, 1, 2, 2]
    assert sitting.progress.outcomes == {"usable": N}
    # 1,000 tokens in at 1 and 100 out at 10 dollars a million are 0.002 a verdict; what expired is free.
    assert sitting.progress.dollars == pytest.approx(N * 0.002)
    assert len(list(court.ledger.sent())) == 7


@BOTH
@pytest.mark.parametrize("number", ["b\ud800", "b\0", "b" * 5000, 7, None])
def test_a_number_that_cannot_be_kept_is_not_waited_for_nor_handed_over_again_in_that_run(
    number, flavour, bench
):
    with JuryServer() as server:
        create = getattr(server, f"_{flavour}_create")

        def odd(ask):
            shown = create(ask)
            shown["id"] = number
            return shown

        setattr(server, f"_{flavour}_create", odd)
        court, sitting = batched(bench, server, flavour)
        assert set(asked(server).values()) == {1}
    assert "gave it no number that can be kept" in sitting.stopped[0]
    assert list(court.ledger.verdicts()) == []


@BOTH
def test_a_refused_batch_says_whose_and_what_to_do(flavour, bench):
    with JuryServer() as server:
        too_long = Act(413, b'{"error": {"message": "too long"}}')
        setattr(server, "_upload" if flavour == "openai" else "_anthropic_create", lambda ask: too_long)
        _, sitting = batched(bench, server, flavour)
    assert sitting.stopped[0].startswith(f"{flavour}, in batches: The server answered 413: too long.")
    assert "run again later" in sitting.stopped[0]


@BOTH
def test_a_batch_that_never_ends_is_left_after_a_stated_time_and_collected_by_a_later_run(flavour, bench):
    with JuryServer() as server:
        server.batch_polls = 10**9
        begun = time.monotonic()
        court, sitting = batched(bench, server, flavour, hours=MOMENT)
        assert time.monotonic() - begun < 60  # and not for ever
        assert not sitting.complete
        assert "go on waiting" in sitting.stopped[0]
        (number,) = server.batches
        assert number in sitting.stopped[0]
        juror = court.docket.panel.jurors[0]
        assert [batch.number for batch in court.ledger.batches(juror)] == [number]
        assert list(court.ledger.verdicts()) == []
        again = court.run(batch=True, poll=0.01, hours=MOMENT)
        assert not again.complete
        server.batch_polls = 0
        assert court.run(poll=0.01).progress.outcomes == {"usable": N}
        assert len(server.batches) == 1
        assert not any(ask.path == "/v1/messages" for ask in server.asks)


@BOTH
def test_one_batch_that_never_ends_holds_up_no_other(flavour, bench, monkeypatch):
    monkeypatch.setattr("annotate.jury.batch.AT_ONCE", 2)
    with JuryServer() as server:
        first = server._anthropic_get if flavour == "anthropic" else server._openai_get

        def get(ask, key):
            return server.batches[key]["shown"] if key.endswith("_1") else first(ask, key)

        setattr(server, f"_{flavour}_get", get)
        court, sitting = batched(bench, server, flavour, hours=0.3 / 3600)
        assert len(server.batches) == 3
    assert sitting.progress.outcomes == {"usable": 3}
    assert len(list(court.ledger.batches(court.docket.panel.jurors[0]))) == 1


@BOTH
def test_a_batch_that_its_server_has_forgotten_stops_the_run_until_it_is_old(flavour, bench):
    with JuryServer() as server:
        server.batch_polls = 10**9
        court, _ = batched(bench, server, flavour, hours=MOMENT)
        forgotten = server.batches.copy()
        setattr(server, f"_{flavour}_get", lambda ask, key: Act(404, b'{"error": {"message": "gone"}}'))
        assert "404" in court.run(batch=True, poll=0.01).stopped[0]
        assert server.batches == forgotten
        del server.__dict__[f"_{flavour}_get"]
        server.batch_polls = 0
        _age(court, timedelta(days=30))
        original = getattr(server, f"_{flavour}_get")
        gone = Act(404, b'{"error": {"message": "gone"}}')
        setattr(server, f"_{flavour}_get", lambda ask, key: gone if key in forgotten else original(ask, key))
        again = court.run(batch=True, poll=0.01)
    assert again.progress.outcomes == {"usable": N}
    assert any("does not know it any more" in flag for flag in again.flags)


def _age(court, by):
    from dataclasses import replace

    for batch in court.ledger.batches(court.docket.panel.jurors[0]):
        awaited(court.ledger.batch(replace(batch, at=datetime.now(UTC) - by)))


def test_a_batch_that_openai_could_not_start_says_why(bench):
    with JuryServer() as server:
        failed = {"status": "failed", "errors": {"data": [{"message": "line 3 is too long"}]}}
        server._openai_get = lambda ask, key: {**server.batches[key]["shown"], **failed}
        _, sitting = batched(bench, server, "openai")
    assert sitting.progress.outcomes == {"failed": N}
    assert any("line 3 is too long" in flag for flag in sitting.flags)


@pytest.mark.parametrize("status", ["expired", "cancelled"])
def test_a_batch_that_ended_before_any_call_was_finished_says_so(status, bench):
    with JuryServer() as server:
        server._openai_get = lambda ask, key: {**server.batches[key]["shown"], "status": status}
        court, sitting = batched(bench, server, "openai")
    assert sitting.progress.outcomes == {"failed": N}
    assert any(f"it was {status} before any call was finished" in flag for flag in sitting.flags)
    assert all(status in row["why"] for row in court.ledger.verdicts())


@BOTH
@pytest.mark.parametrize("moment", ["submitting", "polling"])
def test_killed_between_handing_over_and_collecting(moment, flavour, tmp_path):
    """Killed while the answer to a submission is on its way, or between two looks at the batch."""
    with JuryServer() as server:
        server.batch_polls = 10**9
        create, name = getattr(server, f"_{flavour}_create"), f"_{flavour}_create"
        if moment == "submitting":
            setattr(server, name, lambda ask: Act(body=json.dumps(create(ask)).encode(), delay=30))
        words = [sys.executable, "-m", "cli", *command(tmp_path, server.url), "--batch", "--poll", "0.05"]
        panel = tmp_path / "panel.toml"
        mine = [part for part in panel.read_text().split("[[juror]]") if f'"{flavour}"' in part]
        panel.write_text("[[juror]]" + mine[0])
        run = subprocess.Popen(words, cwd=Path(__file__).parents[3], stdout=subprocess.DEVNULL)
        looks = 0
        for _ in range(15_000):
            time.sleep(0.02)
            looks = sum(batch["polls"] for batch in server.batches.values())
            if server.batches and (moment == "submitting" or looks > 1):
                break
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        setattr(server, name, create)
        server.batch_polls = 0
        done = subprocess.run(words, cwd=Path(__file__).parents[3], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        assert len(server.batches) == 1
        assert set(asked(server).values()) == {1}
    assert "120 verdicts in 0 requests: 120 usable." in done.stdout


def test_a_reply_that_came_through_outweighs_an_error_beside_it():
    good, bad = Raw(200, b"{}"), Raw(500, b"oops")
    found, odd = brought(["a", "b"], [("a", bad), ("a", good), ("b", good), ("b", Raw(200, b"[]"))])
    assert found["a"] is good
    assert (found["b"].lost, found["b"].body) == (TWO, b"{}\n[]")
    assert brought(["a"], [])[0]["a"].lost == MISSING
    assert "two different" in odd


def test_an_unusable_reply_in_a_batch_counts_as_one_of_two(bench):
    with JuryServer() as server:
        server.batch_script = lambda ask: saying(ask, "Well.")
        _, sitting = batched(bench, server, "anthropic")
        assert set(asked(server).values()) == {2}
    assert sitting.progress.outcomes == {"invalid": N}
