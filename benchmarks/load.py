"""Many clinicians at once: how long a submit takes, and whether one rating is lost, doubled or misplaced.

Each client opens the page as a browser does, over Streamlit's own websocket, and then rates as the page
does: a draft at every answer, a submission, the next item. What the database holds is compared, row by
row, with what the clients were told.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import aiohttp
from websockets.asyncio.client import connect

from annotate.assignment import Assignment
from data.store import Store, access, assignments, items, raters, ratings, studies
from tests import rating_studies as made
from tests.conftest import free_port
from tests.serving import Server

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=float, default=60)
    args = parser.parse_args()
    seconds = 10.0 if args.quick else args.seconds
    found = []
    for clinicians, every in ((200, 10.0), (100, 1.0)):
        found.append(run(20 if args.quick else clinicians, every, seconds))
        print(sentence(found[-1]), flush=True)
    if args.json:
        args.json.write_text(json.dumps(found, indent=1))
    if any(row["lost"] or row["doubled"] or row["misplaced"] for row in found):
        raise SystemExit(1)


def run(clinicians: int, every: float, seconds: float) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp())
    url = f"sqlite:///{folder / 'consilium.db'}"
    server = Server(url, free_port(), folder, CONSILIUM_DEMO="0").start()
    try:
        count = int(seconds / every) + 3
        tokens, study_id = study(url, clinicians, count)
        told = asyncio.run(everyone(server.base, tokens, every, seconds))
        memory = _memory(server.process.pid)
    finally:
        server.kill()
    compared = compare(url, study_id, told)
    shutil.rmtree(folder)
    return {
        "clinicians": clinicians,
        "every_s": every,
        "submit": quantiles(told.submits),
        "draft": quantiles(told.drafts),
        "next": quantiles(told.nexts),
        "open": quantiles(told.opens),
        "errors": told.errors[:5],
        "failed": len(told.errors),
        "memory_mb": memory,
        **compared,
    }


def study(url: str, clinicians: int, count: int) -> tuple[list[str], int]:
    """Make a study in which each clinician rates `count` items of her own order."""
    store = Store(url)
    cases = [made.case(f"case-{n}", source=made.long_text(300)) for n in range(max(count, 60))]
    with store.writing() as session:
        one = studies.create(session, name="load", title="Load", protocol_text=made.THREE, who="t")
        assert one.id is not None
        items.add(session, study_id=one.id, items=cases)
        names = [f"C{n:03d}" for n in range(clinicians)]
        tokens, design = [], []
        for name in names:
            number = raters.add(session, study_id=one.id, key=name, kind="clinician").id
            tokens.append(access.invite(session, role="clinician", name=name, rater_id=number))
            order = random.Random(name).sample(range(len(cases)), count)
            design += [Assignment(f"case-{n}", name, place=place) for place, n in enumerate(order, 1)]
        assignments.add(session, study_id=one.id, assignments=design, who="t")
        studies.set_status(session, study_id=one.id, status="running", who="t")
    store.close()
    return tokens, one.id


async def everyone(base: str, tokens: list[str], every: float, seconds: float) -> Told:
    told = Told()
    limit = aiohttp.TCPConnector(limit=0)
    begin = time.monotonic() + 3 + len(tokens) * 0.04
    async with aiohttp.ClientSession(connector=limit, cookie_jar=aiohttp.DummyCookieJar()) as http:
        await asyncio.gather(
            *(client(http, base, n, token, every, begin, seconds, told) for n, token in enumerate(tokens))
        )
    return told


async def client(
    http: aiohttp.ClientSession,
    base: str,
    n: int,
    token: str,
    every: float,
    begin: float,
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
    await asyncio.sleep(max(0.0, begin - time.monotonic()) + rng.random() * every)
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
            view = json.loads(told.json or told.mixed.json)["view"]
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


def compare(url: str, study_id: int, told: Told) -> dict[str, int]:
    """Compare every confirmed answer with the database, both ways."""
    store = Store(url)
    with store.reading() as session:
        number_of: dict[tuple[str, str], int] = {}
        people = raters.in_study(session, study_id=study_id, kinds=("clinician",))
        for person in people:
            assert person.id is not None
            for standing in assignments.standings(session, rater_id=person.id):
                number_of[person.key, standing.item] = standing.assignment_id
        rows = [
            ((row["rater"], number_of[row["rater"], row["item"]], row["question"]), row["value"])
            for row in ratings.events(session, study_id=study_id)
        ]
    store.close()
    written = dict(rows)
    return {
        "confirmed": len(told.kept),
        "written": len(rows),
        "lost": sum(key not in written for key in told.kept),
        "doubled": len(rows) - len(written),
        "misplaced": sum(key in written and written[key] != value for key, value in told.kept.items()),
        "unconfirmed": sum(key not in told.kept for key in written),
    }


def quantiles(times: list[float]) -> dict[str, float]:
    if len(times) < 2:
        return {"n": len(times)}
    cut = statistics.quantiles(times, n=20)
    return {"n": len(times), "median_ms": 1e3 * statistics.median(times), "p95_ms": 1e3 * cut[-1]}


def _memory(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return float("nan")
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def sentence(row: dict[str, Any]) -> str:
    lines = [f"{row['clinicians']} clinicians, a submit every {row['every_s']:g} s each:"]
    for what in ("open", "next", "draft", "submit"):
        told = row[what]
        if "median_ms" in told:
            lines.append(
                f"  {what:<7} median {told['median_ms']:7.1f} ms   p95 {told['p95_ms']:7.1f} ms"
                f"   n {told['n']}"
            )
    lines.append(
        f"  {row['confirmed']} answers confirmed, {row['written']} written: {row['lost']} lost, "
        f"{row['doubled']} doubled, {row['misplaced']} misplaced, {row['unconfirmed']} unconfirmed; "
        f"{row['failed']} requests failed; {row['memory_mb']:.0f} MB"
    )
    return "\n".join(lines + [f"  {error}" for error in row["errors"]])


if __name__ == "__main__":
    main()
