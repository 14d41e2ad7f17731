"""A judge against the clinicians: accuracy, F1 and kappa, each judge apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agreement.chance.cohen import cohen_kappa
from agreement.consensus import majority
from agreement.estimate import Estimate, undefined
from agreement.matrix import Matrix
from agreement.pairwise import pairwise_f1
from agreement.rates import share
from agreement.summary.answers import Asked, answered, ratings
from agreement.summary.means import kappa as among_raters

Figures = dict[str, Estimate]
Floats = NDArray[np.float64]


def accuracy(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Share of items where a judge says what most clinicians say."""
    found = {}
    for judge, said, people in _judges(frame, asked):
        truth = majority(people.values).values
        both = ~np.isnan(truth) & ~np.isnan(said)
        right = int((truth[both] == said[both]).sum())
        found[judge] = share("accuracy", right, int(both.sum()), n_raters=len(people.raters))
    return found or {"accuracy": undefined("accuracy", "No judge rated the items.")}


def f1(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """F1 of each judge: pair by pair with each clinician for yes/no, else macro F1 against the majority."""
    found = {}
    for judge, said, people in _judges(frame, asked):
        points = asked.numbers or [0.0, 1.0]
        if len(points) == 2:
            yes, physicians = _zero_one(said, points), _zero_one(people.values, points)
            rng = np.random.default_rng(1)
            found[judge] = pairwise_f1(yes, physicians, rng=rng, cases=people.cases()).balanced_f1
        else:
            found[judge] = _macro_f1(said, majority(people.values).values, points)
    return found or {"F1": undefined("F1", "No judge rated the items.")}


def _zero_one(values: Floats, points: list[float]) -> Floats:
    return np.where(np.isnan(values), np.nan, (values == points[-1]).astype(float))


def _macro_f1(said: Floats, truth: Floats, points: list[float]) -> Estimate:
    both = ~np.isnan(said) & ~np.isnan(truth)
    said, truth = said[both], truth[both]
    each = []
    for point in points:
        hits = int(((said == point) & (truth == point)).sum())
        named = int((said == point).sum() + (truth == point).sum())
        if named:
            each.append(2 * hits / named)
    if not each:
        return undefined("macro F1", "No item has both a majority and the judge's answer.")
    return Estimate("macro F1", float(np.mean(each)), n_items=int(both.sum()), method="mean over points met")


def kappa(frame: pd.DataFrame, asked: Asked, argument: str) -> Figures:
    """Cohen's kappa of each judge with the clinicians' majority; without a judge, among the clinicians."""
    found = {}
    for judge, said, people in _judges(frame, asked):
        truth = majority(people.values).values
        pair = np.column_stack([truth, said])
        points = asked.numbers or [0.0, 1.0]
        found[judge] = cohen_kappa(pair, points, cases=people.cases())
    return found or among_raters(frame, asked, argument)


def _judges(frame: pd.DataFrame, asked: Asked) -> list[tuple[str, Floats, Matrix]]:
    """Return each juror's answers beside the clinicians', on the clinicians' rows."""
    rows = answered(frame, asked, ("clinician", "juror"))
    human = rows[rows["kind"].astype(str) == "clinician"]
    if not len(human):
        return []
    people = ratings(human, asked.question)
    place = {key: n for n, key in enumerate(zip(people.items, people.parts, strict=True))}
    found = []
    machine = rows[rows["kind"].astype(str) == "juror"]
    for judge, mine in machine.groupby(machine["rater"].astype(str)):
        said = np.full(len(place), np.nan)
        for item, part, number in zip(mine["item"], mine["part"], mine["number"], strict=True):
            if (str(item), str(part)) in place:
                said[place[str(item), str(part)]] = number
        found.append((str(judge), said, people))
    return found
