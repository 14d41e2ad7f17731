"""The expected width is the other way round of the number of items for a width."""

import numpy as np
import pytest

from agreement.icc import icc
from agreement.planning.width import items_for_width, width_for_items


@pytest.mark.parametrize(("icc", "items", "raters"), [(0.5, 100, 3), (0.3, 57, 2), (0.8, 400, 5)])
def test_there_and_back(icc, items, raters):
    width = width_for_items(icc, items, raters)
    assert items_for_width(icc, width * 1.0001, raters) == items
    assert items_for_width(icc, width * 0.99, raters) > items


@pytest.mark.parametrize(("truth", "items", "raters"), [(0.5, 60, 2), (0.5, 100, 3), (0.7, 80, 4)])
def test_the_width_said_before_the_launch_is_the_width_that_studies_get(truth, items, raters):
    """Over simulated studies whose ICC is known, intervals are about as wide as was said."""
    rng = np.random.default_rng(11)
    widths = []
    for _ in range(300):
        cases = rng.normal(0, np.sqrt(truth), (items, 1))
        found = icc(cases + rng.normal(0, np.sqrt(1 - truth), (items, raters)), "ICC(C,1)")
        widths.append(found.high - found.low)
    assert np.mean(widths) == pytest.approx(width_for_items(truth, items, raters), rel=0.06)
