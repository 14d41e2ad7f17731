"""The clinicians of the load program: each opens the page, rates as it does, remembers what it was told."""

from __future__ import annotations

import asyncio
import json
import math
import os
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from websockets.asyncio.client import connect

KEYS = ("accuracy", "completeness", "clarity")
HEADERS = {"X-Consilium": "1"}


@dataclass
class Told:
    """What the clients were told, and how long it took."""

    submits: list[float] = field(default_factory=list)
    drafts: list[float] = field(default_factory=list)
    nexts: list[float] = field(default_factory=list)
    opens: list[float] = field(default_factory=list)
    kept: dict[tuple[str, int, str], str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    server_s: float = math.nan
    client_s: float = math.nan

    @property
    def requests(self) -> int:
        """How many requests were answered while everybody rated."""
        return len(self.submits) + len(self.drafts) + len(self.nexts)


async def everyone(base: str, server: int, tokens: list[str], every: float, seconds: float) -> Told:
    """Let every clinician open the page and rate; `server` is the number of the server's process."""
    told = Told()
    limit = aiohttp.TCPConnector(limit=0)
    at_work = asyncio.Barrier(len(tokens) + 1)
    async with aiohttp.ClientSession(connector=limit, cookie_jar=aiohttp.DummyCookieJar()) as http:
        watching = asyncio.create_task(watch(told, server, at_work, seconds))
        await asyncio.gather(
            *(client(http, base, n, token, every, at_work, seconds, told) for n, token in enumerate(tokens))
        )
        await watching
    return told


async def watch(told: Told, server: int, at_work: asyncio.Barrier, seconds: float) -> None:
    """Measure the processor time of both sides while everybody rates, and how late these clients wake."""
    await at_work.wait()
    end = time.monotonic() + seconds
    ours, theirs = time.process_time(), processor_seconds(server)
    while time.monotonic() < end:
        clock = time.perf_counter()
        await asyncio.sleep(0.02)
        told.lags.append(time.perf_counter() - clock - 0.02)
    told.client_s, told.server_s = time.process_time() - ours, processor_seconds(server) - theirs


def processor_seconds(process: int) -> float:
    """Return the processor time that a process has used so far; NaN where the system does not tell."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return math.nan
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def client(
    http: aiohttp.ClientSession,
    base: str,
    n: int,
    token: str,
    every: float,
    at_work: asyncio.Barrier,
    seconds: float,
    told: Told,
) -> None:
    await asyncio.sleep(n * 0.04)
    cookie = await entered(http, base, token)
    clock = time.perf_counter()
    socket = await page(base, cookie)
    told.opens.append(time.perf_counter() - clock)
    headers = HEADERS | {"Cookie": f"consilium={cookie}"}
    rng = random.Random(n)
    view, ahead = socket[1], None
    # Opening the page is measured for itself: what follows is a ward at work, not one that arrives.
    await at_work.wait()
    begin = time.monotonic()
    await asyncio.sleep(rng.random() * every)
    turn = time.monotonic()
    while time.monotonic() < begin + seconds and not view.get("finished"):
        try:
            view, ahead = await rate_one(http, base, headers, view, rng, every, f"C{n:03d}", told, ahead)
        except (aiohttp.ClientError, RuntimeError, TimeoutError) as problem:
            told.errors.append(f"{type(problem).__name__}: {problem}")
            break
        turn += every
        await asyncio.sleep(max(0.0, turn - time.monotonic()))
    await socket[0].close()


async def entered(http: aiohttp.ClientSession, base: str, token: str) -> str:
    for _ in range(5):
        try:
            async with http.post(f"{base}/enter", json={"token": token}) as answer:
                return answer.cookies["consilium"].value
        except aiohttp.ClientError:
            await asyncio.sleep(0.2)
    raise RuntimeError("nobody could sign in")


async def page(base: str, cookie: str) -> tuple[Any, dict[str, Any]]:
    """Open the page over Streamlit's websocket; return the open socket and the view that it was sent."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    socket = await connect(
        base.replace("http", "ws") + "/_stcore/stream",
        additional_headers={"Cookie": f"consilium={cookie}", "Origin": base},
        subprotocols=["streamlit"],  # type: ignore[list-item]
        max_size=None,
        ping_interval=None,
    )
    ask = BackMsg()
    ask.rerun_script.query_string = ""
    await socket.send(ask.SerializeToString())
    view: dict[str, Any] = {}
    async for frame in socket:
        message = ForwardMsg()
        message.ParseFromString(frame if isinstance(frame, bytes) else frame.encode())
        element = message.delta.new_element
        if element.WhichOneof("type") == "bidi_component":
            told = element.bidi_component
            view = json.loads(told.json or told.mixed.json or "{}").get("view", view)  # one says outages only
        if message.WhichOneof("type") == "script_finished":
            break
    if not view:
        raise RuntimeError("the page came without the room")
    return socket, view


async def rate_one(
    http: aiohttp.ClientSession,
    base: str,
    headers: dict[str, str],
    view: dict[str, Any],
    rng: random.Random,
    every: float,
    rater: str,
    told: Told,
    ahead: dict[str, Any] | None,
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Rate one item as the page does; remember what was confirmed."""
    number, revision, form = view["assignment"], view["revision"], {}

    async def said(times: list[float], path: str, **letter: Any) -> Any:
        body = {"assignment": number, "revision": revision, "form": form, "active_seconds": 1.0, **letter}
        status, answer = await timed(times, lambda: http.post(base + path, headers=headers, json=body))
        _must(status == 200, f"{path} {status} {answer}")
        return answer

    if ahead is None:
        address = f"{base}/room/next?after={number}"
        status, answer = await timed(told.nexts, lambda: http.get(address, headers=headers))
        _must(status == 200, f"next {status}")
        ahead = answer["view"]
    typed = time.monotonic()
    for key in KEYS:
        form[key] = {"value": str(rng.randint(1, 5))}
        typed += min(0.5, every * 0.03)
        # While a draft is on its way the page gathers what is typed; a submission takes its place.
        if time.monotonic() < typed:
            revision = (await said(told.drafts, "/room/draft"))["revision"]
            await asyncio.sleep(max(0.0, typed - time.monotonic()))
    body = await said(told.submits, "/room/submit", key=str(uuid.uuid4()))
    _must(body["next"] == ahead.get("assignment"), "the next item is not the one fetched ahead")
    for key in KEYS:
        told.kept[rater, number, key] = form[key]["value"]
    return ahead, body.get("ahead")


async def timed(times: list[float], ask: Callable[[], Any]) -> tuple[int, Any]:
    """Ask until an answer comes, as the page does; the wait counts from the first try."""
    clock = time.perf_counter()
    for tries in range(6):
        try:
            async with ask() as answer:
                body = await answer.json()
            times.append(time.perf_counter() - clock)
            return answer.status, body
        except aiohttp.ClientConnectionError:
            if tries == 5:
                raise
            await asyncio.sleep(0.1)
    raise AssertionError


def _must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise RuntimeError(otherwise)
