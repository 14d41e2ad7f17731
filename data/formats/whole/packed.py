"""An export in a zip, as the app hands it out: unpacked to a folder of its own, with care."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from annotate.fault import Fault
from data.formats.damaged import DAMAGED
from data.formats.unpacked import bounded_members
from data.formats.whole import manifest

LARGEST = 2 << 30


def is_export(path: Path) -> bool:
    """Return whether a folder or a zip is an export."""
    return manifest.is_export(path) or (path.is_file() and _top(path) is not None)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Path]:
    """Give the folder of an export; of a zip, a folder that is gone afterwards."""
    top = None if path.is_dir() else _top(path)
    if top is None:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="consilium-") as place:
        folder = Path(place) / path.stem
        folder.mkdir()
        _unpack(path, top, folder)
        yield folder


def _top(path: Path) -> PurePosixPath | None:
    """Where in a zip the manifest lies; None where there is none."""
    if not zipfile.is_zipfile(path):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            named = (m for m in archive.infolist() if PurePosixPath(m.filename).name == manifest.NAME)
            tops = [PurePosixPath(m.filename).parent for m in named if _ours(archive, m)]
    except DAMAGED:
        return None  # whoever reads what else it may be says that it is damaged
    return tops[0] if tops else None


def _ours(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether a manifest is one of ours: other programs have files of that name, too."""
    if len(PurePosixPath(member.filename).parts) > 2:
        return False
    with archive.open(member) as file:
        return b'"consilium"' in file.read(1 << 16)


def _unpack(path: Path, top: PurePosixPath, folder: Path) -> None:
    """Copy the files that lie beside the manifest, under their own names: no path leads anywhere else."""
    with zipfile.ZipFile(path) as archive:
        members = [
            m for m in archive.infolist() if PurePosixPath(m.filename).parent == top and not m.is_dir()
        ]
        bounded_members(path.name, members, LARGEST, "unpack it and import the folder")
        for member in members:
            try:
                with (
                    archive.open(member) as packed,
                    (folder / PurePosixPath(member.filename).name).open("wb") as out,
                ):
                    shutil.copyfileobj(packed, out)
            except DAMAGED as error:
                raise Fault(f"{path.name} cannot be unpacked ({error}); export the study again.") from None
