"""The report: its figures are those of the coefficients, under stable names, whatever the file holds."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from agreement.alpha.krippendorff import alpha
from agreement.report import BETWEEN, compare
from agreement.report.settings import Settings
from agreement.report.words import in_words

NAMES = {
    "question",
    "coefficient",
    "between",
    "stratum",
    "value",
    "low",
    "high",
    "n_items",
    "n_raters",
    "form",
    "method",
    "notes",
}
QUICK = Settings(replicates=200)


def rows(*, n=40, clinicians=4, jurors=2, metrics=1, questions=("accuracy", "clarity"), missing=0.3, seed=0):
    """A study on five points: raters of different severity, some cells unrated, metrics on 0 to 1."""
    rng = np.random.default_rng(seed)
    truth, out = rng.normal(3.3, 1, n), []
    kinds = [("clinician", f"C{k}", 0.3 * k) for k in range(clinicians)]
    kinds += [("juror", f"J{k}", 0.4 * k) for k in range(jurors)]
    for i in range(n):
        absent = {name for kind, name, _ in kinds if kind == "clinician" and rng.random() < missing}
        for question in questions:
            for kind, name, severity in kinds:
                if name not in absent:
                    score = float(np.clip(np.round(truth[i] - severity + rng.normal(0, 0.7)), 1, 5))
                    out.append((f"i{i:03d}", name, kind, question, score))
        for k in range(metrics):
            out.append((f"i{i:03d}", f"M{k}", "metric", "score", float(truth[i] / 10 + rng.normal(0, 0.1))))
    return frame(out)


def frame(records):
    made = pd.DataFrame(records, columns=["item", "rater", "kind", "question", "number"])
    words = made["number"].map(lambda v: v if isinstance(v, str) else f"{v:g}")
    made = made.assign(value=words, number=pd.to_numeric(made["number"], errors="coerce"))
    return made.assign(part="", occasion=1, status="answered", reason="")


def wide(made, kind, question):
    own = made[(made["kind"] == kind) & (made["question"] == question)]
    return own.pivot(index="item", columns="rater", values="number")


def one(report, **wanted):
    found = report.where(**({"stratum": "all", "rater": ""} | wanted))
    assert len(found) == 1, [(f.coefficient, f.between, f.rater, f.form) for f in found]
    return found[0]


@pytest.fixture(scope="module")
def made():
    return rows()


@pytest.fixture(scope="module")
def report(made):
    return compare(made, settings=QUICK)


def test_every_figure_has_the_promised_names_and_is_json(report):
    for figure in report.plain()["figures"]:
        assert set(figure) >= NAMES
        assert figure["between"] in BETWEEN
        assert figure["value"] is not None or figure["notes"]
    assert "NaN" not in json.dumps(report.plain(), allow_nan=False)


def test_the_jury_is_the_mean_of_its_jurors_beside_the_clinicians_mean(made, report):
    means = [wide(made, kind, "clarity").mean(axis=1) for kind in ("clinician", "juror")]
    both = pd.concat(means, axis=1).dropna()
    found = one(report, question="clarity", between="jury–clinician", coefficient="r")
    assert found.value == pytest.approx(stats.pearsonr(both[0], both[1]).statistic)
    assert found.n_items == len(both)
    bias = one(report, question="clarity", between="jury–clinician", coefficient="bias")
    assert bias.value == pytest.approx((both[1] - both[0]).mean())


def test_alpha_among_clinicians_is_alpha(made, report):
    values = wide(made, "clinician", "accuracy").to_numpy()
    found = one(report, question="accuracy", between="clinician–clinician", coefficient="alpha (ordinal)")
    same = alpha(values, "ordinal", rng=np.random.default_rng(0), replicates=200)
    assert (found.value, found.low, found.high) == (same.value, same.low, same.high)


def test_a_metric_is_refused_what_needs_one_scale_and_named_where_it_is_transformed(report):
    found = report.where(question="accuracy", between="metric–clinician", coefficient="ICC(A,1)")
    assert [figure.form.rpartition(", ")[2] for figure in found] == [
        "raw scores",
        "each min–max scaled",
        "each z-scored",
    ]
    assert not found[0].defined
    assert "on two scales" in found[0].notes[0]
    r = one(report, question="accuracy", between="metric–clinician", rater="M0", coefficient="r").value
    # z-scored columns have equal variances: ICC(A,1) is r up to the error's degrees of freedom
    assert found[2].value == pytest.approx(r, abs=0.02)


def test_jurors_on_the_scale_need_no_transform(report):
    found = report.where(question="accuracy", between="juror–clinician", coefficient="ICC(A,1)", rater="J0")
    assert [figure.form.rpartition(", ")[2] for figure in found] == ["raw scores"]


def test_the_composite_is_the_mean_of_its_questions_where_all_are_answered(made):
    gone = made[~((made["item"] == "i000") & (made["question"] == "clarity") & (made["rater"] == "J0"))]
    found = compare(gone, settings=QUICK)
    both = [wide(gone, "juror", q).reindex(columns=["J0", "J1"]) for q in ("accuracy", "clarity")]
    people = [wide(gone, "clinician", q) for q in ("accuracy", "clarity")]
    human = ((people[0] + people[1]) / 2).mean(axis=1)
    own = ((both[0] + both[1]) / 2)["J0"]
    joined = pd.concat([human, own], axis=1).dropna()
    r = one(found, question="composite", between="juror–clinician", rater="J0", coefficient="r")
    assert r.value == pytest.approx(stats.pearsonr(joined[0], joined["J0"]).statistic)
    asked = next(asked for asked in found.questions if asked.question == "composite")
    assert any("lack an answer to some of these have no composite: 1" in said for said in asked.said)


def test_an_output_that_a_juror_left_out_has_no_jury_and_that_is_said(made):
    gone = made[~((made["item"].isin(["i001", "i002"])) & (made["rater"] == "J1"))]
    found = compare(gone, settings=QUICK)
    whole = one(compare(made, settings=QUICK), question="clarity", between="jury–clinician", coefficient="r")
    fewer = one(found, question="clarity", between="jury–clinician", coefficient="r")
    assert fewer.n_items == whole.n_items - 2
    assert any("have no jury: 2" in said for said in found.questions[0].said)


def test_the_order_of_rows_changes_nothing(made, report):
    shuffled = made.sample(frac=1, random_state=0).reset_index(drop=True)
    other = {
        (f.question, f.coefficient, f.between, f.rater, f.form): f
        for f in compare(shuffled, settings=QUICK).figures
    }
    for figure in report.figures:
        same = other[(figure.question, figure.coefficient, figure.between, figure.rater, figure.form)]
        numbers = [(f.value, f.low, f.high) for f in (figure, same)]
        assert numbers[0] == pytest.approx(numbers[1], abs=1e-9, nan_ok=True)
        assert (same.notes, same.n_items) == (figure.notes, figure.n_items)


def test_pooling_systems_lifts_agreement_and_both_are_shown():
    rng = np.random.default_rng(1)
    records, items = [], []
    for i in range(90):
        system = i % 3
        quality = 2 + 1.2 * system + rng.normal(0, 0.3)
        items.append((f"i{i}", "", f"s{system}"))
        for rater in "AB":
            records.append(
                (
                    f"i{i}",
                    rater,
                    "clinician",
                    "q",
                    float(np.clip(np.round(quality + rng.normal(0, 0.7)), 1, 5)),
                )
            )
    facts = pd.DataFrame(items, columns=["item", "part", "system"])
    found = compare(frame(records), facts, settings=QUICK)
    pooled = one(found, between="clinician–clinician", coefficient="alpha (ordinal)")
    within = one(found, between="clinician–clinician", coefficient="alpha (ordinal)", stratum="within system")
    each = [one(found, coefficient="alpha (ordinal)", stratum=f"system = s{k}").value for k in range(3)]
    assert within.value == pytest.approx(np.mean(each))
    assert pooled.value > within.value + 0.2
    assert within.low < within.value < within.high


def test_items_of_one_case_count_as_one(made):
    facts = pd.DataFrame({"item": sorted(made["item"].unique()), "part": ""})
    facts["case"] = [f"case {n // 4}" for n in range(len(facts))]
    found = compare(made, facts, settings=QUICK)
    r = one(found, question="accuracy", between="jury–clinician", coefficient="r")
    assert "over cases" in r.method


def test_words_have_nominal_coefficients_and_a_majority():
    rng = np.random.default_rng(2)
    truth = rng.choice(["agree", "disagree", "unsure"], 40)
    said = lambda t: t if rng.random() < 0.8 else rng.choice(["agree", "disagree", "unsure"])  # noqa: E731
    records = [
        (f"i{i}", name, kind, "verdict", str(said(t)))
        for i, t in enumerate(truth)
        for name, kind in (("A", "clinician"), ("B", "clinician"), ("C", "clinician"), ("J", "juror"))
    ]
    found = compare(frame(records), settings=QUICK)
    assert found.questions[0].labels == ("agree", "disagree", "unsure")
    assert one(found, between="clinician–clinician", coefficient="alpha (nominal)").value > 0.3
    kappa = one(found, between="juror–clinician", rater="J", coefficient="Cohen's kappa")
    assert kappa.value > 0.3
    assert not any("ICC" in figure.coefficient for figure in found.figures)


def test_notes_name_raters_and_not_their_numbers():
    made = rows(n=12, clinicians=3, missing=0.0, jurors=0, metrics=0)
    made = made[~((made["rater"] == "C2") & (made["item"] > "i002"))]
    found = compare(made, settings=QUICK)
    icc = one(found, question="accuracy", between="clinician–clinician", coefficient="ICC(A,1)")
    assert any(note.startswith("Rater C2 rated fewer than 5 items") for note in icc.notes)


def test_a_declared_scale_counts_and_a_value_off_it_is_refused():
    made = rows(n=30, jurors=0, metrics=0)
    wider = compare(made, settings=QUICK, points={"accuracy": range(1, 8)})
    narrow = compare(made, settings=QUICK)
    find = {"question": "accuracy", "between": "clinician–clinician", "coefficient": "AC1"}
    assert one(wider, **find).value > one(narrow, **find).value
    with pytest.raises(ValueError, match=r"5 by C\d is not a declared point of 'clarity' \(1, 2, 3, 4\)"):
        compare(made, settings=QUICK, points={"clarity": [1, 2, 3, 4]})


def test_a_jurors_value_off_the_scale_is_kept_and_said():
    made = rows()
    made.loc[(made["rater"] == "J1") & (made["item"] == "i005"), "number"] = 4.5
    found = compare(made, settings=QUICK)
    assert any("J1 gave 1 answers that are no point of the scale" in s for s in found.questions[0].said)
    assert one(found, question="accuracy", between="juror–clinician", rater="J1", coefficient="r").defined


def test_anonymous_slots_get_one_way_coefficients_only():
    found = compare(rows(jurors=0, metrics=0), settings=QUICK, slots=True)
    iccs = {f.coefficient for f in found.figures if f.coefficient.startswith("ICC")}
    assert iccs == {"ICC(1,1)", "ICC(1,k)"}
    assert not any("Conger" in f.coefficient or "MedHELM" in f.coefficient for f in found.figures)


def answered(kind, raters, value, n=12, question="q"):
    return [(f"i{i}", rater, kind, question, value(i)) for i in range(n) for rater in raters]


def five(i):
    return float(i % 5 + 1)


ODD = {
    "one clinician": answered("clinician", ["A"], five),
    "one item": answered("clinician", ["A", "B"], five, n=1),
    "nobody shares an item": [(f"{r}{i}", r, "clinician", "q", five(i)) for r in "AB" for i in range(8)],
    "all the same": answered("clinician", "AB", lambda i: 5.0)
    + answered("juror", "J", lambda i: 5.0)
    + answered("metric", "M", lambda i: 0.5),
    "jurors only": answered("juror", ["J", "K"], five),
    "words of jurors only": answered("juror", ["J", "K"], lambda i: "ab"[i % 2]),
    "metrics only": answered("metric", ["M"], lambda i: i / 7),
    "a question only jurors answered": answered("clinician", "AB", five)
    + answered("juror", "JK", five, question="other"),
    "free text": answered("clinician", "AB", lambda i: f"so many words {i}", n=40),
    "raters named like numbers": answered("clinician", ["1", "2", "10"], five),
    "two groups of raters": answered("clinician", "AB", five)
    + [(f"x{i}", r, "clinician", "q", five(i)) for i in range(12) for r in "CD"],
    "a juror on another scale": answered("clinician", "AB", five) + answered("juror", "J", lambda i: 8.0 * i),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_files_give_figures_or_reasons_and_never_an_exception(case):
    found = compare(frame(ODD[case]), settings=QUICK)
    for figure in found.figures:
        assert figure.defined or figure.notes, figure
        assert not figure.defined or np.isnan(figure.low) or figure.low <= figure.value <= figure.high
    assert in_words(found, every=True)


def test_what_nobody_can_compare_is_said():
    assert "Nobody but metrics" in compare(frame(ODD["metrics only"]), settings=QUICK).said[0]
    assert "free text" in compare(frame(ODD["free text"]), settings=QUICK).said[0]
    other = compare(frame(ODD["a question only jurors answered"]), settings=QUICK)
    assert other.said == ("No clinician answered 'other': only jurors can be compared on it.",)


def test_the_text_shows_each_comparison_and_the_raters(report):
    text = in_words(report)
    for part in (
        "clinicians with one another",
        "the jury with the clinicians",
        "J0 (juror)",
        "M0 (metric)",
        "SD",
    ):
        assert part in text
    assert "nan" not in text
    assert len(in_words(report, every=True)) > len(text)


def test_two_of_thirteen_clinicians_an_item_is_an_ordinary_study():
    made = rows(n=56, clinicians=13, jurors=3, metrics=2, missing=11 / 13, seed=4)
    found = compare(made, settings=QUICK)  # warnings are errors
    assert one(found, question="composite", between="clinician–clinician", coefficient="ICC(A,1)").defined
    gap = one(
        found,
        question="composite",
        between="jury–clinician",
        coefficient="difference in ICC(A,1), it less a clinician",
    )
    assert gap.low < gap.value < gap.high


def test_raters_who_were_asked_again_have_their_own_reliability():
    first = rows(n=30, clinicians=2, jurors=1, metrics=0, missing=0.0)
    found = compare(pd.concat([first, first.assign(occasion=2)]), settings=QUICK)
    own = {(f.between, f.rater, f.coefficient): f.value for f in found.figures if "self" in f.between}
    assert own[("clinician–self", "C0", "own ICC(A,1)")] == pytest.approx(1)
    assert own[("juror–self", "J0", "own ICC(1,1)")] == pytest.approx(1)
    assert "Ratings on later occasions are left out of comparisons between raters: 180." in found.said


def test_each_clinician_has_a_severity(report):
    found = report.where(question="accuracy", coefficient="severity")
    assert [f.rater for f in found] == ["C0", "C1", "C2", "C3"]
    # raters were made 0.3 points more severe one after the other
    assert found[0].value > 0 > found[3].value


def test_one_pair_of_clinicians_has_no_bootstrap_over_pairs():
    found = compare(rows(clinicians=2, jurors=0, metrics=0), settings=QUICK)
    recipe = one(found, question="accuracy", coefficient="MedHELM ICC(3,k)")
    assert recipe.defined
    assert np.isnan(recipe.low)


def test_an_icc_with_the_clinicians_draws_whole_cases_where_outputs_share_one(made):
    facts = pd.DataFrame({"item": sorted(made["item"].unique()), "part": ""})
    facts["case"] = [f"case {n // 4}" for n in range(len(facts))]
    alone, cased = (compare(made, each, settings=QUICK) for each in (None, facts))
    wanted = {"question": "accuracy", "between": "jury–clinician", "coefficient": "ICC(A,1)"}
    assert one(cased, **wanted).value == pytest.approx(one(alone, **wanted).value)
    assert "whole cases" in one(cased, **wanted).method
    assert "F interval" in one(alone, **wanted).method
    people = one(cased, question="accuracy", between="clinician–clinician", coefficient="ICC(A,1)")
    assert any("taken to be independent" in note for note in people.notes)


def test_the_composite_is_of_the_most_common_scale():
    made = rows(n=20, jurors=1, metrics=0)
    safe = frame(
        [(f"i{i:03d}", f"C{k}", "clinician", "safe", float((i + k) % 2)) for i in range(20) for k in (0, 1)]
    )
    found = compare(pd.concat([safe, made], ignore_index=True), settings=QUICK)
    asked = next(asked for asked in found.questions if asked.question == "composite")
    assert asked.said[0] == "The composite is the mean of accuracy, clarity."


def test_a_question_that_is_called_composite_keeps_its_name():
    made = rows(n=20, jurors=0, metrics=0, questions=("accuracy", "clarity", "composite"))
    found = compare(made, settings=QUICK)
    assert [asked.question for asked in found.questions] == ["accuracy", "clarity", "composite"]


def test_the_composites_cases_are_those_of_its_outputs():
    made = rows(n=20, jurors=1, metrics=0, missing=0.0)
    made = made[(made["question"] == "accuracy") | (made["item"] > "i009")]  # clarity: later half
    facts = pd.DataFrame({"item": sorted(made["item"].unique()), "part": ""})
    facts["case"] = [f"case {n % 10}" for n in range(20)]  # i000 and i010 share one, and so on
    from agreement.report.answers import answers

    case = {(i, ""): c for i, c in zip(facts["item"], facts["case"], strict=True)}
    *_, joined = answers(made, case=case)
    codes = dict(zip([item for item, _ in joined.rows], joined.cases, strict=True))
    assert codes["i000"] == codes["i010"]
    assert len(set(codes.values())) == 10


def test_columns_that_split_the_outputs_alike_are_shown_once_and_said():
    from agreement.report.strata import strata, too_many

    facts = pd.DataFrame({"item": [f"i{n}" for n in range(20)], "part": ""})
    half = [n % 2 for n in range(20)]
    facts = facts.assign(
        site=["a" if h else "b" for h in half],
        ward=["x" if h else "y" for h in half],
        system=["s" if n < 10 else "t" for n in range(20)],
    )
    names = strata(facts, [(f"i{n}", "") for n in range(20)])
    assert sorted(names) == ["site = a", "site = b", "system = s", "system = t"]
    assert too_many(facts) == ("ward splits the outputs as site does: shown once.",)


def test_jurors_on_two_scales_have_no_mean_and_no_coefficient_among_them():
    made = rows(jurors=2, metrics=0, questions=("accuracy",))
    hundred = made["rater"] == "J1"
    made.loc[hundred, "number"] *= 20
    made.loc[hundred, "value"] = made.loc[hundred, "number"].map("{:g}".format)
    report = compare(made, settings=QUICK)
    assert {f.between for f in report.figures} == {"clinician–clinician", "juror–clinician"}
    assert any("J1 is not on the scale of the other jurors" in said for said in report.questions[0].said)


def test_a_mean_of_jurors_is_not_asked_whether_it_is_the_same_point():
    made = rows(jurors=2, metrics=0, questions=("accuracy",))
    report = compare(made, settings=QUICK)
    near = {
        (f.between, f.coefficient)
        for f in report.figures
        if f.coefficient.startswith(("exact", "agreement w"))
    }
    assert ("juror–clinician", "exact agreement") in near
    assert ("jury–clinician", "agreement within ±1") in near
    assert ("jury–clinician", "exact agreement") not in near


def test_the_table_of_raters_stands_straight_under_its_head():
    lines = in_words(compare(rows(metrics=0), settings=QUICK)).splitlines()
    head = next(line for line in lines if line.startswith("  rater"))
    assert all(
        line[head.index("kind") :].startswith("clinician") for line in lines if line.startswith("  C1 ")
    )


@pytest.mark.parametrize("differ", [1, 6])
def test_no_interval_has_no_width(differ):
    """All agree on twelve outputs: F, bootstrap and delta method would all say 1.00 to 1.00."""
    truth = [1.0] * differ + [5.0] * (12 - differ)
    kinds = [("clinician", "C1"), ("clinician", "C2"), ("juror", "J")]
    made = [(f"i{i}", name, kind, "q", point) for i, point in enumerate(truth) for kind, name in kinds]
    figures = [figure for figure in compare(frame(made), settings=QUICK).figures if figure.defined]
    assert all(np.isnan(figure.low) or figure.high - figure.low > 1e-6 for figure in figures)
    flat = {figure.coefficient for figure in figures if "Nothing varies" in " ".join(figure.notes)}
    assert {"ICC(A,1)", "alpha (ordinal)", "Cohen's kappa", "bias"} <= flat
    assert any(figure.coefficient == "exact agreement" and figure.low > 0.7 for figure in figures)
