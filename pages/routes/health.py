"""Whether the app can reach its store, for whoever watches over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import Route

from data.store import access
from pages.the_store import the_store

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def health(request: Request) -> Response:
    """Say whether the app can reach its store."""
    await run_in_threadpool(_ask_store)
    return JSONResponse({"status": "ok"})


def _ask_store() -> None:
    with the_store().reading() as session:
        access.user(session, token="")


HEALTH_ROUTES = [Route("/health", health, methods=["GET"])]
