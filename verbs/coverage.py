"""Which subcategories of its taxonomy a study's items cover, with how many."""

from __future__ import annotations

import argparse
from dataclasses import replace

from annotate.coverage import Coverage, coverage
from data.shipped import benchmarks, taxonomy, taxonomy_of
from data.store import Store, items, open_store, studies
from verbs.protocol import current_protocol


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `consilium coverage` takes."""
    parser.add_argument("study", metavar="STUDY")


def run(args: argparse.Namespace) -> int:
    """Print the cover, category by category."""
    found = study_coverage(open_store(), study=args.study)
    category = ""
    for row in found.rows:
        if row.category != category:
            category = row.category
            print(category)
        names = f"  ({', '.join(row.benchmarks)})" if row.benchmarks else ""
        print(f"  {row.items:>7,}  {row.subcategory}{names}")
    print(f"{found.covered} of {len(found.rows)} subcategories have items.")
    for said, count in found.unknown:
        print(f"{count:,} items say {said!r}, which is no subcategory of this taxonomy.")
    if found.unplaced:
        print(f"{found.unplaced:,} items say no subcategory.")
    return 0


def study_coverage(store: Store, *, study: str) -> Coverage:
    """Return how a study covers its taxonomy; an item that names only a benchmark has that one's place."""
    with store.reading() as session:
        row = studies.named(session, name=study)
        things = items.in_study(session, study_id=row.id)
    places = taxonomy_of(current_protocol(store, study_id=row.id)) or taxonomy()
    known = {benchmark.key: benchmark.subcategory for benchmark in benchmarks()}
    placed = [
        item if item.subcategory else replace(item, subcategory=known.get(item.benchmark, ""))
        for item in things
    ]
    return coverage(placed, places)
