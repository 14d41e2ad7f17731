"""A rater's own list: what is completed and can still be changed, what is begun, what is left."""

from __future__ import annotations

from dataclasses import dataclass

from data.store import Store
from data.store.assignments import Standing
from verbs.own_study import CLOSED
from verbs.sitting import Sitting, sitting
from verbs.views import left_in_words


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment as its rater sees it listed: by its number, never by the item's own key."""

    assignment: int
    number: int
    name: str
    state: str
    act: str


@dataclass(frozen=True, slots=True)
class Mine:
    """The list with its summary; `open_assignment` is where rating goes on, if anywhere."""

    summary: str
    lines: tuple[Line, ...]
    open_assignment: int | None


def my_ratings(store: Store, *, rater_id: int) -> Mine:
    """Return a rater's list as it stands."""
    with store.reading() as session:
        now = sitting(session, rater_id=rater_id)
        mine = now.reachable
        done = sum(each.done for each in mine)
        lines = tuple(_line(now, each, number) for number, each in enumerate(mine, 1))
        rest = left_in_words(len(mine) - done, now.pace)
        words = f"{done} of {len(mine)} completed" + (f", {rest}" if rest else "") + "."
        if now.closed:
            words += f" {now.closed}"
        coming = None if now.closed else now.after(None)
        return Mine(words, lines, coming.assignment_id if coming else None)


def _line(now: Sitting, one: Standing, number: int) -> Line:
    name = f"Training item {number}" if one.round == "training" else f"Item {number}"
    if one.done:
        when = f"completed {one.submitted_at:%d %b %Y}" if one.submitted_at else "completed"
        state = f"{when}; changes not completed" if one.changed else when
        return Line(one.assignment_id, number, name, state, "Look" if now.closed else "Look or change")
    state = "begun" if one.drafted else "not begun"
    return Line(one.assignment_id, number, name, state, "Look" if now.closed == CLOSED else "Rate")
