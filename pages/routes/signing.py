"""Coming in by a personal link, and going out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.routing import Route

from data.store import access
from pages.routes.letter import json_of
from pages.settings import session_hours
from pages.the_store import COOKIE, the_store

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_ENTER = Path(__file__).with_name("enter.html")


async def enter(request: Request) -> Response:
    """Show the page that takes the token out of a personal link and posts it."""
    return HTMLResponse(_ENTER.read_text(encoding="utf-8"), headers={"cache-control": "no-store"})


async def sign_in(request: Request) -> Response:
    """Exchange a link's token for a session cookie that no script can read."""
    # Another site could otherwise sign a visitor in as somebody else, to whom her answers then go.
    # Its form cannot send JSON; over plain HTTP that is all that gives it away.
    json_sent = request.headers.get("content-type", "").startswith("application/json")
    token = await _token(request) if json_sent and _from_here(request) else ""
    browser = await run_in_threadpool(_sign_in, token) if token else None
    if browser is None:
        sentence = "This link is not (or no longer) valid. Please ask your study lead for a new one."
        return JSONResponse({"error": sentence}, status_code=403)
    answer = JSONResponse({"ok": True})
    answer.set_cookie(
        COOKIE,
        browser,
        max_age=int(session_hours() * 3600),
        httponly=True,
        samesite="strict",
        secure=_encrypted(request),
    )
    return answer


async def sign_out(request: Request) -> Response:
    """Forget this browser, unless another site sends it here."""
    if not _from_here(request):
        return RedirectResponse("/", status_code=303)
    token = request.cookies.get(COOKIE)
    if token:
        await run_in_threadpool(_sign_out, token)
    answer = RedirectResponse("/enter", status_code=303)
    answer.delete_cookie(COOKIE)
    return answer


def _from_here(request: Request) -> bool:
    """Whether a page of ours asks, or somebody who typed the address; browsers say so over HTTPS."""
    return request.headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def _encrypted(request: Request) -> bool:
    """Whether the browser speaks HTTPS, to us or to the proxy before us."""
    told = request.headers.get("x-forwarded-proto", "").partition(",")[0].strip().lower()
    return "https" in (request.url.scheme, told) or os.environ.get("CONSILIUM_BASE", "").startswith("https:")


async def _token(request: Request) -> str:
    """Return the token of a short JSON letter; anything else is no token."""
    letter = await json_of(request, 1000)
    token = letter.get("token") if isinstance(letter, dict) else None
    return token if isinstance(token, str) and token.isascii() else ""


def _sign_in(token: str) -> str | None:
    with the_store().writing() as session:
        return access.sign_in(session, token=token, hours=session_hours())


def _sign_out(token: str) -> None:
    with the_store().writing() as session:
        access.sign_out(session, token=token)


SIGNING_ROUTES = [
    Route("/enter", enter, methods=["GET"]),
    Route("/enter", sign_in, methods=["POST"]),
    Route("/leave", sign_out, methods=["POST", "GET"]),
]
