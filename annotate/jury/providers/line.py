"""A juror's connection: set up by its provider's SDK, carried by our wire."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2

from annotate.jury.juror import Juror, at_home
from annotate.jury.providers.sdk import kept, key_of, lost
from annotate.jury.providers.wire import CAP, Lost, Wire
from annotate.jury.reply import Raw

BATCH_CAP = 512 * 2**20
BATCH_DEADLINE = 600.0


class Line:
    """A juror's connection: its SDK says once where requests go and with which headers; the rest is ours.

    What leaves is then to the letter what the ledger holds and what the call's key was made from, also
    where it has parameters that the SDK does not know, at a fifth of the SDK's work a call.
    """

    def __init__(self, juror: Juror, drafted: Drafted) -> None:
        self._key = key_of(juror)
        self._wire = wire(juror)
        self._drafted = drafted
        self._url, self._headers = "", dict[str, str]()
        self._once = asyncio.Lock()

    async def ask(self, request: str) -> Raw:
        """Send one request as it stands; never raises for what the server does."""
        try:
            async with self._once:
                if not self._url:
                    draft = await self._drafted()
                    self._url, self._headers = str(draft.url), sent_headers(draft)
            reply = await self._wire.exchange("POST", self._url, self._headers, request.encode())
        except Exception as fault:
            return lost(fault, self._key)
        return kept(reply.status, reply.headers, reply.body, self._key)

    async def close(self) -> None:
        """Close the connections."""
        await self._wire.close()


Drafted = Callable[[], Awaitable[httpx2.Request]]
"""Has an SDK make one request, which is not sent."""


class Draft(httpx2.AsyncBaseTransport):
    """Takes the request that an SDK makes, and sends nothing."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Keep the request; answer with nothing."""
        self.request = request
        return httpx2.Response(200, json={}, request=request)


class Carrier(httpx2.AsyncBaseTransport):
    """The transport under an SDK: our wire, and nowhere but to the juror's own server."""

    def __init__(self, juror: Juror) -> None:
        self._wire = wire(juror, deadline=BATCH_DEADLINE, cap=BATCH_CAP)
        self._home = _origin(httpx2.URL(juror.url))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request and read the whole reply, or raise what went wrong."""
        if _origin(request.url) != self._home:
            raise Lost("the reply points to another host")
        body = await request.aread() or None
        reply = await self._wire.exchange(request.method, str(request.url), sent_headers(request), body)
        headers = dict(reply.headers)
        return httpx2.Response(reply.status, headers=headers, content=reply.body, request=request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.close()


_SENT = (
    "authorization", "x-api-key", "content-type", "accept", "user-agent", "anthropic-version",
    "anthropic-beta",
)  # fmt: skip


def sent_headers(request: httpx2.Request) -> dict[str, str]:
    """Return what of an SDK's headers leaves the house: what the server needs, and no facts about ours."""
    return {name: request.headers[name] for name in _SENT if name in request.headers}


def wire(juror: Juror, *, deadline: float | None = None, cap: int = CAP) -> Wire:
    """Return the wire to a juror's server."""
    return Wire(deadline=deadline or juror.timeout, home=juror.url, own=at_home(juror), cap=cap)


def options(juror: Juror, transport: httpx2.AsyncBaseTransport) -> dict[str, Any]:
    """Return how both SDKs' clients are made: over a transport of ours, with nothing from the environment.

    An empty key would send an SDK looking for another one elsewhere.
    """
    http = httpx2.AsyncClient(transport=transport, follow_redirects=False, trust_env=False, timeout=None)
    return {
        "api_key": key_of(juror) or "none",
        "base_url": juror.url,
        "max_retries": 0,
        "timeout": BATCH_DEADLINE + 5,
        "http_client": http,
    }


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
