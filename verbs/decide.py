"""The decision about a judge in a study: a plan stated beforehand, and every look at the test set counted."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from agreement.decision import Plan
from agreement.decision.jury import JURY
from agreement.panel import check_of
from annotate.fault import Fault
from annotate.rating import RATER_KINDS
from data.formats.outputs import outputs_frame
from data.store import Session, Store, audit, items, raters, studies
from data.store.frame import ratings_frame
from data.tables import Study
from verbs.validate import Verdict, verdict

STATED, LOOKED = "plan stated", "decision looked at"


@dataclass(frozen=True, slots=True)
class Stated:
    """A plan as the log has it: when, by whom, and whether agreement was unsealed before that."""

    plan: Plan
    at: datetime
    who: str
    late: bool


@dataclass(frozen=True, slots=True)
class Look:
    """A verdict, and how often anyone has looked at the test set before."""

    verdict: Verdict
    stated: Stated
    before: int
    items: int

    @property
    def cautions(self) -> tuple[str, ...]:
        """What a reader must know about how this decision came about."""
        said = []
        if self.stated.late:
            said.append("The plan was stated after agreement had been seen: its margins are not blind.")
        if self.before:
            said.append(
                f"The test set was looked at {self.before} times before: a judge that was tuned in between "
                "was tuned on it."
            )
        return tuple(said)


def state_plan(store: Store, *, study: str, plan: Plan, who: str) -> None:
    """Write a plan into the study's log, where it keeps its time and its hash."""
    with store.writing() as session:
        row = _study(session, study)
        content = asdict(plan) | {"questions": list(plan.questions)}
        audit.record(session, study_id=row.id, who=who, action=STATED, subject=plan.hash, after=content)


def stated_plan(store: Store, *, study: str) -> Stated | None:
    """Return the newest plan of a study."""
    with store.reading() as session:
        row = _study(session, study)
        events = [event for event in audit.events(session, study_id=row.id or 0) if event.action == STATED]
    if not events:
        return None
    newest = events[-1]
    late = row.unsealed_at is not None and row.unsealed_at < newest.at
    return Stated(Plan.of(dict(newest.after)), newest.at, newest.who, late)


def judges(store: Store, *, study: str) -> list[str]:
    """Return the jurors and metrics that a decision can be about."""
    with store.reading() as session:
        row = _study(session, study)
        found = raters.in_study(session, study_id=row.id or 0, kinds=("juror", "metric"))
        panel = raters.panel(session, study_id=row.id or 0)
    single = [each.key for each in found if check_of(each.key) is None]
    return [JURY, *single] if len(panel) > 1 else single


def look(store: Store, *, study: str, judge: str, who: str) -> Look:
    """Decide about a judge by the stated plan, on the items that were not for development."""
    stated = stated_plan(store, study=study)
    if stated is None:
        raise Fault("State the plan first: a decision needs margins that were set before anyone looked.")
    with store.writing() as session:
        row = _study(session, study)
        assert row.id is not None
        every = [
            item for item in items.in_study(session, study_id=row.id) if not _for_development(item.strata)
        ]
        frame = ratings_frame(session, study_id=row.id, kinds=RATER_KINDS, words=("value", "reason"))
        panel = raters.panel(session, study_id=row.id)
        looks = [event for event in audit.events(session, study_id=row.id) if event.action == LOOKED]
        audit.record(session, study_id=row.id, who=who, action=LOOKED, subject=judge, after=stated.plan.hash)
        if not row.demo:
            studies.unseal(session, study_id=row.id, who=who, reason="a decision was looked at")
    keys = {item.key for item in every}
    frame = frame[frame["item"].isin(keys)]
    if frame.empty:
        raise Fault(f"Study {study!r} has no ratings of test items yet; a decision needs some.")
    seen = len({judge, *(event.subject for event in looks)})
    made = verdict(frame, judge, stated.plan, outputs_frame(every), judges=seen, jury=panel)
    return Look(made, stated, len(looks), len(keys))


def _for_development(strata: object) -> bool:
    return isinstance(strata, dict) and str(strata.get("split", "")).lower().startswith("dev")


def _study(session: Session, name: str) -> Study:
    return studies.named(session, name=name)
