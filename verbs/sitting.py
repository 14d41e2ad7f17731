"""A rater at work: which assignments are hers, which comes next, and how far she is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property

from annotate.assignment import Assignment
from annotate.item import Item
from annotate.protocol import Protocol
from annotate.taxonomy import Taxonomy
from data import shipped
from data.store import Session, assignments, items, seats
from data.store.assignments import Assigned, Standing
from verbs.own_study import CLOSED, closed, protocol_of
from verbs.training import passed

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
    protocol: Protocol
    version_id: int
    closed: str
    session: Session
    taxonomy: Taxonomy | None = None
    _rows: dict[int, Assigned | None] = field(default_factory=dict)
    _tasks: dict[int, tuple[Assigned, Item, Assignment]] = field(default_factory=dict)

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """Her assignments in her own order: training, then the study, then adjudication."""
        return tuple(assignments.standings(self.session, rater_id=self.rater_id))

    @cached_property
    def passed(self) -> bool:
        """Whether the training round (if there is one) is behind her: it stays there once the study began."""
        if any(each.done for each in self.standings if each.round != "training"):
            return True
        return passed(self.session, self.protocol, attempt(self.standings))

    @cached_property
    def pace(self) -> tuple[float, ...]:
        """Active seconds of each item that she completed in the study itself."""
        mine = (each for each in self.standings if each.round == "main")
        return tuple(each.active_seconds for each in mine if each.active_seconds is not None)

    def afresh(self) -> Sitting:
        """Return the same sitting as it stands after something was written."""
        return replace(self, _rows={}, _tasks={})

    @cached_property
    def reachable(self) -> tuple[Standing, ...]:
        """What she may open now: the training until it is passed, then all the rest."""
        training = attempt(self.standings)
        if training and not self.passed:
            return training
        return tuple(each for each in self.standings if each.round != "training")

    def standing(self, assignment_id: int) -> Standing:
        """Return how far she is with one of her assignments."""
        return next(each for each in self.standings if each.assignment_id == assignment_id)

    def row(self, assignment_id: int) -> Assigned | None:
        """Return an assignment as it is kept, hers or not."""
        if assignment_id not in self._rows:
            self._rows[assignment_id] = assignments.one(self.session, assignment_id=assignment_id)
        return self._rows[assignment_id]

    def may_open(self, assignment_id: int) -> bool:
        """Whether this assignment is hers, still on her list, and its round has come."""
        row = self.row(assignment_id)
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

    def task(self, assignment_id: int) -> tuple[Assigned, Item, Assignment]:
        """Return an assignment as a row, with its item, and as the words of the field have it."""
        if assignment_id not in self._tasks:
            row = self.row(assignment_id)
            assert row is not None
            item = items.one(self.session, item_id=row.item_id)
            order = tuple(row.output_order)
            said = Assignment(
                item.key, self.rater, row.occasion, row.place, row.round, order, row.arm, row.step
            )
            self._tasks[assignment_id] = (row, item, said)
        return self._tasks[assignment_id]


def sitting(session: Session, *, rater_id: int) -> Sitting:
    """Return where a rater stands now."""
    seat = seats.seat(session, rater_id=rater_id)
    protocol = protocol_of(seat)
    return Sitting(
        rater_id=rater_id,
        rater=seat.rater,
        study_id=seat.study_id,
        protocol=protocol,
        version_id=seat.version_id,
        closed=closed(seat, protocol),
        session=session,
        taxonomy=shipped.taxonomy_of(protocol),
    )


def attempt(standings: tuple[Standing, ...]) -> tuple[Standing, ...]:
    """Return the latest attempt at the training: each repetition is an occasion of its own."""
    training = [each for each in standings if each.round == "training"]
    latest = max((each.occasion for each in training), default=1)
    return tuple(each for each in training if each.occasion == latest)
