"""A link with a longer way: every byte through it arrives later, in both directions, in order."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress


class Proxy:
    """Forwards a port of loopback to another, each direction delayed by `seconds`."""

    def __init__(self, target: int, seconds: float) -> None:
        self.target, self.seconds, self.port = target, seconds, 0
        self.came = 0  # bytes from the target
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait()

    def close(self) -> None:
        """Stop forwarding, and let go of every connection."""
        self._loop.call_soon_threadsafe(self._end)
        self._thread.join(5)

    def _end(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.call_later(0.2, self._loop.stop)  # by then each has heard of it

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A new connection costs its round trip too.
        await asyncio.sleep(2 * self.seconds)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        with suppress(asyncio.CancelledError):
            await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer, counted=True))

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool = False
    ) -> None:
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        sender = asyncio.create_task(self._send(waiting, writer))
        try:
            while data := await reader.read(65536):
                self.came += len(data) if counted else 0
                waiting.put_nowait((self._loop.time() + self.seconds, data))
        except OSError:
            pass
        waiting.put_nowait((self._loop.time() + self.seconds, b""))
        await sender

    async def _send(self, waiting: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        while True:
            when, data = await waiting.get()
            await asyncio.sleep(max(0.0, when - self._loop.time()))
            try:
                if not data:
                    writer.close()
                    return
                writer.write(data)
                await writer.drain()
            except OSError:
                return
