"""The decision on judges whose worth is known: good, lenient, constant, random, silent, and too few items."""

import json

import numpy as np
import pandas as pd
import pytest

from agreement.decision import Plan, Sheet, decide, overall
from agreement.decision.coding import on_scale, scale_of
from agreement.decision.lay import lay
from agreement.decision.passport import passport
from agreement.decision.shadow import shadows
from agreement.refusal import Refusal

PLAN = Plan(replicates=300)


def points(x):
    return np.clip(np.round(x), 1, 5)


def study(seed=1, n=200, clinicians=4, middle=3.0, per_item=None):
    rng = np.random.default_rng(seed)
    truth = rng.normal(middle, 1, n)
    severity = rng.normal(0, 0.2, clinicians)
    ratings = points(truth[:, None] + severity + rng.normal(0, 0.7, (n, clinicians)))
    if per_item:
        for row in ratings:
            row[rng.permutation(clinicians)[per_item:]] = np.nan
    return rng, truth, ratings


def sheet(ratings, verdicts, **rest):
    return Sheet("accuracy", "judge", ratings, verdicts, np.ones(len(verdicts), bool), **rest)


def judges(rng, truth, ratings):
    n = len(truth)
    good = points(truth + rng.normal(0, 0.4, n))
    return {
        "good": (good, "use"),
        "lenient": (points(truth + 0.9 + rng.normal(0, 0.4, n)), "use calibrated and with review"),
        "strict": (points(truth - 0.7 + rng.normal(0, 0.4, n)), "use calibrated and with review"),
        "always five": (np.full(n, 5.0), "do not use"),
        "always three": (np.full(n, 3.0), "do not use"),
        "nearly always five": (np.where(rng.random(n) < 0.03, 4.0, 5.0), "do not use"),
        "random": (rng.permutation(ratings[:, 0]), "do not use"),
        "upside down": (6 - good, "do not use"),
    }


@pytest.mark.parametrize("middle", [3.0, 4.6])
def test_each_judge_gets_what_it_deserves_also_on_skewed_ratings(middle):
    rng, truth, ratings = study(2, n=300, middle=middle)
    for name, (verdicts, answer) in judges(rng, truth, ratings).items():
        found = decide(sheet(ratings, verdicts), PLAN)
        if (middle, name) == (4.6, "lenient"):  # at the ceiling a lenient judge is nearly a constant one
            assert found.answer != "use"
        else:
            assert found.answer == answer, (middle, name, found.because)


def test_two_of_six_clinicians_an_item():
    rng, truth, ratings = study(3, n=240, clinicians=6, per_item=2)
    full = np.nan_to_num(ratings, nan=3)
    for name, (verdicts, answer) in judges(rng, truth, full).items():
        assert decide(sheet(ratings, verdicts), PLAN).answer == answer, name


@pytest.mark.parametrize("n", [0, 1, 4, 9, 20])
def test_few_items_cannot_tell_and_say_how_many_more(n):
    rng, truth, ratings = study(4, n=max(n, 1))
    found = decide(sheet(ratings[:n], points(truth + rng.normal(0, 0.4, max(n, 1)))[:n]), PLAN)
    assert found.answer == "cannot tell yet"
    assert found.more_items >= 30 - n
    assert f"{found.more_items:,} more items" in str(found)


def test_a_constant_judge_on_few_items_is_not_yet_condemned_but_on_twelve_it_is():
    _, _, ratings = study(5, n=12)
    assert decide(sheet(ratings[:5], np.full(5, 5.0)), PLAN).answer == "cannot tell yet"
    assert decide(sheet(ratings, np.full(12, 5.0)), PLAN).answer == "do not use"


def test_missing_verdicts_are_coverage_and_unasked_items_are_open():
    rng, truth, ratings = study(6, n=200)
    verdicts = points(truth + rng.normal(0, 0.4, 200))
    verdicts[::3] = np.nan
    refused = decide(sheet(ratings, verdicts), PLAN)
    assert (refused.answer, refused.rule) == ("do not use", "coverage")
    unasked = decide(Sheet("accuracy", "j", ratings, verdicts, ~np.isnan(verdicts)), PLAN)
    assert (unasked.answer, unasked.rule) == ("cannot tell yet", "asked about the same items")
    assert unasked.more_items >= 67


def test_one_clinician_an_item_is_no_standard():
    rng, truth, ratings = study(7, n=100)
    ratings[:, 1:] = np.nan
    found = decide(sheet(ratings, points(truth + rng.normal(0, 0.4, 100))), PLAN)
    assert found.answer == "cannot tell yet"
    assert "second clinician" in " ".join(found.because)


def test_clinicians_who_do_not_agree_are_no_standard():
    rng = np.random.default_rng(8)
    found = decide(
        sheet(rng.integers(1, 6, (80, 3)).astype(float), rng.integers(1, 6, 80).astype(float)), PLAN
    )
    assert found.answer in ("cannot tell yet", "do not use")


def test_all_ratings_the_same():
    found = decide(sheet(np.full((50, 3), 4.0), np.full(50, 4.0)), PLAN)
    assert found.answer == "cannot tell yet"


def test_another_scale_is_never_used_as_it_is():
    rng, truth, ratings = study(9, n=300)
    found = decide(sheet(ratings, 20 * truth + rng.normal(0, 6, 300), on_scale=False), PLAN)
    assert found.answer == "use calibrated and with review"
    assert found.calibration.figures["mean absolute error after"].value < 0.6


def test_a_judge_worse_than_counting_words():
    rng, truth, ratings = study(10, n=300)
    length = 100 + 30 * truth + rng.normal(0, 5, 300)
    found = decide(sheet(ratings, points(truth + rng.normal(0, 3, 300)), length=length), PLAN)
    assert found.answer == "do not use"


def test_a_lenient_judge_that_knows_more_than_a_length_is_not_ruled_out_by_it():
    """A length ranked onto the clinicians' points has their level for nothing; a map gives it to a judge."""
    rng, truth, ratings = study(12, n=300, clinicians=3)
    length = 100 + 30 * truth + rng.normal(0, 30, 300)
    found = decide(sheet(ratings, points(truth + 1.3 + rng.normal(0, 0.3, 300)), length=length), PLAN)
    figures = found.figures
    assert figures["better_than_length"].high < 0  # with level counted, the length is ahead
    assert figures["better_than_length_in_order"].low > 0
    assert found.answer == "use calibrated and with review"
    assert not any("Counting the words" in check.sentence for check in found.checks)


def test_no_number_of_further_items_is_named_where_a_length_does_as_well():
    rng, truth, ratings = study(13, n=100, clinicians=3)
    length = truth + rng.normal(0, 0.3, 100)
    found = decide(sheet(ratings, points(truth + rng.normal(0, 0.4, 100)), length=length), PLAN)
    ahead = found.figures["better_than_length_in_order"]
    assert ahead.value < 0 < ahead.high
    assert (str(found), found.more_items) == ("cannot tell yet", None)


def test_a_judge_that_runs_against_the_others_is_no_copy_of_one():
    """What is left beyond her ratings is below 0; a shaken copy leaves nothing."""
    rng, truth, ratings = study(14, n=300, clinicians=3)
    error = ratings[:, 1] - truth
    against = shadows(ratings, error - 0.4 * truth + rng.normal(0, 1, 300), seed=1, replicates=300)
    shaken = shadows(ratings, ratings[:, 1] + rng.normal(0, 1, 300), seed=1, replicates=300)
    assert against[1].lead.low > 0 > against[1].beyond.high
    assert [one.copied for one in (against[1], shaken[1])] == [False, True]


def test_no_rule_decides_on_marks_rankings_and_sets_however_few_there_are():
    """Their whole answers, taken as labels, would seldom be the same, and few are no labels either."""
    marks = ["[]", '[{"start": 3, "end": 9, "label": "wrong"}]']
    said = {"errors": marks, "order": ["A > B > C", "B > A > C"], "harms": ['["dose"]', '["dose", "delay"]'],
            "harmful": ["yes", "no"]}  # fmt: skip
    rows = [
        (f"i{n}", rater, kind, question, values[(n + k) % 2])
        for question, values in said.items()
        for k, (rater, kind) in enumerate([("C1", "clinician"), ("C2", "clinician"), ("j", "juror")])
        for n in range(12)
    ]
    frame = pd.DataFrame(rows, columns=["item", "rater", "kind", "question", "value"])
    frame = frame.assign(number=np.nan, status="answered", part="", occasion=1)
    assert [sheet.question for sheet in lay(frame, "j", PLAN)] == ["harmful"]
    with pytest.raises(Refusal, match="no rule decides on them"):
        lay(frame[frame["question"] == "errors"], "j", PLAN)


def test_labels_without_order():
    rng = np.random.default_rng(11)
    truth = rng.integers(0, 3, 300)

    def noisy(p):
        return np.where(rng.random(300) < p, rng.integers(0, 3, 300), truth).astype(float)

    ratings = np.column_stack([noisy(0.3) for _ in range(4)])
    labels = ("agree", "disagree", "unable")
    assert decide(sheet(ratings, noisy(0.1), labels=labels), PLAN).answer == "use"
    assert decide(sheet(ratings, np.zeros(300), labels=labels), PLAN).answer == "do not use"
    assert decide(sheet(ratings, noisy(1), labels=labels), PLAN).answer == "do not use"


def test_a_judge_that_does_not_repeat_itself():
    rng, truth, ratings = study(12, n=300)
    verdicts = points(truth + rng.normal(0, 0.4, 300))
    again = rng.permutation(verdicts)
    found = decide(sheet(ratings, verdicts, again=again), PLAN)
    assert (found.answer, found.rule) == ("do not use", "repeats itself")


def test_a_subgroup_that_fails_asks_for_review():
    rng, truth, ratings = study(13, n=300)
    verdicts = points(truth + rng.normal(0, 0.4, 300))
    system = np.where(np.arange(300) % 6 == 0, "own", "other").astype(str)
    verdicts[system == "own"] = points(truth + 1.3)[system == "own"]
    found = decide(sheet(ratings, verdicts, strata={"system": system}), PLAN)
    assert found.answer == "use calibrated and with review"
    assert "system own" in " ".join(found.because)


def test_a_plan_is_checked_and_its_hash_moves_with_it():
    assert Plan().hash == Plan().hash != Plan(margin=0.2).hash
    for wrong, match in (
        ({"margin": 3}, "margin"),
        ({"coefficient": "icc"}, "'icc'"),
        ({"edge": 1}, "'edge'"),
    ):
        with pytest.raises(Refusal, match=match):
            Plan.of(wrong)


def long(ratings, verdicts, kind="juror", question="accuracy"):
    rows = [
        (f"i{i}", f"C{h}", "clinician", question, ratings[i, h])
        for i, h in zip(*np.nonzero(~np.isnan(ratings)), strict=True)
    ] + [(f"i{i}", "judge", kind, question, v) for i, v in enumerate(verdicts) if not np.isnan(v)]
    frame = pd.DataFrame(rows, columns=["item", "rater", "kind", "question", "number"])
    return frame.assign(value=frame["number"].map("{:g}".format), status="answered", part="", occasion=1)


def test_laying_out_a_frame_aligns_items_parts_and_unasked_rows():
    ratings = np.array([[5, 4], [np.nan, 3], [2, 1.0]])
    laid = lay(long(ratings, np.array([5, np.nan, 1.0])), "judge", PLAN)[0]
    assert np.array_equal(laid.clinicians, ratings, equal_nan=True)
    assert laid.asked.tolist() == [True, False, True]
    assert (laid.low, laid.high) == (1, 5)


def test_strangers_and_clinicians_are_no_judges():
    frame = long(np.array([[5, 4.0]]), np.array([5.0]))
    with pytest.raises(Refusal, match="jurors and metrics are judge"):
        lay(frame, "gpt", PLAN)
    with pytest.raises(Refusal, match="is a clinician"):
        lay(frame, "C0", PLAN)
    with pytest.raises(Refusal, match="no question 'harm'"):
        lay(frame, "judge", Plan(questions=("harm",)))


def test_questions_that_the_judge_was_never_asked_do_not_decide():
    _, truth, ratings = study(16, n=40)
    people = long(ratings, np.array([]), question="clarity")
    both = pd.concat([long(ratings, points(truth)), people])
    laid = lay(both, "judge", PLAN)
    assert [s.question for s in laid] == ["accuracy"]
    assert "never asked 'clarity'" in laid[0].said[-1]
    with pytest.raises(Refusal, match="rated none of the questions"):
        lay(pd.concat([people, long(ratings[:0], np.array([3.0]), question="other")]), "judge", PLAN)


def test_a_judge_with_only_a_second_occasion_has_no_verdict():
    _, truth, ratings = study(17, n=40)
    frame = long(ratings, points(truth))
    frame.loc[frame["kind"] == "juror", "occasion"] = 2
    assert decide(lay(frame, "judge", PLAN)[0], PLAN).answer == "cannot tell yet"


def test_development_items_do_not_decide_and_cases_hold_outputs_together():
    _, truth, ratings = study(14, n=40)
    facts = pd.DataFrame(
        {
            "item": [f"i{i}" for i in range(40)],
            "part": "",
            "case": [f"c{i // 2}" for i in range(40)],
            "split": ["test" if i < 24 else "development" for i in range(40)],
            "system": ["a", "b"] * 20,
        }
    )
    laid = lay(long(ratings, points(truth)), "judge", PLAN, facts)[0]
    assert len(laid.verdicts) == 24
    assert len(set(laid.cases)) == 12
    assert set(laid.strata) == {"system"}
    assert "24 items marked 'test'" in laid.said[0]


def test_two_questions_make_a_composite_that_does_not_decide_unasked():
    _, truth, ratings = study(15, n=60)
    both = pd.concat([long(ratings, points(truth)), long(ratings, np.full(60, 5.0), question="clarity")])
    laid = lay(both, "judge", PLAN)
    assert [s.question for s in laid] == ["accuracy", "clarity", "composite"]
    decisions = [decide(s, PLAN) for s in laid]
    assert overall(decisions[:2]) == "do not use"
    content = passport("judge", decisions, PLAN, identity={"kind": "juror"}, data={})
    assert content["questions"]["composite"]["counts"] is False
    assert not content["usable"]
    assert json.loads(json.dumps(content, allow_nan=False))["answer"] == "do not use"


def test_scales_are_read_from_the_ratings():
    ratings = np.array([[2.0, 4], [5, 3]])
    assert scale_of(ratings) == (1, 5)
    assert on_scale(np.array([1.0, 5, 4.3]), ratings, "juror")
    assert not on_scale(np.array([0.1, 0.35, 0.8]), ratings, "juror")
    assert not on_scale(np.array([10.0, 80]), ratings, "juror")
    assert not on_scale(np.array([1.0, 5]), ratings, "metric")


@pytest.mark.parametrize(
    "stated",
    [
        {"bad": "two"},
        {"bad": float("nan")},
        {"bad": True},
        {"items": 30.5},
        {"replicates": 100.5},
        {"seed": 1.5},
        {"seed": 2**63},
        {"questions": 5},
        {"questions": {"a": "b"}},
        {"questions": [1, None]},
        {"coefficient": ["r"]},
        {"coefficient": None},
    ],
)
def test_a_plan_of_the_wrong_type_is_refused_in_a_sentence(stated):
    with pytest.raises(Refusal, match=f"The plan's {next(iter(stated))}"):
        Plan.of(stated)


def test_a_copy_of_a_clinician_or_of_their_mean_is_no_evidence():
    rng, truth, ratings = study(8, n=100, clinicians=6, per_item=3)
    own = points(truth + rng.normal(0, 0.5, 100))
    copy = np.where(np.isnan(ratings[:, 0]), own, ratings[:, 0])
    mean = np.round(np.nanmean(ratings, axis=1), 2)
    for verdicts, whose in ((copy, "clinician 1"), (mean, "the clinicians' mean")):
        found = decide(sheet(ratings, verdicts), PLAN)
        assert str(found) == "cannot tell yet"  # and no number of items, which would not help
        assert f"exactly what {whose} says" in found.because[0]
    assert decide(sheet(ratings, own), PLAN).answer == "use"


def test_agreement_that_is_perfect_among_all_is_no_copy():
    points_ = np.random.default_rng(0).integers(1, 6, 60).astype(float)
    found = decide(sheet(np.repeat(points_[:, None], 3, axis=1), points_), PLAN)
    assert "independent of the clinicians" not in [check.rule for check in found.checks]


def test_a_judge_that_orders_the_other_way_round_is_told_so():
    rng, truth, ratings = study(9)
    found = decide(sheet(ratings, 6 - points(truth + rng.normal(0, 0.4, len(truth)))), PLAN)
    assert any("the other way round" in sentence for sentence in found.because)


def test_items_under_other_names_are_named():
    _, truth, ratings = study(10, n=60)
    rows = [
        (f"i{i}", f"C{j}", "clinician", "q", str(v), v)
        for i, row in enumerate(ratings)
        for j, v in enumerate(row)
    ]
    rows += [(f"item-{i}", "judge", "juror", "q", str(v), v) for i, v in enumerate(points(truth))]
    frame = pd.DataFrame(rows, columns=["item", "rater", "kind", "question", "value", "number"])
    found = decide(lay(frame, "judge", PLAN)[0], PLAN)
    assert found.answer == "cannot tell yet"
    assert "rows for 60 items (first: 'item-0') that no clinician rated" in " ".join(found.because)
    assert str(found) == "cannot tell yet"  # more items would not help: the names would


def test_a_repeat_counts_under_any_later_occasion():
    rng, truth, ratings = study(11, n=60)
    own = points(truth + rng.normal(0, 0.4, 60))
    rows = [
        (f"i{i}", f"C{j}", "clinician", "q", v, 1) for i, row in enumerate(ratings) for j, v in enumerate(row)
    ]
    rows += [(f"i{i}", "judge", "juror", "q", v, occasion) for i, v in enumerate(own) for occasion in (1, 3)]
    rows += [("i0", "judge", "juror", "q", 6 - own[0], 4)]
    frame = pd.DataFrame(rows, columns=["item", "rater", "kind", "question", "number", "occasion"])
    laid = lay(frame.assign(value=frame["number"].astype(str)), "judge", PLAN)[0]
    assert np.array_equal(laid.again, laid.verdicts)


def test_words_have_no_level():
    answers = np.random.default_rng(0).integers(0, 3, (60, 4)).astype(float)
    answers[:, 1:] = np.where(np.random.default_rng(1).random((60, 3)) < 0.7, answers[:, :1], answers[:, 1:])
    laid = sheet(answers[:, 1:], answers[:, 0], labels=("agree", "disagree", "unable"))
    said = {check.rule: check.sentence for check in decide(laid, PLAN).checks}
    assert said["same level"] == "Words have no level that could be off."
    assert "not worse than a clinician, as it is" not in said


@pytest.mark.parametrize(("clinicians", "per_item"), [(3, None), (6, 2)])
def test_a_noisy_copy_of_the_clinicians_mean_is_no_evidence_and_a_good_judge_is(clinicians, per_item):
    """Error-free judges sit at the bound of attenuation, r squared = reliability; copies lie above it."""
    rng, truth, ratings = study(11, n=200, clinicians=clinicians, per_item=per_item)
    copy = np.round(np.nanmean(ratings, axis=1) + rng.normal(0, 0.15, 200), 2)
    found = decide(sheet(ratings, copy), PLAN)
    assert found.answer == "cannot tell yet"
    assert "more closely" in found.because[0]
    assert found.more_items is None
    for honest in (truth, points(truth + rng.normal(0, 0.2, 200))):
        named = [check.rule for check in decide(sheet(ratings, honest), PLAN).checks]
        assert "independent of the clinicians" not in named


def test_a_judge_among_several_is_told_so_and_held_to_a_wider_interval():
    rng, truth, ratings = study(3)
    good = points(truth + rng.normal(0, 0.4, 200))
    alone, among = (decide(sheet(ratings, good), PLAN, judges) for judges in (1, 5))
    assert alone.several == ""
    assert alone.answer == among.answer
    assert "5 judges were looked at" in among.several
    assert "stays ruled out" in among.several


def test_what_one_interval_rules_out_five_may_not():
    from agreement.decision.several import of_several
    from agreement.estimate import Estimate

    wide = Estimate("difference in r", 0.0, -0.11, 0.1, n_items=60)
    assert "is not ruled out" in of_several(wide, Plan(margin=0.1), 5)


def test_clinicians_who_say_one_thing_stop_the_rest_and_no_more_items_are_asked_for():
    found = decide(sheet(np.full((40, 3), 4.0), np.tile([3.0, 4.0, 5.0, 4.0], 10)), PLAN)
    assert found.answer == "cannot tell yet"
    assert len(found.because) == 1
    assert "outputs that differ in quality" in found.because[0]
    assert (found.more_items, found.calibration, found.alternative) == (None, None, {})


@pytest.mark.parametrize("clinicians", [3, 5])
def test_a_shaken_copy_of_one_clinician_is_no_evidence_and_a_judge_without_error_is(clinicians):
    """Only a copy has a squared r with her above her reliability; a judge without error is just there."""
    rng, truth, ratings = study(12, n=200, clinicians=clinicians)
    copy = np.where(rng.random(200) < 0.93, ratings[:, 1], points(truth + rng.normal(0, 0.7, 200)))
    found = decide(sheet(ratings, copy), PLAN)
    assert str(found) == "cannot tell yet"
    same = int((copy == ratings[:, 1]).sum())
    assert f"says what clinician 2 says on {same} of 200 items" in found.because[0]
    for honest in (truth, points(truth + rng.normal(0, 0.7, 200))):
        named = [check.rule for check in decide(sheet(ratings, honest), PLAN).checks]
        assert "independent of the clinicians" not in named


def test_the_subgroup_whose_level_differs_most_is_named_and_looked_at_once():
    rng, truth, ratings = study(13, n=240)
    family = np.repeat(["ours", "other"], 120)
    favoured = points(truth + np.where(family == "ours", 0.5, 0.0) + rng.normal(0, 0.4, 240))
    laid = sheet(ratings, favoured, strata={"system": family, "family": family})
    said = {check.rule: check.sentence for check in decide(laid, PLAN).checks}["holds in subgroups"]
    assert said.startswith("2 subgroups of 20 items or more looked at: none fails the plan's limits")
    gaps = {name: (favoured - ratings.mean(axis=1))[family == name].mean() for name in ("ours", "other")}
    furthest = max(gaps, key=lambda name: abs(gaps[name] - np.mean(list(gaps.values()))))
    assert f"differs most in system {furthest}, bias {gaps[furthest]:.2f}" in said


def test_items_for_development_decide_nothing_where_none_is_marked_test():
    _, truth, ratings = study(14, n=60)
    rows = [
        (f"i{i}", rater, kind, "q", value)
        for i in range(60)
        for rater, kind, value in (
            ("A", "clinician", ratings[i, 0]),
            ("B", "clinician", ratings[i, 1]),
            ("judge", "juror", points(truth)[i]),
        )
    ]
    made = pd.DataFrame(rows, columns=["item", "rater", "kind", "question", "number"])
    split = ["development" if i < 20 else "" for i in range(60)]
    facts = pd.DataFrame({"item": [f"i{i}" for i in range(60)], "part": "", "split": split})
    laid = lay(made.assign(value=made["number"].astype(str)), "judge", PLAN, facts)[0]
    assert len(laid.items) == 40
    assert laid.said == ("Decided on the 40 items not marked 'development'; 20 others were left out.",)


def test_one_rare_answer_that_is_missed_is_no_failure_in_a_subgroup():
    """Two 1 on each side, on other items: every draw of items gives r below 0, which shows nothing."""
    rng, group = np.random.default_rng(15), np.repeat(["a", "b"], 60)
    truth = (rng.random(120) < 0.3).astype(float)
    truth[group == "b"] = 0
    ratings = np.repeat(truth[:, None], 3, axis=1)
    ratings[100:102], verdicts = 1, truth.copy()
    verdicts[110:112] = 1
    laid = sheet(ratings, verdicts, low=0, high=1, strata={"ward": group})
    found = {check.rule: check for check in decide(laid, PLAN).checks}["holds in subgroups"]
    assert found.figures["r in ward b"].high < 0
    assert found.state == "met"


def test_the_sentence_to_read_first_is_the_one_that_asks_for_most_items():
    rng, truth, ratings = study(16, n=28, clinicians=2)
    found = decide(sheet(ratings, points(truth + rng.normal(0, 1.0, 28))), PLAN)
    asking = {check.sentence: check.items for check in found.checks if check.sentence in found.because}
    assert found.answer == "cannot tell yet"
    assert len(asking) > 1
    assert asking[found.main] == max(n for n in asking.values() if n == n)


@pytest.mark.parametrize(("differ", "answer"), [(1, "cannot tell yet"), (9, "cannot tell yet"), (10, "use")])
def test_agreement_that_hangs_on_a_few_items_allows_no_use(differ, answer):
    """All agree that these few are bad: every bootstrap draw shows r = 1, whatever the next bad one shows."""
    ratings, verdicts = np.full((100, 3), 5.0), np.full(100, 5.0)
    ratings[:differ], verdicts[:differ] = 1, 1
    found = decide(sheet(ratings, verdicts), PLAN)
    assert found.answer == answer
    assert (f"to all of 100 items but {differ}" in found.main) == (answer != "use")
    labelled = sheet((ratings == 1).astype(float), (verdicts == 1).astype(float), labels=("no", "yes"))
    assert decide(labelled, PLAN).answer == answer


def test_nine_cases_are_few_however_many_outputs_each_has():
    rng, truth, ratings = study(14, n=180)
    good = points(truth + rng.normal(0, 0.3, 180))
    for cases, answer in ((9, "cannot tell yet"), (90, "use")):
        names = np.repeat([f"case {at}" for at in range(cases)], 180 // cases)
        found = decide(sheet(ratings, good, cases=names), PLAN)
        assert found.answer == answer
        assert any("come from 9 cases" in one for one in found.because) == (cases == 9)


def test_a_judge_that_knows_the_system_only_is_no_judge_of_outputs():
    """Between systems a leak agrees better than a clinician does; within one it knows nothing."""
    rng = np.random.default_rng(15)
    system = np.tile(["a", "b", "c", "d"], 60)
    level = np.tile([1.7, 2.5, 3.5, 4.3], 60)
    truth = level + rng.normal(0, 0.6, 240)
    ratings = points(truth[:, None] + rng.normal(0, 0.6, (240, 3)))
    told = {
        "leak": (points(level + rng.normal(0, 0.4, 240)), {"do not use", "cannot tell yet"}),
        "pure leak": (points(level), {"do not use"}),
        "the other way round within each": (points(level - 1.2 * (truth - level)), {"do not use"}),
        "judge": (points(truth + rng.normal(0, 0.4, 240)), {"use"}),
    }
    for name, (verdicts, allowed) in told.items():
        found = decide(sheet(ratings, verdicts, system=system), PLAN)
        assert found.answer in allowed, (name, found.because)
        assert any("Within systems" in one for one in found.because) == (name != "judge")
    blind = decide(sheet(ratings, told["leak"][0]), PLAN)  # nobody said which system wrote what
    assert {check.rule: check.state for check in blind.checks}["agrees beyond chance"] == "met"
    assert not any("Within systems" in check.sentence for check in blind.checks)


def test_a_leak_is_found_in_two_labels_too():
    rng = np.random.default_rng(20)
    system = np.tile(["a", "b"], 150)
    truth = np.where(system == "a", -0.8, 0.8) + rng.normal(0, 1, 300)
    ratings = (truth[:, None] + rng.normal(0, 0.7, (300, 3)) > 0).astype(float)
    labels = {"system": system, "labels": ("no", "yes")}
    leak = decide(sheet(ratings, (system == "b").astype(float), **labels), PLAN)
    judge = decide(sheet(ratings, (truth + rng.normal(0, 0.5, 300) > 0).astype(float), **labels), PLAN)
    named = {one.rule: one.state for one in leak.checks}, {one.rule: one.state for one in judge.checks}
    assert [states["knows more than the system"] for states in named] == ["not met", "met"]


def test_where_clinicians_do_not_agree_within_systems_nobody_knows():
    rng = np.random.default_rng(16)
    level = np.tile([1.5, 3.0, 4.5], 40)
    ratings = points(level[:, None] + rng.normal(0, 0.6, (120, 3)))
    found = decide(
        sheet(ratings, points(level + rng.normal(0, 0.6, 120)), system=np.tile(["a", "b", "c"], 40)), PLAN
    )
    states = {check.rule: check.state for check in found.checks}
    assert states["knows more than the system"] == "not measured"


def test_the_majority_of_two_labels_is_no_evidence():
    """With two labels a copy of the majority shows in r as a copy of the mean does."""
    rng = np.random.default_rng(17)
    ratings = (rng.random((200, 3)) < rng.random((200, 1))).astype(float)
    majority = (ratings.sum(axis=1) >= 2).astype(float)
    found = decide(sheet(ratings, majority, labels=("met", "not met")), PLAN)
    assert found.rule == "independent of the clinicians"


def test_a_level_beyond_the_limit_whose_interval_holds_zero_is_open():
    """A level 0.3 points off, by −2.2 and +2.8 in turn: the standard error is 2.5 / root 30, 0.46."""
    ratings = np.tile([[2.0, 2, 3], [4.0, 4, 3], [3.0, 3, 3], [5.0, 4, 5], [1.0, 2, 1], [3.0, 4, 3]], (5, 1))
    off = ratings.mean(axis=1) + np.tile([-2.2, 2.8], 15)
    check = next(one for one in decide(sheet(ratings, off), PLAN).checks if one.rule == "same level")
    assert check.figures["bias"].value == pytest.approx(0.3)
    assert check.state == "unclear"


@pytest.mark.parametrize("shaken", ["a quarter", "noise"])
def test_a_copy_stays_a_copy_however_it_is_shaken_and_a_shared_view_is_none(shaken):
    """Beyond her ratings a copy says nothing of what the others say; a judge of the outputs does."""
    rng, truth, ratings = study(19, n=300, clinicians=3)
    copies = {
        "a quarter": np.where(rng.random(300) < 0.75, ratings[:, 0], rng.permutation(ratings[:, 0])),
        "noise": points(ratings[:, 0] + rng.normal(0, 1, 300)),
    }
    found = decide(sheet(ratings, copies[shaken]), PLAN)
    named = next(check for check in found.checks if check.rule == "independent of the clinicians")
    assert "made from clinician 1's ratings" in named.sentence
    assert not found.usable
    honest = {
        "good": truth + rng.normal(0, 0.5, 300),
        "poor": truth + rng.normal(0, 1.5, 300),
        "of her school": (truth + ratings[:, 0]) / 2 + rng.normal(0, 0.5, 300),
    }
    for name, verdicts in honest.items():
        named = {check.rule for check in decide(sheet(ratings, points(verdicts)), PLAN).checks}
        assert "independent of the clinicians" not in named, name


def test_a_margin_that_allows_everything_does_not_condemn_a_good_judge():
    rng, truth, ratings = study(2)
    good = points(truth + rng.normal(0, 0.4, len(truth)))
    found = decide(sheet(ratings, good), Plan(margin=0.9, replicates=300))
    states = {check.rule: check.state for check in found.checks}
    assert states["agrees beyond chance"] == "met"
    assert found.answer != "do not use"


def test_a_passport_carries_no_interval_of_no_width():
    """All say 5 of sixty outputs but one, of which all say 1: every draw with it agrees wholly."""
    ratings = np.full((60, 4), 5.0)
    ratings[7] = 1
    found = decide(sheet(ratings, ratings[:, 0].copy()), PLAN)
    figures = passport("judge", [found], PLAN, identity={}, data={})["questions"]["accuracy"]["figures"]
    assert figures["judge_with_clinicians"]["value"] == 1
    assert all(f["low"] is None or f["low"] < f["high"] for f in figures.values())
