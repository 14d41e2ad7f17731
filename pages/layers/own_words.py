"""Streamlit's own words about a lost connection stay away: they are for developers, in a box over the form.

Ours are in `pages.components.outage` and in the rating room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST_CONFIG = "/_stcore/host-config"
# The answer keeps its length: the blank after "true" is white space to JSON.
_SHOWN, _KEPT_BACK = b'"blockErrorDialogs":false', b'"blockErrorDialogs":true '


class OwnWords:
    """Middleware that tells Streamlit's page to open no box about the connection."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; in the page's own settings, change the one about boxes."""

        async def send_changed(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": message.get("body", b"").replace(_SHOWN, _KEPT_BACK)}
            await send(message)

        asked = scope["type"] == "http" and scope["path"] == HOST_CONFIG
        await self.app(scope, receive, send_changed if asked else send)
