"""What a sceptical reader asks of the tables: which figure counts, within what range, and beside what."""

import numpy as np
import pytest

from agreement.decision import Plan
from agreement.paper.compose import compose
from agreement.paper.marks import Dot, Words, breadth
from agreement.paper.whole import whole
from agreement.report.settings import Settings
from tests.agreement.test_paper import facts, frame, labelled

FEW = {"plan": Plan(replicates=60), "settings": Settings(replicates=100)}


def document(rows, outputs=None, **more):
    found = whole(rows, outputs, **(FEW | more))
    return compose(found, title="t", provenance={})


def tables(made):
    return {table.key: table for table in made.tables()}


@pytest.fixture(scope="module")
def made():
    return document(frame(), facts())


def test_the_plans_coefficient_stands_first_and_is_called_primary(made):
    told = tables(made)["clinicians_accuracy"]
    assert told.rows[0][0] == "ICC(A,1)"
    assert [row[0] for row in told.rows if row[-1] == "primary"] == ["ICC(A,1)"]
    assert told.note.startswith("The plan's coefficient, ICC(A,1), is primary")
    assert len({row[0] for row in told.rows}) == len(told.rows) > 10


def test_where_the_plans_coefficient_does_not_exist_the_nearest_is_named():
    words = tables(document(labelled()))["clinicians_met"]
    assert words.rows[0][0] == words.note.split(" is primary")[0]
    assert "ICC(A,1) is not one of these answers'" in words.note
    slots = tables(document(frame(questions=("accuracy",)), plan=Plan(coefficient="r", replicates=60)))
    assert slots["clinicians_accuracy"].rows[0][0] == "ICC(A,1)"


def test_limits_of_agreement_are_those_of_the_differences_each_with_its_interval(made):
    rows = frame(questions=("accuracy",)).pivot_table("number", "item", "rater")
    gap = rows["five"] - rows[["C0", "C1", "C2"]].mean(axis=1)
    found = {row[0]: row[2:] for row in tables(document(frame(questions=("accuracy",))))["limits"].rows}
    mean, low, high = found["five"]
    assert mean.value == pytest.approx(gap.mean())
    assert (high.value - low.value) / 2 == pytest.approx(1.959964 * gap.std(ddof=1))
    assert all(one.low < one.value < one.high for one in (mean, low, high))
    pictures = [chart for chart in made.charts() if chart.key.startswith("level_")]
    assert pictures
    for chart in pictures:
        ends = [mark.text for mark in chart.drawing.marks if isinstance(mark, Words) and " to " in mark.text]
        assert len(ends) == 3


def test_a_judge_that_says_one_thing_still_has_its_level(made):
    rows = frame().query("question == 'accuracy'").pivot_table("number", "item", "rater")
    clinicians = rows[["C0", "C1", "C2"]].mean(axis=1)
    [five] = [row for row in tables(made)["conduct_accuracy"].rows if row[0] == "five"]
    assert five[1].value == pytest.approx((5 - clinicians).mean())
    assert (five[2].value, five[2].n_items) == (0.0, int((clinicians <= 2).sum()))


def test_baselines_stand_in_order_and_with_level(made):
    told = tables(made)["machines_accuracy"]
    random = next(row for row in told.rows if row[0] == "baseline: random points")
    assert (random[2].coefficient, random[4].coefficient) == ("r", "ICC(A,1)")
    assert abs(random[2].value) < 4 / np.sqrt(random[2].n_items)  # it knows nothing
    constant = next(row for row in told.rows if row[0] == "baseline: always the same point")
    assert not constant[2].defined


def test_no_circle_lies_on_a_label(made):
    for chart in made.charts():
        labels = [m for m in chart.drawing.marks if isinstance(m, Words) and m.text and m.anchor == "start"]
        for dot in (m for m in chart.drawing.marks if isinstance(m, Dot)):
            for words in labels:
                across = words.x - dot.radius < dot.x < words.x + breadth(words.text, words.size) + dot.radius
                upright = words.y - 0.72 * words.size - dot.radius < dot.y < words.y + dot.radius
                assert not (across and upright), (chart.key, words.text)


def test_a_jury_of_one_is_called_so_and_told_once():
    one = frame()[lambda rows: rows["rater"] != "five"]
    made = document(one, facts())
    recipe, groups = (tables(made)[key] for key in ("glance_medhelm", "subgroups"))
    assert "the jury, which is good <b> alone, and the clinicians" in [row[0] for row in recipe.rows]
    assert "the jury" not in {row[2] for row in groups.rows}
    assert "good <b>" in {row[2] for row in groups.rows}
    assert "also has ROUGE-L and BERTScore" in recipe.note


def test_pictures_of_systems_say_the_number_in_each_cell():
    places = facts().assign(benchmark=[f"b{n // 20}" for n in range(40)], system=["alpha", "beta"] * 20)
    made = document(frame(), places)
    told = {(row[0], row[1]): row[2] for row in tables(made)["systems_by_benchmark"].rows}
    picture = next(c for c in made.charts() if c.key == "systems_by_benchmark_clinicians")
    words = [mark.text for mark in picture.drawing.marks if isinstance(mark, Words)]
    assert {f"{e.value:.2f}; n {e.n_items}" for e in told.values()} <= set(words)
