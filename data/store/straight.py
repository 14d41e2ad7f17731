"""Statements that run at every click: compiled once, then handed straight to the driver.

Between a plain text and its rows SQLAlchemy works several times as long as the database itself. Here it only
compiles: the driver's own text of the statement, and what turns JSON and times into what the database keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Dialect, bindparam, text
from sqlalchemy.types import TypeEngine
from sqlmodel import Session

Row = tuple[Any, ...]
Kind = TypeEngine[Any] | type[TypeEngine[Any]]
Change = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement as one driver takes it: by place or by name, with the values that need a change."""

    sql: str
    places: tuple[str, ...] | None
    binds: tuple[tuple[str, Change], ...]
    reads: tuple[tuple[int, Change], ...]

    def values(self, given: dict[str, Any]) -> Any:
        for name, change in self.binds:
            given[name] = change(given[name])
        return given if self.places is None else [given[name] for name in self.places]

    def row(self, found: Row) -> Row:
        changed = list(found)
        for place, change in self.reads:
            changed[place] = change(changed[place])
        return tuple(changed)


class Statement:
    """One statement with named parameters; `binds` and `reads` say which of them are JSON or times.

    Examples
    --------
    >>> from sqlalchemy import JSON
    >>> from data.store import Store
    >>> twice = Statement("SELECT :form, :number * 2", binds={"form": JSON}, reads={0: JSON})
    >>> with Store("sqlite://").reading() as session:
    ...     twice.first(session, form={"accuracy": "4"}, number=21)
    ({'accuracy': '4'}, 42)
    """

    def __init__(
        self, sql: str, *, binds: Mapping[str, Kind] | None = None, reads: Mapping[int, Kind] | None = None
    ) -> None:
        self._binds, self._reads = dict(binds or {}), dict(reads or {})
        typed = (bindparam(name, type_=kind) for name, kind in self._binds.items())
        self._text = text(sql).bindparams(*typed)
        self._ready: WeakKeyDictionary[Dialect, _Ready] = WeakKeyDictionary()

    def rows(self, session: Session, **values: Any) -> list[Row]:
        """Return what the statement finds; none where it only writes."""
        connection = session.connection()
        ready = self._for(connection.dialect)
        cursor = _driver(connection).execute(ready.sql, ready.values(values))
        found: list[Row] = cursor.fetchall() if cursor.description else []
        return [ready.row(row) for row in found] if ready.reads else found

    def first(self, session: Session, **values: Any) -> Row | None:
        """Return the first row, or None."""
        return next(iter(self.rows(session, **values)), None)

    def many(self, session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write many rows."""
        connection = session.connection()
        ready = self._for(connection.dialect)
        _driver(connection).cursor().executemany(ready.sql, [ready.values(dict(row)) for row in rows])

    def _for(self, dialect: Dialect) -> _Ready:
        ready = self._ready.get(dialect)
        if ready is None:
            ready = self._ready[dialect] = self._compiled(dialect)
        return ready

    def _compiled(self, dialect: Dialect) -> _Ready:
        said: Any = self._text.compile(dialect=dialect)
        kinds = {name: kind.type for name, kind in said.binds.items()}
        binds = ((name, _impl(kind, dialect).bind_processor(dialect)) for name, kind in kinds.items())
        reads = (
            (place, _impl(kind, dialect).result_processor(dialect, None))
            for place, kind in self._reads.items()
        )
        return _Ready(
            str(said),
            tuple(said.positiontup) if said.positional else None,
            tuple((name, change) for name, change in binds if change),
            tuple((place, change) for place, change in reads if change),
        )


def _impl(kind: Kind, dialect: Dialect) -> Any:
    return (kind() if isinstance(kind, type) else kind).dialect_impl(dialect)


def _driver(connection: Connection) -> Any:
    """Return the driver's own connection: what both drivers offer beyond the standard is `execute`."""
    return connection.connection.dbapi_connection
