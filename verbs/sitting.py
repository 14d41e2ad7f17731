"""A rater at work: which assignments are hers, which comes next, how far she is, and what she sees."""

from __future__ import annotations

import hashlib
import statistics
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from annotate.assignment import Assignment
from annotate.item import Item
from annotate.protocol import Protocol
from annotate.protocol_file import parse
from annotate.screen import screen
from annotate.taxonomy import Taxonomy
from data import shipped
from data.store import Session, Store, assignments, items, raters, room, studies
from data.store.assignments import Standing
from data.tables import Assignment as Row
from verbs.training import passed, verdict

IDLE_SECONDS = 60
"""A pause longer than this counts as this much active time."""


@dataclass(frozen=True)
class Sitting:
    """One rater's study, protocol and assignments, as they stand at one moment.

    Attributes
    ----------
    closed : str
        Why nothing can be written now, as a sentence; empty where it can.

    What needs more of the database (her whole list, whether she passed, her pace) is read when it is first
    asked for: a draft, which is saved at every change, asks for none of it.
    """

    rater_id: int
    rater: str
    study_id: int
    title: str
    protocol: Protocol
    version_id: int
    closed: str
    session: Session
    taxonomy: Taxonomy | None = None
    _tasks: dict[int, tuple[Row, Item, Assignment]] = field(default_factory=dict)

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """Her assignments in her own order: training, then the study, then adjudication."""
        return tuple(assignments.standings(self.session, rater_id=self.rater_id))

    @cached_property
    def passed(self) -> bool:
        """Whether the training round (if there is one) is behind her."""
        return passed(self.session, self.rater_id, self.protocol, _attempt(self.standings))

    @cached_property
    def pace(self) -> tuple[float, ...]:
        """Active seconds of each item that she completed in the study itself."""
        return tuple(room.pace(self.session, rater_id=self.rater_id))

    def afresh(self) -> Sitting:
        """Return the same sitting as it stands after something was written."""
        return replace(self, _tasks={})

    @property
    def reachable(self) -> tuple[Standing, ...]:
        """What she may open now: the training until it is passed, then all the rest."""
        training = _attempt(self.standings)
        if training and not self.passed:
            return training
        return tuple(each for each in self.standings if each.round != "training")

    def standing(self, assignment_id: int) -> Standing:
        """Return how far she is with one of her assignments."""
        return next(each for each in self.standings if each.assignment_id == assignment_id)

    def may_open(self, assignment_id: int) -> bool:
        """Whether this assignment is hers, still on her list, and its round has come."""
        row = assignments.one(self.session, assignment_id=assignment_id)
        if row is None or row.rater_id != self.rater_id or row.withdrawn_at is not None:
            return False
        if self.closed not in ("", CLOSED):
            return False
        if self.protocol.training is None:
            return row.round != "training"
        return any(each.assignment_id == assignment_id for each in self.reachable)

    def may_write(self, assignment_id: int) -> bool:
        """Whether an answer to this assignment can be kept now."""
        return not self.closed and self.may_open(assignment_id)

    def after(self, assignment_id: int | None, besides: Collection[int] = ()) -> Standing | None:
        """Return the next open assignment after one, else the first open one; None where all are done.

        `besides` are others that are as good as done: their submissions are under way.
        """
        mine = self.reachable
        ids = [each.assignment_id for each in mine]
        at = ids.index(assignment_id) + 1 if assignment_id in ids else 0
        open_ = [each for each in (*mine[at:], *mine[:at]) if not each.done]
        left = (each for each in open_ if each.assignment_id not in (assignment_id, *besides))
        return next(left, None)

    def steps_from(self, assignment_id: int) -> list[Standing]:
        """Return an assignment and the later steps of the same item and occasion that are still open."""
        one = self.standing(assignment_id)
        same = [
            each
            for each in self.reachable
            if (each.item, each.occasion, each.round) == (one.item, one.occasion, one.round) and not each.done
        ]
        return [each for each in same if each.place >= one.place]

    def task(self, assignment_id: int) -> tuple[Row, Item, Assignment]:
        """Return an assignment as a row, with its item, and as the words of the field have it."""
        if assignment_id not in self._tasks:
            row = assignments.one(self.session, assignment_id=assignment_id)
            assert row is not None
            item = items.one(self.session, item_id=row.item_id)
            order = tuple(row.output_order)
            said = Assignment(
                item.key, self.rater, row.occasion, row.place, row.round, order, row.arm, row.step
            )  # type: ignore[arg-type]
            self._tasks[assignment_id] = (row, item, said)
        return self._tasks[assignment_id]


CLOSED = "The study is closed: answers can be read, no longer changed."


def sitting(session: Session, *, rater_id: int) -> Sitting:
    """Return where a rater stands now."""
    rater = raters.by_id(session, rater_id=rater_id)
    study = studies.by_id(session, study_id=rater.study_id)
    version = studies.latest_protocol(session, study_id=rater.study_id)
    assert version is not None
    assert version.id is not None
    protocol = _protocol(version.text)
    return Sitting(
        rater_id=rater_id,
        rater=rater.key,
        study_id=rater.study_id,
        title=study.title,
        protocol=protocol,
        version_id=version.id,
        closed=_closed(study.status, protocol, rater),
        session=session,
        taxonomy=shipped.taxonomy_of(protocol),
    )


@dataclass(frozen=True)
class Study:
    """What a rater may know about her study as a whole."""

    title: str
    protocol: Protocol
    consented: bool
    consent_version: str
    consented_at: datetime | None
    left_at: datetime | None
    status: str
    irb: str


def study_of(store: Store, *, rater_id: int) -> Study:
    """Return the study of a rater, with how far her consent goes."""
    with store.reading() as session:
        rater = raters.by_id(session, rater_id=rater_id)
        study = studies.by_id(session, study_id=rater.study_id)
        version = studies.latest_protocol(session, study_id=rater.study_id)
    assert version is not None
    protocol = _protocol(version.text)
    agreed = not protocol.consent or rater.consent_sha256 == consent_version(protocol)
    short = consent_version(protocol)[:8]
    return Study(
        study.title, protocol, agreed, short, rater.consented_at, rater.left_at, study.status, study.irb
    )


@lru_cache(maxsize=64)
def _protocol(text: str) -> Protocol:
    return parse(text)


def _closed(status: str, protocol: Protocol, rater: Any) -> str:
    if rater.left_at is not None:
        return "You have left this study."
    if protocol.consent and rater.consent_sha256 != consent_version(protocol):
        return "Please read and accept the consent text first."
    if status == "draft":
        return "This study has not begun yet."
    if status == "paused":
        return "This study is paused at the moment. Please come back later."
    return CLOSED if status == "closed" else ""


def consent_version(protocol: Protocol) -> str:
    """Return what identifies a consent text: its hash."""
    return hashlib.sha256(protocol.consent.encode()).hexdigest()


def _attempt(standings: tuple[Standing, ...]) -> tuple[Standing, ...]:
    """Return the latest attempt at the training: each repetition is an occasion of its own."""
    training = [each for each in standings if each.round == "training"]
    latest = max((each.occasion for each in training), default=1)
    return tuple(each for each in training if each.occasion == latest)


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
    end = {"finished": True, "total": len(mine), "done": len(mine), "left": "", "assignment": None}
    if now.closed and now.closed != CLOSED:
        return {**end, "headline": now.closed, "words": ""}
    if mine and mine[0].round == "training":
        return {**end, **verdict(now)}
    if not mine:
        return {**end, "headline": "Nothing to rate", "words": "No item has been assigned to you so far."}
    words = "Thank you. Until the study closes you can still look at your answers and change them."
    return {**end, "headline": "All items are done" if len(mine) > 1 else "Done", "words": words}


def progress(now: Sitting, assignment_id: int) -> dict[str, Any]:
    """Return how many are done, and what is left in words."""
    one = now.standing(assignment_id)
    mine = [each for each in now.standings if each.round == one.round and each.occasion >= 1]
    if one.round == "training":
        mine = list(_attempt(now.standings))
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
