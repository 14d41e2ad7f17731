"""Is everything as it was written? The chain of a study's ratings, or the hashes of an export."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from annotate.fault import Fault
from data.formats.whole import differences, is_export
from data.formats.whole.manifest import read
from data.formats.whole.packed import opened
from data.store import Store, open_store, ratings, studies
from data.store.chain import broken_at


def verify_study(store: Store, *, study_id: int) -> tuple[str, list[str]]:
    """Return the hash of a study's newest rating, and a sentence for everything that is wrong."""
    with store.reading() as session:
        rows = list(ratings.events(session, study_id=study_id))
    return (str(rows[-1]["hash"]) if rows else ""), _broken(rows)


def verify_export(folder: Path) -> tuple[str, list[str]]:
    """Return the hash that an export names, and a sentence for everything that is not as exported."""
    with opened(folder) as unpacked:
        return _verified(unpacked)


def _verified(folder: Path) -> tuple[str, list[str]]:
    about = read(folder)
    wrong = differences(folder)
    history = folder / "history.jsonl"
    if history.exists():
        try:
            # A comment may hold what `splitlines` takes for the end of a line, such as U+2028.
            text = history.read_text(encoding="utf-8")
            rows = [json.loads(line) for line in text.split("\n") if line]
            wrong += _broken(rows)
        except (ValueError, KeyError, TypeError, AttributeError):
            wrong.append("history.jsonl cannot be read; export the study again.")
        else:
            head = str(rows[-1]["hash"]) if rows else ""
            if head != about.get("head", ""):
                wrong.append(
                    f"The newest rating's hash is {head}, but the manifest says {about.get('head')}."
                )
    return str(about.get("head", "")), wrong


def _broken(rows: list[Any]) -> list[str]:
    at = broken_at(rows)
    if at is None:
        return []
    row = rows[at]
    return [
        f"The chain breaks at rating {at + 1} of {len(rows)} ({row['rater']}, {row['question']} of "
        f"{row['item']}): it or a row before it was changed, removed or inserted after it was written."
    ]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `consilium verify`."""
    parser.add_argument("study", metavar="STUDY|DIR", help="a study's name, or the folder of an export")
    parser.add_argument("--head", help="the hash of the newest rating as you noted it")


def run(args: argparse.Namespace) -> int:
    """Verify; 0 when everything is as it was written, 1 when not."""
    folder = Path(args.study)
    if is_export(folder):
        head, wrong = verify_export(folder)
    elif folder.is_dir() and "/" in args.study:
        raise Fault(f"{folder} is no export: it has no manifest.json of Consilium.")
    else:
        head, wrong = _study(args.study)
    if args.head and args.head != head:
        wrong.append(f"The hash of the newest rating is {head or 'none'}, not {args.head}.")
    print(*wrong, sep="\n") if wrong else print(
        f"Everything is as it was written. Hash of the newest rating: {head or 'none yet'}"
    )
    return 1 if wrong else 0


def _study(name: str) -> tuple[str, list[str]]:
    store = open_store()
    try:
        with store.reading() as session:
            study = studies.named(session, name=name)
        return verify_study(store, study_id=study.id)
    finally:
        store.close()
