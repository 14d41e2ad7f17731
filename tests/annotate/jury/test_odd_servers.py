"""Servers with manners of their own: what they refuse, how they ask for money, what they leave out."""

import asyncio
import gzip
import json

import pytest

from annotate.fault import Fault
from annotate.jury.forecast import forecast
from annotate.jury.panel import panel_of
from annotate.jury.providers.sdk import scrub
from annotate.jury.providers.trouble import in_words
from annotate.jury.strict_json import strict_json
from tests.annotate.jury.conftest import FRAME, juror_of
from tests.annotate.jury.test_failures import BOTH, GZIP, Row, choice, error, hold, only_first, text
from tests.jury_server import Act, JuryServer, usable

EXTRA = "output_config.format: Extra inputs are not permitted"
OLDER = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'."
HOT = "Unsupported value: 'temperature' does not support 0 with this model."
SHAPE = "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."
LIMIT = "You have reached your specified API usage limits. You will regain access on 2026-12-01."
LARGE = "Request too large for m on tokens per min (TPM): Limit 30000, Requested 40000."
LONG = "max_tokens is too large: 4096. This model's maximum context length is 8192 tokens."
COLD = {"parameters": {"temperature": 0}}


def cut(body):
    return Act(body=gzip.compress(body)[:-30], headers=GZIP)


def detail(ask):
    return Act(422, b'{"detail": [{"loc": ["body", "n"], "msg": "Input should be below 2"}]}')


# ruff: noqa: E501  a row is a line
ROWS = [
    # --- what every call carries and the server does not take: one refusal is enough, and says what to change
    Row("no max_tokens", error(400, message=OLDER), "", asked=1, stopped='write limit = "max_completion_tokens"', flavours=("openai",)),
    Row("no temperature", error(400, message=HOT), "", asked=1, stopped="take 'temperature' out of its parameters", changes=COLD),
    Row("no schema", error(400, message=SHAPE), "", asked=1, stopped='structure = "json" or "prompt"'),
    Row("no output_config", error(400, message=EXTRA), "", asked=1, stopped='structure = "json" or "prompt"', flavours=("anthropic",)),
    Row("no such method", error(405), "", asked=1, stopped="some end in /v1"),
    Row("a proxy's password", error(407), "", asked=1, stopped="the proxy on the way wants a password"),
    # --- money, in other providers' words
    Row("limit of the month", error(400, message=LIMIT), "", asked=1, stopped="quota is spent"),
    Row("budget of a gateway", error(400, "budget_exceeded", "Budget has been exceeded"), "", asked=1, stopped="quota is spent"),
    Row("volume", error(403, message="Out of call volume quota."), "", asked=1, stopped="quota is spent"),
    Row("limit of a key", error(403, message="Key limit exceeded (total limit)."), "", asked=1, stopped="quota is spent"),
    # --- one call's own trouble: it alone is given up
    Row("too large for the pace", error(429, message=LARGE), "failed", "Request too large", 1),
    Row("too long", error(400, message=LONG), "failed", "maximum context length", 1, flavours=("openai",)),
    Row("a detail", detail, "failed", "Input should be below 2", 1),
    # --- a good reply with something odd around it is a good reply; half of one is none
    Row("no error, said so", lambda ask: usable(ask, error=None), "usable", asked=1),
    Row("an empty error", lambda ask: usable(ask, error={}), "usable", asked=1),
    Row("broken off", choice(finish_reason="error"), "truncated", "broke this reply off", flavours=("openai",)),
    Row("packed and cut off", lambda ask: cut(usable(ask).body), "failed", "cut off", 3),
    Row("packed, with a tail", lambda ask: Act(body=gzip.compress(usable(ask).body) * 2, headers=GZIP), "failed", "after its end", 3),
    Row("packed and cut off once", only_first(lambda ask: cut(usable(ask).body)), "usable"),
    Row("a thought aloud", text(lambda t: f"<think>Hm.</think>{t}"), "invalid", "not JSON"),
]  # fmt: skip
CASES = [pytest.param(row, flavour, id=f"{row.name}-{flavour}") for row in ROWS for flavour in row.flavours]


@pytest.mark.parametrize(("row", "flavour"), CASES)
def test_an_odd_server(row, flavour, bench):
    hold(row, flavour, bench)


def test_a_gateway_that_takes_only_the_newer_limit_can_be_asked(bench):
    def newer(ask):
        return None if "max_completion_tokens" in ask.json else error(400, message=OLDER)(ask)

    with JuryServer(newer) as server:
        juror = juror_of(server.url, "openai", limit="max_completion_tokens", max_tokens=77)
        assert bench(juror).run().progress.outcomes == {"usable": 1}
        assert server.asks[0].json["max_completion_tokens"] == 77
        assert "max_tokens" not in server.asks[0].json
    assert juror.rater != juror_of(server.url, "openai", max_tokens=77).rater


def test_the_limits_name_is_for_one_protocol():
    raw = {"juror": [{"provider": "anthropic", "model": "m", "limit": "max_tokens"}]}
    with pytest.raises(Fault, match="limit is for servers that speak OpenAI's protocol"):
        panel_of(raw, name="p", template=lambda _: FRAME)


@pytest.mark.parametrize("flavour", BOTH)
@pytest.mark.parametrize("model", [None, ""])
def test_a_reply_that_does_not_say_whose_it_is_is_flagged(model, flavour, bench):
    with JuryServer(lambda ask: usable(ask, model=model)) as server:
        sitting = bench(juror_of(server.url, flavour, validated="model-1"), items=2).run()
    assert sitting.flags == (
        f"{flavour}: 2 replies do not say which model gave it; 'model-1' was asked for.",
    )


def test_a_server_that_calls_itself_otherwise_each_time_fills_no_page(bench):
    names = iter(range(100))
    with JuryServer(lambda ask: usable(ask, model=f"m{next(names)}")) as server:
        flags = bench(juror_of(server.url), items=30).run().flags
    assert len(flags) == 7
    assert flags[5] == "anthropic: 25 more models that were not asked for have answered."
    assert flags[6].startswith("anthropic: replies came from 30 models (m0, ")
    assert all(len(flag) < 200 for flag in flags)


def escapes(key):
    return "".join(f"\\u{ord(sign):04X}" for sign in key)


def test_a_key_that_is_echoed_letter_by_letter_reaches_no_explanation():
    key = "sk-/4711+key"
    once = escapes(key)
    inner = json.dumps({"explanation": "K"}).replace("K", once)
    for body in (f'{{"text": "{once}"}}', json.dumps({"text": inner}), f'"{key}"'.replace("/", "\\/")):
        clean = scrub(body.encode(), key)
        assert b"[key]" in clean
        said = strict_json(clean)
        assert key not in str(said)
        assert "[key]" in str(said)
    for coding in ("utf-16", "utf-32-be"):
        assert key.encode(coding)[4:] not in scrub(json.dumps({"text": key}).encode(coding), key)
    assert scrub(b'"caf\\u00e9"', key) == b'"caf\\u00e9"'


@pytest.mark.parametrize("key", ["sk-12…4567", "sk-123 4567", "sk-123\n4567", "sk-é"])
def test_a_key_that_was_copied_wrongly_is_a_sentence_without_it(key, bench, monkeypatch):
    monkeypatch.setenv("JURY_KEY", key)
    with pytest.raises(Fault, match="JURY_KEY holds a sign that no key has") as told:
        bench(juror_of("http://127.0.0.1:9", key_env="JURY_KEY")).run()
    assert key not in str(told.value)


def test_a_proxy_of_the_house_stands_in_the_estimate_without_its_password(bench, monkeypatch):
    monkeypatch.setenv("https_proxy", "http://ward:opens@proxy.example:3128")
    monkeypatch.setenv("no_proxy", "")
    court = bench(juror_of("https://judge.example"), juror_of("http://127.0.0.1:9", "openai"))
    outside, inside = map(str, forecast(court.docket, court.ledger))
    assert " at judge.example by way of the proxy proxy.example:3128" in outside
    assert "opens" not in outside
    assert "proxy" not in inside


def test_a_port_where_nobody_listens_is_told_without_the_librarys_names(bench):
    court = bench(juror_of("http://127.0.0.1:9"))
    court.run()
    (verdict,) = court.ledger.verdicts()
    assert verdict["why"].startswith("No whole reply came: no connection to 127.0.0.1:9 (")
    assert "Client" not in verdict["why"]


def test_a_machine_with_too_many_open_files_says_what_to_do():
    assert "ulimit -n" in in_words(OSError(24, "Too many open files"))
    assert in_words(asyncio.CancelledError()) == "CancelledError"
