"""A server that means harm, or has lost its mind: bounded time, bounded memory, no score, no crash."""

import json
import time

import pytest

from annotate.jury.juror import Price
from tests.annotate.jury.conftest import juror_of
from tests.annotate.jury.test_failures import (
    BOTH,
    Row,
    anthropic,
    choice,
    error,
    hold,
    only_first,
    said,
    text,
)
from tests.jury_server import Act, JuryServer, envelope, saying, usable, verdict


def wire(head, body=b"{}"):
    return lambda ask: Act(raw=b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + body)


def swapped_usage(**usage):
    return lambda ask: usable(ask, usage=usage)


def doubled_score(ask):
    answer = verdict(ask.json)
    return saying(ask, answer.replace('"score":', '"score": 1, "score":', 1))


def crossed(ask):
    """Answer with a verdict on another form: what was asked of somebody else."""
    return saying(ask, json.dumps({"fluency": {"explanation": "So.", "score": 1}}))


def sse(ask):
    event = json.dumps(envelope(ask.json, ask.flavour, verdict(ask.json)))
    return Act(
        body=f"data: {event}\n\ndata: [DONE]\n\n".encode(), headers={"content-type": "text/event-stream"}
    )


def blocks(*found):
    return anthropic(content=list(found))


LATER, PAST = "Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"
AWAY = {"location": "http://169.254.169.254/latest/meta-data/"}
# ruff: noqa: E501  a row is a line
ROWS = [
    # --- the wire
    Row("a byte a second", lambda ask: Act(body=usable(ask).body, drip=1.0), "failed", "within 0.5 s", 3, changes={"timeout": 0.5}),
    Row("huge headers", wire(b"x-a: " + b"a" * 2_000_000), "failed", "No whole reply", 3),
    Row("many headers", wire(b"\r\n".join(b"x-%d: a" % n for n in range(50_000))), "failed", "No whole reply", 3),
    Row("too long a length", wire(b"content-length: 5000"), "failed", "No whole reply", 3),
    Row("no number as length", wire(b"content-length: many"), "failed", "No whole reply", 3),
    Row("negative length", wire(b"content-length: -5"), "failed", "No whole reply", 3),
    Row("two lengths", wire(b"content-length: 2\r\ncontent-length: 900"), "failed", "No whole reply", 3),
    Row("endless chunks", wire(b"transfer-encoding: chunked", b"FFFFFFFFFFFFFFFFFFFF\r\n{}"), "failed", "No whole reply", 3),
    Row("TLS where none was", lambda ask: Act(raw=b"\x16\x03\x01\x02\x00\x01\x00"), "failed", "No whole reply", 3),
    Row("continue for ever", lambda ask: Act(raw=b"HTTP/1.1 100 Continue\r\n\r\n" * 9), "failed", "No whole reply", 3),
    Row("an endless error", lambda ask: Act(500, forever=b"x" * 65536, headers={"content-length": ""}), "failed", "answered 500", 3),
    *[Row(f"{n} to metadata", lambda ask, n=n: Act(n, headers=AWAY), "failed", "redirects", 1) for n in (301, 302, 303, 307, 308)],
    *[Row(f"{n} once", only_first(error(n)), "usable") for n in (408, 409, 425, 502, 503, 504)],
    *[Row(f"{n} always", error(n), "failed", f"answered {n}", 3) for n in (408, 409, 425, 502, 504)],
    Row("503 for ever", error(503), "", asked=-1, stopped="has taken no call"),
    Row("418", error(418), "failed", "answered 418", 1),
    Row("a status of its own", lambda ask: Act(999, b"{}"), "failed", "999", 3),
    *[Row(f"Retry-After {at}", only_first(error(429, retry_after=at)), "usable") for at in ("-1", "nan", "inf", "1e400", LATER, PAST, "٣")],
    # --- the envelope
    Row("200 and nothing", lambda ask: Act(), "invalid", "not JSON"),
    Row("events", sse, "invalid", "not JSON"),
    Row("deep in the envelope", lambda ask: Act(body=b'{"content": ' + b"[" * 50_000 + b"]" * 50_000 + b"}"), "invalid", "too deeply"),
    Row("a key twice", lambda ask: Act(body=usable(ask).body[:-1] + b', "model": "x"}'), "invalid", "one field twice"),
    Row("NaN in the usage", lambda ask: Act(body=usable(ask).body[:-1] + b', "x": NaN}'), "invalid", "NaN"),
    Row("Infinity", lambda ask: Act(body=usable(ask).body[:-1] + b', "x": -Infinity}'), "invalid", "Infinity"),
    Row("1e400 beside", lambda ask: Act(body=usable(ask).body[:-1] + b', "x": 1e400}'), "invalid", "1e400"),
    Row("a huge number", lambda ask: Act(body=usable(ask).body[:-1] + b', "x": ' + b"9" * 9999 + b"}"), "invalid", "not JSON"),
    Row("a model's name of 1 MB", lambda ask: usable(ask, model="m" * 2**20), "usable", asked=1),
    Row("a model that is a list", lambda ask: usable(ask, model=["m"]), "usable", asked=1),
    Row("half a character as model", lambda ask: usable(ask, model="\ud800\0"), "usable", asked=1),
    Row("newlines in an error", error(400, message="a\nb\0c\ud800"), "failed", "answered 400", 1),
    Row("odd blocks", blocks(1, None, "x", {"type": "text"}, {"type": "text", "text": 4}), "invalid", "no text", flavours=("anthropic",)),
    Row("a tool's block", blocks({"type": "tool_use", "id": "t", "name": "f", "input": {"accuracy": 5}}), "invalid", "no text", flavours=("anthropic",)),
    Row("odd parts", choice(message={"content": [1, {"type": "text", "text": 4}]}), "invalid", "no text", flavours=("openai",)),
    Row("no message", choice(message={"content": None}), "invalid", "no text", flavours=("openai",)),
    Row("a reason to stop that is a list", choice(finish_reason=["stop"]), "usable", asked=1, flavours=("openai",)),
    # --- the answer
    Row("an answer to another form", crossed, "invalid", "lacks 'accuracy'"),
    Row("a score twice", doubled_score, "invalid", "one field twice"),
    Row("fullwidth", said(accuracy="４"), "invalid", "accuracy.score"),
    Row("a point with a space", said(accuracy=" 4"), "invalid", "accuracy.score"),
    Row("1e0", text(lambda t: t.replace('"score": ', '"score": 1e0, "x": ', 1)), "invalid", "'x'"),
    Row("minus zero", said(accuracy=-0.0), "invalid", "accuracy.score is -0.0"),
    Row("a number of 300 digits", said(accuracy=10**299), "invalid", "accuracy.score is 1000"),
    Row("a byte-order mark", text(lambda t: "\ufeff" + t), "invalid", "not JSON"),
    Row("a comment", text(lambda t: t + " // sure"), "invalid", "not JSON"),
    Row("1,000,000 letters of explanation", text(lambda t: t.replace("Because", "x" * 10**6, 1)), "usable", asked=1),
]  # fmt: skip
CASES = [pytest.param(row, flavour, id=f"{row.name}-{flavour}") for row in ROWS for flavour in row.flavours]


@pytest.mark.parametrize(("row", "flavour"), CASES)
def test_a_hostile_server(row, flavour, bench):
    begun = time.monotonic()
    hold(row, flavour, bench)
    assert time.monotonic() - begun < 60  # bounded, also where three tries of 20 s each are bounded


@pytest.mark.parametrize("flavour", BOTH)
def test_a_length_that_is_too_short_gives_no_score(flavour, bench):
    with JuryServer(lambda ask: Act(body=usable(ask).body, headers={"content-length": "10"})) as server:
        court = bench(juror_of(server.url, flavour))
        court.run()
    # What arrives in one piece is seen to be broken; what arrives in two is cut off: no score either way.
    assert {row["outcome"] for row in court.ledger.verdicts()} <= {"failed", "invalid"}
    assert {score.value for score in court.scores()} == {None}


HUGE = [
    {"input_tokens": 10**18, "output_tokens": 1, "prompt_tokens": 10**18, "completion_tokens": 1},
    {"input_tokens": 1, "output_tokens": 10**400, "prompt_tokens": 1, "completion_tokens": 10**400},
    {"input_tokens": "9", "output_tokens": 1, "prompt_tokens": "9", "completion_tokens": 1},
    {"input_tokens": -9, "output_tokens": 1, "prompt_tokens": -9, "completion_tokens": 1},
    {"input_tokens": 1.5, "output_tokens": 1, "prompt_tokens": 1.5, "completion_tokens": 1},
]


@pytest.mark.parametrize("usage", HUGE)
@pytest.mark.parametrize("flavour", BOTH)
def test_a_usage_that_nobody_can_believe_costs_the_worst_case_and_no_more(usage, flavour, bench):
    """What cannot be is unknown: the budget counts the worst case of the call, the total leaves it out."""
    with JuryServer(swapped_usage(**usage)) as server:
        court = bench(juror_of(server.url, flavour, price=Price(1, 1), max_tokens=100), items=3)
        sitting = court.run(budget="1.00")
    assert sitting.progress.outcomes == {"usable": 3}
    assert (sitting.progress.unpriced, sitting.progress.dollars) == (3, 0.0)


@pytest.mark.parametrize("flavour", BOTH)
def test_more_tokens_than_were_asked_for_stop_the_run_at_its_budget(flavour, bench):
    usage = {"input_tokens": 1, "output_tokens": 10**8, "prompt_tokens": 1, "completion_tokens": 10**8}
    with JuryServer(swapped_usage(**usage)) as server:
        court = bench(juror_of(server.url, flavour, price=Price(1, 1), max_tokens=100, in_flight=2), items=9)
        sitting = court.run(budget="1.00")
        # Two in flight when the first bill came, and two whose place they had taken while it was kept.
        assert len(server.asks) <= 4
    assert "budget is spent" in sitting.stopped[0]


@pytest.mark.parametrize("flavour", BOTH)
def test_nothing_in_a_header_reaches_the_ledger_but_a_short_number(flavour, bench):
    head = b"HTTP/1.1 200 OK\r\nrequest-id: a\r\n b\r\nx-request-id: " + b"r" * 5000 + b"\r\ncontent-length: "

    def act(ask):
        body = usable(ask).body
        return Act(raw=head.replace(b"a\r\n b", b"a" * 5000) + str(len(body)).encode() + b"\r\n\r\n" + body)

    with JuryServer(act) as server:
        court = bench(juror_of(server.url, flavour))
        court.run()
    key = next(iter(court.ledger.sent()))["key"]
    assert court.ledger.attempts(key)[0]["request_id"] == "a" * 200
