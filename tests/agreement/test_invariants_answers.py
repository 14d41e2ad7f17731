"""What must hold for coefficients of sets, marks, rankings, preferences and labels; and none is forgotten."""

import ast
import inspect
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

import agreement
from agreement.masi import alpha_sets
from agreement.own import over_occasions, over_repeats
from agreement.pair.auroc import auroc
from agreement.ranking import preference_agreement, ranking_agreement
from agreement.registry import COEFFICIENTS
from agreement.report import compare
from agreement.report.settings import Settings
from agreement.unitizing import Span, alpha_unitizing

N, RATERS, LENGTH = 16, 3, 60


def sets(rng):
    true = rng.random((N, 1, 3)) < 0.5
    there = true ^ (rng.random((N, RATERS, 3)) < 0.15)
    return [[frozenset(np.array(list("abc"))[cell].tolist()) for cell in row] for row in there]


def marks(rng):
    begin = rng.integers(5, 30, (N, 1)) + rng.integers(-3, 4, (N, RATERS))
    return [[(Span(int(b), int(b) + 12),) for b in row] for row in begin]


def rankings(rng):
    return np.argsort(np.argsort(rng.normal(size=(N, 1, 4)) + 0.6 * rng.normal(size=(N, RATERS, 4)))) + 1.0


def preferences(rng):
    return np.clip(np.round(rng.normal(size=(N, 1)) + 0.5 * rng.normal(size=(N, RATERS))), -1, 1)


def unitizing(items, rng=None):
    return alpha_unitizing(items, [LENGTH] * len(items), rng=rng, replicates=50)


CASES = {
    "sets": (sets, lambda items, rng=None: alpha_sets(items, rng=rng, replicates=50)),
    "marks": (marks, unitizing),
    "rankings": (rankings, lambda items, rng=None: ranking_agreement(items)),
    "preferences": (preferences, lambda items, rng=None: preference_agreement(items)),
}
BOTH = pytest.mark.parametrize("name", CASES)


def made(name):
    make, function = CASES[name]
    return make(np.random.default_rng(4)), function


def like(items, rows):
    return np.asarray(rows) if isinstance(items, np.ndarray) else rows


@BOTH
def test_the_order_of_items_and_of_raters_changes_nothing(name):
    items, function = made(name)
    turned = like(items, [list(row)[::-1] for row in list(items)[::-1]])
    assert function(turned).value == pytest.approx(function(items).value, abs=1e-12)


@BOTH
def test_an_item_that_nobody_or_one_rater_answered_changes_nothing(name):
    items, function = made(name)
    blank = np.full_like(items[0], np.nan) if isinstance(items, np.ndarray) else [None] * RATERS
    alone = blank.copy()
    alone[0] = items[0][0]
    more = like(items, [*items, blank, alone])
    found = function(more)
    assert found.value == pytest.approx(function(items).value, abs=1e-12)
    assert found.n_items == N


@BOTH
def test_full_agreement_is_one(name):
    items, function = made(name)
    same = like(items, [[row[0]] * RATERS for row in items])
    assert function(same).value == pytest.approx(1.0, abs=1e-12)


@BOTH
def test_a_seed_gives_the_same_interval_and_never_another_value(name):
    items, function = made(name)
    first, again, other = (function(items, np.random.default_rng(seed)) for seed in (7, 7, 8))
    assert first == again
    assert first.value == other.value
    assert first.low < first.value < first.high


@BOTH
def test_nothing_to_compare_is_undefined_with_a_reason(name):
    items, function = made(name)
    one = like(items, [row[:1] for row in items])
    found = function(one)
    assert not found.defined
    assert found.notes[0]


LABELLED = {"auroc", "auroc_of_bad"}  # the second column is a label
PARTS = {"bland_altman"}  # returns three estimates; tests/agreement/test_pair.py
OWN = {"over_occasions", "over_repeats"}
ANSWERS = {"alpha_sets", "alpha_unitizing", "ranking_agreement", "preference_agreement"}
ELSEWHERE = {
    "mmil", "mmil_checked", "ppi", "rates", "systems", "difference", "bradley_terry",
}  # no agreement of raters: reader studies, corrected means, rates, systems, differences  # fmt: skip
WORDS = {"name", "coefficient", "found"}  # building blocks that are told what they compute
INSIDE = {"report", "paper", "summary", "decision", "planning"}


def test_no_coefficient_is_forgotten_whatever_its_answers_are():
    """Every public function that returns an Estimate of raters stands in a table that tests go through."""
    known = {getattr(c.function, "func", c.function).__name__ for c in COEFFICIENTS.values()}
    root, found = Path(inspect.getfile(agreement)).parent, set()
    for file in root.rglob("*.py"):
        if file.relative_to(root).parts[0] in INSIDE or file.stem in ELSEWHERE:
            continue
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.args.args:
                returns = ast.unparse(node.returns) if node.returns else ""
                if returns == "Estimate" and node.args.args[0].arg not in WORDS:
                    found.add(node.name)
    assert found <= known | LABELLED | OWN | ANSWERS | PARTS
    assert found >= ANSWERS | OWN | LABELLED


@pytest.mark.parametrize("function", [over_occasions, over_repeats])
def test_own_reliability_knows_no_order_of_items(function):
    rng = np.random.default_rng(0)
    values = rng.normal(size=(20, 1)) + 0.5 * rng.normal(size=(20, 2))
    assert function(values).value == pytest.approx(function(values[::-1]).value, abs=1e-12)
    assert function(np.repeat(values[:, :1], 2, axis=1)).value == pytest.approx(1.0)


def test_auroc_knows_ranks_only():
    rng = np.random.default_rng(0)
    pair = np.column_stack([rng.normal(size=30), np.arange(30) % 2])
    moved = np.column_stack([np.exp(pair[:, 0]), pair[:, 1]])
    assert auroc(moved).value == pytest.approx(auroc(pair).value, abs=1e-12)


def study():
    rng = np.random.default_rng(0)
    rows = [
        (f"i{i}", rater, kind, "clarity", float(np.clip(np.round(level + rng.normal(0, 0.8)), 1, 5)))
        for i, level in enumerate(rng.normal(3, 1, 30))
        for rater, kind in (("A", "clinician"), ("B", "clinician"), ("C", "clinician"), ("J", "juror"))
        if rater != "C" or i % 3
    ]
    frame = pd.DataFrame(rows, columns=["item", "rater", "kind", "question", "number"])
    return frame.assign(value=frame["number"].astype(str))


def test_threads_and_the_order_of_rows_never_change_a_figure_of_the_report():
    texts = []
    for threads, frame in ((1, study()), (2, study()), (2, study().sample(frac=1, random_state=3))):
        with threadpool_limits(threads):
            texts.append(json.dumps(compare(frame, settings=Settings(replicates=200)).plain()["figures"]))
    assert texts[0] == texts[1] == texts[2]


def test_seeds_never_change_a_value_of_the_report():
    """Only bootstrap bounds, and values that a random split makes, may depend on it; here there are none."""
    one, other = (compare(study(), settings=Settings(seed=seed, replicates=200)).figures for seed in (0, 1))
    assert [f.coefficient for f in one] == [f.coefficient for f in other]
    for first, second in zip(one, other, strict=True):
        assert first.value == second.value or not (first.defined or second.defined), first.coefficient
