"""Taxonomy: how far clinicians confirm where outputs were put, and where they would put them instead."""

from __future__ import annotations

import numpy as np

from agreement.paper.document import Block, Cell, Section, Table, Text
from agreement.paper.whole import Whole
from agreement.rates import share
from agreement.report.answers import Answers

PLACES = ("category", "subcategory", "task")
CONFIRMED = ("confirm", "confirmed")
NONE = (
    "No question of these ratings names the places of a taxonomy that the items file assigns, or "
    "confirms them; "
    "agreement on any other question with labels stands in section 3."
)


def taxonomy(whole: Whole) -> Section:
    """Return the share of assignments that clinicians confirm, and the confusion between places."""
    blocks: list[Block] = []
    for one in whole.answers:
        if one.labels:
            blocks += _confirmed(whole, one)
    return Section("taxonomy", "9 Taxonomy", tuple(blocks) or (Text(NONE, "note"),))


def _confirmed(whole: Whole, one: Answers) -> list[Block]:
    said = np.array([*one.labels, ""], dtype=object)
    codes = np.where(np.isnan(one.clinicians), len(one.labels), one.clinicians).astype(int)
    words = said[codes]
    given = int((words != "").sum())
    raters = len(one.names["clinician"])
    if any(label in CONFIRMED for label in one.labels):
        figure = share("confirmed", int(np.isin(words, CONFIRMED).sum()), given, n_raters=raters)
        return [_table(one, "the assignment", (("confirmed", figure),))]
    for place in PLACES:
        column = whole.fact(place, one)
        assigned = np.array([str(a).strip().casefold() for a in column]) if column is not None else None
        if assigned is not None and len(set(assigned) & set(one.labels)) > 1:
            hits = int((words == assigned[:, None]).sum())
            figure = share("confirmed", hits, given, n_raters=raters)
            return [
                _table(one, f"the {place}", (("placed as assigned", figure),)),
                _confusion(one, assigned, words),
            ]
    return []


def _table(one: Answers, what: str, rows: tuple[tuple[Cell, ...], ...]) -> Table:
    title = f"Do clinicians confirm {what}? {one.question}"
    note = "n counts ratings; the interval takes them as independent."
    return Table(f"taxonomy_{one.question}", title, ("answer", "share of ratings"), rows, note)


def _confusion(one: Answers, assigned: np.ndarray, words: np.ndarray) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for place in sorted(set(assigned) - {""}):
        mine = words[assigned == place]
        rows.append((place, *(int((mine == label).sum()) for label in one.labels)))
    columns = ("assigned", *one.labels)
    return Table(f"taxonomy_confusion_{one.question}", "Where clinicians put them", columns, tuple(rows))
