"""Personal links: for a study's clinicians, and for leads. A link is shown once; only its hash is kept."""

from __future__ import annotations

import argparse
import os

from annotate.fault import Fault
from data.store import Store, access, open_store, raters, studies
from verbs.terminal import user


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `consilium link` takes."""
    parser.add_argument("study", nargs="?", metavar="STUDY")
    parser.add_argument("rater", nargs="?", metavar="RATER", help="a clinician of the study, e.g. C01")
    parser.add_argument("--lead", metavar="NAME", help="a link for a study lead (of all studies here)")
    parser.add_argument(
        "--revoke", action="store_true", help="close every link of this rater or lead instead"
    )
    parser.add_argument(
        "--base", default=os.environ.get("CONSILIUM_BASE", "http://127.0.0.1:8501"), help="the app's address"
    )


def run(args: argparse.Namespace) -> int:
    """Print a fresh link, or close the rater's links."""
    store, who = open_store(), user()
    if args.lead and args.revoke:
        print(f"{revoke_lead(store, name=args.lead, who=who)} links of {args.lead} are closed.")
    elif args.lead:
        print(f"{args.base}/enter#{invite_lead(store, name=args.lead, who=who)}")
    elif not (args.study and args.rater):
        raise Fault("Say for whom: consilium link STUDY RATER, or consilium link --lead NAME.")
    elif args.revoke:
        count = revoke(store, study=args.study, rater=args.rater, who=who)
        print(f"{count} links of {args.rater} are closed.")
    else:
        print(f"{args.base}/enter#{invite(store, study=args.study, rater=args.rater, who=who)}")
    return 0


def invite_lead(store: Store, *, name: str, who: str) -> str:
    """Make a link for a study lead; return its token."""
    with store.writing() as session:
        return access.invite(session, role="lead", name=name, who=who)


def revoke_lead(store: Store, *, name: str, who: str) -> int:
    """Close every open link of a lead and every browser that came in by one; return how many links."""
    with store.writing() as session:
        known = access.of_leads(session)
        if name not in {link.name for link in known}:
            names = ", ".join(sorted({link.name for link in known})) or "none yet"
            raise Fault(f"No lead {name!r} has a link; the leads are: {names}.")
        return access.revoke_all(session, [link for link in known if link.name == name], who=who)


def invite(store: Store, *, study: str, rater: str, who: str) -> str:
    """Make a link for one of a study's clinicians; return its token."""
    number = _clinician(store, study, rater)
    with store.writing() as session:
        return access.invite(session, role="clinician", name=rater, rater_id=number, who=who)


def revoke(store: Store, *, study: str, rater: str, who: str) -> int:
    """Close every link of a clinician and every browser that came in by one; return how many links."""
    number = _clinician(store, study, rater)
    with store.writing() as session:
        return access.revoke_all(session, access.of_rater(session, rater_id=number), who=who)


def _clinician(store: Store, study: str, key: str) -> int:
    with store.reading() as session:
        row = studies.named(session, name=study)
        people = raters.in_study(session, study_id=row.id, kinds=("clinician",))
    for person in people:
        if person.key == key:
            return person.id
    known = ", ".join(person.key for person in people) or "none yet"
    raise Fault(f"Study {study!r} has no clinician {key!r}; its clinicians are: {known}.")
