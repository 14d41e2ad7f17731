"""No combination of what a public export says of a case is left to fewer than three cases."""

import random
from collections import Counter, defaultdict

import pytest

from annotate.item import Item
from annotate.shown import column_of
from data.formats.whole.rare import PLACES, SMALLEST, SUPPRESSED, told_of


def study(seed):
    """Items of cases, some with several items, over strata of few and of many values, and nested places."""
    dice = random.Random(seed)
    items = []
    for n in range(dice.choice([2, 9, 40, 150])):
        place = dice.randrange(4)
        strata = {
            "ward": dice.choice(["ICU", "ICU", "ED", "OR"]),
            "age": str(dice.randrange(dice.choice([2, 9]))),
            "language": dice.choice(["en", "en", "fr", ""]),
        }
        places = {"category": f"c{place // 2}", "subcategory": f"s{place}", "benchmark": f"b{place}"}
        for m in range(dice.choice([1, 1, 3])):
            items.append(Item(f"{n}.{m}", case=f"case {n}", strata=dict(strata), **places))
            strata["age"] = strata["age"] if dice.random() < 0.8 else "0"
    return items


@pytest.mark.parametrize("seed", range(40))
def test_what_is_said_of_a_case_is_shared_by_three_or_not_said(seed):
    items = study(seed)
    told = told_of(items)
    groups = defaultdict(list)
    for item in items:
        groups[item.case].append(tuple(told[item.key][name] for name in (*PLACES, *item.strata)))
        for name in (*PLACES, *item.strata):  # nothing but suppression
            assert told[item.key][name] in (column_of(item, name), SUPPRESSED)
    said = [tuple(sorted(set(each))) for each in groups.values()]
    varied = [n for n in range(len(said[0][0])) if len({row[n] for each in said for row in each}) > 1]
    for each, count in Counter(said).items():
        silent = all(row[n] == SUPPRESSED for row in each for n in varied)
        assert count >= SMALLEST or silent, each


def test_two_common_values_with_a_rare_combination_are_not_told_together_and_the_rest_stays():
    wards = {("ICU", "fr"): 2, ("ICU", "en"): 8, ("ED", "fr"): 8, ("ED", "en"): 8}
    pairs = [pair for pair, count in wards.items() for _ in range(count)]
    items = [Item(str(n), strata={"ward": ward, "language": said}) for n, (ward, said) in enumerate(pairs)]
    told = told_of(items)
    seen = Counter(tuple(told[item.key][name] for name in ("ward", "language")) for item in items)
    # The two join eight others at the cost of one column: 2 + 8 cells; 16 cases keep both columns.
    assert sorted(seen.values()) == [8, 8, 10]
    assert (
        sum(cell == SUPPRESSED for pair, count in seen.items() for cell in pair for _ in range(count)) == 10
    )


def test_a_column_that_the_protocol_asks_by_is_kept_before_others():
    pairs = [("ICU", "fr")] * 2 + [("ICU", "en")] * 8 + [("ED", "fr")] * 9
    items = [Item(str(n), strata={"ward": ward, "language": said}) for n, (ward, said) in enumerate(pairs)]
    cheapest, asked = told_of(items), told_of(items, asked=("language",))
    assert (cheapest["0"]["ward"], cheapest["0"]["language"]) == ("ICU", SUPPRESSED)
    assert (asked["0"]["ward"], asked["0"]["language"]) == (SUPPRESSED, "fr")
