"""Krippendorff's alpha against published values, the krippendorff package, and its definition."""

import itertools

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreement.alpha.krippendorff import LEVELS, alpha, alpha_gwet_ordinal
from agreement.masi import alpha_sets, masi
from agreement.unitizing import Span, alpha_unitizing

NAN = float("nan")


def by_definition(x, measured):
    """1 − Do/De over every pair of pairable values, as Krippendorff (2011) writes it."""
    rows = [row[~np.isnan(row)] for row in x]
    rows = [row for row in rows if len(row) > 1]
    pool = np.concatenate(rows)

    def delta(a, b):
        if measured == "nominal":
            return float(a != b)
        if measured == "interval":
            return (a - b) ** 2
        if measured == "ratio":
            return ((a - b) / (a + b)) ** 2 if a + b else 0.0
        low, high = min(a, b), max(a, b)
        between = sum((pool == g).sum() for g in np.unique(pool[(pool >= low) & (pool <= high)]))
        return 0.0 if a == b else (between - ((pool == a).sum() + (pool == b).sum()) / 2) ** 2

    inside = sum(sum(delta(a, b) for a, b in itertools.permutations(r, 2)) / (len(r) - 1) for r in rows)
    across = sum(delta(a, b) for a, b in itertools.permutations(pool, 2))
    return 1 - (inside / len(pool)) / (across / (len(pool) * (len(pool) - 1)))


@pytest.mark.parametrize("measured", LEVELS)
def test_krippendorff_2011_printed_these(golden_categorical, measured):
    case = golden_categorical["krippendorff_2011"]
    values = np.array(case["data"], dtype=float).T
    assert alpha(values, measured).value == pytest.approx(case["alpha"][measured], abs=1e-12)
    printed = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}[measured]
    assert round(alpha(values, measured).value, 3) == printed


def test_the_two_ordinal_alphas_differ_and_are_named(golden_categorical):
    case = golden_categorical["krippendorff_2011"]
    values = np.array(case["data"], dtype=float).T
    other = alpha_gwet_ordinal(values, points=(1, 2, 3, 4, 5))
    assert other.value == pytest.approx(case["alpha_gwet_ordinal"]["value"], abs=1e-5)
    assert (alpha(values, "ordinal").coefficient, other.coefficient) == (
        "alpha (ordinal)",
        "alpha (ordinal, Gwet's weights)",
    )


def test_complete_nominal_alpha_is_a_function_of_fleiss_kappa(golden_categorical):
    case = golden_categorical["fleiss_1971"]
    found = alpha(case["data"], "nominal").value
    assert found == pytest.approx(case["kripp_nominal"], abs=1e-12)
    assert found == pytest.approx(1 - (1 - case["fleiss"]) * 179 / 180, abs=1e-12)


few_points = st.lists(st.sampled_from([NAN, 1.0, 2.0, 3.0, 5.0]), min_size=3, max_size=3)
scores = st.lists(st.one_of(st.just(NAN), st.integers(0, 200).map(lambda n: n / 7)), min_size=3, max_size=3)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.one_of(few_points, scores), min_size=2, max_size=14), data=st.data())
def test_every_level_is_its_definition_also_where_values_are_many(rows, data):
    measured = data.draw(st.sampled_from(list(LEVELS)))
    x = np.array(rows)
    found = alpha(x, measured).value
    pool = x[(~np.isnan(x)).sum(axis=1) > 1]
    if len(np.unique(pool[~np.isnan(pool)])) < 2:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(by_definition(x, measured), abs=1e-9)


@pytest.mark.parametrize("measured", LEVELS)
@pytest.mark.parametrize("points", [5, 200])
def test_the_krippendorff_package_computes_the_same(measured, points):
    rng = np.random.default_rng(0)
    x = np.round((rng.normal(size=(120, 1)) + rng.normal(size=(120, 5)) + 6) * points / 12)
    x = np.clip(x, 0, None)
    x[rng.random(x.shape) < 0.2] = NAN
    theirs = krippendorff.alpha(reliability_data=x.T, level_of_measurement=measured)
    assert alpha(x, measured).value == pytest.approx(theirs, abs=1e-10)


def test_values_beyond_the_first_items_are_found():
    x = np.ones((600, 2))
    x[500:, :] = 2
    x[590:, 1] = 3
    assert alpha(x, "nominal").value == pytest.approx(by_definition(x[480:], "nominal"), abs=0.2)
    theirs = krippendorff.alpha(reliability_data=x.T, level_of_measurement="nominal")
    assert alpha(x, "nominal").value == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("measured", LEVELS)
def test_a_replicate_of_counts_is_alpha_of_the_repeated_items(measured):
    from agreement.alpha.units import units

    rng = np.random.default_rng(2)
    for x in (rng.integers(1, 6, (10, 3)).astype(float), rng.uniform(0, 9, (20, 3))):
        counts = rng.integers(0, 3, len(x)).astype(float)
        observed, expected = LEVELS[measured](units(x))(np.stack([counts, np.ones(len(x))]))
        repeated = np.repeat(x, counts.astype(int), axis=0)
        assert 1 - observed[0] / expected[0] == pytest.approx(alpha(repeated, measured).value, abs=1e-10)


def test_whole_cases_are_drawn_together():
    rng = np.random.default_rng(0)
    x = np.round(rng.normal(3, 1, (15, 1)) + rng.normal(0, 1, (15, 3)))
    twice, cases = np.repeat(x, 4, axis=0), np.repeat(np.arange(15), 4)
    alone, whole = (
        alpha(twice, "interval", rng=np.random.default_rng(1), cases=each) for each in (None, cases)
    )
    assert whole.high - whole.low > 1.6 * (alone.high - alone.low)
    assert "case bootstrap" in whole.method


def test_negative_values_have_no_ratio():
    with pytest.raises(ValueError, match="-1 is below 0"):
        alpha([[-1, 2], [3, 4]], "ratio")


def test_scores_far_from_zero_lose_no_digits():
    x = np.random.default_rng(0).normal(size=(50, 3))
    assert alpha(x + 1e6, "interval").value == pytest.approx(alpha(x, "interval").value, abs=1e-8)


def test_masi_is_passonneaus():
    assert masi({1, 2}, {1, 2}) == 0
    assert masi({1}, {1, 2}) == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert masi({1, 2}, {2, 3}) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert masi({1}, {2}) == 1


def test_sets_of_one_label_are_nominal_alpha():
    codes = np.random.default_rng(0).integers(0, 3, (20, 3)).astype(float)
    codes[3, 1] = NAN
    labels = [[None if np.isnan(c) else {str(c)} for c in row] for row in codes]
    assert alpha_sets(labels).value == pytest.approx(alpha(codes, "nominal").value, abs=1e-12)


def test_unanswered_sets_are_not_empty_sets():
    rows = [[{"a"}, {"a"}, None], [set(), set(), None], [{"b"}, {"b"}, None]]
    assert alpha_sets(rows).value == 1.0
    assert alpha_sets([[None, {"a"}]]).notes[0] == "No item has two ratings."


KRIPPENDORFF_2004 = (
    [("c", 225, 295), ("c", 370, 400), ("k", 180, 240), ("k", 300, 350)],
    [("c", 220, 300), ("c", 355, 375), ("c", 400, 420), ("k", 180, 240), ("k", 300, 350)],
)
"""Krippendorff, Content Analysis, 2nd ed. (2004), p. 254: a continuum of 300 that begins at 150."""


def marks_2004(stretch=1):
    return [
        [Span((b - 150) * stretch, (e - 150) * stretch, label) for label, b, e in rater]
        for rater in KRIPPENDORFF_2004
    ]


def test_unitizing_alpha_of_krippendorffs_book():
    # D_o(c) = .0144, D_e(c) = .0532, D_e(k) = .0490, D_o(k) = 0 there.
    assert alpha_unitizing([marks_2004()], [300], label="c").value == pytest.approx(
        1 - 0.0144 / 0.0532, abs=2e-3
    )
    assert alpha_unitizing([marks_2004()], [300], label="k").value == 1.0
    both = 1 - 0.0144 / (0.0532 + 0.0490)
    assert alpha_unitizing([marks_2004()], [300]).value == pytest.approx(both, abs=1e-3)


UNITS_1995 = {
    "A": ([(2, 10), (14, 20)], [(4, 8), (15, 17)], 0.553),
    "C": ([(2, 8), (10, 12), (14, 18), (20, 22)], [(0, 2), (4, 8), (10, 14), (16, 18), (20, 22)], 0.679),
    "D": (
        [(0, 2), (2, 10), (10, 14), (14, 20), (20, 24)],
        [(0, 4), (4, 8), (8, 15), (15, 17), (17, 24)],
        0.066,
    ),
}
"""Krippendorff 1995, p. 57, two observers, a continuum of 24: alpha as its units grow small."""


@pytest.mark.parametrize("letter", UNITS_1995)
def test_unitizing_alpha_of_krippendorff_1995(letter):
    *raters, printed = UNITS_1995[letter]
    fine = 5000
    marks = [[Span(b * fine, e * fine) for b, e in rater] for rater in raters]
    assert alpha_unitizing([marks], [24 * fine]).value == pytest.approx(printed, abs=0.02)


def test_items_where_nobody_marked_anything_say_nothing():
    one = alpha_unitizing([marks_2004()], [300])
    two = alpha_unitizing([marks_2004(), [[], []]], [300, 80])
    assert two.value == pytest.approx(one.value)
    assert alpha_unitizing([[[], []]], [80]).notes == ("Nobody marked anything.",)
    assert alpha_unitizing([[[Span(0, 4)], None]], [80]).notes == ("No item has two raters.",)


def test_overlapping_or_outlying_spans_are_refused():
    for spans in ([Span(0, 5), Span(3, 8)], [Span(5, 5)], [Span(5, 90)], [Span(-1, 4)]):
        with pytest.raises(ValueError, match="overlaps another, is empty or exceeds 80"):
            alpha_unitizing([[spans, []]], [80])
