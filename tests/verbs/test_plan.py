"""`consilium plan`: the answer in a sentence, the same as JSON, and faults with exit code 2."""

import json

import pytest

import cli


def test_the_verb_prints_and_writes_the_answer(capsys, tmp_path):
    file = tmp_path / "plan.json"
    said = ["plan", "width", "--icc", "0.7", "--width", "0.2", "--raters", "2", "--json", str(file)]
    assert cli.main(said) == 0
    assert capsys.readouterr().out.startswith("105 items with 2 ratings each")
    assert json.loads(file.read_text(encoding="utf-8"))["items"] == 105
    assert cli.main(["plan", "raters", "--icc", "0.4", "--reliability", "0.8"]) == 0
    assert "The mean of 6 raters" in capsys.readouterr().out


def test_the_verb_plans_comparisons_with_a_seed(capsys, tmp_path):
    file = tmp_path / "plan.json"
    world = ["--first", "0.5", "--second", "0.5", "--between", "0.5"]
    assert cli.main(["plan", "noninferiority", "--margin", "0.1", *world, "--json", str(file)]) == 0
    one, answer = capsys.readouterr().out, json.loads(file.read_text(encoding="utf-8"))
    assert answer["power"] == pytest.approx(0.8, abs=0.04)
    assert cli.main(["plan", "noninferiority", "--margin", "0.1", *world]) == 0
    assert capsys.readouterr().out == one
    assert cli.main(["plan", "difference", *world, "--items", "50"]) == 0
    assert "50 items show a difference of 0 in r in" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong",
    [
        ["width", "--icc", "1.2", "--width", "0.2", "--raters", "2"],
        ["noninferiority", "--margin", "-0.1", "--first", "0.5", "--second", "0.5", "--between", "0.5"],
        ["difference", "--first", "0.5", "--second", "0.5", "--between", "0.5"],
        ["difference", "--first", "0.6", "--second", "0.5"],
        ["difference", "--first", "0.6", "--second", "0.5", "--between", "0.5", "--clinicians", "2"],
        ["difference", "--first", "0.6", "--second", "0.5", "--clinicians", "1"],
        ["difference", "--first", "0.6", "--second", "0.5", "--between", "0.5", "--ceiling", "0.5"],
        ["difference", "--first", "0.6", "--second", "0.5", "--clinicians", "2", "--ceiling", "50"],
        ["width", "--icc", "0.5", "--width", "0.2", "--raters", "2", "--level", "95"],
        ["width", "--icc", "0.5", "--width", "0.2", "--raters", "2", "--json", "/dev/null/plan.json"],
    ],
)
def test_the_verb_refuses_with_a_sentence_and_2(wrong, capsys):
    assert cli.main(["plan", *wrong]) == 2
    assert capsys.readouterr().err.strip().endswith(".")


def test_the_verb_plans_the_comparison_that_a_decision_makes(capsys):
    """One clinician's r with another is 0.5, the juror's with one 0.6: a third clinician saves outputs.

    Beside the mean of two these are 0.5 * 2 / sqrt(2 + 2 * 0.5) = 0.577 and 0.6 * 2 / sqrt(3) = 0.693.
    """
    items = []
    for k, first, second in (("2", "0.6", "0.5"), ("3", "0.693", "0.577")):
        assert cli.main(["plan", "difference", "--first", first, "--second", second, "--clinicians", k]) == 0
        items.append(int(capsys.readouterr().out.split()[0]))
    assert items[1] < 0.8 * items[0]
