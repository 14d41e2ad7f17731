"""What both providers share: a request through an SDK, and whatever comes back as a raw reply."""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, Protocol
from urllib.parse import quote

from annotate.fault import Fault
from annotate.jury.juror import Juror
from annotate.jury.providers.wire import Lost, TooLong
from annotate.jury.reply import Raw
from annotate.jury.strict_json import Unreadable, strict_json
from annotate.storable import storable

Body = dict[str, Any]
LONGEST = 500
"""Letters in a batch's number at most."""
PAGES = 100
"""Pages of a server's list of batches that are read at most."""


class Provider(Protocol):
    """One server that is asked in one protocol."""

    async def ask(self, request: str) -> Raw:
        """Send one request, to the letter; never raises for what the server does."""

    async def close(self) -> None:
        """Close the connections."""


class Bureau(Protocol):
    """A server that takes calls in batches."""

    async def submit(self, token: str, requests: Sequence[tuple[str, Body]]) -> str:
        """Hand calls over; return the server's number for the batch."""

    async def find(self, token: str, keys: Sequence[str], known: set[str]) -> str | None:
        """Return the number of a batch whose submission was cut off.

        Empty where the server has none; None where that cannot be told yet.
        """

    async def stands(self, number: str) -> tuple[bool, int]:
        """Return whether a batch has come to its end, whichever, and how many calls are finished in it."""

    async def results(self, number: str) -> list[tuple[str, Raw]]:
        """Return the replies of a batch that has ended, in any order; what names no call has an empty key."""

    async def close(self) -> None:
        """Close the connections."""


class Turned(Exception):
    """What a server said instead of doing what a batch needs."""

    def __init__(self, raw: Raw) -> None:
        super().__init__(raw.lost or f"status {raw.status}")
        self.raw = raw


async def told(create: Callable[[], Awaitable[Any]], key: str) -> dict[str, Any]:
    """Return the JSON object that a call of an SDK brought; `Turned` for anything else."""
    raw = await raw_reply(create, key)
    try:
        value = strict_json(raw.body) if raw.status == 200 and not raw.lost else None
    except Unreadable as fault:
        raise Turned(Raw(raw.status, raw.body, raw.headers, lost=str(fault))) from None
    if not isinstance(value, dict):
        raise Turned(raw)
    return value


def number_in(made: Mapping[str, Any]) -> str:
    """Return the number of a batch that was made; `Turned` where the server names none that can be kept."""
    number = named_in(made)
    if not number:
        raise Turned(Raw(200, lost="the server took a batch and gave it no number that can be kept"))
    return number


def named_in(row: object) -> str:
    """Return a batch's number as it can be kept; empty where it has none.

    Examples
    --------
    >>> named_in({"id": "batch_1"}), named_in({"id": 7}), named_in({"id": "half \\ud83d"}), named_in(None)
    ('batch_1', '', '', '')
    """
    number = table(row).get("id")
    fits = isinstance(number, str) and len(number) <= LONGEST and storable(number) == number
    return str(number) if fits else ""


async def listed(page: Callable[[str], Awaitable[Any]], key: str) -> AsyncIterator[Mapping[str, Any]]:
    """Yield the batches that a server lists, newest first and page by page.

    `Turned` where the list makes no sense or has no end: a batch may be in it all the same, and one that is
    overlooked is handed over, and paid, once more.

    Parameters
    ----------
    page : callable
        Asks for the page after a batch, for the first one after none.
    """
    after = ""
    seen: set[str] = set()
    for _ in range(PAGES):
        found = await told(partial(page, after), key)
        rows = found.get("data")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            break
        for row in rows:
            yield row
        if found.get("has_more") is not True:
            return
        after = named_in(rows[-1]) if rows else ""
        if not after or after in seen:
            break
        seen.add(after)
    raise Turned(Raw(200, lost="the server's list of batches makes no sense or has no end"))


async def lines(create: Callable[[], Awaitable[Any]], key: str) -> list[dict[str, Any]]:
    """Return the JSON objects of a file of lines; one that holds none is an empty object."""
    raw = await raw_reply(create, key)
    if raw.status != 200 or raw.lost:
        raise Turned(raw)
    found = []
    for line in raw.body.splitlines():
        try:
            value = strict_json(line) if line.strip() else None
        except Unreadable:
            value = {}
        if value is not None:
            found.append(value if isinstance(value, dict) else {})
    return found


def named(row: Mapping[str, Any], result: Callable[[Mapping[str, Any]], Raw]) -> tuple[str, Raw]:
    """Return a line of a batch with the call that it names; an empty key and a reason where it names none."""
    key = row.get("custom_id")
    if not isinstance(key, str) or not key:
        return "", Raw(0, lost="a line of it is broken or names no call")
    return key, result(row)


def key_of(juror: Juror) -> str:
    """Return the juror's key from the environment; a `Fault` says which variable is missing."""
    if not juror.key_variable:
        return ""
    key = os.environ.get(juror.key_variable, "").strip()
    if not key:
        raise Fault(f"Juror {juror.name!r} needs a key: set the environment variable {juror.key_variable}.")
    if not re.fullmatch(r"[!-~]+", key):
        raise Fault(
            f"Juror {juror.name!r}: {juror.key_variable} holds a sign that no key has (a space, a "
            "line's end, a letter with an accent); copy the key anew."
        )
    return key


async def raw_reply(create: Callable[[], Awaitable[Any]], key: str) -> Raw:
    """Return what a call of an SDK brought, whether it returned or raised."""
    try:
        answer = await create()
        response = getattr(answer, "http_response", answer)
    except Exception as fault:
        response = getattr(fault, "response", None)
        if response is None:
            return lost(fault.__cause__ or fault, key)
    return kept(response.status_code, response.headers, response.content, key)


def kept(status: int, headers: Mapping[str, str], body: bytes, key: str) -> Raw:
    """Return a reply as it is kept: without the key, should the server have echoed it."""
    clean = {name: storable(scrubbed(value, key)) for name, value in headers.items()}
    return Raw(status, scrub(body, key), clean)


def lost(fault: BaseException, key: str) -> Raw:
    """Return what is kept where no whole reply came: why, and where it was too long its beginning."""
    why = storable(scrubbed(str(fault), key))
    if isinstance(fault, TooLong):
        return Raw(fault.status, scrub(fault.start, key), {}, lost=why)
    # Whatever a server does to an SDK, the run goes on: the call is lost, with the reason in words.
    return Raw(0, b"", {}, lost=why if isinstance(fault, Lost) else f"{type(fault).__name__}: {why}"[:300])


def scrub(body: bytes, key: str) -> bytes:
    r"""Return a body without the key, should a server have echoed it, however it is written.

    Examples
    --------
    >>> scrub(b"wrong key: sk-12345678", "sk-12345678")
    b'wrong key: [key]'
    >>> scrub(rb"wrong key: sk-\u00312345678", "sk-12345678")
    b'wrong key: [key]'
    """
    if len(key) >= 6:
        shapes, escaped = _shapes(key)
        for shape in shapes:
            body = body.replace(shape, b"[key]")
        if b"\\u00" in body:
            body = escaped.sub(b"[key]", body)
    return body


@lru_cache(maxsize=8)
def _shapes(key: str) -> tuple[tuple[bytes, ...], re.Pattern[bytes]]:
    """Return the ways in which a key is written plainly, and a pattern for those with letters escaped."""
    wide = [key.encode(coding) for coding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")]
    plain = [shape.encode() for shape in {key, json.dumps(key)[1:-1], key.replace("/", "\\/"), quote(key)}]
    letters = (rf"(?:\\*{re.escape(sign)}|\\+u00(?i:{ord(sign):02x}))" for sign in key)
    return (*plain, *wide), re.compile("".join(letters).encode())


def scrubbed(text: str, key: str) -> str:
    """Return a text without the key."""
    return scrub(text.encode("utf-8", "replace"), key).decode()


def table(value: object) -> Mapping[str, Any]:
    """Return a JSON object, or an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def complaint(message: object) -> str:
    """Return a server's own words about an error, in the form that both providers give it."""
    error = table(message).get("error")
    words = table(error).get("message") if isinstance(error, dict) else error
    words = words or table(message).get("message") or table(message).get("detail") or "no reason given"
    return storable((words if isinstance(words, str) else json.dumps(words, ensure_ascii=False))[:300])
