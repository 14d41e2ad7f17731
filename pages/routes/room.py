"""What the rating room asks for: the next item, drafts, submissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.routing import Route

from pages.asked import whole_number
from pages.routes.acting import reads, writes
from verbs import rate
from verbs.rate import Reply

if TYPE_CHECKING:
    from data.store import Session


def _number(query: Any, name: str) -> int:
    text = str(query.get(name, ""))
    number = whole_number(text)
    return rate.whole({name: text if number is None else number}, name)


def _besides(sent: Any) -> frozenset[int]:
    """Return the assignments whose submissions are under way, as the page says."""
    text = str(sent.get("done", "") if isinstance(sent, dict) else "")[:10_000]
    return frozenset(number for part in text.split(",") if (number := whole_number(part)) is not None)


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
    Route("/room/next", reads(_next), methods=["GET"]),
    Route("/room/item", reads(_item), methods=["GET"]),
    Route("/room/draft", writes(_draft), methods=["POST"]),
    Route("/room/submit", writes(_submit), methods=["POST"]),
    Route("/room/later", writes(_later), methods=["POST"]),
    Route("/room/decline", writes(_decline), methods=["POST"]),
    Route("/room/again", writes(_again), methods=["POST"]),
]
