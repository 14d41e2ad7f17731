"""A report's files on disk, and what stands on each: for studies and for files of ratings."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from agreement.paper.compose import compose, files
from agreement.paper.whole import Progress, Whole
from data.formats.appear import put


def write_report(
    found: Whole,
    folder: Path,
    *,
    title: str = "Agreement report",
    provenance: Mapping[str, str] | None = None,
    progress: Progress = lambda said: None,
) -> list[Path]:
    """Write every file of the report to a folder, and return where they are.

    The same study, plan, seed and version write the same bytes.
    """
    progress("writing the report")
    facts = {**(provenance or {}), "software": software()}
    made = files(found, compose(found, title=title, provenance=facts))
    paths = []
    for name, content in made.items():
        put(folder / name, content)
        paths.append(folder / name)
    return paths


def software() -> str:
    """Return the name and version that stand on every report."""
    return f"consilium {metadata.version('consilium')}"
