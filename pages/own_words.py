"""A lost connection in words for clinicians: Streamlit's own are for developers, in a box over the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST_CONFIG = "/_stcore/host-config"
# The answer keeps its length: the blank after "true" is white space to JSON.
_SHOWN, _KEPT_BACK = b'"blockErrorDialogs":false', b'"blockErrorDialogs":true '

# After three seconds, so that neither a first page nor a moment's gap shows it. The room says its own.
LOST = """
.stApp:not([data-test-connection-state="CONNECTED"])::before {
  content: "No connection to the server at the moment. This page goes on by itself as soon as there is one.";
  position: fixed; inset: 0 0 auto; z-index: 1000000; padding: .7rem 1rem; visibility: hidden;
  background: #a02c19; color: #fff; font-weight: 600; text-align: center;
  animation: consilium-lost 0s 3s forwards; }
@keyframes consilium-lost { to { visibility: visible; } }
body:has(.room) .stApp::before { display: none; }
"""


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
