"""Streamlit's own scripts, styles and fonts, from memory and compressed: the first page asks for seventy."""

from __future__ import annotations

import gzip
import mimetypes
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import Response
from streamlit import file_util

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

# The names carry a hash of what is in the files: a browser need never ask twice.
FOR_GOOD = "public, max-age=31536000, immutable"
_FOLDER = Path(file_util.get_static_dir())
_TEXTS = (".js", ".css", ".json", ".svg", ".wasm")


@cache
def _files() -> frozenset[str]:
    """Return the addresses that exist: no other reaches the disk, whatever dots it is written with."""
    found = (_FOLDER / "static").rglob("*")
    return frozenset("/" + path.relative_to(_FOLDER).as_posix() for path in found if path.is_file())


@cache
def content(address: str) -> tuple[bytes, bytes, str]:
    """Return a file, the same compressed (empty where that gains nothing), and its type.

    Examples
    --------
    >>> raw, small, kind = content("/static/css/" + next((_FOLDER / "static" / "css").glob("index.*")).name)
    >>> kind, gzip.decompress(small) == raw
    ('text/css', True)
    """
    raw = (_FOLDER / address[1:]).read_bytes()
    kind = mimetypes.guess_type(address)[0] or "application/octet-stream"
    small = gzip.compress(raw, 6, mtime=0) if address.endswith(_TEXTS) and len(raw) > 500 else b""
    return raw, small, kind


def prepare(pause_seconds: float = 0.0) -> None:
    """Read and compress all that the first page names, before somebody waits for it, but after the start."""
    time.sleep(pause_seconds)
    page = (_FOLDER / "index.html").read_text(encoding="utf-8")
    for address in _files():
        if address in page:
            content(address)


class Bundle:
    """Middleware that answers for these files; whatever else is asked for goes on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a file of the bundle, or pass the request on."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
        elif scope["path"] in _files():
            await _answer(Headers(scope=scope), *content(scope["path"]))(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _answer(asked: Headers, raw: bytes, small: bytes, kind: str) -> Response:
    headers = {"cache-control": FOR_GOOD, "vary": "accept-encoding"}
    if small and "gzip" in asked.get("accept-encoding", ""):
        return Response(small, media_type=kind, headers=headers | {"content-encoding": "gzip"})
    return Response(raw, media_type=kind, headers=headers)
