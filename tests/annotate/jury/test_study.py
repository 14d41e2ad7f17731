"""A jury in a study: its verdicts are ratings like any other, and the log says what went where."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from annotate.fault import Fault
from annotate.jury.panel import Panel
from annotate.rating import Rating
from data.ledger import JuryLedger
from data.shipped import protocol_text
from data.store import audit, items, raters, ratings, studies
from data.store.frame import ratings_frame
from tests.annotate.jury.conftest import items_of, juror_of
from tests.jury_server import Act, JuryServer
from verbs.jury_bench import of_study


def a_study(store, number=6):
    with store.writing() as session:
        study = studies.create(
            session, name="s", title="S", protocol_text=protocol_text("medhelm"), who="lead"
        )
        items.add(session, study_id=study.id, items=items_of(number))
        raters.add(session, study_id=study.id, key="C1", kind="clinician")
        said = [Rating(f"i{n}", "C1", "accuracy", str(1 + n % 2), 1.0 + n % 2) for n in range(number)]
        ratings.append(session, study_id=study.id, ratings=said)
        return study.id


def frame_of(store, study_id, *kinds):
    with store.reading() as session:
        return ratings_frame(session, study_id=study_id, kinds=kinds, words=["value", "reason"])


def test_verdicts_become_ratings_once(store):
    study_id = a_study(store)
    with JuryServer() as server:
        panel = Panel("p", (juror_of(server.url, family="f"), juror_of(server.url, "openai")))
        for _ in range(2):
            bench = of_study(store, "s", panel)
            assert bench.run(who="lead").complete
            bench.close()
        assert len(server.asks) == 12
    frame = frame_of(store, study_id, "juror")
    assert len(frame) == 6 * 2 * 3
    assert set(frame["status"].astype(str)) == {"answered"}
    assert len(frame_of(store, study_id, "clinician")) == 6
    with store.reading() as session:
        events = audit.events(session, study_id=study_id)
        seated = raters.in_study(session, study_id=study_id, kinds=["juror"])
    adjourned = [event for event in events if event.action == "jury adjourned"]
    assert sum(place["requests"] for place in adjourned[-1].after["sent so far"].values()) == 12
    assert {rater.family for rater in seated} == {"f", ""}
    assert all(rater.identity["model"] == "model-1" for rater in seated)


def test_a_call_that_failed_is_tried_again_and_its_answer_supersedes(store):
    study_id = a_study(store, 2)
    down = True
    with JuryServer(lambda ask: Act(500) if down else None) as server:
        bench = of_study(store, "s", Panel("p", (juror_of(server.url),)))
        bench.run(who="lead")
        assert set(frame_of(store, study_id, "juror")["status"].astype(str)) == {"failed"}
        down = False
        bench.run(who="lead")
        bench.close()
    frame = frame_of(store, study_id, "juror")
    assert len(frame) == 6
    assert set(frame["status"].astype(str)) == {"answered"}


def test_consent_is_per_study_and_in_its_log(store):
    study_id = a_study(store)
    panel = Panel("p", (replace(juror_of("http://jury.example"), name="far"),))
    bench = of_study(store, "s", panel)
    assert bench.outside() == ["jury.example"]
    bench.allow("jury.example", "lead")
    assert of_study(store, "s", panel).outside() == []
    with store.reading() as session:
        events = audit.events(session, study_id=study_id)
    assert [(e.who, e.subject) for e in events if "may go" in e.action] == [("lead", "jury.example")]


def test_consent_can_be_taken_back_and_the_log_says_so(store):
    study_id = a_study(store)
    panel = Panel("p", (replace(juror_of("http://jury.example"), name="far"),))
    bench = of_study(store, "s", panel)
    with pytest.raises(Fault, match=r"'jury.example' \(allowed: none\)"):
        bench.forbid("jury.example", "lead")
    bench.allow("jury.example", "lead")
    bench.forbid("jury.example", "second lead")
    assert (bench.outside(), bench.open_to()) == (["jury.example"], [])
    with pytest.raises(Fault, match=r"--allow jury\.example"):
        bench.run(who="lead")
    with store.reading() as session:
        said = [(e.who, e.action) for e in audit.events(session, study_id=study_id) if "may" in e.action]
    assert said == [
        ("lead", "texts may go to an endpoint"),
        ("second lead", "texts may no longer go to an endpoint"),
    ]


def test_baselines_sit_beside_the_panel(store):
    study_id = a_study(store)
    with JuryServer() as server:
        bench = of_study(store, "s", Panel("p", (juror_of(server.url),)))
        assert bench.seat_baselines() == 3 * 6 * 3
        assert bench.seat_baselines() == 0
        assert server.asks == []
        assert bench.scores() == []
        bench.close()
    frame = frame_of(store, study_id, "juror")
    accuracy = frame[frame["question"].astype(str) == "accuracy"]
    assert set(accuracy["value"].astype(str)) <= {"1", "2"}  # points that the clinicians gave


def test_what_runs_do_at_once_at_their_very_beginning_is_done_once(store):
    """All find one secret for the fences, one consent, and one line about it in the log."""
    study_id = a_study(store, 1)
    together = threading.Barrier(8)

    def begin(ledger):
        together.wait()
        ledger.allow("judge.example", "lead")
        return ledger.salt()

    with ThreadPoolExecutor(8) as pool:
        salts = set(pool.map(begin, [JuryLedger(store, study_id) for _ in range(8)]))
    assert len(salts) == 1
    with store.reading() as session:
        events = audit.events(session, study_id=study_id)
    assert [e.subject for e in events if "may go" in e.action] == ["judge.example"]
