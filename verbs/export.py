"""Write a whole study to a folder: data, codebook, design, log, and the hash of every file."""

from __future__ import annotations

import argparse
import platform
import secrets
from importlib import metadata
from pathlib import Path
from typing import Any

from data import shipped
from data.formats.whole import StudyFiles, write_export
from data.formats.whole.write import ALSO
from data.store import Store, assignments, audit, filled, items, open_store, raters, ratings, studies
from data.store.chain import FIELDS
from verbs.protocol import protocol_of
from verbs.terminal import user

KEPT = ("id", "supersedes", "kind", "hash", *FIELDS)


def study_files(store: Store, *, study_id: int) -> StudyFiles:
    """Return everything about a study that an export may say: never who is behind a pseudonym."""
    with store.reading() as session:
        study = studies.by_id(session, study_id=study_id)
        protocol = protocol_of(session, study_id=study_id)
        versions = studies.protocol_versions(session, study_id=study_id)
        people = raters.in_study(session, study_id=study_id, kinds=("clinician", "juror", "metric"))
        return StudyFiles(
            facts={
                "name": study.name,
                "title": study.title,
                "status": study.status,
                "seed": study.seed,
                "irb": study.irb,
                "created_at": study.created_at,
                "protocol_versions": [
                    {"number": v.number, "sha256": v.sha256, "changes": v.changes, "created_at": v.created_at}
                    for v in versions
                ],
                "versions": _versions(),
            },
            protocol=protocol,
            protocol_texts=[version.text for version in versions],
            items=items.in_study(session, study_id=study_id),
            raters=[_rater(rater) for rater in people],
            assignments=assignments.in_study(session, study_id=study_id),
            history=[
                {name: row[name] for name in KEPT} for row in ratings.events(session, study_id=study_id)
            ],
            audit=[_event(event) for event in audit.events(session, study_id=study_id)],
            taxonomy_text=_taxonomy(protocol.taxonomy),
            forms=filled.forms(session, study_id=study_id),
        )


def log_export(store: Store, *, study_id: int, who: str, public: bool) -> None:
    """Keep in the study's log who took it away, and whether with its texts."""
    what = "for the public" if public else "with all texts"
    with store.writing() as session:
        audit.record(session, study_id=study_id, who=who, action="exported", subject=what)


def _versions() -> dict[str, str]:
    return {name: metadata.version(name) for name in ("consilium", "pandas", "numpy")} | {
        "python": platform.python_version()
    }


def _rater(rater: Any) -> dict[str, Any]:
    said = {name: getattr(rater, name) for name in ("key", "kind", "specialty", "family", "identity")}
    return said | {"left_at": rater.left_at.isoformat() if rater.left_at else ""}


def _event(event: Any) -> dict[str, Any]:
    names = ("at", "who", "action", "subject", "before", "after", "reason")
    return {name: getattr(event, name) for name in names}


def _taxonomy(name: str) -> str:
    return shipped.taxonomy_text(name) if name in shipped.taxonomy_names() else ""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `consilium export`."""
    parser.add_argument("study", help="the study's name")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="a new folder, or an earlier export"
    )
    parser.add_argument("--public", action="store_true", help="without texts, names, times and rare groups")
    parser.add_argument(
        "--also", action="append", choices=ALSO, default=[], help="the ratings in a further format"
    )
    parser.add_argument("--wide", action="store_true", help="add a file with one column a rater")
    parser.add_argument("--fhir", action="store_true", help="add a FHIR R4 Questionnaire and its responses")


def run(args: argparse.Namespace) -> int:
    """Export; print where, and the hash of the newest rating, which the lead keeps."""
    store = open_store()
    try:
        with store.reading() as session:
            study = studies.named(session, name=args.study)
        files = study_files(store, study_id=study.id)
        write_export(
            files,
            args.out,
            public=args.public,
            also=args.also,
            wide=args.wide,
            fhir=args.fhir,
            salt=secrets.token_hex(16),
        )
        log_export(store, study_id=study.id, who=user(), public=args.public)
    finally:
        store.close()
    counts = f"{len(files.items):,} items, {len(files.raters):,} raters, {len(files.history):,} ratings"
    print(f"{args.out}: {counts}.")
    print(f"Hash of the newest rating: {files.head or 'none yet'}")
    return 0
