"""Small archives that unpack to far too much are refused before anything of them is kept."""

import gzip
import random
import tarfile
import tracemalloc
import zipfile

import pyarrow
import pyarrow.parquet as parquet
import pytest

from annotate.fault import Fault
from data.formats import binary, unpacked
from data.formats.helm import read_helm
from data.formats.table import read_table
from tests.helm_runs import request, write_run

ZEROS = b"0" * (8 << 20)


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(unpacked, "FREE", 1 << 20)


def refused(read, path, match):
    """The peak of memory while a file is refused."""
    tracemalloc.start()
    with pytest.raises(Fault, match=match):
        read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def bomb_in_folder(tmp_path):
    folder = tmp_path / "v1" / "x:model=a"
    folder.mkdir(parents=True)
    (folder / "scenario_state.json.gz").write_bytes(gzip.compress(ZEROS))
    return tmp_path / "v1"


def bomb_in_zip(tmp_path):
    with zipfile.ZipFile(tmp_path / "v.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("v1/x:model=a/scenario_state.json", ZEROS)
    return tmp_path / "v.zip"


def bomb_in_bomb(tmp_path):
    with zipfile.ZipFile(tmp_path / "v.zip", "w") as archive:
        archive.writestr("v1/x:model=a/scenario_state.json.gz", gzip.compress(ZEROS))
    return tmp_path / "v.zip"


@pytest.mark.parametrize("made", [bomb_in_folder, bomb_in_zip, bomb_in_bomb])
def test_a_run_of_zeros_is_counted_and_not_kept(tmp_path, made):
    assert refused(read_helm, made(tmp_path), "times its size; do not trust it") < 5 << 20


def test_a_workbook_of_zeros_is_refused_unread(tmp_path):
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", ZEROS)
    assert refused(read_table, tmp_path / "b.xlsx", "times its size; do not trust it") < 5 << 20


def test_a_text_that_stands_once_in_parquet_and_in_every_row_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(binary, "UNPACKED", 1 << 20)
    text = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * 5000, pyarrow.int32()), ["x" * 1000])
    parquet.write_table(pyarrow.table({"output": text}), tmp_path / "b.parquet")
    refused(read_table, tmp_path / "b.parquet", "unpacks to 0.0 GiB; import it in parts")


def test_an_honest_packed_run_is_read(tmp_path):
    draw = random.Random(0)
    words = ["rest", "walk", "drink", "pain", "fever", "dose", "daily", "nurse", "ward", "cough"]
    states = [request(n, output=" ".join(draw.choices(words, k=2000))) for n in range(120)]
    folder = write_run(tmp_path, states)
    plain = folder / "scenario_state.json"
    assert plain.stat().st_size > unpacked.FREE
    (folder / "scenario_state.json.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    assert len(read_helm(folder).items) == 120


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_tar_is_called_what_it_is(tmp_path, mode):
    with tarfile.open(tmp_path / "runs.tar", mode) as archive:
        archive.add(write_run(tmp_path, [request(0)]), "v1/run")
    with pytest.raises(Fault, match="is a packed archive; unpack it"):
        read_table(tmp_path / "runs.tar")
