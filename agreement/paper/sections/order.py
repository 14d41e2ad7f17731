"""What the order of outputs does to a juror that was shown them the other way round as well."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from agreement import audit
from agreement.array import Array
from agreement.audit import Draw, Finding
from agreement.measure import measured, side
from agreement.panel import check_of
from agreement.paper.whole import Whole

BETTER = "Of two outputs the one shown {side} wins more often, by {size:.0%} of the pairs"
TOWARD = "The answer moves {size:.2f} points toward the output shown {side}"
POINTS = "An output gets {size:.2f} points more when it is shown {side}"
PLACES = "An output is ranked {size:.2f} places better when it is shown {side}"
OTHER = "the outputs in the other order"


def order(whole: Whole) -> Iterator[tuple[str, str, Finding]]:
    """Yield (juror, question, finding) for each juror that was shown outputs in the other order too.

    What compares two outputs is told by its answers (A, tie, B) or by a scale from -k to k. For scores
    and ranks of each output its place must be known, from the items.
    """
    rows = whole.frame[whole.frame["kind"].astype(str) == "juror"]
    rater = rows["rater"].astype(str)
    kinds = measured(whole.frame)
    for name in sorted(set(rater)):
        found = check_of(name)
        if found is None or found[1] != "swapped":
            continue
        for question in dict.fromkeys(rows.loc[rater == name, "question"].astype(str)):
            both = _both(rows, found[0], name, question)
            yield found[0], question, _finding(whole, both, question, kinds.get(question, ""))


def several(whole: Whole) -> bool:
    """Return whether any item has more than one output, so that there is an order to change."""
    return whole.facts is not None and bool(whole.facts["item"].duplicated().any())


def _both(rows: pd.DataFrame, plain: str, swapped: str, question: str) -> pd.DataFrame:
    """Return what a juror said in both orders: item, part, and value and number of either."""
    mine = rows[(rows["question"].astype(str) == question) & (rows["status"].astype(str) == "answered")]
    sides = []
    for name in (plain, swapped):
        own = mine[mine["rater"].astype(str) == name].sort_values("occasion")
        own = own.assign(item=own["item"].astype(str), part=own["part"].astype(str))
        sides.append(own.drop_duplicates(["item", "part"])[["item", "part", "value", "number"]])
    return sides[0].merge(sides[1], on=["item", "part"], suffixes=("", "_swapped"))


def _finding(whole: Whole, both: pd.DataFrame, question: str, kind: str) -> Finding:
    how = Draw(whole.settings.seed, _cases(whole, both), whole.plan.replicates, whole.plan.level)
    sides = [both[name].map(lambda value: side(str(value))) for name in ("value", "value_swapped")]
    if len(both) and not (sides[0].isna() | sides[1].isna()).any():
        return audit.position((sides[1] - sides[0]).to_numpy(float) / 2, BETTER, how)
    plain, swapped = (both[name].to_numpy(float) for name in ("number", "number_swapped"))
    if _turned(whole, question):
        plain, swapped = -plain, -swapped  # only what moves is read: more is kinder again
    if (both["part"] != "").any():
        forward = _forward(whole, both)
        if kind == "ranking":
            return audit.position(forward * (plain - swapped), PLACES, how)
        return audit.position(forward * (swapped - plain), POINTS, how)
    if _bipolar(whole, question):
        return audit.position(swapped - plain, TOWARD, how)
    return audit.shifted("order of outputs", plain, swapped, OTHER, how)


def _cases(whole: Whole, both: pd.DataFrame) -> list[str]:
    case: dict[str, str] = {}
    if whole.facts is not None and "case" in whole.facts:
        case = dict(zip(whole.facts["item"], whole.facts["case"].fillna("").astype(str), strict=True))
    return [case.get(item) or item for item in both["item"]]


def _forward(whole: Whole, both: pd.DataFrame) -> Array:
    """Return 1 where an output stood earlier in the other order, -1 where later; NaN: neither, or unknown."""
    if whole.facts is None:
        return np.full(len(both), np.nan)
    outputs = whole.facts[["item", "part"]].drop_duplicates()
    own = outputs.groupby("item", sort=False)["part"]
    moved = np.sign(2 * own.cumcount().to_numpy(float) - (own.transform("size").to_numpy(float) - 1))
    moved[moved == 0] = np.nan
    known = dict(zip(outputs.itertuples(index=False, name=None), moved, strict=True))
    return np.array([known.get(key, np.nan) for key in zip(both["item"], both["part"], strict=True)], float)


def _turned(whole: Whole, question: str) -> bool:
    """Return whether a high value is bad, so that the answers of the whole report were turned round."""
    return any(one.question == question and one.turned is not None for one in whole.answers)


def _bipolar(whole: Whole, question: str) -> bool:
    points = next((one.as_given.points for one in whole.answers if one.question == question), ())
    return len(points) > 1 and points[0] == -points[-1]
