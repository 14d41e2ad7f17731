"""What must hold for every coefficient in the registry, none forgotten."""

import ast
import inspect
from pathlib import Path

import numpy as np
import pytest

import agreement
from agreement.registry import COEFFICIENTS

POINTS = (1.0, 2.0, 3.0, 4.0, 5.0)
NAMES = sorted(COEFFICIENTS)
REPLICATES = 50


def tagged(*tags):
    return [name for name in NAMES if COEFFICIENTS[name].tags >= set(tags)]


def ratings_for(name, *, seed=3, n=24):
    """Ratings on five points that agree somewhat, of as many raters as the coefficient takes."""
    rng = np.random.default_rng(seed)
    raters = 2 if "two_raters" in COEFFICIENTS[name].tags else 4
    truth = rng.normal(3, 1, (n, 1))
    values = np.clip(np.round(truth + rng.normal(0, 0.8, (n, raters))), 1, 5)
    if "complete" not in COEFFICIENTS[name].tags:
        values[rng.random(values.shape) < 0.1] = np.nan
    return values


def computed(name, values, points=POINTS, *, level=0.95, seed=1):
    tags, more = COEFFICIENTS[name].tags, {}
    if "needs_scale" in tags:
        more["points"] = points
    if "random" in tags:
        more |= {"rng": np.random.default_rng(seed), "replicates": REPLICATES}
    return COEFFICIENTS[name].function(values, level=level, **more)


def same(one, other):
    assert one.value == pytest.approx(other.value, abs=1e-9)
    assert (one.n_items, one.n_raters) == (other.n_items, other.n_raters)


@pytest.mark.parametrize("name", NAMES)
def test_it_has_a_value_an_interval_around_it_and_its_n(name):
    values = ratings_for(name)
    found = computed(name, values)
    assert found.coefficient.startswith(name.removesuffix(" incomplete").removesuffix(" slots"))
    assert -1 <= found.value <= 1
    assert found.low < found.value < found.high <= 1
    assert 0 < found.n_items <= len(values)
    assert found.n_raters == values.shape[1]
    assert found.method


@pytest.mark.parametrize("name", tagged("symmetric"))
def test_the_order_of_raters_changes_nothing(name):
    values = ratings_for(name)
    same(computed(name, values), computed(name, values[:, ::-1]))


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_items_changes_nothing(name):
    values = ratings_for(name)
    shuffled = np.random.default_rng(0).permutation(values)
    same(computed(name, values), computed(name, shuffled))


@pytest.mark.parametrize("name", NAMES)
def test_an_unrated_item_changes_nothing(name):
    values = ratings_for(name)
    longer = np.vstack([values, np.full((1, values.shape[1]), np.nan)])
    same(computed(name, values), computed(name, longer))


@pytest.mark.parametrize("name", [n for n in NAMES if "two_raters" not in COEFFICIENTS[n].tags])
def test_a_rater_who_rated_nothing_changes_nothing(name):
    values = ratings_for(name)
    wider = np.column_stack([values, np.full(len(values), np.nan)])
    same(computed(name, values), computed(name, wider))


@pytest.mark.parametrize("name", tagged("shift"))
def test_a_shift_of_the_whole_scale_changes_nothing(name):
    values = ratings_for(name)
    same(computed(name, values), computed(name, values + 10, [p + 10 for p in POINTS]))


@pytest.mark.parametrize("name", tagged("scale"))
def test_a_stretch_of_the_whole_scale_changes_nothing(name):
    values = ratings_for(name)
    same(computed(name, values), computed(name, values * 3, [p * 3 for p in POINTS]))


@pytest.mark.parametrize("name", tagged("monotone"))
def test_any_increasing_transform_changes_nothing(name):
    values = ratings_for(name)
    same(computed(name, values), computed(name, np.exp(values), [np.exp(p) for p in POINTS]))


@pytest.mark.parametrize("name", tagged("relabel"))
def test_any_renaming_of_the_points_changes_nothing(name):
    values = ratings_for(name)
    renamed = np.full(values.shape, np.nan)
    for old, new in zip(POINTS, (4, 1, 5, 3, 2), strict=True):
        renamed[values == old] = new
    same(computed(name, values), computed(name, renamed))


@pytest.mark.parametrize("name", tagged("rater_shift"))
def test_a_lenient_rater_changes_nothing(name):
    values = ratings_for(name)
    same(computed(name, values), computed(name, values + np.arange(values.shape[1])))


CONSISTENT = ("ICC(C", "ICC(Q")  # of incomplete ratings: a constant is forgiven where it can be told apart


@pytest.mark.parametrize(
    "name",
    [
        n
        for n in tagged("shift")
        if "rater_shift" not in COEFFICIENTS[n].tags and not n.startswith(CONSISTENT)
    ],
)
def test_a_lenient_rater_changes_agreement(name):
    rng = np.random.default_rng(5)
    values = np.round(rng.uniform(1, 3, (40, 1))) + np.zeros((40, 2))
    lenient = values + np.array([0, 2])
    assert computed(name, lenient).value < computed(name, values).value


@pytest.mark.parametrize("name", tagged("perfect"))
def test_full_agreement_on_items_that_differ_is_one(name):
    values = np.repeat(np.array([[1.0], [2], [3], [4], [5], [2], [4]]), ratings_for(name).shape[1], axis=1)
    assert computed(name, values).value == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["empty", "unrated", "one rating", "one rater"])
def test_what_nobody_can_compare_is_undefined_with_a_reason(name, kind):
    raters = ratings_for(name).shape[1]
    values = np.full((0 if kind == "empty" else 6, raters), np.nan)
    if kind == "one rating":
        values[2, 0] = 3
    if kind == "one rater":
        values[:, 0] = [1, 2, 3, 4, 5, 5]
    found = computed(name, values)
    assert not found.defined
    assert np.isnan(found.low)
    assert np.isnan(found.high)
    assert found.notes
    assert found.notes[0]


@pytest.mark.parametrize("name", NAMES)
def test_ratings_that_are_all_the_same_are_never_called_perfect_reliability(name):
    values = np.full((12, ratings_for(name).shape[1]), 5.0)
    found = computed(name, values)
    allowed = name.startswith(("AC", "Brennan", "exact", "agreement within"))  # these do not need variance
    assert (found.value == 1.0) if allowed else not found.defined


@pytest.mark.parametrize("name", tagged("random"))
def test_a_seed_gives_the_same_interval_again(name):
    values = ratings_for(name)
    assert computed(name, values, seed=7) == computed(name, values, seed=7)


@pytest.mark.parametrize("name", NAMES)
def test_a_higher_level_never_gives_a_narrower_interval(name):
    values = ratings_for(name)
    narrow, wide = computed(name, values, level=0.8), computed(name, values, level=0.99)
    assert wide.low <= narrow.low
    assert wide.high >= narrow.high


@pytest.mark.parametrize("name", tagged("needs_scale"))
def test_a_value_off_the_declared_scale_is_refused(name):
    values = ratings_for(name)
    values[0, 0] = 7
    with pytest.raises(ValueError, match=r"7 is not a declared point \(1, 2, 3, 4, 5\)"):
        computed(name, values)


def test_no_coefficient_is_forgotten():
    """Every public function that takes `ratings` and returns one Estimate stands in the registry."""
    known = {getattr(c.function, "func", c.function).__name__ for c in COEFFICIENTS.values()}
    labelled = {"auroc", "auroc_of_bad"}  # their second column is a label, not a rating on the same scale
    found = set()
    for file in Path(inspect.getfile(agreement)).parent.rglob("*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.args.args:
                returns = ast.unparse(node.returns) if node.returns else ""
                if node.args.args[0].arg in {"ratings", "values"} and returns == "Estimate":
                    found.add(node.name)
    assert found - labelled <= known
    assert len(found) >= 12
