"""How far a study has come in each part of its items: taxonomy, benchmark, strata."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session

from data.store.progress import share
from data.tables import ItemRow

PLACES = ("category", "subcategory", "benchmark")
MANY = 40
"""A column with more values than this is no stratum, but a note."""
COSTS = {"prompt_tokens", "output_tokens", "max_output_tokens", "input_price", "output_price"}
"""What an output cost is no part of a study."""


@dataclass(frozen=True, slots=True)
class Part:
    """The items that share a value: how many, and how many of their forms are filled."""

    column: str
    value: str
    items: int
    submitted: int
    assigned: int

    def row(self) -> dict[str, object]:
        """Return a line of the lead's table."""
        return {
            "Stratum": self.column,
            "Value": self.value,
            "Items": self.items,
            "Done": share(self.submitted, self.assigned),
            "Forms filled": self.submitted,
            "Assigned": self.assigned,
        }


def by_stratum(session: Session, *, study_id: int) -> list[Part]:
    """Return each stratum's progress in the main round; columns with one value or very many say nothing."""
    table = ItemRow.__table__  # type: ignore[attr-defined]
    query = text(
        "SELECT item.category, item.subcategory, item.benchmark, item.strata, "
        "count(a.id), count(CASE WHEN EXISTS (SELECT 1 FROM submission AS s WHERE s.assignment_id = a.id) "
        "THEN 1 END) FROM item LEFT JOIN assignment AS a ON a.item_id = item.id "
        "AND a.withdrawn_at IS NULL AND a.round = 'main' WHERE item.study_id = :study_id GROUP BY item.id"
    ).columns(strata=table.c.strata.type)
    counts: dict[str, dict[str, list[int]]] = {}
    for *places, strata, assigned, submitted in session.connection().execute(query, {"study_id": study_id}):
        for column, value in (*zip(PLACES, places, strict=True), *(strata or {}).items()):
            if value and column not in COSTS:
                mine = counts.setdefault(column, {}).setdefault(value, [0, 0, 0])
                for at, more in enumerate((1, submitted, assigned)):
                    mine[at] += more
    told = {column: values for column, values in counts.items() if 1 < len(values) <= MANY}
    return [Part(column, v, *told[column][v]) for column in told for v in sorted(told[column])]
