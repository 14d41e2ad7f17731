"""What a study's log says of its decision: the plans that were stated, and every look at the test set."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from agreement.decision import Plan
from agreement.decision.jury import JURY
from agreement.panel import check_of
from annotate.protocol_file import parse
from data.store import Session, Store, audit, items, raters, studies
from data.tables import Study

STATED, LOOKED = "plan stated", "decision looked at"


@dataclass(frozen=True, slots=True)
class Stated:
    """A plan as the log has it.

    Attributes
    ----------
    number : int
        The first plan of a study is 1; earlier ones stay in the log.
    unsealed : bool
        Whether agreement was unsealed before the plan was stated.
    after : int
        How often a decision had been looked at before.
    """

    plan: Plan
    at: datetime
    who: str
    number: int
    unsealed: bool
    after: int

    @property
    def late(self) -> bool:
        """Whether its margins can have been set by what was seen."""
        return self.unsealed or self.after > 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a study's decision has come: what can be asked, on which items, and who has looked."""

    stated: Stated | None
    judges: tuple[str, ...]
    questions: tuple[str, ...]
    test: int
    development: int
    looks: tuple[tuple[datetime, str, str], ...]


def state_plan(store: Store, *, study: str, plan: Plan, who: str) -> None:
    """Write a plan into the study's log, where it keeps its time and its hash.

    Stating the newest plan once more changes nothing: it keeps the time at which it was stated.
    """
    with store.writing() as session:
        row = _of(session, study)
        known = newest_plan(session, row)
        if known is not None and known.plan.hash == plan.hash:
            return
        content = asdict(plan) | {"questions": list(plan.questions), "high_is_bad": list(plan.high_is_bad)}
        audit.record(session, study_id=row.id, who=who, action=STATED, subject=plan.hash, after=content)


def stated_plan(store: Store, *, study: str) -> Stated | None:
    """Return the newest plan of a study."""
    with store.reading() as session:
        return newest_plan(session, _of(session, study))


def newest_plan(session: Session, row: Study) -> Stated | None:
    """Return the newest plan of a study at hand."""
    events = audit.events(session, study_id=row.id)
    plans = [at for at, event in enumerate(events) if event.action == STATED]
    if not plans:
        return None
    newest = events[plans[-1]]
    unsealed = row.unsealed_at is not None and row.unsealed_at < newest.at
    after = sum(event.action == LOOKED for event in events[: plans[-1]])
    return Stated(Plan.of(dict(newest.after)), newest.at, newest.who, len(plans), unsealed, after)


def standing(store: Store, *, study: str) -> Standing:
    """Return what a lead must know before she states a plan or looks."""
    with store.reading() as session:
        row = _of(session, study)
        version = studies.latest_protocol(session, study_id=row.id)
        every = items.in_study(session, study_id=row.id)
        events = audit.events(session, study_id=row.id)
        stated, known = newest_plan(session, row), judges_of(session, row)
    asked = parse(version.text).questions if version else ()
    aside = sum(for_development(item.strata) for item in every)
    return Standing(
        stated,
        tuple(known),
        tuple(question.key for question in asked if question.scale is not None),
        len(every) - aside,
        aside,
        tuple((event.at, event.who, event.subject) for event in events if event.action == LOOKED),
    )


def judges(store: Store, *, study: str) -> list[str]:
    """Return the jurors and metrics that a decision can be about."""
    with store.reading() as session:
        return judges_of(session, _of(session, study))


def judges_of(session: Session, row: Study) -> list[str]:
    """Return the same of a study at hand: the jury where there are two jurors, then each by name."""
    found = raters.in_study(session, study_id=row.id, kinds=("juror", "metric"))
    panel = raters.panel(session, study_id=row.id)
    single = [each.key for each in found if check_of(each.key) is None]
    return [JURY, *single] if len(panel) > 1 else single


def for_development(strata: object) -> bool:
    """Return whether an item was set aside for prompt work and calibration."""
    return isinstance(strata, dict) and str(strata.get("split", "")).lower().startswith("dev")


def times(count: int, what: str = "") -> str:
    """Return a count in words.

    Examples
    --------
    >>> times(1), times(3), times(1, "look"), times(2, "look")
    ('once', '3 times', '1 look', '2 looks')
    """
    if what:
        return f"{count} {what}" if count == 1 else f"{count} {what}s"
    return "once" if count == 1 else f"{count} times"


def _of(session: Session, name: str) -> Study:
    return studies.named(session, name=name)
