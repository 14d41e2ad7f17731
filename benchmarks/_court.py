"""A loopback server in a process of its own, a bench to run against it, and the SDKs alone beside."""

from __future__ import annotations

import asyncio
import contextlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotate.item import Item, Output
from annotate.jury.juror import Juror
from annotate.jury.panel import Panel
from annotate.jury.plan import Docket
from annotate.jury.run import convene
from data.formats.panel import read_panel
from data.ledger import beside
from data.shipped import protocol

ROOT = Path(__file__).resolve().parents[1]
FRAME = read_panel("medhelm").jurors[0].template


class Server:
    """The test suite's server, alone in its process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        self._process = process
        self.url = process.stdout.readline().strip()

    def tally(self) -> dict[str, int]:
        """Return what was asked since the last time."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("count\n")
        self._process.stdin.flush()
        return dict(json.loads(self._process.stdout.readline()))


@contextlib.contextmanager
def server(*, latency: float, allowed: int = 0) -> Iterator[Server]:
    command = [sys.executable, "-m", "tests.jury_server", f"--latency={latency}", f"--allowed={allowed}"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Server(process)
        finally:
            assert process.stdin
            process.stdin.close()
            process.wait()


@dataclass(frozen=True)
class Timed:
    """A run: calls that came back with a verdict, seconds, and CPU milliseconds a call of this process."""

    calls: int
    done: int
    seconds: float
    cpu_ms: float
    megabytes: float = 0.0

    @property
    def rate(self) -> float:
        return self.done / self.seconds


def items(number: int) -> list[Item]:
    """Items of a real size: some 1,500 letters of source, 900 of output."""
    source, output = (
        "The patient was seen for a follow-up visit. " * 34,
        "The plan is to continue as before. " * 26,
    )
    return [Item(f"i{n}", (Output(f"{output}{n}", "m"),), source=f"{source}{n // 4}") for n in range(number)]


def juror(url: str, flavour: str, in_flight: int) -> Juror:
    base = url if flavour == "anthropic" else f"{url}/v1"
    return Juror(flavour, flavour, "m", FRAME, base_url=base, in_flight=in_flight)  # type: ignore[arg-type]


def ours(url: str, flavour: str, number: int, in_flight: int) -> Timed:
    """Everything: prompts, ledger on disk, asking, validating, verdicts."""
    warm(url, flavour)
    docket = Docket(Panel("p", (juror(url, flavour, in_flight),)), items(number), protocol("medhelm"))
    with tempfile.TemporaryDirectory() as folder:
        ledger = beside(Path(folder) / "r.csv")
        start, cpu = time.perf_counter(), time.process_time()
        sitting = convene(docket, ledger)
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        stored = sum(1 for row in ledger.verdicts() if row["outcome"] == "usable")
        ledger.close()
    assert sitting.progress.done == number, sitting
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Timed(number, stored, seconds, cpu / number * 1000, peak)


def alone(url: str, flavour: str, number: int, in_flight: int, *, aio: bool, retries: int = 0) -> Timed:
    """The SDK and a semaphore: no ledger, no validation, replies parsed by the SDK."""
    start, cpu = time.perf_counter(), time.process_time()
    done = asyncio.run(_alone(url, flavour, number, in_flight, aio, retries))
    return Timed(number, done, time.perf_counter() - start, (time.process_time() - cpu) / number * 1000)


async def _alone(url: str, flavour: str, number: int, in_flight: int, aio: bool, retries: int) -> int:
    client, create = _client(url, flavour, aio, retries)
    body = _body(url, flavour)
    gate, done = asyncio.Semaphore(in_flight), 0

    async def one(n: int) -> None:
        nonlocal done
        async with gate:
            with contextlib.suppress(Exception):
                await create(**{**body, "messages": [{"role": "user", "content": f"{body['user']}{n}"}]})
                done += 1

    create = _dropping_user(create)
    async with client:
        await asyncio.gather(*(one(n) for n in range(number)))
    return done


def _dropping_user(create: Any) -> Any:
    return lambda user, **rest: create(**rest)


def _body(url: str, flavour: str) -> dict[str, Any]:
    from annotate.jury.plan import calls

    docket = Docket(Panel("p", (juror(url, flavour, 1),)), items(1), protocol("medhelm"))
    body = json.loads(next(calls(docket, docket.panel.jurors[0], "salt")).request)
    return {**body, "user": body["messages"][-1]["content"]}


def _client(url: str, flavour: str, aio: bool, retries: int) -> tuple[Any, Any]:
    import anthropic
    import openai

    if flavour == "anthropic":
        from anthropic import DefaultAioHttpClient

        one = anthropic.AsyncAnthropic(
            api_key="none",
            base_url=url,
            max_retries=retries,
            **({"http_client": DefaultAioHttpClient()} if aio else {}),
        )
        return one, one.messages.create
    other = openai.AsyncOpenAI(
        api_key="none",
        base_url=f"{url}/v1",
        max_retries=retries,
        **({"http_client": openai.DefaultAioHttpClient()} if aio else {}),
    )
    return other, other.chat.completions.create


def warm(url: str, flavour: str) -> None:
    """Import what is imported once a process, so that a run of seconds does not pay for it."""
    import anthropic
    import genai_prices
    import openai

    assert anthropic
    assert openai
    assert genai_prices
