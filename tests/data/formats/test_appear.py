"""A file appears whole or not at all, also when its writer is killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from annotate.fault import Fault
from data.formats.appear import appearing, put

WRITER = """
import sys, time
from pathlib import Path
from data.formats.appear import appearing
with appearing(Path(sys.argv[1])) as part, part.open("w") as file:
    file.write("half"); file.flush()
    print("half", flush=True)
    time.sleep(60)
"""


def half_written(path: Path) -> None:
    with appearing(path) as part:
        part.write_text("half")
        raise ZeroDivisionError


def test_a_block_that_raises_leaves_the_earlier_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    put(path, "earlier")
    with pytest.raises(ZeroDivisionError):
        half_written(path)
    assert path.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [path]


def test_a_killed_writer_leaves_the_earlier_file(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    put(path, "earlier")
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"half\n"
        writer.kill()
    assert path.read_text() == "earlier"
    put(path, "later")
    assert path.read_text() == "later"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    put(tmp_path / "file", "")
    with pytest.raises(Fault, match=r"file/figures.json cannot be written: File exists; name another"):
        put(tmp_path / "file" / "figures.json", "{}")
