"""The manifest of an export: the SHA-256 of every file, so that anyone can see what was changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from annotate.fault import Fault

NAME = "manifest.json"
FORMAT = 1


def is_export(path: Path) -> bool:
    """Return whether a folder is an export."""
    return path.is_dir() and (path / NAME).is_file() and "consilium" in _loaded(path)


def write(folder: Path, about: Mapping[str, Any]) -> None:
    """Write the manifest of everything that lies in a folder."""
    files = {name: sha256(folder / name) for name in _names(folder)}
    text = json.dumps({"consilium": FORMAT, **about, "files": files}, indent=1, ensure_ascii=False)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")


def read(folder: Path) -> dict[str, Any]:
    """Return the manifest of an export; a Fault where the folder is none."""
    if not is_export(folder):
        raise Fault(f"{folder} is no export: it has no {NAME} of Consilium.")
    return _loaded(folder)


def listed(folder: Path) -> list[str]:
    """Return the names of the files that an export wrote to a folder; none where it is none."""
    return [NAME, *_loaded(folder).get("files", {})] if is_export(folder) else []


def differences(folder: Path) -> list[str]:
    """Return a sentence for every file that is not as it was exported; none where all are.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "items.csv").write_text("item\\n")
    >>> write(folder, {})
    >>> differences(folder)
    []
    >>> _ = (folder / "items.csv").write_text("item\\na\\n")
    >>> differences(folder)
    ['items.csv is not as it was exported.']
    """
    files = read(folder).get("files", {})
    names = _names(folder)
    said = [f"{name} is missing." for name in files if name not in names]
    said += [f"{name} was not exported." for name in names if name not in files]
    changed = [name for name in names if name in files and sha256(folder / name) != files[name]]
    return said + [f"{name} is not as it was exported." for name in changed]


def sha256(path: Path) -> str:
    """Return the hash of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _names(folder: Path) -> list[str]:
    files = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return sorted(name for name in files if name != NAME and not Path(name).name.startswith("."))


def _loaded(folder: Path) -> dict[str, Any]:
    try:
        loaded = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (ValueError, OSError):
        return {}
    return loaded if isinstance(loaded, dict) else {}
