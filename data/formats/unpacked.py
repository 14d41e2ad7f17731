"""Archives that unpack to far more than they are: counted piece by piece, before anything is kept."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterable
from typing import IO

from annotate.fault import Fault

FREE = 64 << 20
TIMES = 200
"""Beyond `FREE` bytes nothing may unpack to more times its size: texts and tables reach 50, zeros 1,000."""
PIECE = 1 << 20


def bounded_members(name: str, members: Iterable[zipfile.ZipInfo], largest: int, remedy: str) -> None:
    """Raise where the members of a zip say that they unpack to too much.

    Examples
    --------
    >>> member = zipfile.ZipInfo("sheet1.xml")
    >>> member.file_size, member.compress_size = 1 << 30, 1 << 20
    >>> bounded_members("a.xlsx", [member], 2 << 30, "save it as CSV")
    Traceback (most recent call last):
    ...
    annotate.fault.Fault: a.xlsx: sheet1.xml unpacks to 1,024 times its size; do not trust it.
    """
    total = 0
    for member in members:
        total += member.file_size
        bounded(f"{name}: {member.filename}", member.file_size, member.compress_size)
    if total > largest:
        raise Fault(f"{name} unpacks to {total / 2**30:.1f} GiB; {remedy}.")


def bounded(name: str, unpacked: int, packed: int) -> None:
    """Raise where something unpacks to more times its size than any text does."""
    if unpacked > FREE and unpacked > TIMES * packed:
        raise Fault(f"{name} unpacks to {unpacked / max(packed, 1):,.0f} times its size; do not trust it.")


def bounded_stream(name: str, file: IO[bytes] | gzip.GzipFile, packed: int, largest: int) -> None:
    """Raise where a packed stream unpacks to too much; nothing of it is kept, and none read beyond that.

    Parameters
    ----------
    packed : int
        How many bytes it has, packed.
    """
    count = 0
    while piece := file.read(PIECE):
        count += len(piece)
        bounded(name, count, packed)
        if count > largest:
            raise Fault(f"{name} is larger than {largest / 2**30:.0f} GiB; split the run by instances.")
