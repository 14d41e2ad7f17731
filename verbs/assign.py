"""The design of a study: drawn, shown with its loads and overlaps, written before the first login."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from annotate.assignment import Assignment
from annotate.design import Available, Overview, design, overview, reassign
from annotate.fault import Fault
from annotate.protocol import Design, Protocol
from annotate.protocol_file import differences, parse, write
from data.store import Store, assignments, audit, items, open_store, raters, studies
from verbs.before_launch import sentences, table
from verbs.people import available
from verbs.protocol import current_protocol
from verbs.terminal import user
from verbs.training import check_agreed

OVERRIDES = ("crossing", "per_item", "overlap", "cap", "repeats", "repeat_gap", "match")
"""What the command line may change of the protocol's design; the change is a version of the protocol."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A design that is not written yet: the protocol with it, the forms, and what they amount to."""

    protocol: Protocol
    changes: tuple[str, ...]
    forms: tuple[Assignment, ...]
    view: Overview
    withdrawn: tuple[int, ...] = ()
    leaving: tuple[str, ...] = ()


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `consilium assign` takes."""
    parser.add_argument("study", metavar="STUDY")
    parser.add_argument(
        "--raters",
        nargs="+",
        default=[],
        metavar="C01 C02 …|FILE",
        help="names, or a CSV file with the columns rater, group, specialties, cap",
    )
    parser.add_argument("--per-item", type=int, metavar="K", help="raters an item; the protocol's by default")
    parser.add_argument("--crossing", choices=("full", "per-item", "blocks", "overlap"))
    parser.add_argument("--overlap", type=int, metavar="N", help="items that everybody rates")
    parser.add_argument("--cap", type=int, metavar="N", help="at most so many forms a rater")
    parser.add_argument("--repeats", type=float, metavar="SHARE", help="hidden repeats, e.g. 0.1")
    parser.add_argument("--repeat-gap", type=int, metavar="PLACES", help="at least so many places later")
    parser.add_argument("--match", metavar="COLUMN", help="the item's column that a specialty must match")
    parser.add_argument(
        "--drop", nargs="+", default=[], metavar="C03", help="give what these raters left open to others"
    )
    parser.add_argument("--reason", default="", help="why raters are dropped; it goes into the log")
    parser.add_argument("--dry-run", action="store_true", help="show the design, write nothing")


def run(args: argparse.Namespace) -> int:
    """Draw, show, and write unless it is a dry run."""
    store = open_store()
    people = available(",".join(args.raters))
    if args.drop:
        leaving = [name.strip() for name in ",".join(args.drop).split(",") if name.strip()]
        drawn = redraw(store, study=args.study, people=people, leaving=leaving)
    else:
        given = {key: getattr(args, key) for key in OVERRIDES if getattr(args, key) is not None}
        drawn = draw(store, study=args.study, people=people, changes=given)
    print("\n".join([*sentences(drawn.view, drawn.changes), *table(drawn.view)]))
    if args.dry_run:
        print("Nothing was written (--dry-run).")
        return 0
    keep(store, study=args.study, people=people, drawn=drawn, who=user(), reason=args.reason)
    print(
        f"Written: {len(drawn.forms):,} forms"
        + (f", {len(drawn.withdrawn):,} taken back." if drawn.leaving else ".")
    )
    return 0


def is_open(store: Store, *, study: str) -> bool:
    """Return whether a study has items without raters, or nothing yet."""
    with store.reading() as session:
        row = studies.named(session, name=study)
        everything = items.ids_by_key(session, study_id=row.id)
        before = assignments.in_study(session, study_id=row.id)
    assigned = {form.item for form in before if form.round == "main"}
    return not before or bool(set(everything) - assigned - _trained(store, row.id))


def _trained(store: Store, study_id: int) -> set[str]:
    training = current_protocol(store, study_id=study_id).training
    return set(training.items) if training else set()


def draw(
    store: Store, *, study: str, people: Sequence[Available], changes: dict[str, Any] | None = None
) -> Drawn:
    """Return the design for the items that have no raters yet. Nothing is written."""
    with store.reading() as session:
        row = studies.named(session, name=study)
        protocol = current_protocol(store, study_id=row.id)
        everything = items.in_study(session, study_id=row.id)
        before = assignments.in_study(session, study_id=row.id)
        people = list(people) or _known(session, row.id, protocol)
    wanted = with_design(protocol, changes or {})
    assigned = {form.item for form in before if form.round == "main"}
    trained = set(wanted.training.items) if wanted.training else set()
    fresh = [item for item in everything if item.key not in assigned or item.key in trained]
    if assigned and not [item for item in fresh if item.key not in trained]:
        raise Fault(
            f"Every item of {study!r} has its raters already; import more items, or say who leaves: "
            "what they have left open then goes to the others."
        )
    check_agreed(wanted, [item for item in everything if item.key in trained])
    forms = design(wanted, fresh, people, seed=row.seed + len(assigned))
    return Drawn(
        wanted,
        differences(protocol, wanted),
        _after(forms, before),
        overview([*before, *forms], wanted.design.minutes),
    )


def redraw(store: Store, *, study: str, people: Sequence[Available], leaving: Sequence[str]) -> Drawn:
    """Return the step that gives what leavers left open to those who stay. Nothing is written."""
    with store.reading() as session:
        row = studies.named(session, name=study)
        protocol = current_protocol(store, study_id=row.id)
        everything = items.in_study(session, study_id=row.id)
        forms = assignments.forms(session, study_id=row.id)
        known = _known(session, row.id, protocol)
    named = {person.rater for person in people}
    everybody = [*people, *(person for person in known if person.rater not in named)]
    step = reassign(
        protocol,
        everything,
        everybody,
        [form.assignment for form in forms],
        done=[form.assignment for form in forms if form.submitted],
        leaving=leaving,
        seed=row.seed + len(forms),
    )
    taken_back = set(step.withdrawn)
    kept = [form.assignment for form in forms if form.assignment not in taken_back]
    view = overview([*kept, *step.added], protocol.design.minutes)
    numbers = tuple(form.assignment_id for form in forms if form.assignment in taken_back)
    return Drawn(protocol, (), step.added, view, numbers, tuple(leaving))


def keep(
    store: Store, *, study: str, people: Sequence[Available], drawn: Drawn, who: str, reason: str = ""
) -> None:
    """Write a design in one transaction: its protocol version, its raters, its forms, one line in the log."""
    with store.writing() as session:
        row = studies.named(session, name=study)
        if drawn.changes:
            studies.add_protocol(
                session,
                study_id=row.id,
                text=write(drawn.protocol),
                who=who,
                changes="\n".join(drawn.changes),
            )
        for person in people:
            words = "; ".join(dict.fromkeys(word for word in (person.group, *person.specialties) if word))
            raters.add(session, study_id=row.id, key=person.rater, kind="clinician", specialty=words)
        if drawn.withdrawn:
            said = reason or f"reassigned: {', '.join(drawn.leaving)} left"
            assignments.withdraw_all(
                session, study_id=row.id, assignment_ids=drawn.withdrawn, who=who, reason=said
            )
        for name in drawn.leaving:
            rater = raters.find(session, study_id=row.id, key=name)
            if rater is not None and rater.left_at is None:
                raters.leave(session, rater_id=rater.id, reason=reason)
        assignments.add(session, study_id=row.id, assignments=drawn.forms, who=who)
        audit.record(
            session, study_id=row.id, who=who, action="design drawn", after=_settings(drawn, row.seed)
        )


def with_design(protocol: Protocol, changes: dict[str, Any]) -> Protocol:
    """Return the protocol with another design, checked as if it were written in its file."""
    design = replace(protocol.design, **changes)
    if "per_item" in changes and design.groups:
        raise Fault("The protocol counts raters by group; change its groups instead of the raters an item.")
    if design.crossing != "overlap" and "overlap" in changes and changes["overlap"]:
        design = replace(design, crossing="overlap")
    return parse(write(replace(protocol, design=design)), "design")


def _known(session: Any, study_id: int, protocol: Protocol) -> list[Available]:
    """Return the study's own clinicians who have not left; a group is a word that the protocol counts."""
    groups = {name for name, _ in protocol.design.groups}
    found = []
    for rater in raters.in_study(session, study_id=study_id, kinds=("clinician",)):
        if rater.left_at is None:
            words = tuple(word.strip() for word in rater.specialty.split(";") if word.strip())
            group = next((word for word in words if word in groups), "")
            found.append(Available(rater.key, group, words))
    return found


def _after(forms: Sequence[Assignment], before: Sequence[Assignment]) -> tuple[Assignment, ...]:
    """Return new forms behind those that each rater has already."""
    last: dict[tuple[str, str], int] = {}
    for form in before:
        last[form.rater, form.round] = max(last.get((form.rater, form.round), 0), form.place)
    return tuple(
        replace(form, place=form.place + last.get((form.rater, form.round), 0))
        for form in forms
        if form.round != "training" or (form.rater, "training") not in last
    )


def _settings(drawn: Drawn, seed: int) -> dict[str, Any]:
    plan = drawn.protocol.design
    said = {field.name: getattr(plan, field.name) for field in fields(Design)}
    return {"seed": seed, "forms": len(drawn.forms), "withdrawn": len(drawn.withdrawn)} | {
        name: list(value) if isinstance(value, tuple) else value for name, value in said.items()
    }
