"""Every way in which a server fails: what the ledger holds afterwards, and what the lead sees."""

import csv
import gzip
import json
from dataclasses import dataclass, field

import pytest

from tests.annotate.jury.conftest import juror_of
from tests.jury_server import Act, JuryServer, envelope, saying, usable, verdict

BOTH = ("anthropic", "openai")


@dataclass
class Row:
    """`script` acts on every request; `first` only on the first of each call.

    `asked` requests reach the server, `kept` raw replies lie in the ledger, the verdict is `outcome`
    with `why` in its reason; `stopped` is what the lead is told where the juror stops.
    """

    name: str
    script: object
    outcome: str
    why: str = ""
    asked: int = 2
    kept: int | None = None
    flavours: tuple = BOTH
    stopped: str = ""
    changes: dict = field(default_factory=dict)


def said(**scores):
    def act(ask):
        answer = json.loads(verdict(ask.json))
        for key, score in scores.items():
            answer[key] = {"explanation": "Because.", "score": score}
        return saying(ask, json.dumps(answer))

    return act


def text(make):
    return lambda ask: saying(ask, make(verdict(ask.json)))


def only_first(act):
    return lambda ask: act(ask) if ask.nth == 1 else None


def error(status, kind="api_error", message="no", **headers):
    body = json.dumps({"type": "error", "error": {"type": kind, "code": kind, "message": message}}).encode()
    return lambda ask: Act(status, body, headers={k.replace("_", "-"): v for k, v in headers.items()})


def anthropic(**changes):
    return lambda ask: Act(body=json.dumps(envelope(ask.json, "anthropic", "x", **changes)).encode())


def choice(**changes):
    def act(ask):
        reply = envelope(ask.json, "openai", verdict(ask.json))
        reply["choices"][0] |= {k: v for k, v in changes.items() if k != "message"}
        reply["choices"][0]["message"] |= changes.get("message", {})
        return Act(body=json.dumps(reply).encode())

    return act


def nested(ask):
    deep = "[" * 100_000
    return saying(ask, deep)


ROWS = [
    # --- the server stumbles, then answers: a verdict, and every attempt on record
    Row("429 once", only_first(error(429)), "usable"),
    Row("429 with Retry-After", only_first(error(429, retry_after="0.02")), "usable"),
    Row("429 for an hour", only_first(error(429, retry_after="3600")), "usable"),
    Row("429, Retry-After a date", only_first(error(429, retry_after="Wed, 21 Oct 2099 07:28:00 GMT")), "usable"),
    Row("429, Retry-After negative", only_first(error(429, retry_after="-5")), "usable"),
    Row("429, Retry-After rubbish", only_first(error(429, retry_after="soon")), "usable"),
    Row("500 once", only_first(error(500)), "usable"),
    Row("529 once", only_first(error(529, "overloaded_error")), "usable"),
    Row("dropped before the body", only_first(lambda ask: Act(drop="before")), "usable"),
    Row("reset", only_first(lambda ask: Act(drop="reset")), "usable"),
    Row("dropped within the body", only_first(lambda ask: Act(body=usable(ask).body, drop="within")), "usable"),
    Row("hang once", only_first(lambda ask: Act(hang=True)), "usable", changes={"timeout": 1.0}),
    Row(
        "slow drip",
        only_first(lambda ask: Act(body=usable(ask).body, drip=0.05)),
        "usable",
        changes={"timeout": 1.0},
    ),
    Row("broken chunks", only_first(lambda ask: Act(raw=CHUNKS)), "usable"),
    Row("no HTTP at all", only_first(lambda ask: Act(raw=b"SSH-2.0-OpenSSH\r\n\r\n")), "usable"),
    Row("an error at 200", only_first(lambda ask: Act(body=b'{"error": {"message": "busy"}}')), "usable"),
    # --- it never recovers: failed, with the reason, and no score
    Row("500 always", error(500, message="it broke"), "failed", "answered 500: it broke", asked=3),
    Row("400", error(400, "invalid_request_error", "bad schema"), "failed", "answered 400: bad schema", asked=1),
    Row("413", error(413, message="too large"), "failed", "answered 413: too large", asked=1),
    Row("dropped always", lambda ask: Act(drop="before"), "failed", "No whole reply came", asked=3),
    Row("hang always", lambda ask: Act(hang=True), "failed", "within 0.5 s", asked=3, changes={"timeout": 0.5}),
    Row("redirect", lambda ask: Act(307, headers={"location": "http://127.0.0.2:9/"}), "failed", "redirects", 1),
    # --- it says what concerns every call: the juror stops and says what to do
    Row("401", error(401, "authentication_error", "invalid x-api-key"), "", asked=1, stopped="key is not accepted"),
    Row("403", error(403, "permission_error"), "", asked=1, stopped="the key may not do this"),
    Row("404", error(404, "not_found_error", "model: m"), "", asked=1, stopped="no such model or address"),
    Row("429 quota", error(429, "insufficient_quota"), "", asked=1, stopped="quota is spent"),
    Row(
        "400 credit",
        error(400, "invalid_request_error", "Your credit balance is too low"),
        "",
        asked=1,
        stopped="quota is spent",
    ),
    Row("402", error(402), "", asked=1, stopped="quota is spent"),
    Row("429 always", error(429, retry_after="3600"), "", asked=-1, stopped="asks to wait 3600 s"),
    # --- it answers, and the answer is no verdict: asked once more, then unanswered with its reason
    Row("HTML at 200", lambda ask: Act(body=b"<html>Login</html>", headers=HTML), "invalid", "not JSON"),
    Row("plain text type", lambda ask: Act(body=usable(ask).body, headers=HTML), "usable", asked=1),
    Row("broken JSON", lambda ask: Act(body=b'{"content": ['), "invalid", "not JSON"),
    Row("empty body", lambda ask: Act(body=b""), "invalid", "not JSON"),
    Row("204", lambda ask: Act(204), "invalid", "not JSON"),
    Row("an empty object", lambda ask: Act(body=b"{}"), "invalid", ""),
    Row("a list", lambda ask: Act(body=b"[1, 2]"), "invalid", ""),
    Row("nothing but null", lambda ask: Act(body=b"null"), "invalid", ""),
    Row("not UTF-8", lambda ask: Act(body=b'{"content": "\xff\xfe"}'), "invalid", "not JSON"),
    Row("deep", lambda ask: Act(body=b"[" * 200_000), "invalid", "nested too deeply"),
    Row("deep text", nested, "invalid", "nested too deeply"),
    Row("endless", lambda ask: Act(forever=b" " * 65536, headers={"content-length": ""}), "invalid", "longer than"),
    Row("gzip bomb", lambda ask: Act(body=BOMB, headers={"content-encoding": "gzip"}), "invalid", "longer than"),
    Row("gzip", lambda ask: Act(body=gzip.compress(usable(ask).body), headers=GZIP), "usable", asked=1),
    Row("broken gzip", lambda ask: Act(body=b"\x1f\x8b no", headers=GZIP), "failed", "unpacked", asked=3),
    Row("br", lambda ask: Act(body=b"x", headers={"content-encoding": "br"}), "failed", "not asked for", asked=3),
    Row("fenced", text(lambda t: f"```json\n{t}\n```"), "usable", asked=1),
    Row("fenced in prose", text(lambda t: f"Here:\n```json\n{t}\n```"), "invalid", "not JSON"),
    Row("prose", text(lambda t: "I would give it a 4."), "invalid", "begins 'I would give it a 4.'"),
    Row("prose after", text(lambda t: t + " I hope this helps."), "invalid", "not JSON"),
    Row("two objects", text(lambda t: t + t), "invalid", "not JSON"),
    Row("a field twice", text(lambda t: t[:-1] + ', "clarity": {}}'), "invalid", "one field twice"),
    Row("empty text", text(lambda t: ""), "invalid", "no text"),
    Row("blank text", text(lambda t: " \n"), "invalid", "no text"),
    Row("out of range", said(accuracy=7), "invalid", "accuracy.score is 7; it can be 1, 2, 3, 4, 5"),
    Row("zero", said(accuracy=0), "invalid", "accuracy.score is 0"),
    Row("as float", said(accuracy=4.0), "invalid", "accuracy.score is 4.0"),
    Row("between points", said(accuracy=4.9), "invalid", "accuracy.score is 4.9"),
    Row("as string", said(accuracy="4"), "invalid", 'accuracy.score is "4"'),
    Row("of five", said(accuracy="4/5"), "invalid", 'accuracy.score is "4/5"'),
    Row("another digit", said(accuracy="４"), "invalid", "accuracy.score is"),
    Row("null", said(accuracy=None), "invalid", "accuracy.score is null"),
    Row("true", said(accuracy=True), "invalid", "accuracy.score is true"),
    Row("a list as score", said(accuracy=[4]), "invalid", "accuracy.score is [4]"),
    Row("an object as score", said(accuracy={"value": 4}), "invalid", "accuracy.score is {"),
    Row("NaN", text(lambda t: '{"accuracy": NaN}'), "invalid", "NaN"),
    Row("1e400", text(lambda t: '{"accuracy": 1e400}'), "invalid", "1e400"),
    Row("long number", text(lambda t: '{"accuracy": ' + "9" * 5000 + "}"), "invalid", "not JSON"),
    Row("missing", text(lambda t: json.dumps({"accuracy": json.loads(t)["accuracy"]})), "invalid", "lacks 'clarity'"),
    Row("extra", said(overall=5), "invalid", "'overall', which was not asked"),
    Row("extra within", text(lambda t: t.replace('"score"', '"confidence": 1, "score"')), "invalid", "'confidence'"),
    Row("no explanation", text(lambda t: '{"accuracy": {"score": 4}, "clarity": {"score": 4}}'), "invalid", "lacks"),
    Row("half a surrogate", text(lambda t: t.replace("Because", "\\ud800 Because")), "usable", asked=1),
    Row("a zero byte", text(lambda t: t.replace("Because", "\\u0000 Because")), "usable", asked=1),
    # --- unusable once, then good
    Row("prose once", only_first(text(lambda t: "Well.")), "usable"),
    # --- each protocol's own ways
    Row("cut off", anthropic(stop_reason="max_tokens"), "truncated", "max_tokens", flavours=("anthropic",)),
    Row("cut off", choice(finish_reason="length"), "truncated", "limit of tokens", flavours=("openai",)),
    Row("refusal", anthropic(stop_reason="refusal", content=[]), "refused", "refused", flavours=("anthropic",)),
    Row("refusal", choice(message={"content": None, "refusal": "No."}), "refused", "No.", flavours=("openai",)),
    Row("filtered", choice(finish_reason="content_filter"), "refused", "content filter", flavours=("openai",)),
    Row("400 filtered", error(400, "content_filter"), "refused", "content filter"),
    Row(
        "only thinking",
        anthropic(content=[{"type": "thinking", "thinking": "Hm."}], stop_reason="max_tokens"),
        "truncated",
        "max_tokens",
        flavours=("anthropic",),
    ),
    Row(
        "thinking, no text",
        anthropic(content=[{"type": "thinking", "thinking": "Hm."}]),
        "invalid",
        "no text",
        flavours=("anthropic",),
    ),
    Row(
        "only reasoning",
        choice(message={"content": None, "reasoning_content": "Hm."}),
        "invalid",
        "no text",
        flavours=("openai",),
    ),
    Row("a tool", anthropic(stop_reason="tool_use"), "invalid", "calls a tool", flavours=("anthropic",)),
    Row("a tool", choice(finish_reason="tool_calls"), "invalid", "calls a tool", flavours=("openai",)),
    Row("content a string", anthropic(content="4"), "invalid", "no text", flavours=("anthropic",)),
    Row("content a number", choice(message={"content": 4}), "invalid", "no text", flavours=("openai",)),
    Row(
        "no choices",
        lambda ask: Act(body=json.dumps(envelope(ask.json, "openai", "x", choices=[])).encode()),
        "invalid",
        "0 choices",
        flavours=("openai",),
    ),
    Row(
        "two choices",
        lambda ask: Act(body=json.dumps(envelope(ask.json, "openai", "x", choices=[{}, {}])).encode()),
        "invalid",
        "2 choices",
        flavours=("openai",),
    ),
]  # fmt: skip
HTML = {"content-type": "text/html"}
GZIP = {"content-encoding": "gzip"}
BOMB = gzip.compress(b" " * 64 * 2**20)
CHUNKS = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nnot a chunk\r\n"
CASES = [pytest.param(row, flavour, id=f"{row.name}-{flavour}") for row in ROWS for flavour in row.flavours]


@pytest.mark.parametrize(("row", "flavour"), CASES)
def test_a_failing_server(row, flavour, bench):
    hold(row, flavour, bench)


def hold(row, flavour, bench):
    """Run a juror against the row's server; check what the ledger holds, and what the lead sees."""
    with JuryServer(row.script) as server:
        court = bench(juror_of(server.url, flavour, **row.changes))
        sitting = court.run()
        asked = len(server.asks)
    assert row.asked in (-1, asked), sitting
    key = next(iter(court.ledger.sent()))["key"]
    attempts = court.ledger.attempts(key)
    assert len(attempts) == asked
    # Whatever came is in the ledger, as it came.
    assert all(one["status"] is not None for one in attempts)
    verdicts = list(court.ledger.verdicts())
    with court.out.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    if row.stopped:
        assert verdicts == lines == []  # never asked to the end is no row
        assert len(sitting.stopped) == 1
        assert row.stopped in sitting.stopped[0]
        assert not sitting.complete
        return
    assert [one["outcome"] for one in verdicts] == [row.outcome]
    assert row.why in verdicts[0]["why"]
    assert sitting.complete
    assert len(lines) == 2
    if row.outcome == "usable":
        assert {line["status"] for line in lines} == {"answered"}
        assert {line["value"] for line in lines} <= set("12345")
    else:
        assert {line["status"] for line in lines} == {"refused" if row.outcome == "refused" else "failed"}
        assert {line["value"] + line["number"] for line in lines} == {""}
        assert all(line["reason"].startswith(f"{row.outcome}: ") for line in lines)
        assert court.failures()[0]["why"] == verdicts[0]["why"]
        assert {score.value for score in court.scores()} == {None}
        assert court.verdict(key)["attempts"][0]["body"] is not None
