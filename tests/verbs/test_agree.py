"""consilium agree: from a file to figures, and one sentence a fault."""

import argparse
import json
from dataclasses import replace

import numpy as np
import pytest

from annotate.fault import Fault
from cli import main
from verbs.agree import _plan, arguments
from verbs.plan_file import read_plan


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


def test_a_report_that_fails_leaves_the_earlier_tables_beside_the_earlier_report(
    ratings, tmp_path, monkeypatch, capsys
):
    out, figures = tmp_path / "out", tmp_path / "a.json"
    out.mkdir()
    (out / "figures.csv").write_text("earlier\n", encoding="utf-8")

    def full(*_, **__):
        raise Fault("The disk is full; free some space.")

    monkeypatch.setattr("agreement.paper.whole.whole", full)
    assert agree(ratings, "--out", out, "--json", figures) == 2
    assert "The disk is full" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir() if path != ratings] == ["out"]
    assert [(path.name, path.read_text(encoding="utf-8")) for path in out.iterdir()] == [
        ("figures.csv", "earlier\n")
    ]


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
        (["--high-is-bad", "eror"], "--high-is-bad names 'eror', which the file does not ask (accuracy, rou"),
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
        ("a,b\n1,a long text\n", "no column 'item'"),
        ("", "is empty"),
    ],
)
def test_bad_files_are_refused(tmp_path, capsys, text, sentence):
    path = tmp_path / "r.csv"
    path.write_text(text, encoding="utf-8")
    assert agree(path, "--json", tmp_path / "a.json") == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "a.json").exists()


def strict(path):
    def refuse(word):
        raise AssertionError(word)

    return json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)


def long(path, rows):
    lines = [",".join(map(str, row)) for row in [("item", "rater", "kind", "question", "value"), *rows]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_common_word_is_named_as_it_was_said(tmp_path, capsys):
    # 118 yes/yes, 5 yes/no, 2 no/yes (Gwet 2014): kappa -0.0234, AC1 0.9408
    pairs = [("yes", "yes")] * 118 + [("yes", "no")] * 5 + [("no", "yes")] * 2
    rows = [
        (i, rater, "clinician", "present", v)
        for i, pair in enumerate(pairs)
        for rater, v in zip("AB", pair, strict=True)
    ]
    path, out = long(tmp_path / "r.csv", rows), tmp_path / "a.json"
    assert agree(path, "--json", out) == 0
    assert "97% of the ratings are 'yes': little variance" in capsys.readouterr().out
    found = {f["coefficient"]: f["value"] for f in strict(out)["figures"]}
    assert found["Cohen's kappa"] == pytest.approx(-0.0234, abs=5e-5)
    assert found["AC1"] == pytest.approx(0.9408, abs=5e-5)


def test_raters_without_variance_are_left_out_by_name(tmp_path, capsys):
    rows = [(i, rater, "clinician", "q", 5) for i in range(12) for rater in ("Ada", "Ben")]
    assert agree(long(tmp_path / "r.csv", rows)) == 0
    assert "Clinicians Ada and Ben left out: no variance" in capsys.readouterr().out


def test_one_pair_of_clinicians_is_one_pair(ratings, capsys):
    assert agree(ratings) == 0
    assert "1 pair on 30 shared items" in capsys.readouterr().out


def test_a_number_without_a_square_is_no_rating(tmp_path, capsys):
    rows = [
        (i, rater, "clinician", "q", "1e308" if i == 3 else i % 5 + 1) for i in range(12) for rater in "ab"
    ]
    assert agree(long(tmp_path / "r.csv", rows)) == 2
    assert "line 8, column 'value': '1e308' is not a number" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value"),
    [("--level", "0.9999999"), ("--level", "nan"), ("--seed", 2**63), ("--bad", "nan"), ("--scale", "1,nan")],
)
def test_settings_out_of_bounds_exit_2(ratings, capsys, option, value):
    assert agree(ratings, option, value) == 2
    assert option in capsys.readouterr().err


def test_large_numbers_keep_apart_and_zero_has_no_sign(tmp_path, capsys):
    rows = [
        (i, rater, "clinician", "q", 1_000_000 + i % 2 * (rater == "a")) for i in range(40) for rater in "ab"
    ]
    assert agree(long(tmp_path / "r.csv", rows)) == 0
    printed = capsys.readouterr().out
    assert " 0 1000000.50 " in printed
    assert "-0.00" not in printed


def test_one_column_a_rater_may_hold_words(tmp_path, capsys):
    rng = np.random.default_rng(0)
    words = ["Agree", "Disagree", "Unable"]
    lines = ["item,system,note,Ann,Ben,gpt-4"]
    for i in range(40):
        said = [words[rng.integers(3)] for _ in range(3)]
        said[0] = said[0] if i else ""  # an empty cell is no rating
        lines.append(f"q{i},s{i % 2},a text of its own {i},{','.join(said)}")
    path = tmp_path / "wide.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert agree(path, "--kind", "clinician", "--kind", "gpt-4=juror") == 0
    printed = capsys.readouterr().out
    assert "3 columns were read as raters (Ann, Ben, gpt-4); an empty cell is no rating" in printed
    assert "answers: agree, disagree, unable" in printed


def test_documents_rated_once_a_system_are_compared_pooled_and_within_system(tmp_path, capsys):
    rng, lines = np.random.default_rng(2), ["id,model_id,annotator,kind,fluency"]
    for document in range(12):
        for system in range(14):
            truth = 1.5 + 0.2 * system + rng.normal(0, 0.4)
            for rater, kind in (("E1", "expert"), ("E2", "expert"), ("gpt", "llm")):
                score = int(np.clip(np.round(truth + rng.normal(0, 0.5)), 1, 5))
                lines.append(f"d{document},m{system:02},{rater},{kind},{score}")
    path = tmp_path / "r.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert agree(path, "--json", tmp_path / "a.json") == 0
    printed = capsys.readouterr().out
    assert "168 outputs" in printed
    assert "Each of the 14 systems by itself" in printed
    assert "system = m03" not in printed
    figures = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["figures"]
    alphas = {
        f["stratum"]: f
        for f in figures
        if f["coefficient"] == "alpha (ordinal)" and f["between"] == "clinician–clinician"
    }
    assert len(alphas) == 2 + 14
    assert alphas["all"]["value"] > alphas["within system"]["value"] + 0.2
    assert "linked as draws of whole cases link them" in alphas["within system"]["method"]
    assert agree(path, "--all") == 0
    assert "system = m03" in capsys.readouterr().out


def test_the_report_decides_by_the_plan_as_it_was_stated_and_as_validate_does(ratings, tmp_path):
    """One plan has one hash and one set of draws, whichever command reads it."""
    rows = ratings.read_text(encoding="utf-8").splitlines()
    rows += [f"{i},C3,clinician,accuracy,{1 + i % 5}" for i in range(30)]
    ratings.write_text("\n".join(rows) + "\n", encoding="utf-8")
    plan = tmp_path / "plan.toml"
    plan.write_text("margin = 0.05\nseed = 3\nreplicates = 100\n", encoding="utf-8")
    assert agree(ratings, "--plan", plan, "--seed", "9", "--out", tmp_path / "out") == 0
    main(["validate", str(ratings), "--judge", "J", "--plan", str(plan), "--json", str(tmp_path / "v.json")])
    ours = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))["judges"]["J"]
    theirs = json.loads((tmp_path / "v.json").read_text(encoding="utf-8"))["judges"]["J"]
    assert ours["plan"] == theirs["plan"]
    assert ours["plan"]["margin"] == 0.05
    assert ours["questions"]["accuracy"]["figures"] == theirs["questions"]["accuracy"]["figures"]


def test_without_a_plan_agree_and_validate_decide_by_the_same_rules_and_the_same_draws():
    """Else one file would have two answers where a difference sits near its margin."""
    parser = argparse.ArgumentParser()
    arguments(parser)
    assert _plan(parser.parse_args(["ratings.csv"])) == read_plan(None)
    assert _plan(parser.parse_args(["ratings.csv", "--seed", "5"])) == replace(read_plan(None), seed=5)
