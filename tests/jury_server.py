"""A language-model server on loopback that speaks both protocols, batches included, and fails on demand.

`python -m tests.jury_server --latency 1 --allowed 32 --log FILE` runs it as a process of its own and
prints its address; inside a test, `with JuryServer(script) as server:` runs it in a thread.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

OPENAI = "/v1/chat/completions"
ANTHROPIC = "/v1/messages"


@dataclass
class Ask:
    """One request as it arrived. `nth` counts the times that this very body was asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    nth: int = 1
    in_flight: int = 1
    at: float = 0.0

    @property
    def json(self) -> dict:
        return json.loads(self.body)

    @property
    def flavour(self) -> str:
        return "anthropic" if self.path.startswith(ANTHROPIC) else "openai"


@dataclass
class Act:
    """What the server does: a status, a body, a delay, or a way to misbehave on the wire."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: str = ""  # "before", "within", "reset"
    raw: bytes | None = None  # sent as is, headers and all
    drip: float = 0.0  # seconds between single bytes
    forever: bytes = b""  # repeated without end
    hang: bool = False


Script = Callable[[Ask], "Act | None"]


def fill(schema: dict, seed: str) -> object:
    """Return a value that the schema allows, the same for the same seed."""
    if "enum" in schema:
        pick = int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=4).digest(), "big")
        return schema["enum"][pick % len(schema["enum"])]
    kind = schema.get("type")
    if kind == "object":
        return {key: fill(sub, seed + key) for key, sub in schema.get("properties", {}).items()}
    if kind == "array":
        values = schema["items"].get("enum", [])
        return list(values)
    return {"integer": 1, "number": 1.0, "boolean": True, "null": None}.get(str(kind), "Because it says so.")


def schema_of(body: dict) -> dict:
    if "output_config" in body:
        return body["output_config"]["format"]["schema"]
    return body["response_format"]["json_schema"]["schema"]


def verdict(body: dict, **changes: object) -> str:
    """Return the text of a usable verdict for a request, with top-level changes."""
    answer = fill(schema_of(body), hashlib.blake2b(json.dumps(body).encode(), digest_size=8).hexdigest())
    assert isinstance(answer, dict)
    answer.update(changes)
    return json.dumps(answer)


def envelope(ask_body: dict, flavour: str, text: str, **changes: object) -> dict:
    """Return the provider's reply object around a text; `changes` replace its top-level fields."""
    if flavour == "anthropic":
        reply: dict[str, object] = {
            "id": "msg_1", "type": "message", "role": "assistant", "model": ask_body["model"],
            "content": [{"type": "text", "text": text}], "stop_reason": "end_turn", "stop_sequence": None,
            "usage": {"input_tokens": 900, "output_tokens": 100, "cache_read_input_tokens": 100,
                      "cache_creation_input_tokens": 0},
        }  # fmt: skip
    else:
        message = {"role": "assistant", "content": text, "refusal": None}
        reply = {
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": ask_body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
            "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100,
                      "prompt_tokens_details": {"cached_tokens": 100}},
        }  # fmt: skip
    reply.update(changes)
    return reply


def usable(ask: Ask, **changes: object) -> Act:
    """Return a good reply with a usable verdict."""
    body = ask.json
    return Act(body=json.dumps(envelope(body, ask.flavour, verdict(body), **changes)).encode())


def saying(ask: Ask, text: str, **changes: object) -> Act:
    """Return a good reply whose text is `text`."""
    return Act(body=json.dumps(envelope(ask.json, ask.flavour, text, **changes)).encode())


class JuryServer:
    """The server. `script(ask)` decides; None means: a usable verdict after `latency` seconds."""

    def __init__(
        self, script: Script | None = None, *, latency: float = 0.0, allowed: int = 0, log: str = ""
    ) -> None:
        self.script = script or (lambda ask: None)
        self.latency = latency
        self.allowed = allowed
        self.asks: list[Ask] = []
        self.seen: Counter[bytes] = Counter()
        self.in_flight = self.peak = self.rejected = self.served = 0
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, dict] = {}
        self.batch_script: Script = lambda ask: None
        self.batch_polls = 0
        self.lines_script: Callable[[list[str]], list[str]] = lambda lines: lines
        self.keep = True
        self.held: threading.Event | None = None  # no reply leaves before it is set
        self.url = ""
        self._log = Path(log).open("a", buffering=1) if log else None  # noqa: SIM115
        self._tasks: set[asyncio.Task] = set()

    # --- life ---------------------------------------------------------------------------------------

    async def start(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(
            self._connection, "127.0.0.1", port, limit=2**24, backlog=2048
        )
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def __enter__(self) -> JuryServer:
        ready = threading.Event()
        self._loop = asyncio.new_event_loop()

        def serve() -> None:
            asyncio.set_event_loop(self._loop)
            self._loop.run_until_complete(self.start())
            ready.set()
            self._loop.run_forever()
            self._server.close()
            for task in list(self._tasks):
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
            self._loop.close()

        self._thread = threading.Thread(target=serve, daemon=True)
        self._thread.start()
        ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    # --- wire ---------------------------------------------------------------------------------------

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, TimeoutError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *rest = head.split("\r\n")
        method, path, _ = line.split(" ", 2)
        headers = {k.lower(): v.strip() for k, _, v in (h.partition(":") for h in rest if h)}
        if headers.get("transfer-encoding") == "chunked":
            body = await _chunks(reader)
        else:
            body = await reader.readexactly(int(headers.get("content-length", 0)))
        ask = Ask(method, path.split("?")[0], headers, body, at=time.monotonic())
        self.in_flight += 1
        try:
            act = self._answer(ask)
            return await self._perform(act, writer)
        finally:
            self.in_flight -= 1

    def _answer(self, ask: Ask) -> Act:
        if ask.path in (ANTHROPIC, OPENAI):
            digest = hashlib.blake2b(ask.body, digest_size=16).digest()
            self.seen[digest] += 1
            ask.nth, ask.in_flight = self.seen[digest], self.in_flight
            self.peak = max(self.peak, self.in_flight)
            if self.keep:
                self.asks.append(ask)
            if self._log:
                self._log.write(f"asked {digest.hex()}\n")
            if self.allowed and self.in_flight > self.allowed:
                self.rejected += 1
                return Act(429, b'{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}')
            self.served += 1
            act = self.script(ask) or usable(ask)
            act.delay = act.delay or self.latency
            return act
        self.asks.append(ask)
        return self._batch(ask)

    async def _perform(self, act: Act, writer: asyncio.StreamWriter) -> bool:
        while self.held and not self.held.is_set():
            await asyncio.sleep(0.01)
        if act.delay:
            await asyncio.sleep(act.delay)
        if act.hang:
            await asyncio.sleep(3600)
        if act.drop == "before":
            return False
        if act.drop == "reset":
            writer.transport.abort()
            return False
        if act.raw is not None:
            writer.write(act.raw)
            await writer.drain()
            return False
        headers = {"content-type": "application/json", "request-id": "req_1", "x-request-id": "req_1"}
        headers |= act.headers
        headers.setdefault("content-length", str(len(act.body)))
        head = f"HTTP/1.1 {act.status} X\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items() if v)
        writer.write(head.encode("latin-1") + b"\r\n")
        if act.forever:
            while True:
                writer.write(act.forever)
                await writer.drain()
        if act.drip:
            for n in range(len(act.body)):
                writer.write(act.body[n : n + 1])
                await writer.drain()
                await asyncio.sleep(act.drip)
            return True
        if act.drop == "within":
            writer.write(act.body[: len(act.body) // 2])
            await writer.drain()
            return False
        writer.write(act.body)
        await writer.drain()
        return True

    # --- batches ------------------------------------------------------------------------------------

    def _batch(self, ask: Ask) -> Act:
        routes: list[tuple[str, str, Callable[..., object]]] = [
            ("POST", r"/v1/messages/batches", self._anthropic_create),
            ("GET", r"/v1/messages/batches", lambda ask: self._list("message_batch")),
            ("GET", r"/v1/messages/batches/([^/]+)", self._anthropic_get),
            ("GET", r"/v1/messages/batches/([^/]+)/results", self._results),
            ("POST", r"/v1/files", self._upload),
            ("POST", r"/v1/batches", self._openai_create),
            ("GET", r"/v1/batches", lambda ask: self._list("batch")),
            ("GET", r"/v1/batches/([^/]+)", self._openai_get),
            ("GET", r"/v1/files/([^/]+)/content", self._content),
        ]
        for method, pattern, answer in routes:
            found = re.fullmatch(pattern, ask.path)
            if found and method == ask.method:
                reply = answer(ask, *found.groups())
                if isinstance(reply, Act):
                    return reply
                return Act(body=reply if isinstance(reply, bytes) else json.dumps(reply).encode())
        return Act(404, b'{"error":{"message":"no such path"}}')

    def _list(self, kind: str) -> dict:
        rows = [b["shown"] for b in reversed(self.batches.values()) if b["kind"] == kind]
        return {"object": "list", "data": rows, "has_more": False, "first_id": None, "last_id": None}

    def _anthropic_create(self, ask: Ask) -> dict:
        key = f"msgbatch_{len(self.batches) + 1}"
        requests = [(r["custom_id"], r["params"]) for r in ask.json["requests"]]
        shown = {
            "id": key, "type": "message_batch", "processing_status": "in_progress", "results_url": None,
            "created_at": "2026-01-01T00:00:00Z", "expires_at": "2026-01-02T00:00:00Z", "ended_at": None,
            "request_counts": {"processing": len(requests), "succeeded": 0, "errored": 0, "canceled": 0,
                               "expired": 0},
        }  # fmt: skip
        self.batches[key] = {"kind": "message_batch", "requests": requests, "shown": shown, "polls": 0}
        return shown

    def _anthropic_get(self, ask: Ask, key: str) -> dict:
        batch = self.batches[key]
        batch["polls"] += 1
        if batch["polls"] > self.batch_polls:
            batch["shown"] |= {"processing_status": "ended", "results_url": f"{self.url}{ask.path}/results"}
        return batch["shown"]

    def _results(self, ask: Ask, key: str) -> bytes:
        lines = []
        for custom_id, params in reversed(self.batches[key]["requests"]):
            one = Ask("POST", ANTHROPIC, {}, json.dumps(params).encode())
            act = self.batch_script(one) or usable(one)
            if act.status == 200:
                result = {"type": "succeeded", "message": json.loads(act.body)}
            elif act.status == 410:
                result = {"type": "expired"}
            else:
                result = {"type": "errored", "error": json.loads(act.body)}
            lines.append(json.dumps({"custom_id": custom_id, "result": result}))
        return "\n".join(self.lines_script(lines)).encode()

    def _upload(self, ask: Ask) -> dict:
        key = f"file-{len(self.files) + 1}"
        boundary = re.search(r"boundary=([^;]+)", ask.headers["content-type"])
        assert boundary
        for part in ask.body.split(b"--" + boundary[1].strip('"').encode()):
            head, _, content = part.partition(b"\r\n\r\n")
            if b"filename=" in head:
                self.files[key] = content.removesuffix(b"\r\n")
        return {"id": key, "object": "file", "bytes": 1, "created_at": 1, "filename": "b", "purpose": "batch",
                "status": "processed"}  # fmt: skip

    def _openai_create(self, ask: Ask) -> dict:
        key = f"batch_{len(self.batches) + 1}"
        asked = ask.json
        lines = [json.loads(line) for line in self.files[asked["input_file_id"]].splitlines()]
        shown = {
            "id": key, "object": "batch", "endpoint": asked["endpoint"], "status": "in_progress",
            "input_file_id": asked["input_file_id"], "completion_window": "24h",
            "created_at": int(time.time()), "metadata": asked.get("metadata"), "output_file_id": None,
            "error_file_id": None,
        }  # fmt: skip
        requests = [(line["custom_id"], line["body"]) for line in lines]
        self.batches[key] = {"kind": "batch", "requests": requests, "shown": shown, "polls": 0}
        return shown

    def _openai_get(self, ask: Ask, key: str) -> dict:
        batch = self.batches[key]
        batch["polls"] += 1
        if batch["polls"] > self.batch_polls and batch["shown"]["status"] == "in_progress":
            good, bad = [], []
            for custom_id, body in reversed(batch["requests"]):
                one = Ask("POST", OPENAI, {}, json.dumps(body).encode())
                act = self.batch_script(one) or usable(one)
                reply = {
                    "status_code": act.status,
                    "request_id": "req_b",
                    "body": json.loads(act.body or b"{}"),
                }
                line = {"id": "x", "custom_id": custom_id, "response": reply, "error": None}
                if act.status == 410:
                    line |= {"response": None, "error": {"code": "batch_expired", "message": "expired"}}
                (good if act.status == 200 else bad).append(json.dumps(line))
            self.files[f"{key}-out"] = "\n".join(self.lines_script(good)).encode()
            self.files[f"{key}-err"] = "\n".join(bad).encode()
            status = "expired" if any("batch_expired" in line for line in bad) else "completed"
            batch["shown"] |= {
                "status": status,
                "output_file_id": f"{key}-out" if good else None,
                "error_file_id": f"{key}-err" if bad else None,
            }
        return batch["shown"]

    def _content(self, ask: Ask, key: str) -> bytes:
        return self.files[key]


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).strip() or b"0", 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return body


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--allowed", type=int, default=0)
    parser.add_argument("--log", default="")
    args = parser.parse_args()
    server = JuryServer(latency=args.latency, allowed=args.allowed, log=args.log)
    server.keep = False

    async def serve() -> None:
        await server.start()
        print(server.url, flush=True)
        # "count" on standard input asks for the tallies; its end ends the server.
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            if line.strip() == "count":
                tally = {
                    "asked": sum(server.seen.values()), "calls": len(server.seen), "served": server.served,
                    "rejected": server.rejected, "peak": server.peak,
                }  # fmt: skip
                print(json.dumps(tally), flush=True)
                server.seen.clear()
                server.served = server.rejected = server.peak = 0

    asyncio.run(serve())


if __name__ == "__main__":
    main()
