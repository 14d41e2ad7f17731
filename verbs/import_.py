"""Bring items and ratings into a study: everything in the files, or nothing."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pandas as pd

from annotate.fault import Fault
from annotate.item import Item
from annotate.protocol import Protocol
from annotate.protocol_file import parse
from annotate.rating import Rating, Status
from data.formats.findings import listed
from data.identifiers import Flagged, counted
from data.store import Session, Store, assignments, audit, items, open_store, raters, ratings, studies
from verbs.incoming import FORMATS, Incoming, Newcomer, identifiers, read_incoming, without_identifiers

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Brought:
    """What was new to the study."""

    items: int = 0
    raters: int = 0
    assignments: int = 0
    ratings: int = 0

    def __str__(self) -> str:
        said = [f"{number:,} {name}" for name, number in self.counts().items() if number]
        return (
            f"New in the study: {', '.join(said)}." if said else "Nothing new: the study has it all already."
        )

    def counts(self) -> dict[str, int]:
        """Return the numbers by name."""
        names = ("items", "raters", "assignments", "ratings")
        return {name: getattr(self, name) for name in names}


def protocol_of(session: Session, *, study_id: int) -> Protocol:
    """Return a study's protocol as it stands."""
    version = studies.latest_protocol(session, study_id=study_id)
    assert version is not None
    return parse(version.text, f"version {version.number}")


def bring(
    store: Store, *, study_id: int, incoming: Incoming, who: str, decided: str = "none found"
) -> Brought:
    """Write what files bring, in one transaction; what the study has already changes nothing.

    Parameters
    ----------
    incoming : Incoming
        As `read_incoming` returns it, redacted if the lead chose that.
    decided : str
        What the lead decided about the identifier check, for the log.
    """
    with store.writing() as session:
        new_items = items.add(session, study_id=study_id, items=_all_items(session, study_id, incoming))
        new_raters = sum(_add_rater(session, study_id, rater) for rater in incoming.raters)
        assigned = 0
        if incoming.assignments:
            assigned = assignments.add(session, study_id=study_id, assignments=incoming.assignments, who=who)
        said = 0
        for (round, step), rows in _by_round(incoming.frame):
            rated = list(_ratings(rows))
            said += ratings.append(session, study_id=study_id, ratings=rated, round=round, step=step)
        brought = Brought(new_items, new_raters, assigned, said)
        if any(brought.counts().values()):
            _log(session, study_id, incoming, brought, who, decided)
    return brought


def _log(
    session: Session, study_id: int, incoming: Incoming, brought: Brought, who: str, decided: str
) -> None:
    audit.record(
        session,
        study_id=study_id,
        who=who,
        action="imported",
        subject=listed(incoming.files),
        after={"new": brought.counts(), "files": dict(incoming.files)},
        reason=f"identifiers: {decided}",
    )


def _all_items(session: Session, study_id: int, incoming: Incoming) -> Sequence[Item]:
    """The items that came, or bare ones where a study of ratings alone has none at all."""
    known = set(items.ids_by_key(session, study_id=study_id)) | {item.key for item in incoming.items}
    named = list(dict.fromkeys(incoming.frame["item"])) if len(incoming.frame) else []
    missing = [key for key in named if key not in known]
    if not known:
        return [Item(str(key)) for key in named]
    if missing:
        raise Fault(
            f"{len(missing):,} items are rated but not in the study ({listed(missing)}); import the items "
            f"file too, or correct the names (the study has {listed(sorted(known), 5)})."
        )
    return incoming.items


def _add_rater(session: Session, study_id: int, rater: Newcomer) -> bool:
    known = raters.find(session, study_id=study_id, key=rater.key)
    if known is not None and not rater.told and known.kind == rater.kind:
        return False
    raters.add(
        session,
        study_id=study_id,
        key=rater.key,
        kind=rater.kind,
        specialty=rater.specialty,
        family=rater.family,
        identity=rater.identity or None,
    )
    return known is None


def _by_round(frame: pd.DataFrame) -> Iterator[tuple[tuple[str, str], pd.DataFrame]]:
    if len(frame):
        for (round, step), rows in frame.groupby(["round", "step"], sort=False):
            yield (str(round), str(step)), rows


def _ratings(rows: pd.DataFrame) -> Iterator[Rating]:
    answered = rows["status"].eq("answered").to_numpy()
    numbers = rows["number"].astype(object).where(rows["number"].notna(), None)
    times = [None if pd.isna(time) else time.to_pydatetime() for time in rows["submitted_at"]]
    names = ("item", "rater", "question", "value", "part", "status", "reason", "comment", "confidence")
    texts = (rows[name].tolist() for name in names)
    columns = zip(*texts, numbers.tolist(), rows["occasion"].tolist(), answered, times, strict=True)
    for (
        item,
        rater,
        question,
        value,
        part,
        status,
        reason,
        comment,
        sure,
        number,
        occasion,
        ok,
        at,
    ) in columns:
        yield Rating(
            item, rater, question, value if ok else None, number, part, int(occasion), cast(Status, status),
            reason, comment, sure, at,
        )  # fmt: skip


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `consilium import`."""
    parser.add_argument("study", help="the study's name")
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="files, run directories, suites, zips"
    )
    parser.add_argument(
        "--format", choices=FORMATS, default="auto", help="what the paths hold (default: look)"
    )
    parser.add_argument(
        "--kind", action="append", default=[], help="clinician, or NAME=juror, where no column says"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask for confirmation")
    parser.add_argument("--check", action="store_true", help="read and show everything, write nothing")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--redact", action="store_true", help="redact what the identifier check finds")
    choice.add_argument("--accept", metavar="REASON", help="keep what it finds; the reason is logged")
    parser.add_argument("--who", default=None, help="who imports, for the log (default: your user name)")


def run(args: argparse.Namespace) -> int:
    """Import; 0 when it is in the study, 1 when the lead said no."""
    store = open_store()
    try:
        with store.reading() as session:
            study = studies.named(session, name=args.study)
            assert study.id is not None
            protocol = protocol_of(session, study_id=study.id)
        incoming = read_incoming(
            args.paths, protocol, format=args.format, kinds=args.kind, progress=_progress
        )
        print(*incoming.understood, sep="\n")
        flagged = identifiers(incoming)
        _show(flagged)
        print(_preview(incoming))
        if args.check:
            return 0
        decided = _decide(args, flagged)
        if decided is None:
            print("Stopped; nothing was written.")
            return 1
        incoming = without_identifiers(incoming) if decided.startswith("redacted") else incoming
        who = args.who or _user()
        print(bring(store, study_id=study.id, incoming=incoming, who=who, decided=decided))
        return 0
    finally:
        store.close()


def _decide(args: argparse.Namespace, flagged: Sequence[Flagged]) -> str | None:
    """What to do about identifiers, in words for the log; None to stop."""
    if args.redact:
        return f"redacted {len(flagged):,}"
    if args.accept:
        return f"accepted {len(flagged):,}: {args.accept}"
    if args.yes or not sys.stdin.isatty():
        return f"found {len(flagged):,}, not reviewed" if flagged else "none found"
    return _asked(flagged)


def _asked(flagged: Sequence[Flagged]) -> str | None:
    """The lead's answer at the terminal."""
    if not flagged:
        return "none found" if input("Import? [y/N] ").strip().lower() in ("y", "yes") else None
    answer = input("Redact these, accept them with a reason, or stop? [redact/REASON/stop] ").strip()
    if answer.lower() in ("", "stop", "s", "n", "no", "q"):
        return None
    if answer.lower() in ("r", "redact"):
        return f"redacted {len(flagged):,}"
    return f"accepted {len(flagged):,}: {answer}"


def _show(flagged: Sequence[Flagged]) -> None:
    if flagged:
        print(f"May identify a person ({counted(flagged)}):", file=sys.stderr)
        print(*(f"  {one.shown()}" for one in flagged[:SHOWN]), sep="\n", file=sys.stderr)
        more = f"  and {len(flagged) - SHOWN:,} more. " if len(flagged) > SHOWN else "  "
        print(f"{more}--redact replaces them, --accept REASON keeps them on record.", file=sys.stderr)
    print("The identifier check sees patterns and can miss things; it certifies nothing.", file=sys.stderr)


def _preview(incoming: Incoming) -> str:
    said = [
        f"{len(incoming.items):,} items, {len(incoming.frame):,} ratings, {len(incoming.raters):,} raters."
    ]
    if len(incoming.frame):
        said.append(
            incoming.frame[["item", "rater", "kind", "question", "value"]].head(5).to_string(index=False)
        )
    return "\n".join(said)


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{'█' * (30 * done // of):<30} {done}/{of}", end="\n" if done == of else "", file=sys.stderr)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "lead"
