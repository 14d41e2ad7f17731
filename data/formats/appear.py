"""A file or a folder appears whole or not at all: it is written beside its place, then renamed into it."""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from annotate.fault import Fault


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """Give a hidden path beside `path`; what is written there becomes `path` when the block ends well.

    A block that raises, and a process that is killed, leave what stood at `path` as it was.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "t.csv"
    >>> with appearing(path) as part:
    ...     _ = part.write_text("item\\n", encoding="utf-8")
    ...     path.exists()
    False
    >>> [file.name for file in path.parent.iterdir()]
    ['t.csv']
    """
    part = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    except OSError as error:
        raise Fault(f"{path} cannot be written: {error.strerror or error}; name another place.") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def put(path: Path, content: str | bytes) -> None:
    """Write a file whole, with its folder where there is none; text as UTF-8, its line ends untouched.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "new" / "figures.json"
    >>> put(path, "{}\\n")
    >>> path.read_bytes()
    b'{}\\n'
    """
    with appearing(path) as part:
        part.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


@contextmanager
def appearing_folder(folder: Path, ours: Callable[[Path], Collection[str]]) -> Iterator[Path]:
    """Give a hidden folder; what is written there becomes `folder` when the block ends well.

    An earlier folder that holds nothing but what was written so is replaced as a whole. In any other each
    file is replaced, and what else lies there stays where it is. A process that is killed leaves the earlier
    folder; or, between the two renames, a hidden one that the next run puts back.

    Parameters
    ----------
    ours : callable
        Which files of an earlier folder were written so, by their names within it.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp()) / "report"
    >>> for text in ("earlier", "later"):
    ...     with appearing_folder(folder, lambda earlier: ["a.txt"]) as part:
    ...         _ = (part / "a.txt").write_text(text)
    >>> (folder / "a.txt").read_text(), [path.name for path in folder.parent.iterdir()]
    ('later', ['report'])
    """
    folder = folder.resolve()
    part = _beside(folder).with_name(f".{folder.name}.{os.getpid()}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        put_back(folder)
        swept(folder)
        part.mkdir()
        yield part
        _take_its_place(part, folder, set(ours(folder)) if folder.exists() else set())
    except OSError as error:
        raise Fault(f"{folder} cannot be written: {error.strerror or error}; name another place.") from error
    finally:
        put_back(folder)
        shutil.rmtree(part, ignore_errors=True)


def put_back(folder: Path) -> None:
    """Bring back the earlier folder, where a run was killed or failed before a new one took its place."""
    earlier = _earlier(folder)
    with suppress(OSError):
        if earlier.exists() and not folder.exists():
            earlier.rename(folder)
        shutil.rmtree(earlier, ignore_errors=True)


def swept(path: Path) -> None:
    """Delete what killed runs left half-written beside a file or a folder; not what a living one writes."""
    for place in {path.parent, _beside(path).parent}:
        for left in place.glob(f".{glob.escape(path.name)}.*"):
            number = left.name.rpartition(".")[2]
            if number.isdecimal() and not _alive(int(number)):
                shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError as fault:
        return isinstance(fault, PermissionError)
    return True


def _earlier(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.earlier")


def _beside(folder: Path) -> Path:
    """Where the hidden folder lies: beside it, or within one that cannot be renamed from where we are."""
    if not folder.is_dir():
        return folder
    held = Path.cwd().is_relative_to(folder) or os.path.ismount(folder)
    return folder / "part" if held or not os.access(folder.parent, os.W_OK) else folder


def _take_its_place(part: Path, folder: Path, ours: Collection[str]) -> None:
    if folder.exists() and (part.parent == folder or not _files(folder, part) <= set(ours)):
        _file_by_file(part, folder, ours)
        return
    if folder.exists():
        folder.rename(_earlier(folder))
    part.rename(folder)


def _file_by_file(part: Path, folder: Path, ours: Collection[str]) -> None:
    new, known = _files(part), _files(folder, part)
    for name in sorted(new):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (part / name).replace(folder / name)
    for name in (set(ours) & known) - new:
        (folder / name).unlink(missing_ok=True)


def _files(folder: Path, but: Path | None = None) -> set[str]:
    """The files in a folder by their names within it, without a part of it."""
    every = (path for path in folder.rglob("*") if not path.is_dir())
    return {
        path.relative_to(folder).as_posix() for path in every if but is None or not path.is_relative_to(but)
    }
