"""Items and their outputs, in and out as `annotate.item.Item`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from sqlalchemy import JSON, insert
from sqlmodel import Session, col, select

from annotate.fault import Fault
from annotate.item import Criterion, Item, Output
from data.store.straight import Statement
from data.tables import ItemRow, OutputRow

FEW = 50
"""Up to so many keys are looked up one by one; beyond, reading all is quicker."""


def add(session: Session, *, study_id: int, items: Sequence[Item]) -> int:
    """Add items that the study lacks; return how many. An item that came before must be the same.

    A bare item, of which only ratings have told so far, is completed; it does not count.
    """
    known = {item.key: item for item in in_study(session, study_id=study_id)}
    new = []
    for item in items:
        before = known.get(item.key)
        if before is None:
            new.append(item)
            known[item.key] = item
        elif before == Item(item.key):
            _complete(session, study_id, item)
            known[item.key] = item
        elif before != item:
            raise Fault(
                f"Item {item.key!r} is in the study already with other content; "
                "give the new one another name, or start a new study."
            )
    if new:
        session.execute(insert(ItemRow), [_row(item, study_id) for item in new])
        ids = ids_by_key(session, study_id=study_id)
        outputs = [row for item in new for row in _output_rows(item, ids[item.key])]
        if outputs:
            session.execute(insert(OutputRow), outputs)
    return len(new)


def _complete(session: Session, study_id: int, item: Item) -> None:
    mine = select(ItemRow).where(ItemRow.study_id == study_id, ItemRow.key == item.key)
    row = session.exec(mine).one()
    for name, value in _row(item, study_id).items():
        setattr(row, name, value)
    session.flush()
    if outputs := _output_rows(item, row.id):
        session.execute(insert(OutputRow), outputs)


def in_study(session: Session, *, study_id: int) -> list[Item]:
    """Return every item of a study in the order in which they came."""
    mine = select(ItemRow).where(ItemRow.study_id == study_id).order_by(col(ItemRow.id))
    rows = session.exec(mine).all()
    join = select(OutputRow).join(ItemRow, col(ItemRow.id) == col(OutputRow.item_id))
    outputs = session.exec(join.where(ItemRow.study_id == study_id).order_by(col(OutputRow.position))).all()
    return _with_outputs(rows, outputs)


def first(session: Session, *, study_id: int, count: int) -> list[Item]:
    """Return the first few items of a study, in the order in which they came."""
    mine = select(ItemRow).where(ItemRow.study_id == study_id).order_by(col(ItemRow.id)).limit(count)
    return [one(session, item_id=row.id) for row in session.exec(mine).all()]


def one(session: Session, *, item_id: int) -> Item:
    """Return one item with its outputs."""
    rows = _ONE.rows(session, item_id=item_id)
    outputs = tuple(Output(text, system, key) for *_, text, system, key in rows if key is not None)
    return _item(_Columns(*rows[0][:-3]), outputs)


class _Columns(NamedTuple):
    """What `one` reads of an item, under the names of its table."""

    key: str
    case_key: str
    source: str
    prompt: str
    references: list[str]
    benchmark: str
    category: str
    subcategory: str
    task: str
    strata: dict[str, str]
    criteria: list[dict[str, str]]


_ONE = Statement(
    "SELECT i.key, i.case_key, i.source, i.prompt, i.reference_texts, i.benchmark, "
    "i.category, i.subcategory, i.task, i.strata, i.criteria, o.text, o.system, o.key "
    "FROM item AS i LEFT JOIN output AS o ON o.item_id = i.id WHERE i.id = :item_id ORDER BY o.position",
    reads={4: JSON, 9: JSON, 10: JSON},
)


def ids_by_key(session: Session, *, study_id: int, keys: Collection[str] | None = None) -> dict[str, int]:
    """Return the row number of each item key of a study, or of these few only."""
    wanted = select(ItemRow.key, ItemRow.id).where(ItemRow.study_id == study_id)
    if keys is not None and len(keys) <= FEW:
        wanted = wanted.where(col(ItemRow.key).in_(sorted(keys)))
    pairs = session.exec(wanted)
    return {key: number for key, number in pairs if number is not None}


def _with_outputs(rows: Iterable[ItemRow], outputs: Iterable[OutputRow]) -> list[Item]:
    of_item: dict[int, list[Output]] = {}
    for row in outputs:
        of_item.setdefault(row.item_id, []).append(Output(row.text, row.system, row.key))
    return [_item(row, tuple(of_item.get(row.id, ()))) for row in rows]


def _item(row: Any, outputs: tuple[Output, ...]) -> Item:
    return Item(
        key=row.key,
        outputs=outputs,
        source=row.source,
        prompt=row.prompt,
        references=tuple(row.references),
        case=row.case_key,
        benchmark=row.benchmark,
        category=row.category,
        subcategory=row.subcategory,
        task=row.task,
        strata=dict(row.strata),
        criteria=tuple(Criterion(**criterion) for criterion in row.criteria),
    )


def _row(item: Item, study_id: int) -> dict[str, object]:
    return {
        "study_id": study_id,
        "key": item.key,
        "case_key": item.case,
        "source": item.source,
        "prompt": item.prompt,
        "references": list(item.references),
        "benchmark": item.benchmark,
        "category": item.category,
        "subcategory": item.subcategory,
        "task": item.task,
        "strata": dict(item.strata),
        "criteria": [asdict(criterion) for criterion in item.criteria],
    }


def _output_rows(item: Item, item_id: int) -> list[dict[str, object]]:
    return [
        {"item_id": item_id, "key": output.key, "position": n, "system": output.system, "text": output.text}
        for n, output in enumerate(item.outputs)
    ]
