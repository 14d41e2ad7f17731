"""Uploaded files as files on disk, for as long as they are read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def on_disk(files: Sequence[tuple[str, bytes]]) -> Iterator[list[Path]]:
    """Give the paths of uploaded files, each in a folder of its own: two may have one name.

    Examples
    --------
    >>> with on_disk([("run.zip", b"1"), ("run.zip", b"2")]) as paths:
    ...     [(path.name, path.read_bytes()) for path in paths]
    [('run.zip', b'1'), ('run.zip', b'2')]
    """
    with tempfile.TemporaryDirectory(prefix="consilium-") as folder:
        paths = []
        for number, (name, content) in enumerate(files):
            own = Path(folder) / str(number)
            own.mkdir()
            path = own / (Path(name).name.removeprefix("..") or "file")
            path.write_bytes(content)
            paths.append(path)
        yield paths
