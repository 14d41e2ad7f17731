"""Taxonomy: how far clinicians confirm where outputs were put, and where they would put them instead."""

from __future__ import annotations

import numpy as np

from agreement.estimate import Estimate
from agreement.paper.document import Block, Cell, Section, Table, Text
from agreement.paper.whole import Whole
from agreement.report.answers import Answers
from agreement.summary.answers import clustered, clustered_share

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
        blocks += _confirmed(whole, one) if one.labels else _comprehensive(one)
    return Section("taxonomy", "9 Taxonomy", tuple(blocks) or (Text(NONE, "note"),))


def _confirmed(whole: Whole, one: Answers) -> list[Block]:
    said = np.array([*one.labels, ""], dtype=object)
    codes = np.where(np.isnan(one.clinicians), len(one.labels), one.clinicians).astype(int)
    words = said[codes]
    given = words != ""
    if any(label in CONFIRMED for label in one.labels):
        figure = _share(one, np.isin(words, CONFIRMED), given)
        return [_table(one, "the assignment", (("confirmed", figure),))]
    for place in PLACES:
        column = whole.fact(place, one)
        assigned = np.array([str(a).strip().casefold() for a in column]) if column is not None else None
        if assigned is not None and len(set(assigned) & set(one.labels)) > 1:
            figure = _share(one, words == assigned[:, None], given)
            return [
                _table(one, f"the {place}", (("placed as assigned", figure),)),
                _confusion(one, assigned, words),
            ]
    return []


def _share(one: Answers, hits: np.ndarray, given: np.ndarray) -> Estimate:
    """Return a share of all answers, its interval over outputs or whole cases."""
    groups = np.arange(len(one.rows)) if one.cases is None else one.cases
    of_case = np.unique(np.broadcast_to(groups[:, None], given.shape)[given], return_inverse=True)[1]
    people, outputs = int(given.any(axis=0).sum()), int(given.any(axis=1).sum())
    return clustered_share("confirmed", hits[given], of_case.astype(np.int64), people, outputs)


def _comprehensive(one: Answers) -> list[Block]:
    """How much of the field the whole taxonomy covers: one thing that every clinician rates once."""
    if one.question != "comprehensiveness" or len(one.rows) != 1:
        return []
    said = one.clinicians[0][~np.isnan(one.clinicians[0])]
    mean = clustered("mean", said, np.arange(len(said)), len(said), len(said))
    ends = f"{one.points[0]:g} to {one.points[-1]:g}" if one.points else "its scale"
    note = f"One answer a clinician, on {ends}; n counts clinicians, and the range is over them."
    title = "How much of the field does the taxonomy cover?"
    return [Table("taxonomy_comprehensiveness", title, ("question", "mean"), ((one.question, mean),), note)]


def _table(one: Answers, what: str, rows: tuple[tuple[Cell, ...], ...]) -> Table:
    title = f"Do clinicians confirm {what}? {one.question}"
    note = "The share of all answers; n counts outputs, and the range is over them (whole cases)."
    return Table(f"taxonomy_{one.question}", title, ("answer", "share of ratings"), rows, note)


def _confusion(one: Answers, assigned: np.ndarray, words: np.ndarray) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for place in sorted(set(assigned) - {""}):
        mine = words[assigned == place]
        rows.append((place, *(int((mine == label).sum()) for label in one.labels)))
    columns = ("assigned", *one.labels)
    return Table(f"taxonomy_confusion_{one.question}", "Where clinicians put them", columns, tuple(rows))
