"""A run as a whole: resuming, consent, keys, budgets, snapshots, checks, batches, every kind of question."""

import json
import sqlite3
from dataclasses import replace

import pytest

from annotate.fault import Fault
from annotate.item import Criterion, Item, Output
from annotate.jury import reading
from annotate.jury.juror import Price
from annotate.jury.panel import Panel
from annotate.protocol import Protocol
from annotate.question import Question
from annotate.scale import Point, Scale, likert
from tests.annotate.jury.conftest import PROTOCOL, items_of, juror_of
from tests.jury_server import Act, JuryServer, saying, usable, verdict
from verbs.jury_bench import of_files

BOTH = pytest.mark.parametrize("flavour", ["anthropic", "openai"])


@BOTH
def test_what_was_answered_is_never_asked_again(flavour, bench):
    with JuryServer() as server:
        court = bench(juror_of(server.url, flavour), items=5)
        court.run()
        again = court.run()
        assert len(server.asks) == 5
        assert (again.progress.known, again.progress.requests) == (5, 0)
        more = bench(juror_of(server.url, flavour, samples=2), items=6).run()
        assert len(server.asks) == 5 + 6 + 1
        assert more.complete
        # Another temperature is another juror.
        other = bench(juror_of(server.url, flavour, parameters={"temperature": 0}), items=5)
        other.run()
        assert server.asks[-1].json["temperature"] == 0
    assert len({row["rater"] for row in other.ledger.verdicts()}) == 2


def test_a_juror_keeps_its_name(bench):
    with JuryServer() as server:
        bench(juror_of(server.url), items=2).run()
        renamed = bench(juror_of(server.url, name="other"), items=2)
        for deed in (renamed.estimate, renamed.run):
            with pytest.raises(Fault, match="'other' has answered here before as 'anthropic'"):
                deed()
        assert len(server.asks) == 2
        # Another model under the old name is another juror, as ever.
        assert bench(juror_of(server.url, model="model-2"), items=2).run().complete


@BOTH
def test_what_is_sent_is_to_the_letter_what_the_ledger_holds(flavour, bench):
    text = "Costs $5 {{source}} ${x} {0} %s </output> </source> \ud800 \0 ```json \u202e"
    with JuryServer() as server:
        court = bench(juror_of(server.url, flavour), items=[Item("i", (Output(text),), source=text)])
        court.run()
        call = next(iter(court.ledger.sent()))
        assert server.asks[0].body.decode() == court.ledger.call(call["key"])["request"]
        shown = json.dumps(server.asks[0].json, ensure_ascii=False)
    assert "Costs $5 {{source}} ${x} {0} %s </output> </source> ?" in shown


def test_nothing_leaves_without_consent(bench, tmp_path):
    juror = replace(juror_of("http://jury.example"), timeout=0.5)
    court = bench(juror, items=1)
    with pytest.raises(Fault, match=r"--allow jury\.example"):
        court.run()
    court.allow("api.jury.example", "lead")
    with pytest.raises(Fault, match=r"--allow jury\.example"):
        court.run()
    assert list(court.ledger.sent()) == []
    with pytest.raises(Fault, match="in full"):
        court.allow("*", "lead")


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1.example.org", "http://localhost.example.org", "http://0.0.0.0:1", "http://10.0.0.1"],
)
def test_what_only_looks_like_this_machine_is_outside(bench, url):
    assert bench(juror_of(url)).outside() != []


def test_flagged_items_are_sent_to_no_juror_until_they_are_accepted(tmp_path):
    table, out = tmp_path / "items.csv", tmp_path / "r.csv"

    def bench_of(*rows):
        table.write_text("\n".join(["item,output", *rows]) + "\n")
        return of_files(table, out, Panel("p", (juror_of(server.url),)), protocol=PROTOCOL)

    with JuryServer() as server:
        first = bench_of("a,Take two.", "b,Seen on 03/14/2021.")
        first.run()
        assert "03/14/2021" not in str([ask.body for ask in server.asks])
        assert len(server.asks) == 1
        first.accepting("dates are shifted", "lead").run()
        assert len(server.asks) == 2
        first.close()
        # What was accepted is that text; another one is looked at again.
        later = bench_of("a,Take two.", "b,Seen on 03/15/2021.", "c,Call 555-867-5309.")
        assert set(later.docket.withheld) == {"b", "c"}
        assert [(one.item, one.finding.text) for one in later.found()] == [
            ("b", "03/15/2021"),
            ("c", "555-867-5309"),
        ]
        later.run()
        assert len(server.asks) == 2
        later.close()


@BOTH
@pytest.mark.parametrize("status", [200, 401, 500])
def test_a_key_that_a_server_echoes_is_kept_nowhere(flavour, status, bench, monkeypatch, tmp_path, capsys):
    key = 'sk-"zqxj"-4711-key'
    monkeypatch.setenv("JURY_KEY", key)

    def echo(ask):
        assert key in ask.headers["authorization"]
        error = {"error": {"message": f"bad key {key}"}}
        return Act(status, json.dumps(error).encode(), headers={"request-id": key})

    with JuryServer(echo) as server:
        court = bench(juror_of(server.url, flavour, key_env="JURY_KEY"))
        court.run()
    court.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert b"zqxj" not in kept
    assert b"[key]" in kept
    assert "zqxj" not in "".join(capsys.readouterr())


def test_a_providers_key_is_not_offered_to_another_host(bench, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-own-key")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-own")
    with JuryServer() as server:
        bench(juror_of(server.url, "openai")).run()
        assert "sk-own-key" not in str(server.asks[0].headers)
        assert "org-own" not in str(server.asks[0].headers)


def test_a_missing_key_is_a_sentence(bench, monkeypatch):
    monkeypatch.delenv("JURY_KEY", raising=False)
    with pytest.raises(Fault, match="set the environment variable JURY_KEY"):
        bench(juror_of("http://127.0.0.1:9", key_env="JURY_KEY")).run()


def test_a_budget_in_calls_stops_the_run_cleanly(bench):
    with JuryServer(latency=0.01) as server:
        court = bench(juror_of(server.url), items=20)
        sitting = court.run(budget="7 calls")
        assert len(server.asks) == 7
        assert not sitting.complete
        assert "budget is spent" in sitting.stopped[0]
        assert court.run().complete
        assert len(server.asks) == 20


def test_a_budget_in_money_is_never_exceeded(bench):
    # 1,000 tokens in and 100 out cost 0.002; the worst case of a call is far more and is set aside.
    price = Price(1.0, 10.0)
    with JuryServer(latency=0.01) as server:
        court = bench(juror_of(server.url, price=price, max_tokens=200), items=60)
        sitting = court.run(budget="0.05")
        assert 10 <= len(server.asks) < 60
        assert sitting.progress.dollars <= 0.05
        assert not sitting.complete


def test_a_budget_in_money_needs_a_price(bench):
    juror = replace(juror_of("http://jury.example"), name="far")
    court = bench(juror)
    court.allow("jury.example", "lead")
    with pytest.raises(Fault, match="No price is known"):
        court.run(budget="1.00")


@BOTH
def test_another_model_is_flagged_and_kept(flavour, bench):
    with JuryServer(lambda ask: usable(ask, model="model-2")) as server:
        court = bench(juror_of(server.url, flavour))
        sitting = court.run()
    assert any("'model-2'" in flag for flag in sitting.flags)
    assert court.ledger.models()[0]["model"] == "model-2"


def test_a_snapshot_that_changed_between_two_runs_is_flagged(bench):
    with JuryServer(lambda ask: usable(ask, model=served)) as server:
        served = "model-1-2026-01-01"
        assert bench(juror_of(server.url), items=2).run().flags == ()
        served = "model-1-2026-06-01"
        later = bench(juror_of(server.url), items=4)
        (flag,) = later.run().flags
        assert "from 2 models (model-1-2026-01-01, model-1-2026-06-01)" in flag
    # It stays on the page, also after the run is forgotten there.
    assert later.strange() == [flag]


@pytest.mark.parametrize(
    "usage", [None, {}, {"input_tokens": -1, "output_tokens": "many"}, [], {"input_tokens": True}]
)
def test_a_usage_that_cannot_be_is_unknown_and_not_free(usage, bench):
    with JuryServer(lambda ask: usable(ask, usage=usage)) as server:
        court = bench(juror_of(server.url, price=Price(1, 1)))
        sitting = court.run()
    assert sitting.progress.outcomes == {"usable": 1}
    assert sitting.progress.unpriced == 1
    assert any("no known price" in flag for flag in sitting.flags)


def test_a_new_parser_reads_again_and_asks_nothing(bench, monkeypatch):
    with JuryServer(lambda ask: saying(ask, "Well.")) as server:
        court = bench(juror_of(server.url), items=3)
        court.run()
        assert len(server.asks) == 6
        # A later version that finds a verdict in what an earlier one could not read.
        monkeypatch.setattr("data.ledger.keep.VERSION", "2")
        answers = tuple(reading.Answer(key, "", "3", 3.0) for key in ("accuracy", "clarity"))
        found = reading.Reading("usable", answers)
        monkeypatch.setattr("annotate.jury.triage.read_answers", lambda text, form: found)
        court.run()
        assert len(server.asks) == 6
    assert {row["outcome"] for row in court.ledger.verdicts()} == {"usable"}


def test_checks_are_raters_of_their_own_and_no_part_of_the_panel(bench):
    controls = dict.fromkeys(["repeats", "mismatched", "padded", "canary", "reversed"], 1.0)
    with JuryServer() as server:
        court = bench(juror_of(server.url), items=4, controls=controls, repeats=3)
        estimate = court.estimate()[0]
        sitting = court.run()
        assert len(server.asks) == 4 * (1 + 2 + 4) == estimate.calls == sitting.progress.total
    rater = court.docket.panel.jurors[0].rater
    rows = list(court.ledger.verdicts())
    checks = {row["rater"].removeprefix(rater) for row in rows}
    assert checks == {"", "/mismatched", "/padded", "/canary", "/reversed"}
    assert {row["sample"] for row in rows if row["rater"] == rater} == {1, 2, 3}
    assert {score.of for score in court.scores()} == {1}
    assert len(court.scores()) == 4 * 2


def test_a_panel_stands_on_all_its_jurors_or_on_none(bench):
    def one_refuses(ask):
        return Act(400, b'{"error": {"message": "no"}}') if ask.flavour == "openai" else None

    with JuryServer(one_refuses) as server:
        both = (juror_of(server.url), juror_of(server.url, "openai"))
        court = bench(*both)
        court.run()
        assert {(score.value, score.behind, score.of) for score in court.scores()} == {(None, 1, 2)}
        lenient = bench(*both, need="any")
        assert {(score.behind, score.of) for score in lenient.scores()} == {(1, 2)}
        assert all(score.value is not None for score in lenient.scores())


def test_two_runs_at_once_are_refused(bench):
    with JuryServer() as server:
        court = bench(juror_of(server.url))
        with court.ledger.alone(), pytest.raises(Fault, match="sitting on this already"):
            court.run()
        assert server.asks == []


@BOTH
def test_batches(flavour, bench):
    with JuryServer() as server:
        server.batch_polls = 2
        court = bench(juror_of(server.url, flavour, price=Price(1, 10)), items=7)
        sitting = court.run(batch=True, poll=0.01)
        assert sitting.complete
        assert sitting.progress.outcomes == {"usable": 7}
        assert [ask.path for ask in server.asks].count("/v1/messages/batches") <= 1
        before = len(server.asks)
        assert court.run(batch=True, poll=0.01).progress.known == 7
        assert len(server.asks) == before


@BOTH
def test_a_batch_with_failures_is_asked_again_for_those_alone(flavour, bench):
    seen = {}

    def fate(ask):
        key = json.dumps(ask.json["messages"])
        seen[key] = seen.get(key, 0) + 1
        number = list(seen).index(key)
        if number == 0:
            return saying(ask, "Well.")  # unusable, twice
        if number == 1 and seen[key] == 1:
            return Act(410)  # expired
        if number == 2 and seen[key] == 1:
            error = {"type": "api_error", "message": "oops"}
            return Act(500, json.dumps({"type": "error", "error": error}).encode())
        return None

    with JuryServer() as server:
        server.batch_script = fate
        court = bench(juror_of(server.url, flavour), items=5)
        sitting = court.run(batch=True, poll=0.01)
    assert sitting.progress.outcomes == {"usable": 4, "invalid": 1}
    assert sorted(seen.values()) == [1, 1, 2, 2, 2]


@BOTH
def test_an_interrupted_batch_is_collected_and_not_submitted_again(flavour, bench):
    with JuryServer() as server:
        court = bench(juror_of(server.url, flavour), items=4)
        court.run(batch=True, poll=0.01)
        court.ledger.close()
        # As if the process had been killed after the submission, before its answer was kept.
        file = court.ledger.store.engine.url.database
        with sqlite3.connect(file) as db:
            db.execute("UPDATE jury_batch SET state = 'submitting', number = ''")
            db.execute("DELETE FROM jury_verdict")
            db.execute("DELETE FROM jury_reading")
            db.execute("DELETE FROM jury_reply")
        db.close()
        sitting = bench(juror_of(server.url, flavour), items=4).run(batch=True, poll=0.01)
        assert sitting.progress.outcomes == {"usable": 4}
        assert len(server.batches) == 1


KINDS = Protocol(
    "kinds",
    "Kinds",
    "pair",
    (
        Question("quality", "How good?", scale=likert("bad", "good"), per_output=True),
        Question("better", "Which?", kind="choice", scale=Scale("nominal", tuple(Point(v, v, n) for n, v in enumerate(("A", "B", "tie"))))),
        Question("faults", "Which faults?", kind="multi", scale=Scale("nominal", (Point("long", "long", 0), Point("wrong", "wrong", 1)))),
        Question("minutes", "How long to fix?", kind="number", scale=Scale("ratio", low=0, high=600)),
        Question("order", "Rank them.", kind="ranking"),
        Question("list", "Met?", kind="checklist"),
        Question("support", "Supported?", kind="sentences", scale=Scale("nominal", (Point("yes", "yes", 1), Point("no", "no", 0))), per_output=True),
        Question("note", "Anything else?", kind="text"),
        Question("marks", "Mark errors.", kind="spans"),
    ),
)  # fmt: skip


@BOTH
def test_every_kind_of_question_that_a_machine_can_answer(flavour, bench):
    item = Item(
        "i",
        (Output("One. Two.", "m1", "x"), Output("Three.", "m2", "y")),
        criteria=(Criterion("a/1", "Names the drug."), Criterion("b", "Names the dose.")),
    )
    with JuryServer() as server:
        court = bench(juror_of(server.url, flavour), items=[item], protocol=KINDS)
        sitting = court.run()
        sent = json.dumps(server.asks[0].json)
        written = json.loads(verdict(server.asks[0].json))
    assert sitting.progress.outcomes == {"usable": 1}
    assert "m1" not in sent  # systems are blinded
    assert list(written)[:2] == ["quality_A", "quality_B"]
    rows = {(r["question"], r["part"]) for r in _lines(court)}
    assert rows == {
        ("quality", "x"), ("quality", "y"), ("better", ""), ("faults", ""), ("minutes", ""), ("order", "x"),
        ("order", "y"), ("list", "a/1"), ("list", "b"), ("support", "x/1"), ("support", "x/2"),
        ("support", "y/1"), ("note", ""),
    }  # fmt: skip


def _lines(court):
    import csv

    with court.out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_an_item_without_output_and_unicode_are_no_trouble(bench):
    odd = [Item("пациент-1", (Output(""),)), Item("患者", (Output("好。" * 10),)), *items_of(1)]
    with JuryServer() as server:
        assert bench(juror_of(server.url), items=odd, protocol=PROTOCOL).run().complete
