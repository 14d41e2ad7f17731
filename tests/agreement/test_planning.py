"""Planning: Bonett's table, powers that theory knows, and what cannot be planned."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

from agreement.fair import fair
from agreement.icc import icc
from agreement.planning.beside import Beside
from agreement.planning.comparison import Truth, items_for, power
from agreement.planning.points import cuts
from agreement.planning.width import items_for_width, raters_for_reliability
from agreement.refusal import Refusal

BONETT = json.loads((Path(__file__).parent / "golden_icc.json").read_text(encoding="utf-8"))["bonett_2002"]


def rng():
    return np.random.default_rng(1)


@pytest.mark.parametrize("case", BONETT)
def test_bonetts_table(case):
    rho, width, k = (float(x) for x in re.findall(r"[\d.]+", case))
    assert items_for_width(rho, width, int(k)) == BONETT[case]


def test_the_planned_width_is_met_on_average():
    n = items_for_width(0.5, 0.3, 3)
    widths = []
    for seed in range(200):
        rng_ = np.random.default_rng(seed)
        made = icc(rng_.normal(size=(n, 1)) + rng_.normal(size=(n, 3)), "ICC(1,1)")
        widths.append(made.high - made.low)
    assert np.mean(widths) == pytest.approx(0.3, abs=0.02)


def test_spearman_brown_is_met_and_not_with_one_rater_less():
    for one, wanted in ((0.3, 0.8), (0.5, 0.5), (0.47, 0.9)):
        k = raters_for_reliability(one, wanted)
        reached = [m * one / (1 + (m - 1) * one) for m in (k - 1, k)]
        assert reached[0] < wanted <= reached[1] + 1e-9


def test_power_is_what_theory_says():
    """Independent raters of r 0 and r: Var(r1 - r2) is near ((1 - r^2)^2 + 1) / n: nothing is shared."""
    n, r = 200, 0.3
    se = math.sqrt(((1 - r**2) ** 2 + 1) / n)
    normal = 0.5 * math.erfc(-(r / se - 1.96) / math.sqrt(2))
    assert power(Truth(r, 0, 0), n, rng=rng()).power == pytest.approx(normal, abs=0.04)


def test_a_difference_of_six_hundredths_needs_more_than_400_items_for_a_coins_chance():
    assert power(Truth(0.56, 0.50, 0.5), 400, rng=rng()).power < 0.5


def test_the_planned_items_reach_the_power_wanted():
    made = items_for(Truth(0.5, 0.5, 0.4), margin=0.1, wanted=0.9, rng=rng())
    again = power(Truth(0.5, 0.5, 0.4), made.items, margin=0.1, rng=np.random.default_rng(99))
    assert again.power == pytest.approx(0.9, abs=0.03)
    closer = items_for(Truth(0.5, 0.5, 0.8), margin=0.1, wanted=0.9, rng=rng())
    assert closer.items < 0.6 * made.items


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: items_for(Truth(0.9, -0.9, 0.9), rng=rng()),
        lambda: items_for(Truth(0.5, 0.5, 0.5), rng=rng()),
        lambda: items_for(Truth(0.3, 0.5, 0.5), margin=0.1, rng=rng()),
        lambda: items_for(Truth(0.5, 0.4999, 0.5), rng=rng()),
        lambda: items_for(Truth(0.5, 0.4, 0.5), wanted=1.0, rng=rng()),
        lambda: power(Truth(0.5, 0.4, 0.5), 3, rng=rng()),
        lambda: power(Truth(0.5, 0.4, 0.5), 30, margin=-1, rng=rng()),
        lambda: items_for_width(1.0, 0.2, 2),
        lambda: items_for_width(0.5, 0, 2),
        lambda: items_for_width(0.5, 0.2, 1),
        lambda: raters_for_reliability(0, 0.8),
    ],
)
def test_what_cannot_be_planned_is_refused(wrong):
    with pytest.raises(Refusal, match=r"\d"):
        wrong()


def test_the_fair_comparisons_power_is_found_by_the_fair_comparison():
    """A juror better than two clinicians of r 0.5 among themselves, planned and then simulated afresh."""
    world = Beside(0.6, 0.5, 2)
    made = items_for(world, rng=rng())
    root, hits = world.root(), 0
    for seed in range(200):
        x = np.random.default_rng([seed, 3]).normal(size=(made.items, 3)) @ root.T
        gap = fair(x[:, :2], x[:, 2], rng=rng(), coefficient="r", replicates=300).difference
        hits += gap.low > 0 or gap.high < 0
    assert hits / 200 == pytest.approx(made.power, abs=0.09)  # three standard errors of 200 studies


def test_one_clinician_an_output_cannot_be_left_out():
    with pytest.raises(Refusal, match="needs 2 clinicians"):
        items_for(Beside(0.6, 0.5, 1), rng=rng())
    with pytest.raises(Refusal, match="expect less of the juror"):
        items_for(Beside(0.95, 0.3, 2), rng=rng())


def test_at_a_ceiling_the_promise_counts_points_as_they_are_given():
    """At half of the ratings on top the fair comparison of points errs more than that of plain scores."""
    plain, capped = Beside(0.55, 0.5, 3), Beside(0.55, 0.5, 3, ceiling=0.5)
    at, n = cuts(0.5), 400_000
    x = np.searchsorted(at, np.random.default_rng(5).normal(size=(n, 4)) @ capped.root().T).astype(float)
    assert (x[:, :3] == 4).mean() == pytest.approx(0.5, abs=0.01)
    clinician = np.mean([np.corrcoef(x[:, h], np.delete(x[:, :3], h, 1).mean(1))[0, 1] for h in range(3)])
    juror = np.mean([np.corrcoef(x[:, 3], np.delete(x[:, :3], h, 1).mean(1))[0, 1] for h in range(3)])
    assert (juror, clinician) == pytest.approx((0.55, 0.5), abs=0.006)  # four standard errors of r
    more = items_for(capped, margin=0.1, rng=rng()).items / items_for(plain, margin=0.1, rng=rng()).items
    assert more > 1.1


@pytest.mark.parametrize(
    ("ceiling", "first", "said"), [(1.5, 0.5, "highest point"), (0.98, 0.95, "cannot show")]
)
def test_a_ceiling_that_cannot_be_is_refused(ceiling, first, said):
    with pytest.raises(Refusal, match=said):
        Beside(first, 0.97, 3, ceiling).root()
