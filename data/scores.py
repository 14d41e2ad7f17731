"""Scores of text metrics by the hash of what was scored: one file, safe from a kill after every batch."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType

from annotate.fault import Fault
from annotate.metrics.metric import Score

_MANY = 500


class ScoreFile:
    """An `annotate.metrics.grading.ScoreCache` in a file of its own, whose memory does not grow with it.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "ratings.csv.scores"
    >>> with ScoreFile(path) as scores:
    ...     scores.keep({b"key": Score((0.5,))})
    >>> with ScoreFile(path) as scores:
    ...     scores.found([b"key", b"other"])
    {b'key': Score(values=(0.5,), reason='', note='', failed=False)}
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def _file(self) -> sqlite3.Connection:
        """Opened by the first batch: a run that cannot start leaves nothing behind."""
        try:
            file = sqlite3.connect(self.path, isolation_level=None, timeout=30)
            file.execute("PRAGMA journal_mode = WAL")
            file.execute("PRAGMA synchronous = NORMAL")
            file.execute(
                "CREATE TABLE IF NOT EXISTS score (key BLOB PRIMARY KEY, said TEXT NOT NULL) WITHOUT ROWID"
            )
        except sqlite3.Error as fault:
            sentence = f"{self.path} cannot be used to keep scores ({fault}); delete it, or name another."
            raise Fault(sentence) from fault
        return file

    def found(self, keys: Sequence[bytes]) -> Mapping[bytes, Score]:
        """Return those of `keys` that are kept."""
        scores: dict[bytes, Score] = {}
        try:
            for at in range(0, len(keys), _MANY):
                some = keys[at : at + _MANY]
                marks = ",".join("?" * len(some))
                rows = self._file.execute(f"SELECT key, said FROM score WHERE key IN ({marks})", some)
                scores |= {key: _score(said) for key, said in rows}
        except sqlite3.Error as fault:
            raise Fault(f"{self.path} cannot be read ({fault}); delete it to score anew.") from fault
        return scores

    def keep(self, scores: Mapping[bytes, Score]) -> None:
        """Keep `scores`, all or none: they are safe from a kill once this returns."""
        rows = [(key, json.dumps([score.values, score.reason, score.note])) for key, score in scores.items()]
        try:
            self._file.execute("BEGIN IMMEDIATE")
            self._file.executemany("INSERT OR IGNORE INTO score VALUES (?, ?)", rows)
            self._file.execute("COMMIT")
        except sqlite3.Error as fault:
            raise Fault(
                f"{self.path} takes no more scores ({fault}); what it holds is safe: make room, and the "
                "same command goes on from there."
            ) from fault

    def __enter__(self) -> ScoreFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if "_file" in self.__dict__:
            self._file.close()


def _score(said: str) -> Score:
    values, reason, note = json.loads(said)
    return Score(tuple(values), reason, note)
