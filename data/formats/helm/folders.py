"""Where run files lie: in a folder or in a zip that is read in place and never unpacked."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

from annotate.fault import Fault
from data.formats.damaged import DAMAGED
from data.formats.unpacked import bounded_members, bounded_stream

WANTED = ("run_spec.json", "scenario_state.json", "per_instance_stats.json", "scenario.json")
DEEPEST = 8
LARGEST = 2 << 30
PACKED = ".gz"


class Files(Protocol):
    """Files by their path below one place; a packed file (`.json.gz`) has the name of the plain one."""

    name: str
    left: list[str]

    def paths(self) -> Iterator[PurePosixPath]:
        """Every file of a run, wherever it lies."""
        ...

    def read(self, path: PurePosixPath) -> bytes:
        """One file's bytes."""
        ...


class Folder:
    """A folder on disk. `left` says which links to elsewhere were not followed."""

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, path.resolve().name
        self.left: list[str] = []

    def paths(self) -> Iterator[PurePosixPath]:
        """Every wanted file down to a depth that no benchmark_output needs."""
        self.left = []
        for top, folders, files in os.walk(self.path):
            here = Path(top).relative_to(self.path)
            if len(here.parts) >= DEEPEST:
                folders.clear()
            folders.sort()
            yield from (PurePosixPath((here / name).as_posix()) for name in _wanted(files))
            yield from self._linked(here, folders)

    def _linked(self, here: Path, folders: list[str]) -> Iterator[PurePosixPath]:
        """The files of linked runs: a link to what lies in this folder anyway is not read twice."""
        for name in folders:
            there = self.path / here / name
            if not there.is_symlink() or there.resolve().is_relative_to(self.path.resolve()):
                continue
            found = _wanted(each.name for each in there.iterdir()) if there.is_dir() else ()
            yield from (PurePosixPath((here / name / file).as_posix()) for file in found)
            if not found:
                self.left.append(f"{here / name} is a link to another place and was not followed.")

    def read(self, path: PurePosixPath) -> bytes:
        """One file's bytes."""
        plain = self.path / path
        packed = plain.with_name(f"{plain.name}{PACKED}")
        try:
            with plain.open("rb") if plain.exists() else packed.open("rb") as file:
                return _whole(file, f"{self.name}/{path}", packed=not plain.exists())
        except Fault:
            raise
        except DAMAGED as error:
            raise Fault(f"{self.name}/{path} cannot be read ({error}); copy the run again.") from None


class Zipped:
    """A zip archive; no member is ever written to disk, and none may be larger than it says."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.left: list[str] = []
        try:
            self._zip = zipfile.ZipFile(path)
        except DAMAGED as error:
            raise Fault(f"{path.name} is a damaged archive ({error}); zip the runs again.") from None
        self._members: dict[PurePosixPath, zipfile.ZipInfo] = {}

    def paths(self) -> Iterator[PurePosixPath]:
        """Every wanted member of an archive that can be trusted."""
        members = [m for m in self._zip.infolist() if _plain(_posix(m.filename).name) in WANTED]
        bounded_members(self.name, members, LARGEST, "import its suites one by one")
        if any(member.flag_bits & 1 for member in members):
            raise Fault(f"{self.name} is encrypted; unpack it and import the folder.")
        self._members = {_inside(self.name, member.filename): member for member in members}
        yield from sorted(self._members)

    def read(self, path: PurePosixPath) -> bytes:
        """One member's bytes, at most as many as the archive declares."""
        member = self._members[path]
        try:
            with self._zip.open(member) as file:
                raw = file.read(member.file_size + 1)
            if len(raw) > member.file_size:
                raise Fault(f"{self.name}: {path} is larger than the archive says; do not trust it.")
            packed = member.filename.endswith(PACKED)
            return _whole(io.BytesIO(raw), f"{self.name}: {path}", packed=packed)
        except Fault:
            raise
        except DAMAGED as error:
            raise Fault(f"{self.name}: {path} cannot be unpacked ({error}); zip the runs again.") from None


def _inside(archive: str, member: str) -> PurePosixPath:
    """A member's place, which must lie inside the archive."""
    path = _posix(member)
    if ".." in path.parts or path.parts[0] == "/" or ":" in path.parts[0][1:2]:
        raise Fault(f"{archive} names a file outside itself ({member!r}); do not trust it.")
    return path.with_name(_plain(path.name))


def _posix(member: str) -> PurePosixPath:
    """A member's path as written on any system: some tools on Windows zip with backslashes."""
    return PurePosixPath(member.replace("\\", "/"))


def _plain(name: str) -> str:
    return name.removesuffix(PACKED)


def _wanted(names: Iterable[str]) -> tuple[str, ...]:
    there = {_plain(name) for name in names}
    return tuple(name for name in WANTED if name in there)


def _whole(file: IO[bytes], name: str, *, packed: bool) -> bytes:
    """A file's bytes, if it is no larger than a run of tens of thousands of instances."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if not packed:
        if size > LARGEST:
            raise Fault(f"{name} is larger than {LARGEST / 2**30:.0f} GiB; split the run by instances.")
        return file.read()
    bounded_stream(name, gzip.GzipFile(fileobj=file), size, LARGEST)
    file.seek(0)
    return gzip.GzipFile(fileobj=file).read()


def opened(path: Path) -> Files:
    """Return a folder or an archive of runs."""
    if path.is_dir():
        return Folder(path)
    if not path.exists():
        raise Fault(f"{path} does not exist; give a run directory, a suite or a zip of them.")
    if path.is_file() and tarfile.is_tarfile(path):
        raise Fault(f"{path.name} is a tar archive; unpack it and import the folder, or zip the runs.")
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
    except UnicodeDecodeError as error:
        raise Fault(f"{where} is not UTF-8 text (byte {error.start + 1}); save it as UTF-8.") from None
    except (RecursionError, ValueError) as error:  # a number of thousands of digits is a ValueError
        raise Fault(f"{where} is not JSON text ({type(error).__name__}); copy the run again.") from None
