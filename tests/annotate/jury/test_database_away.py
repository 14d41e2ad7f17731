"""The database is away while verdicts come in: what is paid is kept, and nobody else sits down."""

import sqlite3
import threading
import time
from collections import Counter

import psycopg
import pytest

from annotate.fault import Fault
from annotate.jury.panel import Panel
from data.store import Store
from tests.annotate.jury.conftest import juror_of
from tests.annotate.jury.test_study import a_study, frame_of
from tests.jury_server import JuryServer
from verbs.jury_bench import of_study

ITEMS = 30


def asked(server):
    return Counter(ask.body for ask in server.asks)


def at_ask(deeds):
    """Return a script that does something while the nth question is under way."""
    numbers = iter(range(1, 10_000))

    def script(ask):
        deeds.get(next(numbers), lambda: None)()

    return script


@pytest.fixture
def impatient(monkeypatch):
    """SQLite says at once that another program writes; the ledger tries again soon."""
    monkeypatch.setattr("data.store.connection.BUSY_SECONDS", 0.05)
    monkeypatch.setattr("data.ledger.writer._AGAIN", 0.02)


def locked(court):
    other = sqlite3.connect(court.ledger.store.engine.url.database, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    return other


def test_a_database_that_another_program_writes_is_waited_for(bench, impatient):
    with JuryServer() as server:
        court = bench(juror_of(server.url, in_flight=4), items=ITEMS)
        held = []

        def hold():
            held.append(locked(court))
            threading.Timer(0.5, held[0].close).start()

        server.script = at_ask({5: hold})
        assert court.run().progress.outcomes == {"usable": ITEMS}
        assert set(asked(server).values()) == {1}
    assert held


def test_one_that_stays_away_ends_the_run_in_a_sentence_and_the_next_goes_on(bench, impatient, monkeypatch):
    monkeypatch.setattr("data.ledger.writer.PATIENCE", 0.2)
    held = []
    with JuryServer() as server:
        court = bench(juror_of(server.url, in_flight=4), items=ITEMS)
        server.script = at_ask({5: lambda: held.append(locked(court))})
        begun = time.monotonic()
        with pytest.raises(Fault, match=r"cannot be written \(.* written by another program .*nothing more"):
            court.run()
        assert time.monotonic() - begun < 10
        held[0].close()
        again = bench(juror_of(server.url, in_flight=4), items=ITEMS)
        assert again.run().complete
        counts = asked(server)
    assert len(counts) == ITEMS
    assert sum(counts.values()) <= ITEMS + 4  # those in flight


ENDED = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"  # noqa: E501
HELD = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
LOCK = "SELECT pg_try_advisory_lock(classid::int, objid::int) FROM ended_lock"
SEEN = "CREATE TEMP TABLE ended_lock AS SELECT classid, objid FROM pg_locks WHERE locktype = 'advisory'"


def on_postgres(url, monkeypatch, server, deeds):
    monkeypatch.setattr("data.ledger.writer._AGAIN", 0.02)
    store = Store(url)
    study_id = a_study(store, ITEMS)
    server.script = at_ask(deeds)
    return store, study_id, of_study(store, "s", Panel("p", (juror_of(server.url, in_flight=4),)))


@pytest.mark.postgres
def test_a_server_that_ends_every_connection_costs_no_verdict(postgres_url, monkeypatch):
    address = postgres_url.replace("+psycopg", "")
    free = []

    def deed():
        with psycopg.connect(address, autocommit=True) as other:
            other.execute(ENDED)

    def look():
        with psycopg.connect(address, autocommit=True) as other:
            free.append(other.execute(HELD).fetchone()[0])

    with JuryServer(latency=0.1) as server:
        store, study_id, court = on_postgres(postgres_url, monkeypatch, server, {5: deed, ITEMS: look})
        assert court.run(who="lead").complete
        assert set(asked(server).values()) == {1}
        court.close()
        frame = frame_of(store, study_id, "juror")
        store.close()
    assert set(frame["status"].astype(str)) == {"answered"}
    assert free == [1]  # taken again while the run goes on


@pytest.mark.postgres
def test_a_run_whose_lock_another_has_taken_meanwhile_sends_nothing_more(postgres_url, monkeypatch):
    address, others = postgres_url.replace("+psycopg", ""), []

    def deed():
        other = psycopg.connect(address, autocommit=True)
        others.append(other)
        other.execute(SEEN)
        other.execute(ENDED)
        for _ in range(200):
            if other.execute(LOCK).fetchone()[0]:
                return
            time.sleep(0.005)

    with JuryServer(latency=0.05) as server:
        store, _, court = on_postgres(postgres_url, monkeypatch, server, {5: deed})
        with pytest.raises(Fault, match="A jury is sitting on this already"):
            court.run(who="lead")
        assert len(server.asks) < 5 + 3 * 4
        others[0].close()
        store.close()
