"""Prices of systems: the file's own first, then a public list's, and never a guess."""

import json

import genai_prices
import pandas as pd
import pytest

from cli import main
from verbs.priced import priced

LISTED = "openai/gpt-4o-2024-05-13"  # 5 and 15 dollars a million tokens when it was sold


def facts(**more):
    return pd.DataFrame({"system": [LISTED, LISTED, "ours"], "prompt_tokens": "900", **more})


def test_a_listed_system_gets_its_price_and_another_none():
    made, said = priced(facts())
    assert made["input_price"].tolist() == ["5", "5", ""]
    assert made["output_price"].tolist() == ["15", "15", ""]
    assert said == f"genai-prices: {LISTED}, version {genai_prices.__version__}"


def test_a_price_of_the_file_stays():
    made, _ = priced(facts(input_price=["2", "", ""], output_price=["8", "", ""]))
    assert made["input_price"].tolist() == ["2", "5", ""]
    assert made["output_price"].tolist() == ["8", "15", ""]


def test_nothing_is_looked_up_where_no_tokens_were_counted():
    bare = facts().drop(columns="prompt_tokens")
    assert priced(bare) == (bare, "")
    assert priced(None) == (None, "")


def test_the_report_counts_with_it_and_names_the_list(tmp_path):
    said = [(i, r, k, 1 + (i * 3 + n) % 5) for i in range(40) for n, (r, k) in enumerate(RATERS)]
    rows = "".join(f"i{i},{r},{k},clarity,{score}\n" for i, r, k, score in said)
    (tmp_path / "r.csv").write_text("item,rater,kind,question,value\n" + rows, encoding="utf-8")
    items = "".join(f"i{i},{LISTED if i % 2 else 'openai/gpt-4o-mini'},1000,100,500\n" for i in range(40))
    head = "item,system,prompt_tokens,output_tokens,max_output_tokens\n"
    (tmp_path / "i.csv").write_text(head + items, encoding="utf-8")
    out = tmp_path / "out"
    files = [str(tmp_path / "r.csv"), "--items", str(tmp_path / "i.csv"), "--out", str(out)]
    assert main(["agree", *files, "--replicates", "100"]) == 0
    made = json.loads((out / "report.json").read_text(encoding="utf-8"))
    row = next(row for row in made["tables"]["systems_cost"]["rows"] if row[0] == LISTED)
    assert row[2] == pytest.approx(20 * (1000 * 5 + 500 * 15) / 1e6)
    assert row[4] == pytest.approx(20 * (1000 * 5 + 100 * 15) / 1e6)
    assert LISTED in made["provenance"]["prices"]


RATERS = (("C1", "clinician"), ("C2", "clinician"), ("J1", "juror"))
