"""Uploaded files as files on disk, for as long as they are read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath


@contextmanager
def on_disk(
    files: Sequence[tuple[str, bytes]], folder: Sequence[tuple[str, bytes]] = ()
) -> Iterator[list[Path]]:
    """Give the paths of uploaded files, each in a folder of its own: two may have one name.

    The files of `folder` lie below one another as their names say, and are given as one path.

    Examples
    --------
    >>> with on_disk([("run.zip", b"1"), ("run.zip", b"2")], [("v1/a/x.json", b"3")]) as paths:
    ...     [path.name for path in paths], (paths[2] / "a" / "x.json").read_bytes()
    (['run.zip', 'run.zip', 'v1'], b'3')
    """
    with tempfile.TemporaryDirectory(prefix="consilium-") as place:
        paths = []
        for number, (name, content) in enumerate(files):
            path = Path(place) / str(number) / (Path(name).name.removeprefix("..") or "file")
            path.parent.mkdir()
            path.write_bytes(content)
            paths.append(path)
        for name, content in folder:
            path = Path(place, "folder", *_inside(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        yield paths + _tops(Path(place) / "folder")


def _inside(name: str) -> list[str]:
    """Return the steps of a path, none of which leads out of the folder.

    Examples
    --------
    >>> _inside("/v1/../../a.json")
    ['v1', 'a.json']
    """
    steps = [step for step in PurePosixPath(name.replace("\\", "/")).parts if step not in ("/", "..", ".")]
    return steps or ["file"]


def _tops(folder: Path) -> list[Path]:
    """Return what was chosen: the one folder at the top, else the folder around what was."""
    if not folder.exists():
        return []
    tops = list(folder.iterdir())
    return tops if len(tops) == 1 and tops[0].is_dir() else [folder]
