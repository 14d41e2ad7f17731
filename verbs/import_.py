"""Bring items and ratings into a study: everything in the files, or nothing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from data.formats.findings import number_of
from data.identifiers import Flagged, counted
from data.store import open_store, studies
from verbs.bring import bring
from verbs.identifying import identifiers, without_identifiers
from verbs.incoming import FORMATS, Incoming, read_incoming
from verbs.protocol import protocol_of
from verbs.terminal import bar, user

SHOWN = 8


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
            protocol = protocol_of(session, study_id=study.id)
        incoming = read_incoming(args.paths, protocol, format=args.format, kinds=args.kind, watch=bar)
        for sentence in incoming.understood:
            print(sentence)
        flagged = identifiers(incoming, bar)
        _show(flagged)
        print(_preview(incoming))
        if args.check:
            return 0
        decided = _decide(args, flagged)
        if decided is None:
            print("Stopped; nothing was written.")
            return 1
        incoming = without_identifiers(incoming, protocol) if decided.startswith("redacted") else incoming
        who = args.who or user()
        brought = bring(store, study_id=study.id, incoming=incoming, who=who, decided=decided, watch=bar)
        print(brought)
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
    brought = {"item": len(incoming.items), "rating": len(incoming.frame), "rater": len(incoming.raters)}
    said = [", ".join(number_of(count, noun) for noun, count in brought.items()) + "."]
    if len(incoming.frame):
        said.append(
            incoming.frame[["item", "rater", "kind", "question", "value"]].head(5).to_string(index=False)
        )
    return "\n".join(said)
