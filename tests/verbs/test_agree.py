"""consilium agree: from a file to figures, and one sentence a fault."""

import json

import numpy as np
import pytest

from cli import main


@pytest.fixture
def ratings(tmp_path):
    rng = np.random.default_rng(0)
    lines = ["item,rater,kind,question,value"]
    for i in range(30):
        truth = rng.normal(3, 1)
        for rater, kind in (("C1", "clinician"), ("C2", "clinician"), ("J", "juror")):
            lines.append(
                f"{i},{rater},{kind},accuracy,{int(np.clip(np.round(truth + rng.normal(0, 0.7)), 1, 5))}"
            )
        lines.append(f"{i},rouge-l,metric,rouge-l,{truth / 10:.3f}")
    path = tmp_path / "ratings.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def agree(*words):
    return main(["agree", *map(str, words), "--replicates", "100"])


def test_it_prints_every_comparison_and_writes_every_figure(ratings, tmp_path, capsys):
    assert agree(ratings, "--json", tmp_path / "out" / "a.json") == 0
    printed = capsys.readouterr().out
    assert "clinicians with one another" in printed
    assert "rouge-l (metric) with the clinicians" in printed
    written = json.loads((tmp_path / "out" / "a.json").read_text(encoding="utf-8"))
    assert {f["between"] for f in written["figures"]} == {
        "clinician–clinician",
        "jury–clinician",
        "juror–clinician",
        "metric–clinician",
    }


def test_a_seed_gives_the_same_file(ratings, tmp_path):
    for name in ("a", "b"):
        agree(ratings, "--json", tmp_path / name, "--seed", 7)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_items_bring_strata_and_strangers_are_counted(ratings, tmp_path, capsys):
    items = tmp_path / "items.csv"
    items.write_text("item,system\n" + "".join(f"{i},s{i % 2}\n" for i in range(28)), encoding="utf-8")
    assert agree(ratings, "--items", items, "--out", tmp_path / "out") == 0
    assert "2 rated items are not in the items file" in capsys.readouterr().out
    figures = (tmp_path / "out" / "figures.csv").read_text(encoding="utf-8")
    assert "system = s0" in figures
    assert "within system" in figures


def test_scales_are_declared_on_the_command_line(ratings, tmp_path):
    found = {}
    for stated in ("1-5", "accuracy=1..7"):
        agree(ratings, "--scale", stated, "--json", tmp_path / "a.json")
        figures = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["figures"]
        found[stated] = next(f["value"] for f in figures if f["coefficient"] == "AC1")
    assert found["accuracy=1..7"] > found["1-5"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--scale", "wide"], "--scale 'wide' is no scale"),
        (["--scale", "tone=1-5"], "--scale names 'tone', which the file does not ask (accuracy, rouge-l)"),
        (["--scale", "1-3"], "is not a declared point of 'accuracy' (1, 2, 3)"),
        (["--level", "95"], "--level 95 is no level"),
        (["--seed", "-1"], "--seed -1 is no seed"),
    ],
)
def test_wrong_arguments_are_one_sentence_and_nothing_is_written(ratings, tmp_path, capsys, words, sentence):
    assert agree(ratings, "--json", tmp_path / "a.json", *words) == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "a.json").exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("item,rater,kind,question,value\n1,A,clinician,q,3\n1,A,clinician,q,4\n", "line 3"),
        ("a,b\n1,2\n", "no column 'item'"),
        ("", "is empty"),
    ],
)
def test_bad_files_are_refused(tmp_path, capsys, text, sentence):
    path = tmp_path / "r.csv"
    path.write_text(text, encoding="utf-8")
    assert agree(path, "--json", tmp_path / "a.json") == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "a.json").exists()
