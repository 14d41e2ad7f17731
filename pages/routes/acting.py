"""An act of the rating room as a route: same origin only, JSON in, one transaction, JSON out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse

from annotate.fault import Fault
from data.store import Unavailable, access
from pages.routes.letter import json_of
from pages.the_store import COOKIE, the_store
from verbs.rate import Reply

if TYPE_CHECKING:
    from starlette.requests import Request

    from data.store import Session

LONGEST_BODY = 1_000_000
STATUS = {"saved": 200, "conflict": 409, "incomplete": 422, "gone": 410}
# Its own few threads: more would not work faster, only take turns, and no page that is slow keeps them busy.
_READERS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="room")
Act = Callable[["Session", int, Any], Reply]


def reads(act: Act) -> Callable[[Request], Awaitable[JSONResponse]]:
    """Make a route of `act`, which gets an open session, the rater and the query."""

    async def route(request: Request) -> JSONResponse:
        if not _from_our_page(request):
            return _refused()
        body = dict(request.query_params)
        return await told(_READERS.submit(_read, act, request.cookies.get(COOKIE), body))

    return route


def writes(act: Act) -> Callable[[Request], Awaitable[JSONResponse]]:
    """Make a route of `act`, which gets a session that is on disk before the answer leaves, and the JSON."""

    async def route(request: Request) -> JSONResponse:
        if not _from_our_page(request):
            return _refused()
        body, token = await json_of(request, LONGEST_BODY), request.cookies.get(COOKIE)
        if not token:  # the one writer has no time for strangers
            return _signed_out()
        return await told(the_store().soon(lambda session: acted(session, act, token, body)))

    return route


def _from_our_page(request: Request) -> bool:
    # A page of another origin cannot set this header, and the cookie is SameSite=Strict besides.
    headers = request.headers
    return headers.get("x-consilium") == "1" and headers.get("sec-fetch-site", "same-origin") == "same-origin"


def _signed_out() -> JSONResponse:
    return _answer(401, {"message": "You are signed out."})


def _refused() -> JSONResponse:
    return _answer(403, {"message": "This address is for the rating page only."})


def _read(act: Act, token: str | None, body: Any) -> Reply | None:
    with the_store().reading() as session:
        return acted(session, act, token, body)


def acted(session: Session, act: Act, token: str | None, body: Any) -> Reply | None:
    """Do what was asked for whom the cookie belongs to, in one transaction; None where it is nobody's."""
    user = access.user(session, token=token) if token else None
    return None if user is None or user.rater_id is None else act(session, user.rater_id, body)


async def told(answer: Future[Reply | None]) -> JSONResponse:
    """Wait for what an act replies, and say it in HTTP's words."""
    try:
        reply = await asyncio.wrap_future(answer)
    except Unavailable:  # the page sends it again until it is kept
        return _answer(503, {"message": "The server cannot keep anything at the moment."})
    except Fault as fault:
        return _answer(422, {"message": str(fault), "faults": {}})
    if reply is None:
        return _signed_out()
    return _answer(STATUS[reply.outcome], reply.body)


def _answer(status: int, body: Any) -> JSONResponse:
    return JSONResponse(body, status_code=status, headers={"cache-control": "no-store"})
