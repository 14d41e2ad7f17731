"""Second opinions: asked where the quantity is the same, named with their version, never needed."""

import sys
import warnings

import numpy as np
import pytest

from agreement.opinion import Opinion, opinions


@pytest.fixture
def ratings():
    rng = np.random.default_rng(0)
    return np.clip(np.round(rng.normal(3, 1, (30, 1)) + rng.normal(0, 0.7, (30, 3))), 1, 5)


def test_both_libraries_compute_the_same(ratings):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # theirs stay inside
        found = opinions(ratings)
    assert {one.library for one in found} == {"pingouin", "krippendorff"}
    assert len(found) == 6 + 4
    assert all(one.same for one in found), [str(one) for one in found if not one.same]


def test_incomplete_ratings_are_krippendorffs_only(ratings):
    ratings[0, 0] = np.nan
    assert {one.library for one in opinions(ratings)} == {"krippendorff"}


def test_without_the_libraries_there_are_none(ratings, monkeypatch):
    monkeypatch.setitem(sys.modules, "pingouin", None)
    monkeypatch.setitem(sys.modules, "krippendorff", None)
    assert opinions(ratings) == ()


@pytest.mark.parametrize("values", [np.full((9, 2), 5.0), np.full((3, 2), np.nan), np.empty((0, 2))])
def test_nothing_is_asked_where_nothing_is_defined(values):
    assert opinions(values) == ()


def test_a_difference_is_said():
    other = Opinion("ICC(A,1)", 0.5, 0.4, "pingouin", "0.7.0")
    assert str(other) == "ICC(A,1): pingouin 0.7.0 computes 0.400000, +0.1 away from ours."
