"""The studies there are, with their items, raters, ratings and state."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from annotate.protocol_file import parse
from data.store import Store, items, open_store, raters, ratings, studies


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list."""

    name: str
    title: str
    status: str
    protocol: str
    items: int
    clinicians: int
    ratings: int


def arguments(parser: argparse.ArgumentParser) -> None:
    """`consilium studies` takes nothing."""


def run(args: argparse.Namespace) -> int:
    """Print one line a study."""
    found = listed(open_store())
    if not found:
        print("There is no study yet. Make one: consilium new STUDY --protocol medhelm")
    width = max((len(study.name) for study in found), default=0)
    for study in found:
        counts = f"{study.items:,} items, {study.clinicians} clinicians, {study.ratings:,} ratings"
        print(f"{study.name:<{width}}  {study.status:<8} {counts:<46} {study.protocol}")
    return 0


def listed(store: Store) -> list[Listed]:
    """Return every study by name, with its counts."""
    found = []
    with store.reading() as session:
        for study in studies.all_studies(session):
            version = studies.latest_protocol(session, study_id=study.id)
            found.append(
                Listed(
                    study.name,
                    study.title,
                    study.status,
                    f"{_name(version.text)} (version {version.number})" if version else "no protocol",
                    len(items.ids_by_key(session, study_id=study.id)),
                    len(raters.in_study(session, study_id=study.id, kinds=("clinician",))),
                    ratings.count(session, study_id=study.id),
                )
            )
    return found


def _name(text: str) -> str:
    try:
        return parse(text).name
    except ValueError:  # a study made by an older version; its list must still be shown
        return "an unreadable protocol"
