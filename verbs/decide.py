"""May a judge stand in for a clinician, in a study: by the plan stated beforehand; every look is counted."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agreement.decision.jury import JURY
from agreement.decision.passport import passport
from agreement.decision.stated import sentences
from agreement.paper.passport_page import passport_page
from annotate.fault import Fault
from annotate.protocol_file import parse
from annotate.rating import RATER_KINDS
from data.formats.appear import put
from data.formats.outputs import outputs_frame
from data.store import Session, Store, audit, items, open_store, raters, ratings, studies
from data.store.frame import ratings_frame
from data.tables import Rater, Study
from data.tables.column import now
from verbs import unordered
from verbs.looks import LOOKED, Stated, for_development, judges_of, standing, state_plan, stated_plan, times
from verbs.plan_file import read_plan
from verbs.terminal import user
from verbs.validate import verdict
from verbs.verdict import Verdict, in_words
from verbs.written import software


@dataclass(frozen=True, slots=True)
class Look:
    """A verdict, how often anyone has looked at the test set before, and what it was made from."""

    verdict: Verdict
    stated: Stated
    before: int
    items: int
    identity: dict[str, Any]
    data: dict[str, Any]

    @property
    def cautions(self) -> tuple[str, ...]:
        """What a reader must know about how this decision came about."""
        said = []
        if self.stated.unsealed:
            said.append("The plan was stated after agreement had been seen: its margins are not blind.")
        if self.stated.after:
            said.append(
                f"Plan {self.stated.number} was stated after {times(self.stated.after, 'look')}: "
                "its margins are not blind."
            )
        if self.before:
            said.append(
                f"The test set was looked at {times(self.before)} before: a judge that was tuned in between "
                "was tuned on it."
            )
        return tuple(said)

    def passport(self) -> dict[str, Any]:
        """Return what goes along with the judge: identity, decision, figures, plan, data."""
        one = self.verdict
        return passport(one.judge, one.decisions, one.plan, identity=self.identity, data=self.data)

    def files(self) -> dict[str, bytes]:
        """Return the passport's files by name: all of it as JSON, and one page to print."""
        from agreement.paper.pdf import pdf  # half a second, only where it is wanted

        one = self.verdict
        name = "".join(c if c.isalnum() or c in "-_." else "_" for c in one.judge)
        page = passport_page(
            one.judge, one.decisions, one.plan, identity=self.identity, data=self.data, cautions=self.cautions
        )
        content = json.dumps(self.passport(), indent=1, ensure_ascii=False) + "\n"
        return {f"{name}.passport.json": content.encode(), f"{name}.passport.pdf": pdf(page)}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `consilium decide`."""
    parser.add_argument("study", metavar="STUDY")
    parser.add_argument("--plan", type=Path, help="state this plan first: JSON, TOML or YAML")
    parser.add_argument(
        "--judge",
        metavar="RATER",
        help="look at this juror or metric, or 'the jury'; without it nothing is looked at",
    )
    parser.add_argument(
        "--passport", type=Path, metavar="DIR", help="write the passport, JSON and PDF, to DIR"
    )


def run(args: argparse.Namespace) -> int:
    """State a plan, or look. 0 when it was stated or the judge may be used, 1 when not or not yet."""
    with closing(open_store()) as store:
        return _done(store, args, user())


def _done(store: Store, args: argparse.Namespace, who: str) -> int:
    if args.plan:
        state_plan(store, study=args.study, plan=read_plan(args.plan), who=who)
    found = standing(store, study=args.study)
    print("\n".join(_told(found.stated)))
    print(f"Looked {times(len(found.looks))} so far. Judges: {', '.join(found.judges) or 'none yet'}.")
    if not args.judge:
        return 0
    made = look(store, study=args.study, judge=args.judge, who=who)
    print("\n".join(["", *made.cautions, in_words(made.verdict)]))
    if args.passport:
        for name, content in made.files().items():
            put(args.passport / name, content)
    return 0 if made.verdict.usable else 1


def _told(stated: Stated | None) -> list[str]:
    if stated is None:
        return ["No plan is stated yet (--plan FILE)."]
    head = f"Plan {stated.number}, {stated.plan.hash[:12]}, stated {stated.at:%Y-%m-%d %H:%M} UTC"
    return [f"{head} by {stated.who}:", *(f"  {sentence}" for sentence in sentences(stated.plan))]


def look(store: Store, *, study: str, judge: str, who: str) -> Look:
    """Decide about a judge by the stated plan, on the items that were not for development."""
    stated = stated_plan(store, study=study)
    if stated is None:
        raise Fault("State the plan first: a decision needs margins that were set before anyone looked.")
    with store.reading() as session:
        row = studies.named(session, name=study)
        every = [
            item for item in items.in_study(session, study_id=row.id) if not for_development(item.strata)
        ]
        frame = ratings_frame(session, study_id=row.id, kinds=RATER_KINDS, words=("value", "reason"))
        frame = frame[frame["item"].isin({item.key for item in every})]
        if frame.empty:
            raise Fault(f"Study {study!r} has no ratings of test items yet; a decision needs some.")
        version = studies.latest_protocol(session, study_id=row.id)
        frame, _ = unordered.of_protocol(frame, parse(version.text).questions if version else ())
        panel = raters.panel(session, study_id=row.id)
        known = raters.in_study(session, study_id=row.id, kinds=("juror", "metric"))
        if judge not in judges_of(session, row):
            there = ", ".join(judges_of(session, row)) or "none yet"
            raise Fault(f"{judge!r} is no juror or metric of the study {study!r} (it has: {there}).")
        looks = [event for event in audit.events(session, study_id=row.id) if event.action == LOOKED]
        data = _data(session, row, stated, len(looks) + 1)
    seen = len({judge, *(event.subject for event in looks)})
    made = verdict(frame, judge, stated.plan, outputs_frame(every), judges=seen, jury=panel)
    with store.writing() as session:  # what was refused shows nothing and costs no look
        audit.record(session, study_id=row.id, who=who, action=LOOKED, subject=judge, after=stated.plan.hash)
        if not row.demo:
            studies.unseal(session, study_id=row.id, who=who, reason="a decision was looked at")
    whose = [rater for rater in known if rater.key == judge or (judge == JURY and rater.key in panel)]
    return Look(made, stated, len(looks), len(every), _identity(made, whose), data)


def _identity(made: Verdict, whose: Sequence[Rater]) -> dict[str, Any]:
    each = {rater.key: {**rater.identity, "identity_sha256": rater.identity_sha256} for rater in whose}
    return {"kind": made.kind, **(each if made.kind == "jury" else each.get(made.judge, {}))}


def _data(session: Session, row: Study, stated: Stated, look: int) -> dict[str, Any]:
    version = studies.latest_protocol(session, study_id=row.id)
    return {
        "study": row.name,
        "ratings": f"chain of hashes ends in {ratings.head(session, study_id=row.id)}",
        "protocol": f"version {version.number}, SHA-256 {version.sha256}" if version else "none",
        "plan": f"plan {stated.number}, stated {stated.at:%Y-%m-%d %H:%M} UTC by {stated.who}",
        "looked": f"{now():%Y-%m-%d %H:%M} UTC, look {look} at this study's test set",
        "software": software(),
    }
