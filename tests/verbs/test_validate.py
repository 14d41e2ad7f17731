"""`consilium validate` from a file: exit codes, sentences, JSON and passports."""

import csv
import json

import numpy as np
import pytest

from cli import main


@pytest.fixture
def ratings(tmp_path):
    rng = np.random.default_rng(1)
    truth = rng.normal(3, 1, 120)

    def points(x):
        return int(np.clip(round(x), 1, 5))

    rows = [("item", "rater", "kind", "question", "value")]
    for i, t in enumerate(truth):
        rows += [
            (f"n{i:03}", f"C{h}", "clinician", "accuracy", points(t + rng.normal(0, 0.7))) for h in range(3)
        ]
        rows.append((f"n{i:03}", "good", "juror", "accuracy", points(t + rng.normal(0, 0.3))))
        rows.append((f"n{i:03}", "lenient", "juror", "accuracy", points(t + 1 + rng.normal(0, 0.3))))
        rows.append((f"n{i:03}", "five", "juror", "accuracy", 5))
    path = tmp_path / "ratings.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def test_usable_judges_exit_0_and_write_json(ratings, tmp_path, capsys):
    out, passports = tmp_path / "verdict.json", tmp_path / "passports"
    options = ["--json", str(out), "--passport", str(passports)]
    assert main(["validate", str(ratings), "--judge", "good", "--judge", "lenient", *options]) == 0
    said = capsys.readouterr().out
    assert "good (juror): USE\n" in said
    assert "lenient (juror): USE CALIBRATED AND WITH REVIEW" in said
    content = json.loads(out.read_text())
    assert content["usable"] is True
    assert content["judges"]["lenient"]["questions"]["accuracy"]["figures"]["bias"]["value"] > 0.5
    assert json.loads((passports / "good.passport.json").read_text())["answer"] == "use"


def test_one_useless_judge_exits_1(ratings, capsys):
    assert main(["validate", str(ratings), "--judge", "good", "--judge", "five"]) == 1
    assert "The judge says 5 to 120 of 120 items" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ["--judge", "gpt"],
            "'gpt' is no rater of this file; the file's jurors and metrics are five, good, lenient",
        ),
        (["--judge", "C0"], "'C0' is a clinician in this file"),
        (
            ["--judge", "good", "--high-is-bad", "eror"],
            "names 'eror', which the file does not ask (accuracy)",
        ),
        (["--judge", "good", "--margin", "7"], "margin is 7.0; it must lie between 0 and 1"),
        (["--judge", "good", "--question", "harm"], "no question 'harm' (they answered accuracy)"),
        (["--judge", "good", "--plan", "nowhere.yaml"], "nowhere.yaml cannot be read"),
    ],
)
def test_bad_arguments_exit_2_with_a_sentence(ratings, capsys, options, sentence):
    assert main(["validate", str(ratings), *options]) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "text"),
    [("p.yaml", "margin: 0.05"), ("p.toml", "margin = 0.05"), ("p.json", '{"margin": 0.05}')],
)
def test_a_plan_in_any_format(ratings, tmp_path, capsys, name, text):
    plan = tmp_path / name
    plan.write_text(text)
    main(["validate", str(ratings), "--judge", "good", "--plan", str(plan)])
    assert "margin 0.05" in capsys.readouterr().out
    plan.write_text("- 1\n" if name != "p.toml" else "margin =")
    assert main(["validate", str(ratings), "--judge", "good", "--plan", str(plan)]) == 2


def test_a_row_that_stands_twice_exits_2_or_is_said(ratings, capsys):
    text = ratings.read_text()
    ratings.write_text(text + "n000,good,juror,accuracy,1\nn000,good,juror,accuracy,2\n")
    assert main(["validate", str(ratings), "--judge", "good"]) == 2
    assert "n000" in capsys.readouterr().err
