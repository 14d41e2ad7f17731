"""Which of two verdicts stands: the one that was settled last, whatever a clock says."""

import csv
import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from annotate.item import Item, Output
from annotate.jury.panel import Panel
from data.ledger import beside
from tests.annotate.jury.conftest import items_of, juror_of
from tests.annotate.jury.test_study import a_study, frame_of
from tests.jury_server import JuryServer, saying, schema_of
from verbs.jury_bench import of_study


def told(point):
    """Return a script by which every question gets this point."""
    return lambda ask: saying(
        ask, json.dumps({name: {"explanation": "So.", "score": point} for name in asked(ask)})
    )


def asked(ask):
    return schema_of(ask.json)["properties"]


def worded(text):
    return [Item("i", (Output(text),))]


def values(court):
    with court.out.open(encoding="utf-8", newline="") as file:
        return {row["value"] for row in csv.DictReader(file)}


@pytest.fixture
def clock(monkeypatch):
    """Return a setter of the year that the ledger's clock shows."""

    def show(year):
        monkeypatch.setattr("data.ledger.keep.now", lambda: datetime(year, 1, 1, tzinfo=UTC))

    return show


def test_a_clock_that_jumps_back_chooses_no_older_verdict(bench, clock):
    with JuryServer() as server:
        for year, point, text in ((2026, 2, "First wording."), (2019, 5, "Second wording.")):
            clock(year)
            server.script = told(point)
            court = bench(juror_of(server.url), items=worded(text))
            court.run()
    assert values(court) == {"5"}
    assert len(list(court.ledger.verdicts())) == 1


def test_a_text_that_is_changed_back_has_its_first_verdict_again_unasked(bench):
    with JuryServer() as server:
        for point, text in ((2, "First wording."), (5, "Second wording."), (3, "First wording.")):
            server.script = told(point)
            court = bench(juror_of(server.url), items=worded(text))
            sitting = court.run()
        assert len(server.asks) == 2
    assert sitting.complete
    assert values(court) == {"2"}
    assert court.run().progress.known == 1


def test_in_a_study_the_last_word_is_the_rating_that_stands(store, clock):
    study_id = a_study(store, 1)
    (item,) = items_of(1)
    stands = []
    with JuryServer() as server:
        panel = Panel("p", (juror_of(server.url),))
        for year, point, text in ((2026, 2, "One."), (2019, 5, "Two."), (2018, 3, "One.")):
            clock(year)
            server.script = told(point)
            court = of_study(store, "s", panel)
            worded = replace(item, outputs=(replace(item.outputs[0], text=text),))
            court = replace(court, docket=replace(court.docket, items=[worded]))
            assert court.run(who="lead").complete
            court.close()
            stands.append(set(frame_of(store, study_id, "juror")["value"].astype(str)))
        assert len(server.asks) == 2
    assert stands == [{"2"}, {"5"}, {"2"}]


def test_a_ledger_of_an_earlier_version_is_brought_up_to_date_where_it_lies(bench):
    with JuryServer(told(2)) as server:
        court = bench(juror_of(server.url), items=items_of(2))
        court.run()
        court.close()
        file = court.out.with_name(court.out.name + ".jury.db")
        db = sqlite3.connect(file)
        db.execute("ALTER TABLE jury_verdict DROP COLUMN turn")
        db.execute("DROP TABLE jury_acceptance")
        db.execute(
            "INSERT INTO jury_consent VALUES (0, '*findings*abc', 'lead: shifted', '2026-01-01 00:00:00')"
        )
        db.commit()
        db.close()
        ledger = beside(court.out)
        assert (ledger.accepted(), ledger.allowed()) == ({"abc"}, set())
        ledger.close()
        again = bench(juror_of(server.url), items=items_of(2))
        assert again.run().progress.known == 2
    assert values(again) == {"2"}
