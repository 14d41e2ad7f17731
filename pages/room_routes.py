"""The rating room's addresses: the next item, drafts, submissions. JSON in, JSON out, same origin only."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse
from starlette.routing import Route

from annotate.fault import Fault
from pages.the_store import COOKIE, the_store, user_of
from verbs import rate
from verbs.rate import Reply

if TYPE_CHECKING:
    from starlette.requests import Request

    from data.store import Store

LONGEST_BODY = 1_000_000
STATUS = {"saved": 200, "conflict": 409, "incomplete": 422, "gone": 410}
# Its own few threads: more would not work faster, only take turns, and no page that is slow keeps them busy.
_ROOM = ThreadPoolExecutor(max_workers=16, thread_name_prefix="room")
Act = Callable[["Store", int, Any], Reply]


def _asked(act: Act) -> Callable[[Request], Awaitable[JSONResponse]]:
    """Make a route of `act`, which gets the store, the rater and the JSON (or the query)."""

    async def route(request: Request) -> JSONResponse:
        # A page of another origin cannot set this header, and the cookie is SameSite=Strict besides.
        if (
            request.headers.get("x-consilium") != "1"
            or request.headers.get("sec-fetch-site", "same-origin") != "same-origin"
        ):
            return _answer(403, {"message": "This address is for the rating page only."})
        body = dict(request.query_params) if request.method == "GET" else await _json(request)
        token = request.cookies.get(COOKIE)
        return await asyncio.get_running_loop().run_in_executor(_ROOM, _reply, act, token, body)

    return route


def _reply(act: Act, token: str | None, body: Any) -> JSONResponse:
    user = user_of(token)
    if user is None or user.rater_id is None:
        return _answer(401, {"message": "You are signed out."})
    try:
        reply = act(the_store(), user.rater_id, body)
    except Fault as fault:
        return _answer(422, {"message": str(fault), "faults": {}})
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
    return rate.whole({name: int(text) if text.isascii() and text.isdigit() else text}, name)


def _besides(sent: Any) -> frozenset[int]:
    """Return the assignments whose submissions are under way, as the page says."""
    text = str(sent.get("done", "") if isinstance(sent, dict) else "")[:10_000]
    return frozenset(
        int(part) for part in text.split(",") if part.isascii() and part.isdigit() and len(part) < 16
    )


def _reason(body: Any) -> str:
    reason = body.get("reason") if isinstance(body, dict) else None
    return reason if isinstance(reason, str) else ""


def _next(store: Store, rater: int, query: Any) -> Reply:
    number = _number(query, "after")
    return rate.after(store, rater_id=rater, assignment_id=number, besides=_besides(query))


def _item(store: Store, rater: int, query: Any) -> Reply:
    return rate.one(store, rater_id=rater, assignment_id=_number(query, "assignment"))


def _draft(store: Store, rater: int, body: Any) -> Reply:
    return rate.save(store, rater_id=rater, sent=rate.letter(body))


def _submit(store: Store, rater: int, body: Any) -> Reply:
    return rate.submit(store, rater_id=rater, sent=rate.letter(body))


def _later(store: Store, rater: int, body: Any) -> Reply:
    number = rate.whole(body, "assignment")
    return rate.later(store, rater_id=rater, assignment_id=number, besides=_besides(body))


def _decline(store: Store, rater: int, body: Any) -> Reply:
    number = rate.whole(body, "assignment")
    return rate.decline(
        store, rater_id=rater, assignment_id=number, reason=_reason(body), besides=_besides(body)
    )


def _again(store: Store, rater: int, body: Any) -> Reply:
    rate.train_again(store, rater_id=rater)
    return Reply("saved", {"view": rate.opened(store, rater_id=rater)})


ROOM_ROUTES = [
    Route("/room/next", _asked(_next), methods=["GET"]),
    Route("/room/item", _asked(_item), methods=["GET"]),
    Route("/room/draft", _asked(_draft), methods=["POST"]),
    Route("/room/submit", _asked(_submit), methods=["POST"]),
    Route("/room/later", _asked(_later), methods=["POST"]),
    Route("/room/decline", _asked(_decline), methods=["POST"]),
    Route("/room/again", _asked(_again), methods=["POST"]),
]
