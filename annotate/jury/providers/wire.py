"""The wire under every juror: one deadline, a cap on bytes, no redirects, no proxy for this machine."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from aiohttp.connector import Connection

from annotate.jury.providers.trouble import in_words

CAP = 2 * 2**20
"""The longest reply that is taken, in bytes, after decompression."""
START = 4096
"""What is kept of a longer one."""
TRIED = 20
"""So many connections are tried on which something was said before anything was asked."""

_KEPT = ("request-id", "x-request-id", "retry-after", "retry-after-ms", "content-type", "location")


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Lost(Exception):
    """Why no whole reply came."""


class TooLong(Lost):
    """A reply that does not end within the cap: its status, and its beginning."""

    def __init__(self, why: str, status: int, start: bytes) -> None:
        super().__init__(why)
        self.status, self.start = status, start


class _Unasked(aiohttp.ClientConnectionError):
    """Something was said on a connection before anything was asked on it."""


class _Asking(aiohttp.ClientRequest):
    """A request that leaves only on a connection where nothing has been said since the last reply.

    What a server (or a proxy that mixes up its own connections) sends before it is asked would be taken for
    the answer, and one item would get the verdict of another.
    """

    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        if conn.protocol is None or conn.protocol.should_close or _unread(conn):
            raise _Unasked("the server spoke before it was asked")
        return await super().send(conn)


def _unread(conn: Connection) -> bool:
    """Return whether words have come to which a busy loop has not yet come itself."""
    if conn.transport is None or conn.transport.get_extra_info("ssl_object"):
        return False  # TLS has words of its own, which are no reply
    with contextlib.suppress(OSError), conn.transport.get_extra_info("socket").dup() as ours:
        return bool(ours.recv(1, socket.MSG_PEEK))
    return False


class Wire:
    """Connections to one server.

    Parameters
    ----------
    deadline : float
        Seconds for everything from connecting to the last byte.
    home : str
        The server's address.
    own : bool
        Whether that is this machine: then no proxy is ever asked, and nothing but this machine is
        connected to; otherwise this machine never is, whatever a name resolves to.
    """

    def __init__(self, *, deadline: float, home: str, own: bool, cap: int = CAP) -> None:
        self.deadline, self.own, self.cap = deadline, own, cap
        self._proxy = None if own else proxy_for(home)
        # Behind a proxy it is the proxy that is connected to, and the proxy that decides.
        self._checked = self._proxy is None
        self._session: aiohttp.ClientSession | None = None

    async def exchange(self, method: str, url: str, headers: Mapping[str, str], data: bytes | None) -> Reply:
        """Send one request and read the whole reply; `Lost` where none came."""
        try:
            async with asyncio.timeout(self.deadline):
                for _ in range(TRIED):
                    with contextlib.suppress(_Unasked):  # that connection is closed; nothing has left yet
                        return await self._exchange(method, url, headers, data)
                raise Lost("the server speaks before it is asked")
        except TimeoutError:
            raise Lost(f"no whole reply within {self.deadline:g} s") from None
        except (aiohttp.ClientError, OSError, ValueError) as fault:
            raise Lost(in_words(fault)) from None

    async def _exchange(self, method: str, url: str, headers: Mapping[str, str], data: bytes | None) -> Reply:
        sent = self._open().request(
            method, url, headers=headers, data=data, allow_redirects=False, proxy=self._proxy
        )
        async with sent as reply:
            body = await self._body(reply)
            kept = {name: reply.headers[name] for name in _KEPT if name in reply.headers}
            return Reply(reply.status, kept, body)

    async def _body(self, reply: aiohttp.ClientResponse) -> bytes:
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
                why = f"the reply is longer than {self.cap} bytes"
                raise TooLong(why, reply.status, b"".join(pieces)[:START])
        if unpack is not None and (not unpack.eof or unpack.unused_data):
            raise ValueError("the packed reply is cut off, or goes on after its end")
        return b"".join(pieces)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=30, socket_factory=self._socket),
                timeout=aiohttp.ClientTimeout(total=None),
                request_class=_Asking,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"accept-encoding": "identity"},
                auto_decompress=False,
                trust_env=False,  # it would also send what a .netrc holds for the host
            )
        return self._session

    def _socket(self, info: aiohttp.AddrInfoType) -> socket.socket:
        """Return a socket for an address that a name has resolved to, if it may be connected to."""
        family, kind, protocol, _, address = info
        if self._checked and barred(str(address[0]), own=self.own):
            raise OSError(f"{address[0]} is no address that a juror may have")
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


def barred(address: str, *, own: bool) -> bool:
    """Return whether a juror may not be at an IP address, whatever name has led there.

    Never there: link-local addresses, where clouds keep their metadata and passwords, and what is no one
    machine's address. This machine is reached under its own names only, and they reach nothing else.

    Examples
    --------
    >>> [barred(at, own=False) for at in ("93.184.215.14", "10.0.0.7", "169.254.169.254", "127.0.0.1")]
    [False, False, True, True]
    >>> barred("127.0.0.1", own=True), barred("10.0.0.7", own=True)
    (False, True)
    """
    place = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(place, ipaddress.IPv6Address):
        place = place.ipv4_mapped or place.sixtofour or place
    never = place.is_link_local or place.is_multicast or place.is_unspecified or place == _METADATA
    return never or place.is_loopback is not own


_METADATA = ipaddress.ip_address("fd00:ec2::254")


def proxy_for(url: str) -> str | None:
    """Return the proxy that `HTTPS_PROXY` (or `HTTP_PROXY`) names for an address outside `NO_PROXY`."""
    parts = urlsplit(url)
    named = getproxies().get(parts.scheme, "")
    if not named or proxy_bypass(parts.hostname or ""):
        return None
    return named if "://" in named else f"http://{named}"


def _unpacked(unpack: zlib._Decompress, piece: bytes, room: int) -> bytes:
    try:
        return unpack.decompress(piece, max(1, room))
    except zlib.error as fault:
        raise ValueError(f"the reply cannot be unpacked ({fault})") from None
