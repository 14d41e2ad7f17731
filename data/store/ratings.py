"""Ratings go in, row by row and for good; what is current is a view."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import RowMapping, bindparam, text
from sqlmodel import Session

from annotate.fault import Fault
from annotate.rating import Rating
from data.store import chain, items, raters
from data.store.assignments import Assigned
from data.store.straight import Statement
from data.tables import RatingEvent
from data.tables.column import UTCTime, now

_WRITING_LOCK = 0x726174  # with the study's number: one writer of a study's chain at a time

CHUNK = 5_000
_KEY = ("item_id", "rater_id", "question", "part", "occasion", "round", "step")
_SAID = ("status", "value", "number", "reason", "comment", "confidence")
_FIELDS = ("item", "rater", "question", "part", "occasion", *_SAID)
_EVENTS = RatingEvent.__table__  # type: ignore[attr-defined]
_HEAD = Statement("SELECT hash FROM rating_event WHERE study_id = :study_id ORDER BY id DESC LIMIT 1")
_CURRENT = text(f"SELECT {', '.join(('id', *_KEY, *_SAID))} FROM rating WHERE study_id = :study_id")
_CURRENT_OF_ONE = Statement(
    f"SELECT {', '.join(('id', *_KEY, *_SAID))} FROM rating WHERE item_id = :item_id AND rater_id = :rater_id"
)
_CURRENT_OF_FEW = text(
    f"SELECT {', '.join(('id', *_KEY, *_SAID))} FROM rating "
    "WHERE item_id IN :item_ids AND rater_id IN :rater_ids"
).bindparams(bindparam("item_ids", expanding=True), bindparam("rater_ids", expanding=True))
_SAID_ON = (
    "WHERE item_id = :item_id AND rater_id = :rater_id AND occasion = :occasion "
    "AND round = :round AND step = :step AND part = ''"
)
_CURRENTLY_SAID = Statement(f"SELECT question, value, reason FROM rating {_SAID_ON}")
_FIRST_SAID = Statement(f"SELECT question, value, reason FROM rating_event {_SAID_ON} AND supersedes IS NULL")
_COLUMNS = ("study_id", *_KEY, *_SAID, "submitted_at", "submission_id", "supersedes", "hash")
_SAY = Statement(
    f"INSERT INTO rating_event ({', '.join(_COLUMNS)}) VALUES ({', '.join(':' + name for name in _COLUMNS)})",
    binds={"submitted_at": UTCTime},
)
_fields: Callable[[Rating], tuple[Any, ...]] = attrgetter(*_FIELDS)
_key: Callable[[Any], tuple[Any, ...]] = itemgetter(*_KEY)


def append(
    session: Session,
    *,
    study_id: int,
    ratings: Sequence[Rating],
    submission_id: int | None = None,
    round: str = "main",
    step: str = "",
    watch: Callable[[int], None] = lambda written: None,
    item_ids: Mapping[str, int] | None = None,
    rater_ids: Mapping[str, int] | None = None,
) -> int:
    """Write what was said; return how many rows were new.

    A row that says what the current one says adds nothing; one that differs supersedes it. `watch` is told
    how many rows are written, every now and then. `item_ids` and `rater_ids` are the row numbers of the keys,
    from a caller who knows them.
    """
    if not ratings:
        return 0
    lock_chain(session, study_id)
    if item_ids is None:
        item_ids = items.ids_by_key(session, study_id=study_id, keys={rating.item for rating in ratings})
    if rater_ids is None:
        rater_ids = raters.ids_by_key(session, study_id=study_id)
    rows = _rows(ratings, study_id, item_ids, rater_ids, round, step)
    current = _current(session, study_id, rows.values())
    fresh = [(row, older) for key, row in rows.items() if not _same(row, older := current.get(key))]
    if not fresh:
        return 0
    previous = head(session, study_id=study_id)
    session.flush()
    for start in range(0, len(fresh), CHUNK):
        chunk = fresh[start : start + CHUNK]
        for row, older in chunk:
            row["supersedes"] = older["id"] if older else None
            row["submission_id"] = submission_id
            row["hash"] = previous = chain.link(previous, row)
        _SAY.many(session, (row for row, _ in chunk))
        watch(start + len(chunk))
    return len(fresh)


def said(session: Session, *, assignment: Assigned, first: bool) -> dict[str, str]:
    """Return each question's value, or the reason for none, on a form: as first submitted or as it is now."""
    asked = _FIRST_SAID if first else _CURRENTLY_SAID
    found = asked.rows(
        session,
        item_id=assignment.item_id,
        rater_id=assignment.rater_id,
        occasion=assignment.occasion,
        round=assignment.round,
        step=assignment.step,
    )
    return {question: reason if value is None else value for question, value, reason in found}


def head(session: Session, *, study_id: int) -> str:
    """Return the hash of a study's newest row; empty where there is none."""
    newest = _HEAD.first(session, study_id=study_id)
    return str(newest[0]) if newest else ""


def newest(session: Session, *, study_id: int) -> int:
    """Return the number of a study's newest row; 0 where there is none."""
    asked = text("SELECT max(id) FROM rating_event WHERE study_id = :study_id")
    return session.connection().execute(asked, {"study_id": study_id}).scalar() or 0


def changed(session: Session, *, study_id: int, since: int) -> int:
    """Return how many rows after that one say something else than was said before."""
    asked = text(
        "SELECT count(*) FROM rating_event "
        "WHERE study_id = :study_id AND id > :since AND supersedes IS NOT NULL"
    )
    return session.connection().execute(asked, {"study_id": study_id, "since": since}).scalar() or 0


def events(session: Session, *, study_id: int) -> Iterator[RowMapping]:
    """Yield every row of a study as it was written, with the keys of its item and rater."""
    query = text(
        "SELECT event.*, item.key AS item, rater.key AS rater, rater.kind AS kind "
        "FROM rating_event AS event JOIN item ON item.id = event.item_id "
        "JOIN rater ON rater.id = event.rater_id WHERE event.study_id = :study_id ORDER BY event.id"
    ).columns(submitted_at=_EVENTS.c.submitted_at.type)
    yield from session.connection().execute(query, {"study_id": study_id}).mappings()


def about(session: Session, *, item_id: int) -> list[dict[str, Any]]:
    """Return what is said of an item now, by raters of every kind, in the study and in adjudication."""
    query = text(
        "SELECT rater.key AS rater, rater.kind AS kind, question, part, occasion, round, step, status, "
        "value, reason, comment FROM rating JOIN rater ON rater.id = rating.rater_id "
        "WHERE item_id = :item_id AND round <> 'training' "
        "ORDER BY question, part, kind, rater.key, occasion, step"
    )
    return [dict(row) for row in session.connection().execute(query, {"item_id": item_id}).mappings()]


def count(session: Session, *, study_id: int) -> int:
    """Return how many current ratings a study has, of all kinds and rounds."""
    query = text("SELECT count(*) FROM rating WHERE study_id = :study_id")
    return int(session.connection().execute(query, {"study_id": study_id}).scalar_one())


def brought(session: Session, *, study_id: int) -> int:
    """Return how many of the clinicians' ratings came in a file, not from a form that was filled here."""
    query = text(
        "SELECT count(*) FROM rating JOIN rater ON rater.id = rating.rater_id "
        "WHERE rating.study_id = :study_id AND rater.kind = 'clinician' AND submission_id IS NULL "
        "AND round = 'main'"
    )
    return int(session.connection().execute(query, {"study_id": study_id}).scalar_one())


def lock_chain(session: Session, study_id: int) -> None:
    """Let no other transaction write this study's ratings until this one ends (SQLite has one writer)."""
    if session.get_bind().dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(:purpose, :study)")
        session.connection().execute(lock, {"purpose": _WRITING_LOCK, "study": study_id})


def _rows(
    ratings: Iterable[Rating],
    study_id: int,
    item_ids: Mapping[str, int],
    rater_ids: Mapping[str, int],
    round: str,
    step: str,
) -> dict[tuple[Any, ...], dict[str, Any]]:
    moment = now()
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for rating in ratings:
        row = _row(rating, study_id, item_ids, rater_ids, moment)
        row["round"], row["step"] = round, step
        if (key := _key(row)) in rows:
            raise Fault(
                f"{rating.rater!r} answers {rating.question!r} about item {rating.item!r} twice "
                f"on occasion {rating.occasion}; keep one of the two, or number the occasions."
            )
        rows[key] = row
    return rows


def _row(
    rating: Rating,
    study_id: int,
    item_ids: Mapping[str, int],
    rater_ids: Mapping[str, int],
    moment: datetime,
) -> dict[str, Any]:
    if rating.item not in item_ids:
        raise Fault(f"Item {rating.item!r} is not in this study; import its items first.")
    if rating.rater not in rater_ids:
        raise Fault(f"Rater {rating.rater!r} is not in this study; add the rater first.")
    return {
        "study_id": study_id,
        "item_id": item_ids[rating.item],
        "rater_id": rater_ids[rating.rater],
        "submitted_at": rating.submitted_at or moment,
        **dict(zip(_FIELDS, _fields(rating), strict=True)),
    }


def _current(
    session: Session, study_id: int, rows: Collection[dict[str, Any]]
) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    of_items, by_raters = ({row[name] for row in rows} for name in ("item_id", "rater_id"))
    if len(of_items) == len(by_raters) == 1:
        said = _CURRENT_OF_ONE.rows(session, item_id=of_items.pop(), rater_id=by_raters.pop())
        return {row[1 : 1 + len(_KEY)]: dict(zip(("id", *_KEY, *_SAID), row, strict=True)) for row in said}
    few = len(of_items) <= items.FEW and len(by_raters) <= items.FEW
    asked = {"item_ids": sorted(of_items), "rater_ids": sorted(by_raters)} if few else {"study_id": study_id}
    found = session.connection().execute(_CURRENT_OF_FEW if few else _CURRENT, asked).mappings()
    return {_key(row): dict(row) for row in found}


def _same(row: dict[str, Any], older: Mapping[str, Any] | None) -> bool:
    return older is not None and all(row[name] == older[name] for name in _SAID)
