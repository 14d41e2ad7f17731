"""An address deeper than any page: Streamlit's page would look for its scripts there, and stay blank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

# The first names of Streamlit's own addresses, and of ours that have parts.
DEEP = ("_stcore", "static", "media", "component", "room")


class Nested:
    """Middleware that leads who opens such an address to its last name, where a page says what it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a browser on, or pass the request on."""
        root = scope.get("root_path", "")
        parts = scope.get("path", "").removeprefix(root).strip("/").split("/")
        deeper = scope["type"] == "http" and len(parts) > 1 and parts[0] not in DEEP
        if deeper and "text/html" in Headers(scope=scope).get("accept", ""):
            await RedirectResponse(f"{root}/{parts[-1]}", status_code=307)(scope, receive, send)
            return
        await self.app(scope, receive, send)
