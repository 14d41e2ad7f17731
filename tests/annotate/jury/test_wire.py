"""The wire under a juror: a proxy of the house is used, and what a .netrc holds goes to nobody."""

from __future__ import annotations

import asyncio

import pytest

from annotate.jury.providers.wire import Lost, Reply, Wire, proxy_for
from tests.awaited import awaited


async def through_a_proxy(monkeypatch, tmp_path) -> tuple[bytes, Reply]:
    """Ask a host that does not exist by way of a proxy on loopback; return what the proxy read."""
    read = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        read.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    (tmp_path / "netrc").write_text("default login doctor password not-for-jurors\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("http_proxy", f"http://ward:opens@127.0.0.1:{port}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    wire = Wire(deadline=10, home="http://judge.example", own=False)
    try:
        reply = await wire.exchange("POST", "http://judge.example/v1", {"x-api-key": "sk-judge"}, b"{}")
    finally:
        await wire.close()
        server.close()
    return read[0].lower(), reply


def test_a_proxy_carries_the_jurors_key_and_nothing_of_a_netrc(monkeypatch, tmp_path):
    read, reply = awaited(through_a_proxy(monkeypatch, tmp_path))
    assert (reply.status, reply.body) == (200, b"{}")
    assert read.startswith(b"post http://judge.example/v1")
    assert b"x-api-key: sk-judge" in read
    assert b"\r\nauthorization:" not in read
    assert b"proxy-authorization: basic d2fyzdpvcgvucw==" in read  # ward:opens, in lower case


@pytest.mark.parametrize(
    ("no_proxy", "found"), [("", "http://proxy.example:3128"), ("judge.example", None), ("*", None)]
)
def test_a_proxy_is_for_what_it_is_named_for(no_proxy, found, monkeypatch):
    monkeypatch.setenv("https_proxy", "proxy.example:3128")
    monkeypatch.setenv("no_proxy", no_proxy)
    assert proxy_for("https://judge.example") == found


def reply(words: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(words), words)


async def asked_in_turn(banner: bytes, stray: bytes, pause: float = 0.0) -> list[bytes]:
    """Ask ten questions of a server that says more than it is asked; return the replies."""
    ended: list[asyncio.Task[None] | None] = []
    strayed = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended.append(asyncio.current_task())
        writer.write(banner)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                asked = await reader.readexactly(
                    int(head.lower().partition(b"content-length: ")[2].split()[0])
                )
                writer.write(reply(asked))
                await asyncio.sleep(0.005)
                writer.write(stray)
                strayed.set()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    home = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    wire = Wire(deadline=10, home=home, own=True)
    try:
        said = []
        for n in range(10):
            said.append((await wire.exchange("POST", home, {}, b"%d" % n)).body)
            await strayed.wait()
            strayed.clear()
            if pause:  # else the next question leaves before this loop has come to read anything
                await asyncio.sleep(pause)
        return said
    finally:
        await wire.close()
        server.close()
        await asyncio.gather(*(task for task in ended if task), return_exceptions=True)


@pytest.mark.parametrize("pause", [0.0, 0.02], ids=["lies unread", "was read"])
def test_what_a_server_says_unasked_is_no_reply_to_the_next_question(pause):
    """Else one item would get the verdict of another, well formed and unnoticed."""
    said = awaited(asked_in_turn(b"", reply(b"stray"), pause))
    assert said == [b"%d" % n for n in range(10)]


def test_a_server_that_always_speaks_first_is_given_up_soon():
    with pytest.raises(Lost, match=r"speaks before it is asked|Bad status line"):
        awaited(asked_in_turn(b"SSH-2.0-OpenSSH\r\n", b""))
