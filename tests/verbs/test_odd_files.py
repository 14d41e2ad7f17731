"""Ratings files as people make them: the figures of the plain file, or one sentence on what is wrong."""

import json

import numpy as np
import pandas as pd
import pytest

from cli import main

HEAD = ("item", "rater", "kind", "question", "value")


def plain(*, clinicians=("C1", "C2", "C3"), jurors=("gpt",), items=24, value=int, item="i{:03d}".format):
    rng, rows = np.random.default_rng(0), []
    for n in range(items):
        truth = rng.normal(3, 1)
        for rater in (*clinicians, *jurors):
            score = int(np.clip(round(truth + rng.normal(0, 0.6)), 1, 5))
            kind = "juror" if rater in jurors else "clinician"
            rows.append((item(n), rater, kind, "accuracy", value(score)))
    return rows


def text(rows, *, head=HEAD, sep=",", end="\n"):
    return end.join(sep.join(map(str, row)) for row in [head, *rows]) + end


def agreed(path, tmp_path, *options):
    """Return exit code and figures; written or not, as the code says."""
    out = tmp_path / "figures.json"
    out.unlink(missing_ok=True)
    code = main(["agree", str(path), "--replicates", "100", "--json", str(out), *options])
    assert out.exists() == (code == 0)
    return code, json.loads(out.read_text(encoding="utf-8"))["figures"] if code == 0 else []


def written(tmp_path, content, name="r.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_text(content, encoding=encoding, newline="")
    return path


def halves(score):
    return score - 0.5 if score > 1 else 1


def wide(rows):
    frame = pd.DataFrame(rows, columns=HEAD)
    return frame.pivot(index="item", columns="rater", values="value").reset_index().to_csv(index=False)


SAME = {
    "byte order mark": (text(plain()), text(plain()), "utf-8-sig", ()),
    "semicolons": (text(plain()), text(plain(), sep=";"), "utf-8", ()),
    "tabs": (text(plain()), text(plain(), sep="\t"), "utf-8", ()),
    "Windows line ends": (text(plain()), text(plain(), end="\r\n"), "utf-8", ()),
    "old Mac line ends": (text(plain()), text(plain(), end="\r"), "utf-8", ()),
    "decimal commas": (
        text(plain(value=halves)),
        text(plain(value=lambda s: f"{halves(s):.1f}".replace(".", ",")), sep=";"),
        "utf-8",
        (),
    ),
    "ids with zeros": (text(plain()), text(plain(item="{:03d}".format)), "utf-8", ()),
    "names of any script": (
        text(plain(clinicians=("Anna", "Lukas", "Zoe"))),
        text(plain(clinicians=("Anna", "Łukasz", "张医生"), item="病例–{:02d}".format)),
        "utf-8",
        (),
    ),
    "commas within quoted names": (
        text(plain()),
        text(plain(item='"note {:02d}, second"'.format)),
        "utf-8",
        (),
    ),
    "a rater named as a metric": (
        text(plain()),
        text(plain(clinicians=("bleu", "meteor", "rouge-l"))),
        "utf-8",
        (),
    ),
    "identical rows twice": (text(plain()), text([*plain(), *plain()[:5]]), "utf-8", ()),
    "fractions": (text(plain()), text(plain(value="{}/5".format)), "utf-8", ()),
    "numbers with their words": (text(plain()), text(plain(value="{} - fair".format)), "utf-8", ()),
    "percentages": (
        text(plain(value=lambda s: s * 20)),
        text(plain(value=lambda s: f"{s * 20}%")),
        "utf-8",
        (),
    ),
    "a minus from a word processor": (
        text(plain(value=lambda s: s - 3)),
        text(plain(value=lambda s: str(s - 3).replace("-", "\u2212"))),
        "utf-8",
        (),
    ),
    "a column a rater": (
        text(plain()),
        wide(plain()),
        "utf-8",
        ("--kind", "clinician", "--kind", "gpt=juror"),
    ),
    "words in a declared order": (
        text(plain()),
        text(plain(value=["", "very poor", "poor", "fair", "good", "very good"].__getitem__)),
        "utf-8",
        ("--scale", "accuracy=very poor,poor,fair,good,very good"),
    ),
}


@pytest.mark.parametrize("shape", SAME)
def test_a_file_in_another_dress_has_the_figures_of_the_plain_one(shape, tmp_path):
    one, other, encoding, options = SAME[shape]
    code, expected = agreed(written(tmp_path, one), tmp_path)
    again, found = agreed(written(tmp_path, other, "other.csv", encoding), tmp_path, *options)
    assert code == again == 0
    figures = [
        [(f["coefficient"], f["between"], f["value"], f["low"], f["high"]) for f in each]
        for each in (expected, found)
    ]
    assert figures[0] == figures[1]
    assert sum(value is not None for _, _, value, *_ in figures[0]) > 10


@pytest.mark.parametrize("suffix", ["xlsx", "parquet", "jsonl"])
def test_other_formats_have_the_same_figures(suffix, tmp_path):
    _, expected = agreed(written(tmp_path, text(plain())), tmp_path)
    frame, path = pd.DataFrame(plain(), columns=HEAD), tmp_path / f"r.{suffix}"
    if suffix == "xlsx":
        frame.to_excel(path, index=False)
    elif suffix == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_json(path, orient="records", lines=True)
    code, found = agreed(path, tmp_path)
    assert (code, found) == (0, expected)


def changed(at, value):
    rows = plain()
    rows[at] = (*rows[at][:4], value)
    return rows


REFUSED = {
    "two answers to one": (text([*plain(), (*plain()[0][:4], 1)]), "2 times (lines 2, 98"),
    "a word among numbers": (text(changed(4, "good")), "line 6, column 'value': 'good' is not a number"),
    "infinity": (text(changed(4, "inf")), "'inf' is not a number"),
    "a percentage among numbers": (text(changed(4, "80%")), "'80%' is a percentage among plain numbers"),
    "nobody's kind": (text([r[:2] + r[3:] for r in plain()], head=HEAD[:2] + HEAD[3:]), "no column 'kind'"),
    "a header and nothing": (text([]), "has a header (item, rater, kind, question, value) and no rows"),
    "a row cut short": (text(plain()) + "i001,C1\n", "has 2 cells but the header has 5"),
    "one name, two kinds": (
        text([*plain(clinicians=("gpt", "C2"), jurors=()), ("z", "gpt", "juror", "accuracy", 3)]),
        "both clinician and juror",
    ),
    "samples without a column": (
        text(plain() + [(*r[:4], r[4] % 5 + 1) for r in plain() if r[1] == "gpt"]),
        "number the repeats in a column 'occasion'",
    ),
}


@pytest.mark.parametrize("verb", ["agree", "validate"])
@pytest.mark.parametrize("shape", REFUSED)
def test_what_cannot_be_read_is_one_sentence_with_its_place(shape, verb, tmp_path, capsys):
    content, sentence = REFUSED[shape]
    options = ["--judge", "gpt"] if verb == "validate" else []
    out = tmp_path / "out.json"
    assert main([verb, str(written(tmp_path, content)), *options, "--json", str(out)]) == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert not out.exists()


def scaled(factor, juror="gpt"):
    return [r if r[1] != juror else (*r[:4], round(r[4] * factor, 2)) for r in plain()]


def halved(row):
    return (int(row[0][1:]) < 12) == (row[1] == "C1")


ANSWERED = {
    "one clinician": (text(plain(clinicians=("C1",))), "gpt", 1, "let a second clinician rate"),
    "clinicians who share no item": (
        text([r for r in plain(clinicians=("C1", "C2")) if r[2] == "juror" or halved(r)]),
        "gpt",
        1,
        "let a second clinician rate",
    ),
    "a juror of a quarter": (
        text([r for r in plain() if r[1] != "gpt" or int(r[0][1:]) % 4 == 0]),
        "gpt",
        1,
        "6 of 24 items",
    ),
    "three items": (text(plain(items=3)), "gpt", 1, "3 items have a verdict"),
    "one item": (text(plain(items=1)), "gpt", 1, "1 item has a verdict"),
    "one answer to all": (
        text(plain(value=lambda s: 4)),
        "gpt",
        1,
        "All clinicians' ratings are the same, 4",
    ),
    "a constant juror": (
        text([r if r[1] != "gpt" else (*r[:4], 5) for r in plain()]),
        "gpt",
        1,
        "DO NOT USE",
    ),
    "a slip of the pen": (
        text(changed(3, 44)),
        "gpt",
        1,
        "gpt gave 1 answer to 'accuracy' outside the 1 to 5",
    ),
    "another scale": (text(scaled(0.2)), "gpt", 1, "not on the clinicians' scale"),
    "nobody to judge": (
        text(plain(jurors=())),
        "gpt",
        2,
        "no jurors and no metrics, only clinicians (C1, C2, C3)",
    ),
    "a jury on two scales": (
        text(
            plain(jurors=("a",))
            + [(r[0], "b", *r[2:4], r[4] * 20) for r in plain(jurors=("a",)) if r[1] == "a"]
        ),
        "the jury",
        2,
        "The jury (a, b) has no mean on any question",
    ),
    "words without an order": (
        text(plain(value=["", "bad", "bad", "fair", "good", "good"].__getitem__)),
        "gpt",
        1,
        "accuracy: bad, fair, good are taken to have no order. If they have one",
    ),
}


@pytest.mark.parametrize("shape", ANSWERED)
def test_what_is_fragile_is_answered_with_its_reason(shape, tmp_path, capsys):
    content, judge, code, sentence = ANSWERED[shape]
    path = written(tmp_path, content)
    assert main(["validate", str(path), "--judge", judge]) == code
    said = capsys.readouterr()
    assert sentence in said.out + said.err
    assert agreed(path, tmp_path)[0] == 0


def test_words_that_say_why_there_is_no_number_are_reasons_and_no_faults(tmp_path, capsys):
    rows = plain()
    for at, word in (
        (0, ""),
        (4, "NA"),
        (8, "unable to assess"),
        (12, "n/a"),
        (3, "refused"),
        (7, "timeout"),
    ):
        rows[at] = (*rows[at][:4], word)
    code, figures = agreed(written(tmp_path, text(rows)), tmp_path)
    said = capsys.readouterr().out
    assert code == 0
    assert "'unable to assess' was read as unable" in said
    assert "'refused' was read as refused, 'timeout' was read as failed" in said
    [alpha] = [
        f
        for f in figures
        if (f["coefficient"], f["between"], f["stratum"]) == ("alpha (ordinal)", "clinician–clinician", "all")
    ]
    assert alpha["n_items"] == 24
    gone = [row for row in rows if isinstance(row[4], int)]
    _, same = agreed(written(tmp_path, text(gone)), tmp_path)
    assert [(f["coefficient"], f["value"]) for f in figures] == [(f["coefficient"], f["value"]) for f in same]


def test_words_in_a_declared_order_are_decided_on_as_the_numbers_they_are(tmp_path, capsys):
    words = ["", "very poor", "poor", "fair", "good", "very good"]
    found = {}
    for name, value, options in (
        ("numbers", int, []),
        ("words", words.__getitem__, ["--scale", f"accuracy={','.join(words[1:])}"]),
    ):
        path, out = written(tmp_path, text(plain(value=value))), tmp_path / f"{name}.json"
        assert main(["validate", str(path), "--judge", "gpt", "--json", str(out), *options]) == 1
        judged = json.loads(out.read_text(encoding="utf-8"))["judges"]["gpt"]["questions"]["accuracy"]
        found[name] = {key: figure["value"] for key, figure in judged["figures"].items()}
    assert found["numbers"] == found["words"]
