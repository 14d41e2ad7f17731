"""A question of a special kind in the report: clinicians, jury and jurors, in all outputs and in strata."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agreement.bradley_terry import bradley_terry
from agreement.estimate import NAN
from agreement.panel import beside_panel, on_panel
from agreement.report.figure import Between, Figure, Place
from agreement.report.kinds.agree import COEFFICIENTS, consensus
from agreement.report.kinds.told import Cells, Told
from agreement.report.settings import Settings
from agreement.report.strata import strata
from agreement.report.tables import Asked, Spoke

WHAT = {
    "sets": "sets of labels",
    "spans": "marks in the text",
    "ranking": "rankings of outputs",
    "preference": "preferences between two outputs",
}
TOGETHER = {
    "sets": "the labels that more than half of them chose",
    "spans": "the characters that more than half of them marked",
    "ranking": "the mean place of each output",
    "preference": "the majority",
}


def figures(one: Told, facts: pd.DataFrame | None, settings: Settings) -> Iterator[Figure]:
    """Return every figure about a question of a special kind."""
    yield from _all(one, "all", settings)
    if one.measure == "preference":
        yield from _strengths(one, facts, settings)
    for name, rows in strata(_of_whole_items(one, facts), one.rows).items():
        yield from _all(one.cut(rows), name, settings)


def asked(one: Told) -> Asked:
    """Return what stands behind the question."""
    people = one.cells["clinician"]
    per_item = _answered(people).sum(axis=1) if people.size else np.zeros(0, dtype=int)
    per_item = per_item[per_item > 0]
    beside = beside_panel(one.names["juror"], one.seated).replace("the mean of", "what most say of")
    said = [f"Answers are {WHAT[one.measure]}; of several raters together, {TOGETHER[one.measure]} counts."]
    alone = int((per_item == 1).sum())
    if alone and people.shape[1] > 1:
        said.append(f"Outputs with one clinician say nothing about agreement among clinicians: {alone}.")
    return Asked(
        one.question,
        (),
        (),
        len(per_item),
        len(one.names["clinician"]),
        one.panel.shape[1],
        0,
        float(per_item.mean()) if len(per_item) else NAN,
        int(per_item.min()) if len(per_item) else 0,
        int(per_item.max(initial=0)),
        NAN,
        (*said, *one.said, *([beside] if beside else [])),
    )


def spoken(one: Told) -> Iterator[Spoke]:
    """Return how many answers each rater gave."""
    for kind, cells in one.cells.items():
        for name, column in zip(one.names[kind], _answered(cells).T, strict=True):
            yield Spoke(one.question, name, kind, int(column.sum()), 0, NAN, NAN, NAN, NAN)


def _all(one: Told, stratum: str, settings: Settings) -> Iterator[Figure]:
    people, panel = one.cells["clinician"], one.panel
    if people.shape[1]:
        yield from _among(one, people, "clinician–clinician", stratum, settings)
    if panel.shape[1] > 1 and stratum == "all":
        yield from _among(one, panel, "juror–juror", stratum, settings)
    if not people.shape[1]:
        return
    theirs = consensus(people, one.measure)
    if panel.shape[1]:
        place = Place(one.question, "jury–clinician", "", stratum, people.shape[1] + panel.shape[1])
        yield from _beside(one, theirs, _jury(panel, one.measure), place, settings)
    for name, column in zip(one.names["juror"], one.cells["juror"].T, strict=True):
        place = Place(one.question, "juror–clinician", name, stratum, people.shape[1] + 1)
        yield from _beside(one, theirs, column, place, settings)


def _among(one: Told, cells: Cells, between: Between, stratum: str, settings: Settings) -> Iterator[Figure]:
    kind = "clinician" if between == "clinician–clinician" else "juror"
    names = [name for name in one.names[kind] if kind == "clinician" or on_panel(name, one.seated)]
    place = Place(one.question, between, "", stratum, columns=names)
    for estimate, form in COEFFICIENTS[one.measure](cells, one.lengths, one.cases, settings):
        yield place.of(estimate, form)


def _beside(one: Told, theirs: Cells, column: Cells, place: Place, settings: Settings) -> Iterator[Figure]:
    pair = np.empty((len(theirs), 2), dtype=object)
    pair[:, 0], pair[:, 1] = theirs, column
    both = _answered(pair).all(axis=1)
    lost = int((_answered(pair).any(axis=1) & ~both).sum())
    notes = (
        (f"Outputs that only one side answered, or without a majority, are left out: {lost}.",)
        if lost
        else ()
    )
    cases = None if one.cases is None else np.unique(one.cases[both], return_inverse=True)[1]
    for estimate, form in COEFFICIENTS[one.measure](pair[both], one.lengths[both], cases, settings):
        yield place.of(estimate.noting(*notes), f"{form}; of the clinicians, {TOGETHER[one.measure]}")


def _jury(panel: Cells, measure: str) -> Cells:
    """The panel's consensus where all of its jurors who answer this question answered."""
    there = _answered(panel)
    own = panel[:, there.any(axis=0)]
    made = consensus(own, measure)
    made[~_answered(own).all(axis=1)] = None
    return made


def _strengths(one: Told, facts: pd.DataFrame | None, settings: Settings) -> Iterator[Figure]:
    """Bradley–Terry with ties of the systems compared, where the items say which these are."""
    systems = _systems(one.rows, facts)
    kinds: list[tuple[str, Between, Cells]] = [
        ("clinician", "clinician–clinician", one.cells["clinician"]),
        ("juror", "juror–juror", one.panel),
    ]
    for kind, between, cells in kinds if systems else []:
        said = [
            (*systems[key], 0.5 - cell / 2, at)
            for at, (key, row) in enumerate(zip(one.rows, cells, strict=True))
            for cell in row
            if cell is not None and key in systems
        ]
        if not said:
            continue
        first, second, outcome, rows = (list(each) for each in zip(*said, strict=True))
        cases = np.asarray(rows) if one.cases is None else one.cases[rows]
        found = bradley_terry(first, second, outcome, cases=cases, level=settings.level)
        place = Place(one.question, between, "", raters=cells.shape[1])
        named = [(f"log-strength of {name}", estimate) for name, estimate in found.systems.items()]
        named += [("log tie", found.tie)] if found.tie else []
        for name, estimate in named:
            yield place.of(
                replace(estimate, coefficient=name), f"Bradley–Terry with ties, {kind}s' preferences"
            )


def _of_whole_items(one: Told, facts: pd.DataFrame | None) -> pd.DataFrame | None:
    """The facts that say something of a whole item: a pair's or a ranking's outputs differ in the others."""
    if facts is None or one.measure not in ("ranking", "preference"):
        return facts
    each = facts.drop(columns="part").groupby("item").nunique(dropna=False)
    return facts.drop(columns=[name for name in each if (each[name] > 1).any()])


def _systems(
    rows: Sequence[tuple[str, str]], facts: pd.DataFrame | None
) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the two systems that each row compares: those of an item's first and second output."""
    if facts is None or "system" not in facts:
        return {}
    of: dict[str, list[str]] = {}
    for item, system in zip(facts["item"], facts["system"].fillna("").astype(str), strict=True):
        of.setdefault(item, []).append(system)
    pairs = {key: of.get(key[0], []) for key in rows}
    return {key: (a[0], a[1]) for key, a in pairs.items() if len(a) == 2 and all(a) and a[0] != a[1]}


def _answered(cells: Cells) -> NDArray[np.bool_]:
    return np.array([[cell is not None for cell in row] for row in cells], dtype=bool).reshape(cells.shape)
