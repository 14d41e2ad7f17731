"""A new study: from a shipped protocol or a file, with the items of a taxonomy where it brings its own."""

from __future__ import annotations

import argparse
import csv
import secrets
from dataclasses import replace
from pathlib import Path

from annotate.fault import Fault
from annotate.protocol import Protocol
from annotate.protocol_file import parse, write
from annotate.survey import survey_items
from annotate.taxonomy import Category, Taxonomy, parse_taxonomy
from data.shipped import protocol, protocol_names, taxonomy, taxonomy_names, taxonomy_of
from data.store import Store, audit, items, open_store, studies
from verbs.terminal import user


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `consilium new` takes."""
    parser.add_argument("study", metavar="STUDY", help="its name, e.g. discharge-2026")
    shipped = ", ".join(protocol_names())
    parser.add_argument(
        "--protocol", required=True, metavar="NAME|FILE", help=f"a file, or one of: {shipped}"
    )
    parser.add_argument("--title", default="", help="what raters read; the protocol's title by default")
    parser.add_argument(
        "--taxonomy", metavar="FILE", help="a taxonomy of your own, in the form of the shipped one"
    )
    parser.add_argument("--tasks", metavar="FILE", help="CSV with the columns subcategory and task")
    parser.add_argument("--seed", type=int, help="decides every later draw; drawn and stored by default")


def run(args: argparse.Namespace) -> int:
    """Create the study and say what comes next."""
    wanted = load_protocol(args.protocol)
    if args.taxonomy:
        own = parse_taxonomy(_text(Path(args.taxonomy)), args.taxonomy)
        wanted = replace(wanted, own_taxonomy=own)
    if args.tasks:
        wanted = replace(wanted, own_taxonomy=with_tasks(wanted, Path(args.tasks)))
    count = create(open_store(), name=args.study, wanted=wanted, title=args.title, seed=args.seed, who=user())
    print(
        f"Study {args.study!r} is there, on the protocol {wanted.name!r} ({len(wanted.questions)} questions)."
    )
    if count:
        print(f"Its {count} items come from the taxonomy. Next: consilium assign {args.study} --raters …")
    else:
        print(f"Next: consilium import {args.study} ITEMS.csv, then consilium assign {args.study} --raters …")
    return 0


def load_protocol(name: str) -> Protocol:
    """Return a shipped protocol by its name, or the one in a file."""
    if name in protocol_names():
        return protocol(name)
    path = Path(name)
    if not path.exists():
        raise Fault(
            f"{name!r} is neither a file nor a shipped protocol; shipped are: {', '.join(protocol_names())}."
        )
    return parse(_text(path), path.name, taxonomies=taxonomy_names())


def create(
    store: Store, *, name: str, wanted: Protocol, who: str, title: str = "", seed: int | None = None
) -> int:
    """Create a study with the first version of its protocol; return how many items it brought."""
    places = taxonomy_of(wanted)
    brought = survey_items(places) if wanted.items == "subcategories" and places else ()
    drawn = secrets.randbelow(2**31 - 1) + 1 if seed is None else seed
    with store.writing() as session:
        study = studies.create(
            session,
            name=name,
            title=title or wanted.title,
            protocol_text=write(wanted),
            who=who,
            seed=drawn,
        )
        added = items.add(session, study_id=study.id, items=brought) if brought else 0
        if added:
            audit.record(session, study_id=study.id, who=who, action="items added", after={"items": added})
    return added


def with_tasks(wanted: Protocol, file: Path) -> Taxonomy:
    """Return the protocol's taxonomy with the tasks that a CSV file lists under its subcategories."""
    places = taxonomy_of(wanted) or taxonomy()
    listed: dict[str, list[str]] = {}
    wrong = []
    for line, row in enumerate(csv.DictReader(_text(file).splitlines()), 2):
        said, task = (row.get("subcategory") or "").strip(), (row.get("task") or "").strip()
        name = places.place("subcategory", said)
        if name is None:
            wrong.append(f"{file.name} line {line}: {said!r} is not a subcategory of {places.name!r}.")
        elif not task:
            wrong.append(f"{file.name} line {line}: the column 'task' is empty; write its name.")
        elif task not in listed.setdefault(name, []):
            listed[name].append(task)
    if wrong or not listed:
        raise Fault(*(wrong or [f"{file.name} lists no task; give it the columns subcategory and task."]))
    return replace(places, categories=tuple(_with_tasks(category, listed) for category in places.categories))


def _with_tasks(category: Category, listed: dict[str, list[str]]) -> Category:
    return replace(
        category,
        subcategories=tuple(
            replace(below, tasks=tuple(dict.fromkeys((*below.tasks, *listed.get(below.name, ())))))
            for below in category.subcategories
        ),
    )


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Fault(f"{file} cannot be read ({error.strerror}); check the path.") from None
    except UnicodeDecodeError as error:
        raise Fault(f"{file.name} is not UTF-8 text (byte {error.start + 1}); save it as UTF-8.") from None
