"""Whatever bytes come: a reading, or a Fault with sentences. Never another exception."""

import contextlib
import json
import random
import re
import string
import zipfile

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from annotate.fault import Fault
from data.formats.helm import is_helm, read_helm
from data.formats.items import read_items
from data.formats.long import read_ratings
from data.formats.whole import is_export, read_export
from tests.helm_runs import request, run_spec, stat, verdict, write_run

WORDS = ("item", "rater", "kind", "question", "value", "occasion", "status", "reason", "human", "gpt")
MARKS = (*',;\t\n\r"-[]{}: é\ufeff\0', "4", "4/5", "1,5", "NA", '"item"', "PK\x03\x04", "PAR1")
PIECES = st.sampled_from([*WORDS, *MARKS])
HEADS = st.sampled_from(
    ["", "item,rater,kind,question,value\n", "item;rater;value\n", "item,A,B\n", "id,output\n"]
)
NAMES = st.sampled_from(["f.csv", "f.jsonl", "f.json", "f.xlsx", "f.parquet", "f"])


def settled(read, path):
    with contextlib.suppress(Fault):
        read(path)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    head=HEADS,
    pieces=st.lists(PIECES, max_size=40) | st.binary(max_size=60).map(lambda raw: [raw]),
    name=NAMES,
)
def test_any_bytes_are_read_or_refused_in_words(tmp_path_factory, head, pieces, name):
    path = tmp_path_factory.getbasetemp() / name
    raw = b"".join(piece if isinstance(piece, bytes) else piece.encode("utf-8") for piece in pieces)
    path.write_bytes(head.encode() + raw)
    settled(read_items, path)
    settled(lambda path: read_ratings(path, kinds=["clinician"]), path)


def spoiled(value, rng, share):
    """The same JSON with some values replaced by others of any type."""
    if rng.random() < share:
        return rng.choice(
            [None, 3, -1.5, True, "x", [], {}, [None], {"text": 4}, "9" * 40, [[]], {"score": {}}]
        )
    if isinstance(value, dict):
        return {key: spoiled(inner, rng, share) for key, inner in value.items() if rng.random() > share / 2}
    if isinstance(value, list):
        return [spoiled(inner, rng, share) for inner in value]
    return value


@pytest.mark.parametrize("seed", range(120))
def test_runs_with_anything_anywhere_are_read_or_refused_in_words(tmp_path, seed):
    rng = random.Random(seed)
    said = {"gpt": verdict(4, "5", 9.5, overall=1), "llama": verdict(3, 3, 4)}
    states = [request(n, said=said, perturbation={"name": "typos"} if n == 1 else None) for n in range(3)]
    folder = write_run(tmp_path, states, [stat(n, "rouge_l", 0.5) for n in range(3)])
    for file in folder.iterdir():
        content = spoiled(json.loads(file.read_text()), rng, rng.choice([0.01, 0.05, 0.2]))
        file.write_text(json.dumps(content), encoding="utf-8")
    settled(read_helm, folder)


def test_a_workbook_of_rubbish_is_refused_in_words(tmp_path):
    import zipfile

    path = tmp_path / "r.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<not xml" + string.printable)
    with pytest.raises(Fault, match="cannot be read as an Excel workbook"):
        read_ratings(path)


def test_one_stray_cell_in_the_farthest_corner_does_not_end_the_app(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["item", "output"])
    book.active.append(["a", "Rest."])
    book.active["XFD1048576"] = "x"
    book.save(tmp_path / "items.xlsx")
    with pytest.raises(Fault, match="spans 17,179,869,184 cells"):
        read_items(tmp_path / "items.xlsx")


def test_a_cell_that_straddles_two_pieces_of_a_sheet_is_seen(tmp_path):
    import zipfile

    path = tmp_path / "r.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", " " * (2**20 - 5) + "r='XFD1048576'")
    with pytest.raises(Fault, match="spans 17,179,869,184 cells"):
        read_items(path)


def test_a_small_parquet_file_of_very_many_rows_is_refused_unread(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as parquet

    path = tmp_path / "items.parquet"
    with parquet.ParquetWriter(path, pa.schema([("item", pa.int8())])) as file:
        rows = pa.table({"item": pa.array([None] * 1_000_000, pa.int8())})
        for _ in range(51):
            file.write_table(rows)
    assert path.stat().st_size < 100_000
    with pytest.raises(Fault, match="holds 51,000,000 cells"):
        read_items(path)


@pytest.mark.parametrize("name", ["manifest.json", "run/run_spec.json", "xl/workbook.xml"])
def test_an_archive_with_a_spoiled_stream_is_refused_in_words(tmp_path, name):
    import io
    import zipfile

    from data.formats.whole import is_export, read_export

    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, json.dumps({"consilium": 1, "files": {}, "x": "y" * 5000}))
    raw = bytearray(content.getvalue())
    raw[30 + len(name) : 34 + len(name)] = b"\xff" * 4
    path = tmp_path / "f.zip"
    path.write_bytes(raw)
    read = read_export if is_export(path) else read_items if name.startswith("xl") else read_helm
    with pytest.raises(Fault):
        read(path)


def test_a_column_named_like_a_formula_stays_text_in_a_workbook(tmp_path):
    import openpyxl
    import pandas as pd

    from data.formats.written import write_table

    write_table(pd.DataFrame({"=1+1": ["=2+2"]}), tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    assert [cell.data_type for cell in (sheet["A1"], sheet["A2"])] == ["s", "s"]


LONG = "9" * 5_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("r.jsonl", f'{{"item": "a", "rater": "r", "kind": "juror", "value": {LONG}}}\n'),
        ("r.json", f'[{{"item": "a", "rater": "r", "kind": "juror", "value": {LONG}}}]'),
        ("r.csv", f"item,rater,kind,question,value,occasion\na,r,juror,q,4,{LONG}\n"),
        ("i.csv", f'item,output,criteria\na,b,"[{{""text"": ""c"", ""weight"": {"9" * 400}}}]"\n'),
        ("i.csv", f'item,output,criteria\na,b,"{"[" * 100_000}"\n'),
    ],
)
def test_numbers_that_no_float_holds_and_lists_without_end_are_refused_in_words(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(Fault):
        (read_items if name[0] == "i" else read_ratings)(path)


def test_a_run_with_numbers_that_no_float_holds_is_read_or_refused_in_words(tmp_path):
    spec = run_spec()
    rubric = {"items": {"accuracy": {"name": "accuracy", "min": 1, "max": 5}}}
    spec["metric_specs"][1]["args"]["rubric"] = rubric
    run = write_run(tmp_path, [request(said={"gpt": verdict(4, 4, 4)})], [stat(0, "rouge_l", 0.5)], spec=spec)
    for file in run.glob("*.json"):
        for number in ("9" * 400, LONG):
            text = file.read_text(encoding="utf-8")
            file.write_text(re.sub(r"(?<=: )-?\d+(?:\.\d+)?", number, text), encoding="utf-8")
            settled(read_helm, run)
            file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_with_any_byte_changed_is_read_or_refused_in_words(tmp_path, packing):
    """Whatever is asked of it: a run, an export, a workbook."""
    path = tmp_path / "suite.zip"
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr("v1/run/scenario_state.json", json.dumps({"request_states": [1] * 500}))
        archive.writestr("v1/run/manifest.json", json.dumps({"consilium": 1, "files": {}}))
        archive.writestr("manifest.json", json.dumps({"consilium": 1, "files": {"é.csv": "0" * 64}}))
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        for read in (read_helm, is_helm, is_export, read_export, read_ratings):
            settled(read, path)
