"""consilium agree on sets, marks, rankings and preferences: expected values are derived beside each."""

import csv
import json
import math
from itertools import permutations

import pytest

from cli import main


def written(path, rows, head=("item", "rater", "kind", "question", "value")):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def figures(tmp_path, rows, *words, head=("item", "rater", "kind", "question", "value")):
    path, out = written(tmp_path / "r.csv", rows, head), tmp_path / "f.json"
    assert main(["agree", str(path), "--json", str(out), "--replicates", "200", *map(str, words)]) == 0
    return json.loads(out.read_text(encoding="utf-8"))


def value(made, coefficient, between="clinician–clinician", **fields):
    found = [
        f
        for f in made["figures"]
        if f["coefficient"] == coefficient
        and f["between"] == between
        and all(f[k] == v for k, v in ({"stratum": "all"} | fields).items())
    ]
    assert len(found) == 1, (coefficient, between, len(found))
    return found[0]


SETS = [("a", "a"), ("a|b", "a|b"), ("b", "a|b"), ("[]", "[]")]


def sets(question="harms"):
    return [
        (f"i{i}", rater, "clinician", question, cell)
        for i, row in enumerate(SETS)
        for rater, cell in zip("AB", row, strict=True)
    ]


def test_sets_of_labels_have_alpha_overlap_and_exact_agreement(tmp_path):
    made = figures(tmp_path, sets())
    # observed: one pair of eight values apart by 2/3, so 2 × 2/3 / 8
    # expected: 40 / 56, from a twice, ab three times, b once, nothing twice
    alpha = value(made, "alpha (sets, MASI)")
    assert alpha["value"] == pytest.approx(1 - (1 / 6) / (40 / 56))
    assert alpha["low"] < alpha["value"] < alpha["high"]
    assert (alpha["n_items"], alpha["n_raters"]) == (4, 2)
    assert value(made, "overlap (Jaccard)")["value"] == pytest.approx((1 + 1 + 1 / 2 + 1) / 4)
    assert value(made, "exact agreement")["value"] == pytest.approx(3 / 4)


def test_lists_and_strokes_are_the_same_set(tmp_path):
    listed = [
        (item, rater, kind, question, json.dumps([one for one in cell.strip("[]").split("|") if one]))
        for item, rater, kind, question, cell in sets()
    ]
    first, second = figures(tmp_path, sets()), figures(tmp_path, listed)
    assert first["figures"] == second["figures"]


def test_the_jury_means_the_labels_that_most_jurors_chose(tmp_path):
    said = {"J1": ["a", "a|b", "a|b", "[]"], "J2": ["a|c", "a|b", "a|b", "b|c"]}
    jurors = [
        (f"i{i}", name, "juror", "harms", cell)
        for name, cells in said.items()
        for i, cell in enumerate(cells)
    ]
    made = figures(tmp_path, [*sets(), *jurors])
    # jury: {a}, {a,b}, {a,b}, {}; clinicians, more than half of two: {a}, {a,b}, {b}, {}
    found = value(made, "exact agreement", "jury–clinician")
    assert found["value"] == pytest.approx(3 / 4)
    assert found["n_raters"] == 4
    # J2 alone: {a,c}, {a,b}, {a,b}, {b,c} against the same
    assert value(made, "exact agreement", "juror–clinician", rater="J2")["value"] == pytest.approx(1 / 4)
    assert value(made, "overlap (Jaccard)", "juror–clinician", rater="J2")["value"] == pytest.approx(
        (0.5 + 1 + 0.5 + 0) / 4
    )


MARKS = (
    '[{"start": 75, "end": 145, "label": "x"}, {"start": 220, "end": 250, "label": "x"}]',
    '[{"start": 70, "end": 150, "label": "x"}, {"start": 205, "end": 225, "label": "x"}, '
    '{"start": 250, "end": 270, "label": "x"}, {"missing": "the allergy", "label": "x"}]',
)


def test_marks_have_unitizing_alpha_on_the_length_of_the_text(tmp_path):
    rows = [("i", rater, "clinician", "marks", cell) for rater, cell in zip("AB", MARKS, strict=True)]
    items = written(tmp_path / "items.csv", [("i", "x" * 300)], ("item", "output"))
    made = figures(tmp_path, rows, "--items", items)
    # the example of tests/agreement/test_order.py: 300 characters
    assert value(made, "alpha (unitizing)")["value"] == pytest.approx(0.7286, abs=5e-5)
    # 70 + 5 characters marked by both, of 100 and 120
    assert value(made, "overlap (Dice)")["value"] == pytest.approx(2 * 75 / 220)
    asked = next(one for one in made["questions"] if one["question"] == "marks")
    assert any("left out: 1" in sentence for sentence in asked["said"])


def test_without_texts_the_report_says_where_it_took_them_to_end(tmp_path):
    rows = [("i", rater, "clinician", "marks", cell) for rater, cell in zip("AB", MARKS, strict=True)]
    notes = value(figures(tmp_path, rows), "alpha (unitizing)")["notes"]
    assert any("taken to end with their last mark: 1" in note for note in notes)


@pytest.mark.parametrize("form", ["lists", "words", "places"])
def test_rankings_are_read_however_they_are_written(tmp_path, form):
    orders = {"i": ("ABC", "ACB"), "j": ("ABC", "ABC")}
    rows, head = [], ("item", "rater", "kind", "question", "value")
    for item, said in orders.items():
        for rater, order in zip("XY", said, strict=True):
            if form == "places":
                rows += [(item, name, rater, "clinician", "best", at) for at, name in enumerate(order, 1)]
            else:
                cell = json.dumps(list(order)) if form == "lists" else " > ".join(order)
                rows.append((item, rater, "clinician", "best", cell))
    if form == "places":
        head = ("item", "part", "rater", "kind", "question", "value")
    made = figures(tmp_path, rows, head=head)
    # tau: (2 - 1) / 3 and 1; W: rank sums 2, 5, 5 give 12 × 6 / (4 × 24), and 1
    assert value(made, "ranking agreement (tau-b)")["value"] == pytest.approx((1 / 3 + 1) / 2)
    assert value(made, "mean Kendall's W")["value"] == pytest.approx((72 / 96 + 1) / 2)
    assert value(made, "same output first")["value"] == 1


def preferences(rows):
    return [
        (f"i{i}", rater, kind, "better", cell)
        for i, row in enumerate(rows)
        for (rater, kind), cell in zip(
            (("X", "clinician"), ("Y", "clinician"), ("Z", "clinician")), row, strict=True
        )
    ]


def test_preferences_have_agreement_with_ties_and_without(tmp_path):
    made = figures(tmp_path, preferences([("B", "B", "tie"), ("A", "A", "A"), ("B", "A", "B")]))
    # pairs that agree: 1 of 3, 3 of 3, 1 of 3; without the tie: 1 of 1, 3 of 3, 1 of 3
    assert value(made, "preference agreement")["value"] == pytest.approx((1 / 3 + 1 + 1 / 3) / 3)
    assert value(made, "preference agreement (without ties)")["value"] == pytest.approx((1 + 1 + 1 / 3) / 3)


def test_systems_behind_preferences_have_strengths(tmp_path):
    rows = [(f"i{i}", "X", "clinician", "better", side) for i, side in enumerate("AABB")]
    # m1 stands first in i0, i1, i2 and second in i3: it wins three of four
    systems = [(f"i{i}", "A" if first else "B", name) for i in range(4) for first, name in _sides(i)]
    items = written(tmp_path / "items.csv", systems, ("item", "part", "system"))
    made = figures(tmp_path, rows, "--items", items)
    assert value(made, "log-strength of m1")["value"] == pytest.approx(math.log(3) / 2, abs=1e-6)
    assert value(made, "log-strength of m2")["value"] == pytest.approx(-math.log(3) / 2, abs=1e-6)


def _sides(i):
    return ((True, "m2"), (False, "m1")) if i == 3 else ((True, "m1"), (False, "m2"))


def test_each_kind_stands_in_strata_and_in_print(tmp_path, capsys):
    rows = [(f"{n}{item}", *rest) for n in range(3) for item, *rest in sets()]
    facts = [(item, "even" if item[0] in "02" else "odd") for item in dict.fromkeys(row[0] for row in rows)]
    items = written(tmp_path / "items.csv", facts, ("item", "half"))
    made = figures(tmp_path, rows, "--items", items)
    assert value(made, "exact agreement", stratum="half = even")["value"] == pytest.approx(3 / 4)
    printed = capsys.readouterr().out
    assert "alpha (sets, MASI)" in printed
    assert "Answers are sets of labels" in printed


def test_a_mark_that_ends_before_it_starts_is_one_sentence(tmp_path, capsys):
    path = written(tmp_path / "r.csv", [("i", "A", "clinician", "marks", '[{"start": 9, "end": 3}]')])
    assert main(["agree", str(path)]) == 2
    assert "it needs a start and a later end" in capsys.readouterr().err


def test_words_in_their_order_are_an_ordinal_scale(tmp_path):
    words = ["none", "mild", "severe"]
    rows = [
        (f"i{i}", rater, "clinician", "harm", words[at])
        for i, row in enumerate([(0, 0), (1, 2), (2, 2), (0, 1), (1, 1), (2, 1)])
        for rater, at in zip("AB", row, strict=True)
    ]
    numbers = [(*row[:4], words.index(row[4]) + 1) for row in rows]
    ordered = figures(tmp_path, rows, "--scale", "harm=none,mild,severe")
    declared = figures(tmp_path, numbers, "--scale", "harm=1-3")
    for name in ("alpha (ordinal)", "ICC(A,1)", "AC2 (quadratic)"):
        assert value(ordered, name) == value(declared, name)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--scale", "harm=none,mild"], "'severe' by A about 'i' is not among the declared words of 'harm'"),
        (["--scale", "harm=none,None"], "names a word twice"),
        (["--measure", "harm=order"], "write QUESTION= and one of nominal, sets, spans, ranking, preference"),
        (["--measure", "tone=nominal"], "--measure names 'tone', which the file does not ask (harm)"),
    ],
)
def test_what_is_declared_wrongly_is_one_sentence(tmp_path, capsys, words, sentence):
    path = written(tmp_path / "r.csv", [("i", "A", "clinician", "harm", "severe")])
    assert main(["agree", str(path), *words]) == 2
    assert sentence in capsys.readouterr().err


def test_the_whole_report_has_a_table_for_them(tmp_path):
    path = written(tmp_path / "r.csv", [(f"{n}{item}", *rest) for n in range(3) for item, *rest in sets()])
    assert main(["agree", str(path), "--out", str(tmp_path / "out"), "--replicates", "100"]) == 0
    table = (tmp_path / "out" / "tables" / "kinds_harms.csv").read_text(encoding="utf-8")
    assert "alpha (sets, MASI)" in table


@pytest.mark.parametrize(
    ("question", "answers"),
    [("best", [" > ".join(order) for order in permutations("ABCDE")]), ("better", ("A", "tie"))],
)
def test_the_whole_report_counts_who_ranked_and_preferred(tmp_path, question, answers):
    raters = (("X", "clinician"), ("Y", "clinician"), ("j", "juror"))
    rows = [
        (f"i{i}", rater, kind, question, answers[(3 * i + at) % len(answers)])
        for i in range(12)
        for at, (rater, kind) in enumerate(raters)
    ]
    figures(tmp_path, rows, "--out", tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "12 outputs, 2 clinicians, 1 machine<" in page
    assert f"2 clinicians and 1 language-model juror rated 12 outputs on 1 question ({question})" in page
    # a preference is a label, on which the rules decide; a ranking is none
    assert ("Nothing is decided here" in page) == (question == "best")


def test_a_pair_has_no_system_of_its_own_and_so_no_subgroup_by_it(tmp_path):
    rows = [
        (f"i{i}", rater, "clinician", "better", "AB"[(i + at) % 2])
        for i in range(20)
        for at, rater in enumerate("XY")
    ]
    parts = [
        (f"i{i}", part, system, f"w{i % 2}")
        for i in range(20)
        for part, system in zip("AB", ("s", "t"), strict=True)
    ]
    items = written(tmp_path / "items.csv", parts, ("item", "part", "system", "ward"))
    made = figures(tmp_path, rows, "--items", items)
    assert {f["stratum"] for f in made["figures"]} == {"all", "ward = w0", "ward = w1"}
