"""Why no whole reply came, in words that a lead understands, without the library's and without addresses."""

from __future__ import annotations

import errno

import aiohttp

_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (aiohttp.ClientProxyConnectionError, "the proxy that HTTPS_PROXY or HTTP_PROXY names does not answer"),
    (aiohttp.ClientHttpProxyError, "the proxy does not let it through ({fault.status})"),
    (aiohttp.ClientConnectorDNSError, "no machine has the name {fault.host!r}; look at the address"),
    (
        aiohttp.ClientConnectorCertificateError,
        "the server's certificate is not trusted here ({why}); name the house's own in SSL_CERT_FILE",
    ),
    (aiohttp.ClientConnectorSSLError, "there is no encrypted server at that address (https); try http"),
    (aiohttp.ClientConnectorError, "no connection to {fault.host}:{fault.port} ({why})"),
    (aiohttp.ServerDisconnectedError, "the server closed the connection before it answered"),
    (aiohttp.ClientPayloadError, "the reply broke off ({why})"),
    (aiohttp.ClientResponseError, "what came is no reply in HTTP ({why})"),
    (ConnectionResetError, "the server cut the connection"),
    (aiohttp.ClientOSError, "the connection broke ({why})"),
)
_FULL = (errno.EMFILE, errno.ENFILE)


def in_words(fault: BaseException) -> str:
    """Return what has happened on the way.

    Examples
    --------
    >>> in_words(ConnectionResetError(104, "Connection reset by peer"))
    'the server cut the connection'
    >>> in_words(ValueError("the reply cannot be unpacked"))
    'the reply cannot be unpacked'
    """
    if isinstance(fault, OSError) and fault.errno in _FULL:
        return "this machine lets no more connections be open; lower in_flight, or raise `ulimit -n`"
    for kind, words in _WORDS:
        if isinstance(fault, kind):
            return words.format(fault=fault, why=_why(fault))[:300]
    return str(fault)[:300] or type(fault).__name__


def _why(fault: BaseException) -> str:
    """Return the reason in one short line."""
    if isinstance(fault, aiohttp.ClientConnectorCertificateError):
        fault = fault.certificate_error
    said = fault.message if isinstance(fault, aiohttp.ClientResponseError) else str(fault)
    if isinstance(fault, OSError) and fault.strerror:
        said = fault.strerror
    return " ".join(said.split())[:100]
