"""A file appears whole or not at all: it is written beside its place, then renamed into it."""

from __future__ import annotations

import os
from collections.abc import Iterator
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
