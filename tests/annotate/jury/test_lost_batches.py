"""A batch whose server loses its answers, its list, its files or its mind is handed over once."""

import json
import threading
import time

import pytest

from annotate.jury.juror import Price
from tests.annotate.jury.conftest import juror_of
from tests.annotate.jury.test_batches import BOTH, N, asked
from tests.jury_server import Act, JuryServer


def handed(bench, server, flavour, **said):
    court = bench(juror_of(server.url, flavour, price=Price(1, 10), patience=30.0), items=N)
    return court, court.run(**{"batch": True, "poll": 0.01, "hours": 20 / 3600, **said})


def first(times, spoil):
    """Spoil what a route says the first so many times."""
    turns = iter([spoil] * times)
    return lambda said: next(turns, lambda same: same)(said)


def route(server, name, change):
    answer = getattr(server, name)
    setattr(server, name, lambda *about: change(answer(*about)))


def answer_lost(server, flavour):
    """The server takes the first batch, and what it says to that never arrives."""
    route(server, f"_{flavour}_create", first(1, lambda shown: Act(drop="reset")))


def counted(server, flavour):
    """The server says how many calls it has finished."""
    n = {"succeeded": N, "completed": N}
    route(server, f"_{flavour}_get", lambda shown: {**shown, "request_counts": n})


LISTS = [
    ("rows that are none", lambda page: {**page, "data": [None, 7, "x"]}),
    ("no rows", lambda page: {**page, "data": 7}),
    ("no object", lambda page: [1]),
    ("not there yet", lambda page: {**page, "data": []}),
]


@BOTH
@pytest.mark.parametrize(("name", "spoil"), LISTS)
def test_a_batch_whose_answer_was_lost_is_looked_for_before_it_is_handed_over_again(
    name, spoil, flavour, bench
):
    with JuryServer() as server:
        answer_lost(server, flavour)
        route(server, "_list", first(2, spoil))
        _, sitting = handed(bench, server, flavour)
        assert set(asked(server).values()) == {1}
    assert sitting.progress.outcomes == {"usable": N}


@BOTH
def test_a_batch_is_found_on_a_later_page_of_a_busy_account(flavour, bench):
    counts = {"succeeded": 1}
    others = [{"id": f"o{n}", "processing_status": "ended", "request_counts": counts} for n in range(100)]
    with JuryServer() as server:
        answer_lost(server, flavour)
        route(server, "_list", first(1, lambda page: {"data": others, "has_more": True}))
        _, sitting = handed(bench, server, flavour)
        assert len(server.batches) == 1
        pages = sum(ask.method == "GET" and ask.path.endswith("batches") for ask in server.asks)
    assert pages == 2
    assert sitting.progress.outcomes == {"usable": N}


@BOTH
def test_a_list_without_an_end_is_left_and_nothing_is_handed_over_again(flavour, bench):
    row = {"id": "o1", "processing_status": "ended", "request_counts": {"succeeded": 1}}
    with JuryServer() as server:
        answer_lost(server, flavour)
        route(server, "_list", lambda page: {"data": [row], "has_more": True})
        _, sitting = handed(bench, server, flavour)
        assert set(asked(server).values()) == {1}
        assert len(server.asks) < 20
    assert "does not answer about batches" in sitting.stopped[0]


@BOTH
def test_a_batch_that_has_no_number_is_handed_over_in_no_later_run_either(flavour, bench):
    with JuryServer() as server:
        route(server, f"_{flavour}_create", lambda shown: {**shown, "id": 7})
        route(server, "_list", lambda page: {**page, "data": [{**row, "id": 7} for row in page["data"]]})
        court, _ = handed(bench, server, flavour)
        again = court.run(batch=True, poll=0.01, hours=0.05 / 3600)
        assert set(asked(server).values()) == {1}
    assert "one whose number the server has not told" in again.stopped[0]


LATE = [
    ("anthropic", "_results", lambda text: text.splitlines()[0]),
    ("anthropic", "_results", lambda text: b""),
    ("openai", "_content", lambda text: text.splitlines()[0]),
    ("openai", "_openai_get", lambda shown: {**shown, "output_file_id": None}),
]


@pytest.mark.parametrize(("flavour", "name", "spoil"), LATE)
def test_replies_that_are_finished_and_not_shown_yet_are_waited_for(flavour, name, spoil, bench):
    """A server's files lag behind its counts: what it has finished is paid."""
    with JuryServer() as server:
        counted(server, flavour)
        route(server, name, first(2, spoil))
        _, sitting = handed(bench, server, flavour)
        assert set(asked(server).values()) == {1}
    assert sitting.progress.outcomes == {"usable": N}


@BOTH
def test_a_stop_is_heeded_while_a_server_says_nothing_about_a_batch(flavour, bench):
    stop, since = threading.Event(), []

    def hang(shown):
        since.append(time.monotonic())
        stop.set()
        return Act(hang=True)

    with JuryServer() as server:
        route(server, f"_{flavour}_get", hang)
        court, sitting = handed(bench, server, flavour, stop=stop)
        assert time.monotonic() - since[0] < 10
        assert "by hand" in sitting.stopped[0]
        assert len(list(court.ledger.batches(court.docket.panel.jurors[0]))) == 1


UNKEEPABLE = "\0 \ud800"


@BOTH
def test_what_no_database_keeps_ends_no_run(flavour, bench):
    def odd(lines):
        rows = [json.loads(line) for line in lines]
        for row in rows:
            if flavour == "openai":
                row["response"]["request_id"] = UNKEEPABLE
            else:
                row["result"] = {"type": UNKEEPABLE}
        return [json.dumps(row) for row in rows]

    with JuryServer() as server:
        server.lines_script = first(1, odd)
        court, sitting = handed(bench, server, flavour)
    assert sitting.progress.outcomes == {"usable": N}
    kept = [one for row in court.ledger.sent() for one in court.ledger.attempts(row["key"])]
    assert any("� ?" in one["request_id"] + one["lost"] for one in kept)
