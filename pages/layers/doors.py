"""Which of Streamlit's own addresses are for leads only: it asks nobody who he is before it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from pages.the_store import COOKIE, user_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

# Uploads lie in memory, up to 500 MB each; downloads are exports of whole studies.
LEADS_ONLY = ("/_stcore/upload_file/", "/media/", "/_stcore/metrics")


class Doors:
    """Middleware that lets only a signed-in lead up- and download files."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or turn it away before its body is read."""
        if scope["type"] == "http" and _address(scope).startswith(LEADS_ONLY):
            user = await run_in_threadpool(user_of, Request(scope).cookies.get(COOKIE))
            if user is None or user.role != "lead":
                answer = PlainTextResponse("This address is for a study's leads.", status_code=403)
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _address(scope: Scope) -> str:
    """Return what is asked for, without the root path that a server may have been told to put before it."""
    path, root = str(scope["path"]), str(scope.get("root_path", "")).rstrip("/")
    return path.removeprefix(root)
