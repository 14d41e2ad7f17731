"""A file appears whole or not at all, also when its writer is killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from annotate.fault import Fault
from data.formats.appear import appearing, appearing_folder, put

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


def ours(folder: Path) -> list[str]:
    return ["a.txt", "b.txt", "sub/c.txt"] if (folder / "a.txt").exists() else []


def write(folder: Path, text: str, names: tuple[str, ...] = ("a.txt", "b.txt")) -> None:
    with appearing_folder(folder, ours) as part:
        for name in names:
            put(part / name, text)


def content(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


KILLED = """
import os, sys
from pathlib import Path
from data.formats import appear
rename, left = Path.rename, int(sys.argv[2])
def renamed(self, to):
    global left
    if left == 0:
        os.kill(os.getpid(), 9)
    left -= 1
    return rename(self, to)
Path.rename = renamed
from tests.data.formats.test_appear import write
write(Path(sys.argv[1]), "later")
"""


@pytest.mark.parametrize("renames", [0, 1])
def test_the_run_after_a_killed_one_finds_the_earlier_folder_and_leaves_no_other(
    tmp_path: Path, renames: int
) -> None:
    """Killed before the first rename, and between the two."""
    folder = tmp_path / "out"
    write(folder, "earlier", ("a.txt", "sub/c.txt"))
    assert subprocess.run([sys.executable, "-c", KILLED, str(folder), str(renames)]).returncode == -9
    assert folder.exists() == (renames == 0)
    with pytest.raises(ZeroDivisionError), appearing_folder(folder, ours):
        raise ZeroDivisionError
    assert content(folder) == {"a.txt": "earlier", "sub/c.txt": "earlier"}
    assert list(tmp_path.iterdir()) == [folder]
    write(folder, "later")
    assert content(folder) == {"a.txt": "later", "b.txt": "later"}
    assert list(tmp_path.iterdir()) == [folder]


def test_what_somebody_else_put_there_stays_and_what_is_ours_and_old_goes(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write(folder, "earlier", ("a.txt", "sub/c.txt"))
    put(folder / "sub" / "notes.txt", "mine")
    write(folder, "later")
    assert content(folder) == {"a.txt": "later", "b.txt": "later", "sub/notes.txt": "mine"}
    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_in_which_one_stands_is_filled_where_it_is(tmp_path: Path, monkeypatch) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for text in ("earlier", "later"):
        write(Path(), text)
    assert content(folder) == {"a.txt": "later", "b.txt": "later"}
    assert Path.cwd() == folder.resolve()
    assert not [path for path in (*tmp_path.iterdir(), *folder.iterdir()) if path.name.startswith(".")]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write(tmp_path / "link", "later")
    assert (tmp_path / "link").is_symlink()
    assert content(tmp_path / "real") == {"a.txt": "later", "b.txt": "later"}


def test_a_list_that_names_files_elsewhere_deletes_none(tmp_path: Path) -> None:
    put(tmp_path / "precious.txt", "mine")
    put(tmp_path / "out" / "notes.txt", "mine")
    with appearing_folder(tmp_path / "out", lambda folder: ["../precious.txt"]) as part:
        put(part / "a.txt", "later")
    assert (tmp_path / "precious.txt").exists()
