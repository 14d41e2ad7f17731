"""Section 8: systems by clinicians, jury and both; heatmaps; cost by the formula, by hand."""

import numpy as np
import pandas as pd
import pytest

from agreement.decision import Plan
from agreement.paper.document import Chart, Text
from agreement.paper.sections.systems import systems
from agreement.paper.whole import whole
from agreement.powered_standing import powered_standing
from agreement.ppi import powered_mean
from agreement.report.settings import Settings
from agreement.standing import standing

N = 80
SYSTEM = np.array(["a", "b"] * (N // 2))
BENCHMARK = np.repeat(["x", "y"], N // 2)


def made(**columns):
    rng = np.random.default_rng(1)
    truth = rng.normal(3.2, 0.8, N) + np.where(SYSTEM == "a", 0.5, 0)
    rows = []
    for rater, kind in (("C1", "clinician"), ("C2", "clinician"), ("J1", "juror"), ("J2", "juror")):
        said = np.clip(np.round(truth + rng.normal(0, 0.5, N)), 1, 5)
        few = range(0, N) if kind == "juror" else np.flatnonzero(np.arange(N) % 4 < 2)
        rows += [(f"i{i}", rater, kind, "clarity", said[i]) for i in few]
    frame = pd.DataFrame(rows, columns=["item", "rater", "kind", "question", "number"])
    frame = frame.assign(value=frame["number"].map("{:g}".format), status="answered", part="", occasion=1)
    facts = pd.DataFrame({"item": [f"i{i}" for i in range(N)], "part": "", "system": SYSTEM})
    facts = facts.assign(**columns)
    return whole(frame, facts, plan=Plan(replicates=60), settings=Settings(replicates=100))


def table(section, key):
    return next(block for block in section.blocks if getattr(block, "key", "") == key)


def test_three_sources_stand_side_by_side_and_heatmaps_by_benchmark():
    section = systems(made(benchmark=BENCHMARK))
    rows = table(section, "systems").rows
    assert [row[:2] for row in rows] == [
        (system, source) for source in ("clinicians", "the jury", "both") for system in "ab"
    ]
    assert all(row[2].n_items and row[4].low < row[4].value < row[4].high for row in rows)
    assert all(row[3].notes == ("One rival has no spread.",) for row in rows)
    cells = table(section, "systems_by_benchmark").rows
    assert [row[:2] for row in cells] == [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")]
    assert sum(isinstance(block, Chart) for block in section.blocks) == 3
    macro = next(row[4].value for row in rows if row[:2] == ("a", "clinicians"))
    assert macro == pytest.approx(np.mean([row[2].value for row in cells if row[0] == "a"]))


def test_a_powered_standing_holds_powered_means():
    rng = np.random.default_rng(3)
    jury = rng.uniform(0, 1, N)
    human = np.where(rng.random(N) < 0.5, jury + rng.normal(0, 0.1, N), np.nan)
    found = powered_standing(human, jury, SYSTEM, BENCHMARK, rng=rng, replicates=50)
    for i, system in enumerate("ab"):
        for j, benchmark in enumerate("xy"):
            cell = (system == SYSTEM) & (benchmark == BENCHMARK)
            assert found.scores[i, j] == pytest.approx(powered_mean(human[cell], jury[cell]).value)


def test_where_clinicians_rated_everything_both_is_theirs():
    scores, jury = np.random.default_rng(5).uniform(0, 1, (2, N))
    rngs = (np.random.default_rng(0) for _ in range(2))
    both = powered_standing(scores, jury, SYSTEM, BENCHMARK, rng=next(rngs), replicates=50)
    alone = standing(scores, SYSTEM, BENCHMARK, rng=next(rngs), replicates=50)
    assert both.scores == pytest.approx(alone.scores)
    assert [m.low for m in both.macro] == pytest.approx([m.low for m in alone.macro])


COSTS = {"prompt_tokens": "1000", "output_tokens": "100", "max_output_tokens": "500"}
PRICES = {"input_price": "2", "output_price": "10"}


def said(section):
    return " ".join(block.text for block in section.blocks if isinstance(block, Text))


def test_cost_says_what_is_missing():
    words = said(systems(made(prompt_tokens="1000")))
    assert "no max_output_tokens, input_price, output_price and output_tokens" in words


def test_cost_by_hand_beside_the_win_rates():
    section = systems(made(**COSTS, **PRICES))
    bound = 40 * (1000 * 2 + 500 * 10) / 1e6
    used = 40 * (1000 * 2 + 100 * 10) / 1e6
    won = {row[:2]: row[2] for row in table(section, "systems").rows}
    for row in table(section, "systems_cost").rows:
        assert row[1:6] == (40, pytest.approx(bound), 40, pytest.approx(used), 40)
        assert row[6:] == tuple(won[row[0], source] for source in ("clinicians", "the jury", "both"))
    assert {b.key for b in section.blocks if isinstance(b, Chart)} == {
        "systems_cost_bound",
        "systems_cost_used",
    }


def test_without_counted_output_tokens_the_upper_bound_stands_alone():
    few = {**COSTS, "output_tokens": ["100"] * 4 + [""] * (N - 4)}
    section = systems(made(**few, **PRICES))
    rows = table(section, "systems_cost").rows
    assert {row[3] for row in rows} == {40}
    assert {row[4:6] for row in rows} == {(None, None)}
    assert f"output_tokens is known of 4 of {N} outputs" in said(section)
    without = {name: value for name, value in COSTS.items() if name != "output_tokens"}
    assert "tokens used is not shown: the items file has no output_tokens." in said(
        systems(made(**without, **PRICES))
    )


def test_one_system_is_said_to_be_one():
    section = systems(made(system="a"))
    assert len(section.blocks) == 1
    assert "fewer than two systems" in section.blocks[0].text
