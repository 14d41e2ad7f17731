"""OpenAI's chat completions, and every server that speaks them: requests and envelopes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

import httpx2

from annotate.jury.form import Form
from annotate.jury.juror import Juror
from annotate.jury.prompt import Prompt
from annotate.jury.providers.line import Carrier, Draft, Line, options
from annotate.jury.providers.sdk import (
    Body,
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
    """Return the body of one completion, the constant part first."""
    body: Body = {"model": juror.model, juror.limit_field: juror.max_tokens}
    body["messages"] = [
        {"role": "system", "content": prompt.system},
        {"role": "user", "content": prompt.user},
    ]
    body |= juror.parameters
    if juror.structure == "schema":
        schema = {"name": "form", "strict": True, "schema": schema_of(form)}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif juror.structure == "json":
        body["response_format"] = {"type": "json_object"}
    return body


def client(juror: Juror, transport: httpx2.AsyncBaseTransport) -> Any:
    """Return the SDK's client, with its retries off."""
    import openai

    return openai.AsyncOpenAI(**options(juror, transport))


def connect(juror: Juror) -> Line:
    """Return one juror's connection."""

    async def drafted() -> httpx2.Request:
        draft = Draft()
        completions = client(juror, draft).chat.completions.with_raw_response
        await completions.create(messages=[], model=juror.model)
        return draft.request

    return Line(juror, drafted)


_STOPS: dict[str, tuple[Outcome, str]] = {
    "stop": ("usable", ""),
    "length": ("truncated", "The reply was cut off at the limit of tokens."),
    "content_filter": ("refused", "The provider's content filter withheld the reply."),
    "tool_calls": ("invalid", "The reply calls a tool in place of an answer."),
    "function_call": ("invalid", "The reply calls a function in place of an answer."),
    **dict.fromkeys(
        ("error", "abort", "insufficient_system_resource"),
        ("truncated", "The server says that it broke this reply off."),
    ),
}


def envelope(body: bytes) -> Envelope:
    """Read what stands around the answer, whatever stands there."""
    try:
        reply = strict_json(body)
    except Unreadable as fault:
        return Envelope("invalid", why=str(fault))
    completion = table(reply)
    model, used = storable(str(completion.get("model") or "")[:200]), usage(completion.get("usage"))
    if completion.get("error"):
        return Envelope("failed", why=f"The server says: {complaint(completion)}.", model=model, usage=used)
    outcome, text, why = _choice(completion.get("choices"))
    return Envelope(outcome, text, why, model, used)


def _choice(choices: object) -> tuple[Outcome, str, str]:
    if not isinstance(choices, list) or len(choices) != 1:
        number = len(choices) if isinstance(choices, list) else "no"
        return "invalid", "", f"The reply holds {number} choices; exactly one was asked for."
    choice = table(choices[0])
    stop = choice.get("finish_reason")
    outcome, why = _STOPS.get(stop if isinstance(stop, str) else "", ("usable", ""))
    if outcome != "usable":
        return outcome, "", why
    message = table(choice.get("message"))
    if message.get("refusal"):
        return "refused", "", storable(f"The model refused: {str(message['refusal'])[:300]}")
    text = message.get("content")
    if isinstance(text, list):
        parts = [table(part).get("text") for part in text if table(part).get("type") == "text"]
        text = "".join(map(str, parts)) if all(isinstance(part, str) for part in parts) else None
    if not isinstance(text, str) or not text.strip():
        return "invalid", "", "The reply holds no text."
    return "usable", text, ""


def usage(value: object) -> Usage | None:
    """Return the tokens as billed. Here cached ones are counted in already."""
    told = table(value)
    prompt, output = count(told.get("prompt_tokens")), count(told.get("completion_tokens"))
    if prompt is None or output is None:
        return None
    cached = count(table(told.get("prompt_tokens_details")).get("cached_tokens")) or 0
    return Usage(prompt, output, min(cached, prompt))


class Batches:
    """Batches of completions: a file of requests goes up, a file of replies comes down."""

    def __init__(self, juror: Juror) -> None:
        self._key = key_of(juror)
        self._client = client(juror, Carrier(juror))
        self._api = self._client.batches.with_raw_response

    async def submit(self, token: str, requests: Sequence[tuple[str, Body]]) -> str:
        """Hand calls over, under a token by which an interrupted submission is found again."""
        rows = [
            {"custom_id": key, "method": "POST", "url": "/v1/chat/completions", "body": body}
            for key, body in requests
        ]
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()
        upload = self._client.files.with_raw_response.create
        file = await told(lambda: upload(file=(f"{token}.jsonl", text), purpose="batch"), self._key)
        made = await told(
            lambda: self._api.create(
                input_file_id=str(file.get("id")),
                endpoint="/v1/chat/completions",
                completion_window="24h",
                metadata={"consilium": token},
            ),
            self._key,
        )
        return number_in(made)

    async def find(self, token: str, keys: Sequence[str], known: set[str]) -> str | None:
        """Return the batch that carries the token; None where it has no number to ask after it by."""
        async for row in listed(self._page, self._key):
            if table(row.get("metadata")).get("consilium") == token:
                return named_in(row) or None
        return ""

    def _page(self, after: str) -> Any:
        return self._api.list(limit=100, **({"after": after} if after else {}))

    async def stands(self, number: str) -> tuple[bool, int]:
        """Return whether a batch has come to its end, whichever, and how many calls are finished in it."""
        row = await told(lambda: self._api.retrieve(number), self._key)
        counts = table(row.get("request_counts"))
        finished = sum(count(counts.get(name)) or 0 for name in ("completed", "failed"))
        return row.get("status") in ("completed", "failed", "expired", "cancelled"), finished

    async def results(self, number: str) -> list[tuple[str, Raw]]:
        """Return the replies, also those that an expired or cancelled batch has finished: they are paid."""
        row = await told(lambda: self._api.retrieve(number), self._key)
        found: list[tuple[str, Raw]] = []
        for name in ("output_file_id", "error_file_id"):
            file = row.get(name)
            if isinstance(file, str) and file:
                path = f"/files/{quote(file, safe='')}/content"
                rows = await lines(partial(self._client.get, path, cast_to=httpx2.Response), self._key)
                found += [named(row, _result) for row in rows]
        if row.get("status") == "failed":
            found.append(("", Raw(0, lost=f"the server failed it: {_failure(row)}"[:300])))
        elif not found and row.get("status") != "completed":
            found.append(("", Raw(0, lost=f"it was {row.get('status')} before any call was finished")))
        return found

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


def _failure(row: Mapping[str, Any]) -> str:
    errors = table(row.get("errors")).get("data")
    first = errors[0] if isinstance(errors, list) and errors else None
    return storable(str(table(first).get("message") or "no reason given"))


def _result(row: Mapping[str, Any]) -> Raw:
    reply = table(row.get("response"))
    if not reply:
        return Raw(0, lost=f"the batch says {complaint(row)}"[:300])
    body = json.dumps(reply.get("body"), ensure_ascii=False).encode("utf-8", "replace")
    headers = {"x-request-id": str(reply.get("request_id") or "")}
    return Raw(count(reply.get("status_code")) or 500, body, headers)


connect_batches = Batches
