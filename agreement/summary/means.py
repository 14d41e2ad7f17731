"""Means, shares, majorities, and agreement among those who answered."""

from __future__ import annotations

import numpy as np
import pandas as pd

from agreement.alpha.krippendorff import alpha as krippendorff_alpha
from agreement.array import complete, rated
from agreement.chance.cohen import light_kappa
from agreement.consensus import majority as majorities
from agreement.crossed.icc import crossed_icc
from agreement.estimate import Estimate, undefined
from agreement.icc import icc as complete_icc
from agreement.rates import share as wilson
from agreement.summary.answers import (
    Asked,
    answered,
    cases,
    clustered,
    clustered_share,
    items_in,
    lists,
    raters_in,
    ratings,
)

Figures = dict[str, Estimate]
SEED = 20261
"""For intervals that draw: the same ratings give the same interval."""


def mean(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Mean of the numbers."""
    rows = answered(frame, asked)
    return {
        "mean": clustered(
            "mean", rows["number"].to_numpy(float), cases(rows), raters_in(rows), items_in(rows)
        )
    }


def total(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Mean of the sums over the composite's questions."""
    rows = answered(frame, asked)
    if "total" not in rows:
        return {"total": undefined("total", "Only a composite has a total.")}
    return {
        "total": clustered(
            "total", rows["total"].to_numpy(float), cases(rows), raters_in(rows), items_in(rows)
        )
    }


def share(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Share of every declared point; of each of several where a question allows several."""
    rows = answered(frame, asked)
    return {value: _share_of(rows, value) for value, _, _ in asked.points}


def share_of(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Share of one point."""
    return {argument: _share_of(answered(frame, asked), argument)}


def _share_of(rows: pd.DataFrame, value: str) -> Estimate:
    said = rows["value"].astype(str) if "value" in rows else rows["number"].map("{:g}".format)
    hits = np.array(
        [text == value or (text[:1] == "[" and value in lists([text])[0]) for text in said], np.bool_
    )
    return clustered_share(f"share of {value!r}", hits, cases(rows), raters_in(rows), items_in(rows))


def share_at_least(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Share at or above a number."""
    rows = answered(frame, asked)
    hits = rows["number"].to_numpy(float) >= float(argument)
    return {
        f"at least {argument}": clustered_share(
            f"share ≥ {argument}", hits, cases(rows), raters_in(rows), items_in(rows)
        )
    }


def share_matching(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Share equal to what a column of the items says."""
    rows = answered(frame, asked)
    if argument not in rows:
        return {"matching": undefined("share matching", f"The items have no column {argument!r}.")}
    hits = (rows["value"].astype(str) == rows[argument].astype(str)).to_numpy(bool)
    return {
        "matching": clustered_share(
            f"share matching {argument}", hits, cases(rows), raters_in(rows), items_in(rows)
        )
    }


def share_confirmed(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Share of answers that confirm the assigned place."""
    return {"confirmed": share_matching(frame, asked, asked.level)["matching"]}


def majority(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Share of items by what most raters said, "no majority" as an outcome."""
    rows = answered(frame, asked)
    found = majorities(ratings(rows, asked.question).values)
    settled = [
        value for value, outcome in zip(found.values, found.outcomes, strict=True) if outcome == "majority"
    ]
    n, people = sum(outcome != "unrated" for outcome in found.outcomes), raters_in(rows)
    names = _named(rows, asked)
    figures = {
        name: wilson(f"majority for {name!r}", sum(value == number for value in settled), n, n_raters=people)
        for number, name in names.items()
    }
    return figures | {"no majority": wilson("no majority", n - len(settled), n, n_raters=people)}


def _named(rows: pd.DataFrame, asked: Asked) -> dict[float, str]:
    """Return what each number stands for: the declared points, else the values that were given."""
    if asked.points:
        return {number: value for value, _, number in asked.points}
    pairs = rows[["number", "value"]].drop_duplicates()
    return {float(number): str(value) for number, value in sorted(pairs.itertuples(index=False))}


def alpha(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Krippendorff's alpha at the question's level."""
    table = ratings(answered(frame, asked), asked.question)
    rng = np.random.default_rng(SEED)
    codes = table.cases()
    return {"alpha": krippendorff_alpha(table.values, asked.measured, rng=rng, replicates=500, cases=codes)}


def kappa(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Chance-corrected agreement of pairs of raters, over all declared points."""
    rows = answered(frame, asked)
    table = ratings(rows, asked.question)
    points = asked.numbers or sorted(_named(rows, asked))
    return {"kappa": light_kappa(table.values, points, cases=table.cases())}


def icc(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Agreement of a single rater and of the mean, complete or not."""
    values = rated(ratings(answered(frame, asked), asked.question).values)[0]
    if values.size and complete(values):
        return {"single": complete_icc(values, "ICC(A,1)"), "average": complete_icc(values, "ICC(A,k)")}
    return {"single": crossed_icc(values, "ICC(A,1)"), "average": crossed_icc(values, "ICC(A,k)")}
