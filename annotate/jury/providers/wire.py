"""The wire under both SDKs: one deadline, a cap on bytes, no redirects, no proxy for this machine."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType

import aiohttp
import httpx2

CAP = 2 * 2**20
"""The longest reply that is taken, in bytes, after decompression."""

_SENT = {
    "authorization", "x-api-key", "content-type", "accept", "user-agent", "anthropic-version",
    "anthropic-beta", "idempotency-key",
}  # fmt: skip
_KEPT = ("request-id", "x-request-id", "retry-after", "retry-after-ms", "content-type", "location")


_EXACTLY: ContextVar[bytes] = ContextVar("exactly", default=b"")


@contextmanager
def exactly(request: str) -> Iterator[None]:
    """Send this text as the body of the next requests, whatever an SDK makes of its own arguments.

    What leaves is then to the letter what the ledger holds and what the call's key was made from, also
    where it has parameters that the SDK does not know; and the SDK's walk over every type is spared.
    """
    token = _EXACTLY.set(request.encode())
    try:
        yield
    finally:
        _EXACTLY.reset(token)


class TooLong(httpx2.RequestError):
    """A reply that does not end within the cap."""


class Wire(httpx2.AsyncBaseTransport):
    """The SDKs' transport on aiohttp, which costs a fraction of the default one.

    Parameters
    ----------
    deadline : float
        Seconds for everything from connecting to the last byte.
    own : bool
        Whether the server is this machine: then no proxy is ever asked.
    home : str
        The juror's own address: nothing is sent to another host, whatever a reply says.
    """

    def __init__(self, *, deadline: float, own: bool, home: str, cap: int = CAP) -> None:
        self.deadline = deadline
        self.cap = cap
        self._own = own
        self._home = _origin(httpx2.URL(home))
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request and read the whole reply, or raise what went wrong."""
        if _origin(request.url) != self._home:
            raise httpx2.UnsupportedProtocol("the reply points to another host", request=request)
        try:
            async with asyncio.timeout(self.deadline):
                return await self._exchange(request)
        except TimeoutError:
            raise httpx2.ReadTimeout(f"no whole reply within {self.deadline:g} s", request=request) from None
        except (aiohttp.ClientError, OSError, ValueError) as fault:
            raise httpx2.ReadError(_said(fault), request=request) from None

    async def _exchange(self, request: httpx2.Request) -> httpx2.Response:
        headers = [(name, value) for name, value in request.headers.items() if name in _SENT]
        sent = self._open().request(
            request.method,
            str(request.url),
            headers=[*headers, ("accept-encoding", "identity")],
            data=_EXACTLY.get() or await request.aread() or None,
            allow_redirects=False,
        )
        async with sent as reply:
            body = await self._body(reply, request)
            kept = [(name, reply.headers[name]) for name in _KEPT if name in reply.headers]
            return httpx2.Response(reply.status, headers=kept, content=body, request=request)

    async def _body(self, reply: aiohttp.ClientResponse, request: httpx2.Request) -> bytes:
        coding = reply.headers.get("content-encoding", "identity").strip().lower()
        if coding not in {"identity", "", "gzip", "x-gzip", "deflate"}:
            raise ValueError(f"the reply is packed as {coding[:20]!r}, which was not asked for")
        pieces, size = [], 0
        unpack = zlib.decompressobj(47) if coding not in {"identity", ""} else None
        async for piece in reply.content.iter_any():
            if unpack is not None:
                piece = _unpacked(unpack, piece, self.cap + 1 - size)
            pieces.append(piece)
            size += len(piece)
            if size > self.cap:
                reply.close()
                raise TooLong(f"the reply is longer than {self.cap} bytes", request=request)
        return b"".join(pieces)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=30),
                timeout=aiohttp.ClientTimeout(total=None),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=not self._own,
            )
        return self._session

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.aclose()


def _unpacked(unpack: zlib._Decompress, piece: bytes, room: int) -> bytes:
    try:
        return unpack.decompress(piece, max(1, room))
    except zlib.error as fault:
        raise ValueError(f"the reply cannot be unpacked ({fault})") from None


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _said(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"[:300]
