"""The rating room's addresses: the next item, drafts, submissions. JSON in, JSON out, same origin only."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse
from starlette.routing import Route

from annotate.fault import Fault
from data.store import Unavailable, access
from pages.the_store import COOKIE, the_store
from verbs import rate
from verbs.rate import Reply

if TYPE_CHECKING:
    from starlette.requests import Request

    from data.store import Session

LONGEST_BODY = 1_000_000
STATUS = {"saved": 200, "conflict": 409, "incomplete": 422, "gone": 410}
# Its own few threads: more would not work faster, only take turns, and no page that is slow keeps them busy.
_READERS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="room")
Act = Callable[["Session", int, Any], Reply]


def _reads(act: Act) -> Callable[[Request], Awaitable[JSONResponse]]:
    """Make a route of `act`, which gets an open session, the rater and the query."""

    async def route(request: Request) -> JSONResponse:
        if not _from_our_page(request):
            return _refused()
        body = dict(request.query_params)
        return await _told(_READERS.submit(_read, act, request.cookies.get(COOKIE), body))

    return route


def _writes(act: Act) -> Callable[[Request], Awaitable[JSONResponse]]:
    """Make a route of `act`, which gets a session that is on disk before the answer leaves, and the JSON."""

    async def route(request: Request) -> JSONResponse:
        if not _from_our_page(request):
            return _refused()
        body, token = await _json(request), request.cookies.get(COOKIE)
        if not token:  # the one writer has no time for strangers
            return _signed_out()
        return await _told(the_store().soon(lambda session: _acted(session, act, token, body)))

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
        return _acted(session, act, token, body)


def _acted(session: Session, act: Act, token: str | None, body: Any) -> Reply | None:
    """Do what was asked for whom the cookie belongs to, in one transaction; None where it is nobody's."""
    user = access.user(session, token=token) if token else None
    return None if user is None or user.rater_id is None else act(session, user.rater_id, body)


async def _told(answer: Future[Reply | None]) -> JSONResponse:
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


async def _json(request: Request) -> Any:
    """Read a JSON body of bounded size; anything else is None, which no act takes for a letter."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _number(query: Any, name: str) -> int:
    text = str(query.get(name, ""))
    whole = text.isascii() and text.isdigit() and len(text) < 16
    return rate.whole({name: int(text) if whole else text}, name)


def _besides(sent: Any) -> frozenset[int]:
    """Return the assignments whose submissions are under way, as the page says."""
    text = str(sent.get("done", "") if isinstance(sent, dict) else "")[:10_000]
    return frozenset(
        int(part) for part in text.split(",") if part.isascii() and part.isdigit() and len(part) < 16
    )


def _reason(body: Any) -> str:
    reason = body.get("reason") if isinstance(body, dict) else None
    return reason if isinstance(reason, str) else ""


def _next(session: Session, rater: int, query: Any) -> Reply:
    number = _number(query, "after")
    return rate.after(session, rater_id=rater, assignment_id=number, besides=_besides(query))


def _item(session: Session, rater: int, query: Any) -> Reply:
    return rate.one(session, rater_id=rater, assignment_id=_number(query, "assignment"))


def _draft(session: Session, rater: int, body: Any) -> Reply:
    return rate.save(session, rater_id=rater, sent=rate.letter(body))


def _submit(session: Session, rater: int, body: Any) -> Reply:
    return rate.submit(session, rater_id=rater, sent=rate.letter(body))


def _later(session: Session, rater: int, body: Any) -> Reply:
    number = rate.whole(body, "assignment")
    return rate.later(session, rater_id=rater, assignment_id=number, besides=_besides(body))


def _decline(session: Session, rater: int, body: Any) -> Reply:
    number = rate.whole(body, "assignment")
    return rate.decline(
        session, rater_id=rater, assignment_id=number, reason=_reason(body), besides=_besides(body)
    )


def _again(session: Session, rater: int, body: Any) -> Reply:
    rate.train_again(session, rater_id=rater)
    return Reply("saved", {"view": rate.opened(session, rater_id=rater)})


ROOM_ROUTES = [
    Route("/room/next", _reads(_next), methods=["GET"]),
    Route("/room/item", _reads(_item), methods=["GET"]),
    Route("/room/draft", _writes(_draft), methods=["POST"]),
    Route("/room/submit", _writes(_submit), methods=["POST"]),
    Route("/room/later", _writes(_later), methods=["POST"]),
    Route("/room/decline", _writes(_decline), methods=["POST"]),
    Route("/room/again", _writes(_again), methods=["POST"]),
]
