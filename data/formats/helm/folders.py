"""Where run files lie: in a folder or in a zip that is read in place and never unpacked."""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from annotate.fault import Fault

WANTED = ("run_spec.json", "scenario_state.json", "per_instance_stats.json", "scenario.json")
DEEPEST = 8
LARGEST = 2 << 30
BROKEN = (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError)


class Files(Protocol):
    """Files by their path below one place."""

    name: str

    def paths(self) -> Iterator[PurePosixPath]:
        """Every file of a run, wherever it lies."""
        ...

    def read(self, path: PurePosixPath) -> bytes:
        """One file's bytes."""
        ...


class Folder:
    """A folder on disk; links are not followed, so a suite's `latest` is not read twice."""

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, path.resolve().name

    def paths(self) -> Iterator[PurePosixPath]:
        """Every wanted file down to a depth that no benchmark_output needs."""
        for top, folders, files in os.walk(self.path):
            here = Path(top).relative_to(self.path)
            if len(here.parts) >= DEEPEST:
                folders.clear()
            folders.sort()
            yield from (PurePosixPath(here.as_posix()) / name for name in WANTED if name in files)

    def read(self, path: PurePosixPath) -> bytes:
        """One file's bytes."""
        return (self.path / path).read_bytes()


class Zipped:
    """A zip archive; no member is ever written to disk, and none may be larger than it says."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError) as error:
            raise Fault(f"{path.name} is a damaged archive ({error}); zip the runs again.") from None
        members = [m for m in self._zip.infolist() if PurePosixPath(m.filename).name in WANTED]
        total = sum(member.file_size for member in members)
        if total > LARGEST:
            raise Fault(f"{path.name} unpacks to {total / 2**30:.0f} GiB; import its suites one by one.")
        if any(member.flag_bits & 1 for member in members):
            raise Fault(f"{path.name} is encrypted; unpack it and import the folder.")
        for member in members:
            parts = PurePosixPath(member.filename.replace("\\", "/")).parts
            if ".." in parts or parts[0] in ("/", "\\") or ":" in parts[0][1:2]:
                raise Fault(
                    f"{path.name} names a file outside itself ({member.filename!r}); do not trust it."
                )
        self._members = {PurePosixPath(member.filename): member for member in members}

    def paths(self) -> Iterator[PurePosixPath]:
        """Every wanted member."""
        yield from sorted(self._members)

    def read(self, path: PurePosixPath) -> bytes:
        """One member's bytes, at most as many as the archive declares."""
        member = self._members[path]
        try:
            with self._zip.open(member) as file:
                raw = file.read(member.file_size + 1)
        except BROKEN as error:
            raise Fault(f"{self.name}: {path} cannot be unpacked ({error}); zip the runs again.") from None
        if len(raw) > member.file_size:
            raise Fault(f"{self.name}: {path} is larger than the archive says; do not trust it.")
        return raw


def opened(path: Path) -> Files:
    """Return a folder or an archive of runs."""
    if path.is_dir():
        return Folder(path)
    if not path.exists():
        raise Fault(f"{path} does not exist; give a run directory, a suite or a zip of them.")
    if not zipfile.is_zipfile(path):
        raise Fault(f"{path.name} is neither a folder nor a zip of HELM runs.")
    return Zipped(path)


def load(files: Files, path: PurePosixPath) -> Any:
    """Return one JSON file; a sentence where it is cut off."""
    raw = files.read(path)
    where = f"{files.name}/{path}"
    if not raw.strip():
        raise Fault(f"{where} is empty; copy the run again.")
    try:
        return json.loads(raw)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(error.doc.rstrip()) - 1 or "Unterminated" in error.msg
        what = "is cut off" if cut else f"is not JSON ({error.msg})"
        raise Fault(
            f"{where} {what} at line {error.lineno}, column {error.colno}; copy the run again."
        ) from None
    except (UnicodeDecodeError, RecursionError) as error:
        raise Fault(f"{where} is not JSON text ({type(error).__name__}); copy the run again.") from None
