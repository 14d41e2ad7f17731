"""What a page or a file shows of a ledger: verdicts, failures with their raw replies, what went where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text

from data.store.connection import Store

_PLACE = """ROW_NUMBER() OVER
    (PARTITION BY c.rater, c.item, c.sample ORDER BY v.turn DESC, v.at DESC, v.key) AS place"""
_VERDICTS = f"""
SELECT * FROM (
  SELECT c.key, c.juror, c.identity, c.rater, c.item, c.sample, c.control, v.number, v.outcome, v.why,
         v.answers, v.at, {_PLACE}
  FROM jury_call c JOIN jury_verdict v ON v.key = c.key
  WHERE c.study_id = :study_id {{where}}
) AS latest WHERE place = 1 ORDER BY rater, item, sample
"""
OUTDATED = f"""
SELECT key FROM (
  SELECT c.key, c.identity, v.version, {_PLACE}
  FROM jury_call c JOIN jury_verdict v ON v.key = c.key WHERE c.study_id = :study_id
) AS told WHERE identity = :identity AND (version <> :version OR place > 1)
"""
_SENT = """
SELECT c.endpoint, c.url, c.juror, c.item, c.control, a.number, a.batch, a.at, c.key
FROM jury_attempt a JOIN jury_call c ON c.key = a.key
WHERE c.study_id = :study_id ORDER BY a.at, c.key
"""
_WHERE = """
SELECT c.endpoint, COUNT(*) AS requests, COUNT(DISTINCT c.item) AS items
FROM jury_attempt a JOIN jury_call c ON c.key = a.key
WHERE c.study_id = :study_id GROUP BY c.endpoint ORDER BY c.endpoint
"""
_REPLIES = """
SELECT a.number, a.at AS sent_at, a.batch, r.status, r.body, r.lost, r.request_id, r.at,
       m.outcome, m.why, m.model, m.input_tokens, m.output_tokens, m.cached_tokens, m.dollars,
       m.price_source, m.price_date
FROM jury_attempt a
LEFT JOIN jury_reply r ON r.key = a.key AND r.number = a.number
LEFT JOIN jury_reading m ON m.key = a.key AND m.number = a.number
WHERE a.key = :key ORDER BY a.number
"""
_MODELS = """
SELECT c.rater, m.model, COUNT(*) AS replies,
       SUM(CASE WHEN m.outcome = 'usable' THEN 1 ELSE 0 END) AS usable, SUM(m.input_tokens) AS input_tokens,
       SUM(m.output_tokens) AS output_tokens, SUM(m.dollars) AS dollars
FROM jury_reading m JOIN jury_call c ON c.key = m.key
WHERE c.study_id = :study_id GROUP BY c.rater, m.model ORDER BY c.rater, m.model
"""


class Shown:
    """Questions to a ledger that change nothing."""

    store: Store
    study_id: int

    def verdicts(self, *, failures: bool = False) -> Iterator[dict[str, Any]]:
        """Yield the latest verdict of every rater about every item and sample, with its call's key."""
        where = "AND v.outcome <> 'usable'" if failures else ""
        yield from self._rows(_VERDICTS.format(where=where), at="at")

    def call(self, key: str) -> dict[str, Any] | None:
        """Return one call as it was sent."""
        query = "SELECT * FROM jury_call WHERE key = :key AND study_id = :study_id"
        return next(self._rows(query, key=key), None)

    def attempts(self, key: str) -> list[dict[str, Any]]:
        """Return every attempt of one call, with its raw reply and what was made of it."""
        return list(self._rows(_REPLIES, key=key))

    def sent(self) -> Iterator[dict[str, Any]]:
        """Yield what was sent where, and when: a row for every request that left."""
        yield from self._rows(_SENT)

    def sent_where(self) -> dict[str, dict[str, int]]:
        """Return how many requests about how many items have gone to each endpoint so far."""
        rows = self._rows(_WHERE)
        return {str(row["endpoint"]): {"requests": row["requests"], "items": row["items"]} for row in rows}

    def models(self) -> list[dict[str, Any]]:
        """Return which models answered each rater's calls, with tokens and cost."""
        return list(self._rows(_MODELS))

    def served(self) -> list[tuple[str, str, int]]:
        """Return which models answered each rater's calls, and how often.

        Among replies that name no model only verdicts count: an error need not say whose it is.
        """
        rows = [(r["rater"], r["model"], r["replies" if r["model"] else "usable"]) for r in self.models()]
        return [row for row in rows if row[2]]

    def _rows(self, query: str, at: str = "", **values: Any) -> Iterator[dict[str, Any]]:
        from data.tables.jury import JuryVerdict

        statement = text(query)
        if at:
            statement = statement.columns(at=JuryVerdict.__table__.c.at.type)  # type: ignore[attr-defined, assignment]
        with self.store.reading() as session:
            found = session.connection().execute(statement, {"study_id": self.study_id, **values})
            for row in found.yield_per(1000).mappings():
                yield dict(row)
