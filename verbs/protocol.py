"""A protocol shown, checked, and changed: every change is a version that says what it changed."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from annotate.fault import Fault
from annotate.protocol import Protocol
from annotate.protocol_file import differences, parse, version, write
from annotate.question import Question
from data.shipped import protocol_names, protocol_text
from data.store import Session, Store, open_store, ratings, studies
from verbs.new import load_protocol
from verbs.terminal import user


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a study's protocol: its number, its identity, and what it changed."""

    number: int
    sha256: str
    changes: tuple[str, ...]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `consilium protocol` takes."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="show|check|change|versions")
    show = deeds.add_parser("show", help="print a shipped protocol, or a study's newest")
    show.add_argument("name", metavar="NAME|STUDY")
    check = deeds.add_parser("check", help="say everything that is wrong with a file, with lines")
    check.add_argument("file", metavar="FILE")
    new = deeds.add_parser("change", help="give a study a new version")
    new.add_argument("study", metavar="STUDY")
    new.add_argument("file", metavar="FILE")
    new.add_argument("--dry-run", action="store_true", help="say what would change, write nothing")
    old = deeds.add_parser("versions", help="list a study's versions and what each changed")
    old.add_argument("study", metavar="STUDY")


def run(args: argparse.Namespace) -> int:
    """Do the one that was asked for."""
    if args.deed == "show":
        print(_shown(args.name), end="")
    elif args.deed == "check":
        wanted = load_protocol(args.file)
        count = len(wanted.questions)
        print(f"{wanted.name}: {count} questions, version {version(wanted)[:12]}. Nothing is wrong.")
    elif args.deed == "change":
        _print_change(args)
    else:
        for one in versions(open_store(), study=args.study):
            print(f"version {one.number} ({one.sha256[:12]})")
            print("".join(f"  {change}\n" for change in one.changes), end="")
    return 0


def _print_change(args: argparse.Namespace) -> None:
    store, wanted = open_store(), load_protocol(args.file)
    if args.dry_run:
        found = would_change(store, study=args.study, wanted=wanted)
    else:
        found = change(store, study=args.study, wanted=wanted, who=user())
    print("\n".join(found) if found else "Nothing changes.")
    if args.dry_run:
        print("Nothing was written (--dry-run).")


def _shown(name: str) -> str:
    if name in protocol_names():
        return protocol_text(name)
    if Path(name).exists():
        return write(load_protocol(name))
    store = open_store()
    with store.reading() as session:
        study = studies.named(session, name=name)
    return write(current_protocol(store, study_id=study.id))


def current_protocol(store: Store, *, study_id: int) -> Protocol:
    """Return a study's protocol as it stands."""
    with store.reading() as session:
        return protocol_of(session, study_id=study_id)


def protocol_of(session: Session, *, study_id: int) -> Protocol:
    """Return a study's protocol as it stands, on an open session."""
    newest = studies.latest_protocol(session, study_id=study_id)
    if newest is None:
        raise Fault("The study has no protocol; make it with: consilium new STUDY --protocol medhelm")
    return parse(newest.text, f"protocol version {newest.number}")


def would_change(store: Store, *, study: str, wanted: Protocol) -> tuple[str, ...]:
    """Return what a new version would change; a Fault where ratings exist that it would spoil."""
    with store.reading() as session:
        row = studies.named(session, name=study)
        rated = ratings.count(session, study_id=row.id)
    before = current_protocol(store, study_id=row.id)
    if rated:
        spoiled = spoiling(before, wanted)
        if spoiled:
            raise Fault(*spoiled)
    return differences(before, wanted)


def change(store: Store, *, study: str, wanted: Protocol, who: str) -> tuple[str, ...]:
    """Add a version of a study's protocol; return what it changed, nothing where nothing did."""
    changes = would_change(store, study=study, wanted=wanted)
    if changes:
        with store.writing() as session:
            row = studies.named(session, name=study)
            studies.add_protocol(
                session, study_id=row.id, text=write(wanted), who=who, changes="\n".join(changes)
            )
    return changes


def spoiling(before: Protocol, after: Protocol) -> tuple[str, ...]:
    """Return what would put answers on two scales under one name, in sentences.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from annotate.scale import likert
    >>> from data.shipped import protocol
    >>> old = protocol("medhelm")
    >>> first, *rest = old.questions
    >>> spoiling(old, replace(old, questions=(replace(first, scale=likert("bad", "good")), *rest)))
    ("Question 'accuracy' has ratings on another scale; give the changed question a new key.",)
    """
    said = [
        f"Question {question.key!r} has ratings on another scale; give the changed question a new key."
        for question in after.questions
        for old in before.questions
        if old.key == question.key and _scale(old) != _scale(question)
    ]
    if before.unit != after.unit:
        said.append(
            f"The unit {before.unit!r} cannot become {after.unit!r} once there are ratings; make a new study."
        )
    return tuple(said)


def _scale(question: Question) -> tuple[object, ...]:
    """Return what answers stand on: kind, level, points and their numbers; words may change."""
    scale, severities = question.scale, question.severities
    points = tuple((p.value, p.number) for p in scale.points) if scale else ()
    worse = tuple((p.value, p.number) for p in severities.points) if severities else ()
    level = (scale.level, scale.low, scale.high) if scale else ()
    return question.kind, question.per_output, question.compares, level, points, worse


def versions(store: Store, *, study: str) -> list[Version]:
    """Return a study's versions, oldest first."""
    with store.reading() as session:
        row = studies.named(session, name=study)
        found = studies.protocol_versions(session, study_id=row.id)
    return [Version(one.number, one.sha256, tuple(one.changes.splitlines())) for one in found]
