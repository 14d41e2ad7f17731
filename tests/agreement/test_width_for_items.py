"""The expected width is the other way round of the number of items for a width."""

import pytest

from agreement.planning.width import items_for_width, width_for_items


@pytest.mark.parametrize(("icc", "items", "raters"), [(0.5, 100, 3), (0.3, 57, 2), (0.8, 400, 5)])
def test_there_and_back(icc, items, raters):
    width = width_for_items(icc, items, raters)
    assert items_for_width(icc, width * 1.0001, raters) == items
    assert items_for_width(icc, width * 0.99, raters) > items
