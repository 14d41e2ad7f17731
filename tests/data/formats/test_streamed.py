"""Items files of any size say, part by part, what they say whole; or one sentence."""

import contextlib
import json
import os
import subprocess

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from annotate.fault import Fault
from annotate.item import Item, Output
from annotate.rating import Rating, unanswered
from data.formats.items import read_items, write_items
from data.formats.long import read_ratings
from data.formats.ratings_file import RatingsFile
from data.formats.streamed import ItemsStream
from tests.data.formats.test_hostile_files import HEADS, PIECES

MANY = [
    Item(str(n), (Output(f"a, {n}\nline", "m", "A"), Output("b", "m", "B")), references=("r", "s"))
    for n in range(3000)
]


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_a_large_file_is_read_in_parts_and_says_the_same(ending, tmp_path):
    path = tmp_path / f"items.{ending}"
    write_items(MANY, path)
    stream = ItemsStream(path, whole=0)
    shares = [stream.share for _ in stream]
    assert list(stream) == list(read_items(path).items) == MANY
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] <= stream.share == 1.0


def test_a_text_longer_than_the_csv_reader_takes_by_default(tmp_path):
    write_items([Item("a", (Output("pain " * 200_000),))], tmp_path / "items.csv")
    assert len(next(iter(ItemsStream(tmp_path / "items.csv", whole=0))).outputs[0].text) == 1_000_000


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "a.csv",
            "item,output\n" + "".join(f"{n % 2500},x{n}\n" for n in range(5000)),
            "item '0' must be neig",
        ),
        ("a.csv", "item,output\na,b\n\nc\n", "line 4 has 1 cells but the header has 2"),
        ("a.csv", 'item,output\na,b\nc,"d\ne\n', "line 3: unexpected end of data; close the quotation mark"),
        ("a.csv", "item,output\n", "has a header .* and no rows"),
        ("a.csv", "name,output\na,b\n", "has no column 'item'"),
        ("a.csv", "\n", "is empty"),
        ("a.csv", b"item,output\na,\xff\n", "is not UTF-8"),
        ("a.jsonl", '{"item": 1}\n{"item": 2\n', "line 2 is not JSON"),
        ("a.jsonl", '{"item": 1}\n[2]\n', "line 2 is '\\[2\\].*not an object"),
        ("a.jsonl", '{"item": 1}\n{"item": 2, "output": "x"}\n', "line 2 has 'output', which the first line"),
        ("a.csv", '"item,output\na,Rest.\n', "line 1: unexpected end of data; close the quotation mark"),
        ("a.jsonl", "\n", "is empty"),
        ("a.parquet", "PAR1", "cannot be read as Parquet"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(name, content, sentence, tmp_path):
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(Fault, match=sentence) as fault:
        list(ItemsStream(tmp_path / name, whole=0))
    assert name in str(fault.value)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    head=HEADS,
    pieces=st.lists(PIECES, max_size=40) | st.binary(max_size=60).map(lambda raw: [raw]),
    name=st.sampled_from(["f.csv", "f.jsonl", "f.parquet"]),
)
def test_any_bytes_are_read_or_refused_in_words(tmp_path_factory, head, pieces, name):
    path = tmp_path_factory.getbasetemp() / name
    raw = b"".join(piece if isinstance(piece, bytes) else piece.encode("utf-8") for piece in pieces)
    path.write_bytes(head.encode() + raw + b"\n")
    with contextlib.suppress(Fault):
        list(ItemsStream(path, whole=0))


def test_missing_cells_are_empty_texts(tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps({"item": "1", "output": "x", "reference": None}) + "\n")
    pd.DataFrame({"item": ["1"], "output": ["x"], "reference": [None]}).to_parquet(tmp_path / "a.parquet")
    for name in ("a.jsonl", "a.parquet"):
        (item,) = ItemsStream(tmp_path / name, whole=0)
        assert item == Item("1", (Output("x"),))


def rated(number):
    return Rating("é, " + str(number), "length@1", "length", "2.0", 2.0, comment='"said"')


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_ratings_are_written_as_they_come_and_read_back(ending, tmp_path, monkeypatch):
    monkeypatch.setattr("data.formats.ratings_file.GROUP", 3)
    path = tmp_path / f"ratings.{ending}"
    with RatingsFile(path, "metric") as file:
        for number in range(7):
            file.write(rated(number))
            assert not path.exists()
        file.write(unanswered("b", "length@1", "length", status="unable", reason="no output"))
    frame = read_ratings(path).frame
    assert frame["item"].tolist() == [f"é, {n}" for n in range(7)] + ["b"]
    assert frame["value"].tolist()[:7] == ["2.0"] * 7
    assert frame["status"].tolist()[-1] == "unable"
    assert [left.name for left in tmp_path.iterdir()] == [path.name]


def test_what_a_killed_run_left_is_swept_and_what_a_living_one_writes_is_not(tmp_path):
    dead = subprocess.Popen(["true"])
    dead.wait()
    left, living = tmp_path / f".r.csv.{dead.pid}", tmp_path / f".r.csv.{os.getppid()}"
    other = tmp_path / ".r.csv.notes"
    for file in (left, living, other):
        file.touch()
    with RatingsFile(tmp_path / "r.csv", "metric") as file:
        file.write(rated(1))
    assert (left.exists(), living.exists(), other.exists()) == (False, True, True)
