"""The jury's ledger on a store: what `annotate.jury.ledger.Ledger` asks for, in rows."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Table, func
from sqlmodel import SQLModel, col, select

from annotate.jury.juror import Juror
from annotate.jury.ledger import Batch, Call, Read
from annotate.jury.reading import VERSION, Reading
from annotate.jury.reply import Raw
from data.ledger.allowed import Allowed
from data.ledger.alone import alone
from data.ledger.shown import OUTDATED, Shown
from data.ledger.writer import Writer, free
from data.migrations import acceptances, turns
from data.store.connection import Store
from data.store.ratings import lock_chain
from data.tables.column import now
from data.tables.jury import (
    JuryAcceptance,
    JuryAttempt,
    JuryBatch,
    JuryCall,
    JuryConsent,
    JuryReading,
    JuryReply,
    JurySecret,
    JuryVerdict,
)

_TABLES = (
    JuryAcceptance, JuryAttempt, JuryBatch, JuryCall, JuryConsent, JuryReading, JuryReply, JurySecret,
    JuryVerdict,
)  # fmt: skip


def _table(model: type[SQLModel]) -> Table:
    return model.__table__  # type: ignore[attr-defined, no-any-return]


def beside(path: Path) -> JuryLedger:
    """Return the ledger that is kept beside a file of ratings, with the same name and ``.jury.db``.

    Examples
    --------
    >>> import tempfile
    >>> ledger = beside(Path(tempfile.mkdtemp()) / "ratings.csv")
    >>> ledger.salt() == ledger.salt()
    True
    >>> ledger.close()
    """
    store = Store(f"sqlite:///{path.with_name(path.name + '.jury.db')}")
    with store.writing() as session:
        connection = session.connection()
        SQLModel.metadata.create_all(connection, tables=[_table(model) for model in _TABLES])
        turns.add(connection)
        acceptances.move(connection)
    return JuryLedger(store, 0)


class JuryLedger(Shown, Allowed):
    """One study's ledger; study 0 is a file's."""

    def __init__(self, store: Store, study_id: int) -> None:
        self.store = store
        self.study_id = study_id
        self._writer = Writer(store)
        self._turn = 0

    def close(self) -> None:
        """Write the rest."""
        self._writer.close()
        if self.study_id == 0:
            self.store.close()

    def salt(self) -> str:
        """Return the secret that this study's fences are made from."""
        with self.store.writing() as session:
            lock_chain(session, self.study_id)  # two runs that begin together find one secret
            kept = session.get(JurySecret, self.study_id)
            if kept is None:
                kept = JurySecret(study_id=self.study_id, salt=secrets.token_hex(16))
                session.add(kept)
            return kept.salt

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the ledger for one run."""
        with alone(self.store, self.study_id) as self._writer.held:
            try:
                with self.store.reading() as session:
                    self._turn = session.exec(select(func.coalesce(func.max(JuryVerdict.turn), 0))).one()
                yield
            finally:
                self._writer.held = free

    # --- what is known ------------------------------------------------------------------------------

    def names(self, juror: Juror) -> set[str]:
        """Return the names under which a juror has been asked."""
        mine = select(JuryCall.juror).distinct()
        mine = mine.where(JuryCall.study_id == self.study_id, JuryCall.identity == juror.identity)
        with self.store.reading() as session:
            return set(session.exec(mine))

    def settled(self, juror: Juror) -> set[str]:
        """Return the keys whose verdict stands. A call that failed unpaid may be tried again."""
        mine = (
            select(JuryVerdict.key)
            .join(JuryCall, col(JuryCall.key) == col(JuryVerdict.key))
            .where(JuryCall.study_id == self.study_id, JuryCall.identity == juror.identity)
            .where(JuryVerdict.outcome != "failed")
        )
        with self.store.reading() as session:
            return set(session.exec(mine))

    def outdated(self, juror: Juror) -> set[str]:
        """Return the keys whose verdict an older parser read, or has been replaced by another request's."""
        return {row["key"] for row in self._rows(OUTDATED, identity=juror.identity, version=VERSION)}

    def answered(self, juror: Juror) -> dict[str, int]:
        """Return the keys with any attempt, and the number of the last."""
        mine = (
            select(JuryAttempt.key, func.max(JuryAttempt.number))
            .join(JuryCall, col(JuryCall.key) == col(JuryAttempt.key))
            .where(JuryCall.study_id == self.study_id, JuryCall.identity == juror.identity)
            .group_by(JuryAttempt.key)
        )
        with self.store.reading() as session:
            return {key: int(number) for key, number in session.exec(mine)}

    def replies(self, key: str) -> Sequence[tuple[int, Raw]]:
        """Return the raw replies of a call, in order."""
        mine = select(JuryReply).where(JuryReply.key == key).order_by(col(JuryReply.number))
        with self.store.reading() as session:
            return [
                (row.number, Raw(row.status, row.body, {"request-id": row.request_id}, row.lost))
                for row in session.exec(mine)
            ]

    def tokens_seen(self, juror: Juror) -> tuple[int, int, int]:
        """Return how many replies told their usage, and their input and output tokens a reply."""
        mine = (
            select(
                func.count(),
                func.coalesce(func.avg(JuryReading.input_tokens), 0),
                func.coalesce(func.avg(JuryReading.output_tokens), 0),
            )
            .join(JuryCall, col(JuryCall.key) == col(JuryReading.key))
            .where(JuryCall.study_id == self.study_id, JuryCall.identity == juror.identity)
            .where(col(JuryReading.input_tokens).is_not(None))
        )
        with self.store.reading() as session:
            number, inputs, outputs = session.exec(mine).one()
        return int(number), int(inputs), int(outputs)

    # --- what happens -------------------------------------------------------------------------------

    async def sending(self, call: Call, number: int, batch: str = "") -> None:
        """Record that a request is about to leave."""
        juror, at = call.juror, now()
        if number == 1:
            row = {
                "key": call.key, "study_id": self.study_id, "juror": juror.name, "identity": juror.identity,
                "rater": call.rater, "item": call.item, "sample": call.sample, "control": call.control,
                "endpoint": juror.endpoint, "url": juror.url, "request": call.request, "at": at,
            }  # fmt: skip
            self._writer.put(_table(JuryCall), row)
        attempt = {"key": call.key, "number": number, "batch": batch, "at": at}
        await self._writer.written(_table(JuryAttempt), attempt)

    async def received(self, key: str, number: int, raw: Raw) -> None:
        """Record a raw reply, before anybody reads it."""
        row = {
            "key": key, "number": number, "status": raw.status, "body": raw.body, "lost": raw.lost,
            "request_id": raw.request_id, "at": now(),
        }  # fmt: skip
        await self._writer.written(_table(JuryReply), row)

    def read(self, read: Read) -> None:
        """Record what was made of a reply."""
        usage, cost = read.usage, read.cost
        row = {
            "key": read.call.key, "number": read.number, "version": VERSION,
            "outcome": read.reading.outcome, "why": read.reading.why, "model": read.model,
            "input_tokens": usage.input if usage else None, "output_tokens": usage.output if usage else None,
            "cached_tokens": usage.cache_read if usage else None, "dollars": cost.dollars if cost else None,
            "price_source": cost.source if cost else "", "price_date": cost.date if cost else "",
        }  # fmt: skip
        self._writer.put(_table(JuryReading), row, replace=True)

    def settle(self, call: Call, number: int, reading: Reading) -> None:
        """Record a call's verdict; the last one stands."""
        answers = [[a.question, a.part, a.value, a.number, a.explanation] for a in reading.answers]
        self._turn += 1
        row = {
            "key": call.key, "number": number, "turn": self._turn, "version": VERSION,
            "outcome": reading.outcome, "why": reading.why,
            "answers": json.dumps(answers, ensure_ascii=False), "at": now(),
        }  # fmt: skip
        self._writer.put(_table(JuryVerdict), row, replace=True)

    async def flush(self) -> None:
        """Wait until everything is on disk."""
        await self._writer.flush()

    # --- batches ------------------------------------------------------------------------------------

    async def batch(self, batch: Batch) -> None:
        """Record a batch, or its new state."""
        row = asdict(batch) | {
            "study_id": self.study_id,
            "keys": json.dumps(batch.keys),
            "at": batch.at or now(),
        }
        await self._writer.written(_table(JuryBatch), row, replace=True)

    def batches(self, juror: Juror, *, done: bool = False) -> Iterable[Batch]:
        """Return the batches that are not yet done, oldest first; with `done` those that are, too."""
        mine = select(JuryBatch).where(JuryBatch.study_id == self.study_id, JuryBatch.rater == juror.rater)
        mine = mine if done else mine.where(JuryBatch.state != "done")
        with self.store.reading() as session:
            rows = session.exec(mine.order_by(col(JuryBatch.at))).all()
        return [
            Batch(row.token, row.rater, tuple(json.loads(row.keys)), row.number, row.state, row.at)
            for row in rows
        ]
