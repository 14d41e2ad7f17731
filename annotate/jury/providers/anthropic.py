"""Anthropic's messages: how a juror is asked there, and what its envelope says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import httpx2

from annotate.jury.form import Form
from annotate.jury.juror import Juror
from annotate.jury.prompt import Prompt
from annotate.jury.providers.line import Carrier, Draft, Line, options
from annotate.jury.providers.sdk import (
    Body,
    Turned,
    complaint,
    key_of,
    lines,
    listed,
    named,
    named_in,
    number_in,
    table,
    told,
)
from annotate.jury.reading import Outcome
from annotate.jury.reply import Envelope, Raw, Usage, count
from annotate.jury.schema import schema_of
from annotate.jury.strict_json import Unreadable, strict_json
from annotate.storable import storable


def request(juror: Juror, prompt: Prompt, form: Form) -> Body:
    """Return the body of one message, the constant part first."""
    system: dict[str, Any] = {"type": "text", "text": prompt.system}
    if juror.cache:
        system["cache_control"] = {"type": "ephemeral"}
    body: Body = {"model": juror.model, "max_tokens": juror.max_tokens, "system": [system]}
    body["messages"] = [{"role": "user", "content": prompt.user}]
    body |= juror.parameters
    if juror.structure == "schema":
        body["output_config"] = {
            **table(juror.parameters.get("output_config")),
            "format": {"type": "json_schema", "schema": schema_of(form)},
        }
    return body


def client(juror: Juror, transport: httpx2.AsyncBaseTransport) -> Any:
    """Return the SDK's client, with its retries and its tracing off."""
    import anthropic

    return anthropic.AsyncAnthropic(**options(juror, transport), open_telemetry=False)


def connect(juror: Juror) -> Line:
    """Return one juror's connection."""

    async def drafted() -> httpx2.Request:
        draft = Draft()
        messages = client(juror, draft).messages.with_raw_response
        await messages.create(max_tokens=1, messages=[], model=juror.model)
        return draft.request

    return Line(juror, drafted)


_STOPS: dict[str, tuple[Outcome, str]] = {
    "end_turn": ("usable", ""),
    "stop_sequence": ("usable", ""),
    "max_tokens": ("truncated", "The reply was cut off at max_tokens."),
    "model_context_window_exceeded": ("truncated", "The reply was cut off at the end of the context window."),
    "refusal": ("refused", "The model refused."),
    "tool_use": ("invalid", "The reply calls a tool in place of an answer."),
    "pause_turn": ("invalid", "The reply pauses in place of an answer."),
}


def envelope(body: bytes) -> Envelope:
    """Read what stands around the answer, whatever stands there."""
    try:
        reply = strict_json(body)
    except Unreadable as fault:
        return Envelope("invalid", why=str(fault))
    message = table(reply)
    model, used = storable(str(message.get("model") or "")[:200]), usage(message.get("usage"))
    if message.get("type") == "error" or message.get("error"):
        return Envelope("failed", why=f"The server says: {complaint(message)}.", model=model, usage=used)
    stop = message.get("stop_reason")
    outcome, why = _STOPS.get(stop if isinstance(stop, str) else "", ("usable", ""))
    if outcome != "usable":
        return Envelope(outcome, why=why, model=model, usage=used)
    text = _text(message.get("content"))
    if text is None or not text.strip():
        return Envelope("invalid", why="The reply holds no text.", model=model, usage=used)
    return Envelope("usable", text, model=model, usage=used)


def _text(content: object) -> str | None:
    if not isinstance(content, list):
        return None
    texts = [table(block).get("text") for block in content if table(block).get("type") == "text"]
    return "".join(map(str, texts)) if texts and all(isinstance(text, str) for text in texts) else None


def usage(value: object) -> Usage | None:
    """Return the tokens as billed. Here cached ones are counted apart, so they are added."""
    told = table(value)
    fresh, output = count(told.get("input_tokens")), count(told.get("output_tokens"))
    if fresh is None or output is None:
        return None
    read = count(told.get("cache_read_input_tokens")) or 0
    written = count(told.get("cache_creation_input_tokens")) or 0
    return Usage(fresh + read + written, output, read, written)


class Batches:
    """Batches of messages."""

    def __init__(self, juror: Juror) -> None:
        self._key = key_of(juror)
        self._client = client(juror, Carrier(juror))
        self._api = self._client.messages.batches.with_raw_response

    async def submit(self, token: str, requests: Sequence[tuple[str, Body]]) -> str:
        """Hand calls over. The server takes no token, so an interrupted one is found by its calls."""
        rows = [{"custom_id": key, "params": body} for key, body in requests]
        made = await told(lambda: self._api.create(requests=[], extra_body={"requests": rows}), self._key)
        return number_in(made)

    async def find(self, token: str, keys: Sequence[str], known: set[str]) -> str | None:
        """Return the batch that holds these calls, among those of the same size that nobody knows.

        Only a batch that has ended, and has a number, says which calls it holds.
        """
        waiting = False
        async for row in listed(self._page, self._key):
            number, counts = named_in(row), table(row.get("request_counts"))
            if number in known or sum(count(n) or 0 for n in counts.values()) != len(keys):
                continue
            if not number or not (await self.stands(number))[0]:
                waiting = True
            elif await self._holds(number, set(keys)):
                return number
        return None if waiting else ""

    def _page(self, after: str) -> Any:
        return self._api.list(limit=100, **({"after_id": after} if after else {}))

    async def _holds(self, number: str, keys: set[str]) -> bool:
        try:
            return bool({key for key, _ in await self.results(number)} & keys)
        except Turned as turned:
            if turned.raw.status in (404, 410):
                return False  # an old one, whose results are not kept any more
            raise

    async def stands(self, number: str) -> tuple[bool, int]:
        """Return whether a batch has ended, and how many calls are finished in it."""
        row = await told(lambda: self._api.retrieve(number), self._key)
        counts = table(row.get("request_counts"))
        finished = sum(count(counts.get(name)) or 0 for name in _FINISHED)
        return row.get("processing_status") == "ended", finished

    async def results(self, number: str) -> list[tuple[str, Raw]]:
        """Return the replies. They are fetched from the server that was asked, whatever address it names."""
        path = f"/v1/messages/batches/{quote(number, safe='')}/results"
        rows = await lines(lambda: self._client.get(path, cast_to=httpx2.Response), self._key)
        return [named(row, lambda row: _result(table(row.get("result")))) for row in rows]

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


_FINISHED = ("succeeded", "errored", "canceled", "expired")


def _result(result: Mapping[str, Any]) -> Raw:
    if result.get("type") == "succeeded":
        return Raw(200, json.dumps(result.get("message"), ensure_ascii=False).encode("utf-8", "replace"))
    if result.get("type") == "errored":
        body = json.dumps(result.get("error"), ensure_ascii=False).encode("utf-8", "replace")
        return Raw(_ERRORS.get(str(table(table(result.get("error")).get("error")).get("type")), 500), body)
    return Raw(0, lost=f"the batch ended with this call {str(result.get('type'))[:40]}")


_ERRORS = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "permission_error": 403,
    "billing_error": 402,
}

connect_batches = Batches
