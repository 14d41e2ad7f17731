"""Published tables that textbooks and manuals work through, and what other programs print for them."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm, t

from agreement.bradley_terry import bradley_terry
from agreement.crossed.icc import crossed_icc
from agreement.icc import iccs
from agreement.kendall_w import kendall_w
from agreement.oneway import oneway_icc
from agreement.pair.auroc import auroc
from agreement.pair.bland_altman import bland_altman
from agreement.pair.kendall_tau import kendall_tau
from agreement.pair.pearson import pearson
from agreement.pair.spearman import spearman
from agreement.rates import share
from agreement.registry import COEFFICIENTS

FILE = Path(__file__).with_name("golden_categorical.json")
TABLES = {one["name"]: one for one in json.loads(FILE.read_text(encoding="utf-8"))["tables"]["tables"]}


def ratings(table):
    """Items by raters, from a contingency table too."""
    if "crossed" not in table:
        return np.array(table["data"], dtype=float)
    cells = np.array(table["crossed"])
    return np.repeat(np.argwhere(cells >= 0) + 1.0, cells.ravel(), axis=0)


def found(table, name):
    known = {"points": range(1, table["points"] + 1)} if "needs_scale" in COEFFICIENTS[name].tags else {}
    drawn = {"rng": np.random.default_rng(0), "replicates": 20} if "random" in COEFFICIENTS[name].tags else {}
    return COEFFICIENTS[name].function(ratings(table), **known, **drawn)


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_irrcacs_values_and_standard_errors(table):
    for name, (value, error) in table["irrCAC"].items():
        ours = found(table, name)
        assert ours.value == pytest.approx(value, abs=6e-6), name
        ends = [abs(end - ours.value) for end in (ours.low, ours.high) if -1 < end < 1 and end != 0]
        reach = norm.ppf(0.975) if name.startswith("Cohen") else t.ppf(0.975, ours.n_items - 1)
        assert [end / reach for end in ends] == pytest.approx([error] * len(ends), abs=1e-5), name


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_what_was_printed(table):
    for name, value in table["published"].items():
        digits = len(str(value).split(".")[1])
        assert found(table, name).value == pytest.approx(value, abs=0.5 * 10 ** -max(digits, 2)), name


def test_sas_prints_the_same_intervals_but_for_the_divisor():
    """PROC FREQ divides the variance by n, ours by n − 1: 88 patients."""
    table = TABLES["sas_skin"]
    for name, (low, high) in table["published_interval"].items():
        ours = found(table, name)
        theirs = [ours.value + (end - ours.value) * np.sqrt(87 / 88) for end in (ours.low, ours.high)]
        assert theirs == pytest.approx([low, high], abs=6e-5)


def test_the_kappa_paradox_and_what_ac1_makes_of_it():
    """Feinstein & Cicchetti (1990): 85 % agree in both tables. AC1 by hand: chance 2q(1 − q), q the share."""
    for name, q in (("feinstein_a", 0.475), ("feinstein_b", 0.875)):
        chance = 2 * q * (1 - q)
        assert found(TABLES[name], "AC1").value == pytest.approx((0.85 - chance) / (1 - chance))
        assert found(TABLES[name], "Brennan–Prediger").value == pytest.approx(0.7)


def test_siegel_1956_rankings_without_and_with_ties():
    """Nonparametric Statistics, pp. 230 and 234: W 0.16 for six applicants, 0.828 with ties."""
    applicants = [[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]]
    tied = [
        [1, 4.5, 2, 4.5, 3, 7.5, 6, 9, 7.5, 10],
        [2.5, 1, 2.5, 4.5, 4.5, 8, 9, 6.5, 10, 6.5],
        [2, 1, 4.5, 4.5, 4.5, 4.5, 8, 8, 8, 10],
    ]
    for ranks, printed in ((applicants, 0.162), (tied, 0.828)):
        ours = kendall_w(np.transpose(ranks), rng=np.random.default_rng(0), replicates=20)
        assert ours.value == pytest.approx(printed, abs=5e-4)


def test_weir_2005_three_models_one_figure():
    """J Strength Cond Res 19, 231–240, data set A: 0.95 by every model."""
    scores = [[146, 140], [148, 152], [170, 152], [90, 99], [157, 145], [156, 153], [176, 167], [205, 218]]
    ours = iccs(np.array(scores, float))
    assert [round(ours[form].value, 2) for form in ("ICC(1,1)", "ICC(A,1)", "ICC(C,1)")] == [0.95] * 3


def test_bland_and_altman_1986_repeatability():
    """Lancet i, 307–310, table 2: the differences' standard deviation about 0 is 21.6 and 28.2 l/min."""
    wright = [
        [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427],
        [490, 397, 512, 401, 470, 611, 415, 431, 638, 429, 420, 633, 275, 492, 165, 372, 421],
    ]
    mini = [
        [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451],
        [525, 415, 508, 444, 500, 625, 460, 390, 642, 432, 420, 605, 227, 467, 268, 370, 443],
    ]
    for meter, printed in ((wright, 21.6), (mini, 28.2)):
        ours = bland_altman(np.transpose(meter))
        spread = (ours.upper.value - ours.lower.value) / 2 / norm.ppf(0.975)
        about_zero = np.sqrt((16 * spread**2 + 17 * ours.bias.value**2) / 17)
        assert about_zero == pytest.approx(printed, abs=0.06)


RAIL = [[55, 53, 54], [26, 37, 32], [78, 91, 85], [92, 100, 96], [49, 51, 50], [80, 85, 83]]
DYESTUFF = [
    [1545, 1440, 1440, 1520, 1580], [1540, 1555, 1490, 1560, 1495], [1595, 1550, 1605, 1510, 1560],
    [1445, 1440, 1595, 1465, 1545], [1595, 1630, 1515, 1635, 1625], [1520, 1455, 1450, 1480, 1445],
]  # fmt: skip
DYESTUFF2 = [
    [7.298, 3.846, 2.434, 9.566, 7.99], [5.22, 6.556, 0.608, 11.788, -0.892],
    [0.11, 10.386, 13.434, 5.51, 8.166], [2.212, 4.852, 7.092, 9.288, 4.98],
    [0.282, 9.014, 4.458, 9.446, 7.198], [1.722, 4.782, 8.106, 0.758, 3.758],
]  # fmt: skip


def test_one_way_components_of_the_mixed_model_books():
    """Standard deviations 24.805, 4.021 (Pinheiro & Bates 2000, p. 8); variances 1764.05, 2451.25 (lme4)."""
    assert oneway_icc(RAIL).value == pytest.approx(24.80547**2 / (24.80547**2 + 4.020779**2), abs=1e-5)
    assert oneway_icc(DYESTUFF).value == pytest.approx(1764.05 / (1764.05 + 2451.25), abs=1e-6)
    # Box & Tiao (1973) made the second so that the batches vary less than chance: REML ends at 0
    assert oneway_icc(DYESTUFF2).value == pytest.approx(0, abs=1e-9)


PENICILLIN = """27 23 26 23 23 21 27 23 26 23 23 21 25 21 25 24 24 20 26 23 25 23 23 20 25 22 26 22 23 20 24
22 25 23 22 19 24 20 23 21 22 19 26 22 26 24 24 21 24 21 24 22 22 20 24 21 24 23 22 19 26 23 26 24 24 21 25
22 26 24 24 20 26 24 26 24 25 22 26 23 26 23 23 20 26 23 25 24 24 22 25 22 25 23 23 20 25 21 24 23 23 20 25
22 24 23 23 19 24 21 23 21 21 19 26 23 26 24 24 21 25 21 24 22 22 18 25 22 25 22 22 20 24 21 24 22 24 19 24
21 24 22 21 18"""


def test_penicillin_whose_raters_differ_more_than_its_items():
    """Davies & Goldsmith (1972); R lme4 1.1-31: plates 0.7169051, samples 3.7311318, rest 0.3024150."""
    values = np.array(PENICILLIN.split(), float).reshape(24, 6)
    plate, sample, rest = 0.7169051, 3.7311318, 0.3024150
    absolute, consistent = crossed_icc(values, "ICC(A,1)").value, crossed_icc(values, "ICC(C,1)").value
    assert absolute == pytest.approx(plate / (plate + sample + rest), abs=1e-5)
    assert consistent == pytest.approx(plate / (plate + rest), abs=1e-5)


def test_tuna():
    """Hollander & Wolfe (1973), p. 187; R's cor.test: r 0.5711816 (-0.1497426 to 0.8955795), tau 0.4444."""
    lightness = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1]
    panel = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8]
    pairs = np.column_stack([lightness, panel])
    r = pearson(pairs)
    assert [r.value, r.low, r.high] == pytest.approx([0.5711816, -0.1497426, 0.8955795], abs=5e-8)
    assert kendall_tau(pairs).value == pytest.approx(16 / 36)
    assert spearman(pairs).value == pytest.approx(0.6)


def test_stigler_1994_citations_between_journals():
    """Statistical Science 9, 94–108; R's BradleyTerry2: JASA -0.47957, JRSS-B 0.26895 beside Biometrika."""
    journals = ("Biometrika", "Comm Statist", "JASA", "JRSS-B")
    cited = [[714, 730, 498, 221], [33, 425, 68, 17], [320, 813, 1072, 142], [284, 276, 325, 188]]
    pairs = [(i, j) for i in range(4) for j in range(4) if i != j for _ in range(cited[i][j])]
    first, second = ([journals[pair[side]] for pair in pairs] for side in (0, 1))
    made = bradley_terry(first, second, np.ones(len(pairs))).systems
    beside = [made[name].value - made["Biometrika"].value for name in journals[1:]]
    assert beside == pytest.approx([-2.94907250, -0.47956977, 0.26895406], abs=1e-6)


def test_hanley_and_mcneil_1982_rating_data():
    """Radiology 143, 29–36: area 0.893, 58 normal and 51 abnormal images; R's pROC: DeLong error 0.03072."""
    normal, abnormal = (33, 6, 6, 11, 2), (3, 2, 2, 11, 33)
    score = np.repeat(np.tile(np.arange(1.0, 6), 2), normal + abnormal)
    bad = np.repeat([0.0, 1.0], [58, 51])
    ours = auroc(np.column_stack([score, bad]))
    assert ours.value == pytest.approx(0.893, abs=5e-4)
    logit = np.log(ours.high / (1 - ours.high)) - np.log(ours.value / (1 - ours.value))
    error = logit / norm.ppf(0.975) * ours.value * (1 - ours.value)
    # theirs divides by 57 and 50, one less than each sort; ours by one less than all, 108 of 109
    assert error == pytest.approx(0.03072441, rel=0.01)
    assert error < 0.03072441


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_newcombe_1998_wilson_intervals(hits, n, low, high):
    """Statistics in Medicine 17, 857–872, table I, method 3."""
    ours = share("share", hits, n)
    assert [ours.low, ours.high] == pytest.approx([low, high], abs=6e-5)
