"""A report's files on disk, and what stands on each: for studies and for files of ratings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from agreement.paper.compose import compose, files
from agreement.paper.whole import Progress, Whole
from data.formats.appear import appearing_folder, put

LIST = ".report-files.json"


def write_report(
    found: Whole,
    folder: Path,
    *,
    title: str = "Agreement report",
    provenance: Mapping[str, str] | None = None,
    beside: Mapping[str, str] | None = None,
    progress: Progress = lambda said: None,
) -> list[Path]:
    """Write every file of the report to a folder, and return where they are: all of them are new, or none.

    `beside` are further files by their names, which become new with the others.

    The same study, plan, seed and version write the same bytes.
    """
    progress("writing the report")
    facts = {**(provenance or {}), "software": software()}
    made: dict[str, str | bytes] = {
        **(beside or {}),
        **files(found, compose(found, title=title, provenance=facts)),
    }
    with appearing_folder(folder, _listed) as part:
        for name, content in made.items():
            put(part / name, content)
        put(part / LIST, json.dumps([LIST, *made]))
    return [folder / name for name in made]


def _listed(folder: Path) -> list[str]:
    """Which files a report wrote to a folder: what else lies there is somebody's own."""
    try:
        found = json.loads((folder / LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [str(name) for name in found] if isinstance(found, list) else []


def software() -> str:
    """Return the name and version that stand on every report."""
    return f"consilium {metadata.version('consilium')}"
