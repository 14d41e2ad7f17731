"""What the rating page shows of a sitting: an assignment, the end in words, and how much is left."""

from __future__ import annotations

import statistics
from collections.abc import Collection
from typing import Any

from annotate.screen import screen
from data.store import room
from verbs.own_study import CLOSED
from verbs.sitting import Sitting, attempt
from verbs.training import verdict

STILL_OPEN = "Until the study closes you can still look at your answers and change them."


def view(now: Sitting, assignment_id: int) -> dict[str, Any]:
    """Return what the rating page needs for one assignment."""
    _, item, assignment = now.task(assignment_id)
    draft = room.draft(now.session, assignment_id=assignment_id)
    one = now.standing(assignment_id)
    ids = [each.assignment_id for each in now.reachable if each.round == one.round]
    at = ids.index(assignment_id)
    return {
        "assignment": assignment_id,
        "revision": draft.revision if draft else 0,
        "answers": dict(draft.form) if draft else {},
        "round": one.round,
        "number": at + 1,
        "total": len(ids),
        "previous": ids[at - 1] if at else None,
        "next": ids[at + 1] if at + 1 < len(ids) else None,
        "submitted": one.done,
        "closed": now.closed,
        **progress(now, assignment_id),
        **screen(now.protocol, item, assignment, now.taxonomy),
    }


def view_after(now: Sitting, assignment_id: int | None, besides: Collection[int] = ()) -> dict[str, Any]:
    """Return the view of what comes after an assignment, or the end in words."""
    coming = now.after(assignment_id, besides)
    if coming is not None and now.may_open(coming.assignment_id):
        return view(now, coming.assignment_id)
    mine = now.reachable
    end = {
        "finished": True,
        "total": len(mine),
        "done": sum(each.done for each in mine),
        "left": "",
        "assignment": None,
    }
    if now.closed and now.closed != CLOSED:
        return {**end, "headline": now.closed, "words": ""}
    if mine and mine[0].round == "training":
        return {**end, **verdict(now)}
    if not mine:
        return {**end, "headline": "Nothing to rate", "words": "No item has been assigned to you so far."}
    words = f"Thank you. {now.closed or STILL_OPEN}"
    return {**end, "headline": "All items are done" if len(mine) > 1 else "Done", "words": words}


def progress(now: Sitting, assignment_id: int) -> dict[str, Any]:
    """Return how many are done, and what is left in words."""
    one = now.standing(assignment_id)
    mine = [each for each in now.standings if each.round == one.round and each.occasion >= 1]
    if one.round == "training":
        mine = list(attempt(now.standings))
    done = sum(each.done for each in mine)
    return {"done": done, "left": left_in_words(len(mine) - done, now.pace)}


def left_in_words(left: int, pace: tuple[float, ...]) -> str:
    """Return how long the rest may take at the rater's own pace; empty before that is known.

    Examples
    --------
    >>> left_in_words(10, (60.0, 90.0, 240.0)), left_in_words(2, (20.0,) * 5), left_in_words(3, ())
    ('about 15 minutes left', 'a minute or two left', '')
    >>> left_in_words(100, (90.0,) * 5)
    'about 2½ hours left'
    """
    if left == 0 or len(pace) < 3:
        return ""
    minutes = left * statistics.median(pace) / 60
    if minutes < 2.5:
        return "a minute or two left"
    if minutes < 75:
        step = 1 if minutes < 10 else 5
        return f"about {step * round(minutes / step)} minutes left"
    halves = round(minutes / 30)
    hours = f"{halves // 2}{'½' if halves % 2 else ''}"
    return "about 1 hour left" if hours == "1" else f"about {hours} hours left"
