"""Where a study stands: launch it, pause it, close it, reopen it with a reason."""

from __future__ import annotations

import argparse

from annotate.fault import Fault
from data.store import Session, Store, assignments, open_store, studies
from verbs.next_step import next_step
from verbs.terminal import user

NEXT = {
    "draft": ("running",),
    "running": ("paused", "closed"),
    "paused": ("running", "closed"),
    "closed": ("running",),
}
"""From which state to which a study can go."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `consilium status` takes."""
    parser.add_argument("study", metavar="STUDY")
    parser.add_argument("to", nargs="?", choices=("running", "paused", "closed"))
    parser.add_argument("--reason", default="", help="goes into the log; needed to reopen a closed study")


def run(args: argparse.Namespace) -> int:
    """Print the state, or change it."""
    store = open_store()
    if args.to:
        change(store, study=args.study, to=args.to, who=user(), reason=args.reason)
    with store.reading() as session:
        print(f"Study {args.study!r} is {studies.named(session, name=args.study).status}.")
    coming = next_step(store, study=args.study)
    if coming:
        print(f"Next: {coming.words} ({coming.command}).")
    return 0


def change(store: Store, *, study: str, to: str, who: str, reason: str = "") -> None:
    """Bring a study to another state; who and why go into the log."""
    with store.writing() as session:
        row = studies.named(session, name=study)
        if to not in NEXT[row.status]:
            ways = " or ".join(NEXT[row.status])
            raise Fault(f"Study {study!r} is {row.status}; from there it can only become {ways}.")
        if row.status == "closed" and not reason.strip():
            raise Fault(f"Study {study!r} is closed; say why it is reopened (--reason), for the log.")
        if row.status == "draft":
            _ready(session, row.id, study)
        studies.set_status(session, study_id=row.id, status=to, who=who, reason=reason)


def _ready(session: Session, study_id: int, name: str) -> None:
    if not assignments.in_study(session, study_id=study_id):
        raise Fault(
            f"Study {name!r} has no assignments yet; import items, then: consilium assign {name} --raters …"
        )
