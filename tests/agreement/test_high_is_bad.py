"""Where a high value is bad: turning the answers round in the file and saying so changes no figure."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreement.decision import Plan, decide
from agreement.decision.lay import lay
from agreement.decision.stated import sentences
from agreement.paper.compose import compose
from agreement.paper.whole import whole
from agreement.refusal import Refusal
from agreement.report import compare
from agreement.report.settings import Settings

ENDS = {"accuracy": (1, 5), "errors": (0, 9)}
QUICK = Settings(replicates=100)
PLAN = Plan(replicates=60)


def study(seed, *, items=36):
    """Three clinicians, two jurors and a metric on two questions; cases of two outputs, two systems."""
    rng = np.random.default_rng(seed)
    truth, rows = rng.uniform(0, 1, items), []
    for question, (low, high) in ENDS.items():
        for name, kind, kinder in (*((f"C{k}", "clinician", 0.05 * k) for k in range(3)),
                                   ("J0", "juror", 0.1), ("J1", "juror", -0.1)):  # fmt: skip
            score = np.round(low + (high - low) * np.clip(truth + kinder + rng.normal(0, 0.15, items), 0, 1))
            kept = rng.random(items) > (0.1 if kind == "clinician" else 0)
            rows += [(f"i{i}", name, kind, question, score[i]) for i in np.flatnonzero(kept)]
    rows += [(f"i{i}", "M", "metric", "overlap", truth[i] / 3 + rng.normal(0, 0.1)) for i in range(items)]
    made = pd.DataFrame(rows, columns=["item", "rater", "kind", "question", "number"])
    return worded(made.assign(part="", occasion=1, status="answered", reason=""))


def worded(frame):
    return frame.assign(value=frame["number"].map("{:g}".format))


def mirrored(frame):
    """The same study as a count of errors would have it: everything about `errors` the other way round."""
    there = (frame["question"] == "errors") & (frame["kind"] != "metric")
    return worded(frame.assign(number=frame["number"].where(~there, sum(ENDS["errors"]) - frame["number"])))


def facts(frame):
    items = sorted(frame["item"].unique(), key=lambda item: int(item[1:]))
    return pd.DataFrame(
        {"item": items, "part": "", "case": [f"c{n // 2}" for n in range(len(items))],
         "system": ["a" if n % 2 else "b" for n in range(len(items))]}
    )  # fmt: skip


def told(report):
    return [
        (f.question, f.coefficient, f.between, f.rater, f.stratum, *map(repr, (f.value, f.low, f.high)))
        for f in report.figures
    ]


@given(seed=st.integers(0, 2**32 - 1), bad=st.sampled_from([None, 3.0]))
@settings(max_examples=6, deadline=None)
def test_turned_round_and_said_to_be_gives_every_figure_of_the_original(seed, bad):
    frame = study(seed)
    scales = {name: range(low, high + 1) for name, (low, high) in ENDS.items()}
    one = compare(frame, facts(frame), points=scales, settings=Settings(replicates=100, bad=bad))
    back = None if bad is None else sum(ENDS["errors"]) - bad
    other = compare(
        mirrored(frame), facts(frame), points=scales,
        settings=Settings(replicates=100, bad=back, high_is_bad=("errors",)),
    )  # fmt: skip
    mine, theirs = (
        [line for line in told(each) if bad is None or line[0] == "errors" or line[1] != "AUROC"]
        for each in (one, other)
    )
    assert mine == theirs
    assert any(line[1] == "AUROC" and line[0] == "errors" and line[5] != "nan" for line in mine)


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=4, deadline=None)
def test_the_decision_is_the_same_too_and_speaks_of_the_points_that_were_given(seed):
    frame = study(seed, items=60)
    for judge in ("J0", "M"):
        ones = [decide(s, PLAN) for s in lay(frame, judge, PLAN, facts(frame))]
        plan = Plan(replicates=60, high_is_bad=("errors",))
        others = [decide(s, plan) for s in lay(mirrored(frame), judge, plan, facts(frame))]
        for one, other in zip(ones, others, strict=True):
            assert one.answer == other.answer
            assert one.question == other.question
            assert repr(one.figures) == repr(other.figures)
    found = lay(mirrored(frame), "J0", plan, facts(frame))
    errors = next(decide(s, plan) for s in found if s.question == "errors")
    [check] = [check for check in errors.checks if check.rule == "finds the bad ones"]
    # the lowest quarter of 0 to 9 is up to 2.25, so the highest begins at 6.75
    assert "6.75 or higher" in check.sentence


def test_without_the_option_a_count_of_errors_turns_the_metric_and_the_bad_ones_round():
    frame = mirrored(study(1))
    plain = compare(frame, facts(frame), settings=QUICK)
    said = compare(frame, facts(frame), settings=Settings(replicates=100, high_is_bad=("errors",)))

    def figure(report, **wanted):
        [found] = report.where(question="errors", stratum="all", **wanted)
        return found.value

    for coefficient in ("r", "Spearman's rho"):
        wanted = {"rater": "M", "between": "metric–clinician", "coefficient": coefficient}
        assert figure(plain, **wanted) == pytest.approx(-figure(said, **wanted))
    assert figure(plain, rater="M", coefficient="r") < -0.5
    for report, high in ((plain, False), (said, True)):
        asked = next(one for one in report.questions if one.question == "errors")
        assert asked.high_is_bad is high
        spoke = next(one for one in report.raters if (one.rater, one.question) == ("C0", "errors"))
        given_ = frame[(frame["rater"] == "C0") & (frame["question"] == "errors")]["number"]
        assert spoke.mean == pytest.approx(given_.mean())


def test_a_metric_that_names_the_question_rises_with_it():
    frame = mirrored(study(2))
    counts = frame[(frame["question"] == "errors") & (frame["rater"] == "C0")]
    frame = pd.concat([frame, counts.assign(rater="counter", kind="metric")], ignore_index=True)
    said = compare(frame, settings=Settings(replicates=100, high_is_bad=("errors",)))
    [found] = said.where(question="errors", rater="counter", coefficient="r")
    assert found.value > 0.5
    plan = Plan(replicates=60, high_is_bad=("errors",))
    [sheet] = [s for s in lay(frame, "counter", plan) if s.question == "errors"]
    assert np.corrcoef(sheet.verdicts[sheet.judged], sheet.mean[sheet.judged])[0, 1] > 0.5


def test_the_methods_and_the_tables_of_the_paper_say_it():
    frame = mirrored(study(3))
    found = whole(frame, facts(frame), plan=Plan(replicates=60, high_is_bad=("errors",)), settings=QUICK)
    assert found.settings.high_is_bad == ("errors",)
    text = repr(compose(found, title="study", provenance={}))
    assert "A high value was declared to be bad on errors (0 to 9)" in text
    straight = repr(
        compose(whole(study(3), facts(frame), plan=PLAN, settings=QUICK), title="study", provenance={})
    )
    assert "turned round about" not in straight


def test_win_rates_follow_the_direction():
    frame = study(4)
    frame = frame[frame["question"] == "errors"].reset_index(drop=True)
    better = facts(frame)
    top = frame[frame["kind"] == "clinician"].groupby("item")["number"].mean().sort_values().index
    better["system"] = np.where(better["item"].isin(top[len(top) // 2 :]), "high", "low")
    for plan, winner in ((PLAN, "high"), (Plan(replicates=60, high_is_bad=("errors",)), "low")):
        made = whole(frame, better, plan=plan, settings=QUICK)
        sections = compose(made, title="study", provenance={}).sections
        [table] = [
            b for s in sections for b in s.blocks if getattr(b, "title", "").startswith("Win rate and")
        ]
        won = {row[0]: row[2].value for row in table.rows if row[1] == "clinicians"}
        assert won[winner] == 1.0
        assert sum(won.values()) == 1.0


def reported(frame, name):
    return compare(frame, settings=Settings(replicates=100, high_is_bad=(name,)))


def decided(frame, name):
    return lay(frame, "J0", Plan(high_is_bad=(name,)))


@pytest.mark.parametrize("made", [reported, decided])
def test_a_question_that_nobody_answered_or_without_an_order_is_refused(made):
    frame = study(5)
    mine = frame["question"] == "errors"
    counted = np.where(frame["number"] > 4, "many", "few")
    words = frame.assign(value=frame["value"].where(~mine, counted), number=frame["number"].where(~mine))
    with pytest.raises(Refusal, match=r"'eror' is said .* nobody was asked it .*accuracy, errors"):
        made(frame, "eror")
    with pytest.raises(Refusal, match="without an order: declare"):
        made(words, "errors")


def test_a_plan_says_it_and_older_plans_keep_their_hash():
    assert Plan().hash == Plan(high_is_bad=()).hash != Plan(high_is_bad=("errors",)).hash
    assert Plan.of({"high_is_bad": "errors"}) == Plan(high_is_bad=("errors",))
    assert "On errors a high value is bad" in sentences(Plan(high_is_bad=("errors",)))[-1]
