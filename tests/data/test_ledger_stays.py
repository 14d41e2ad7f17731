"""What was sent and what came back can be neither changed, removed nor replaced."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.store import Store, open_store

REPLY = (
    "jury_reply (key, number, status, body, lost, request_id, at) "
    "VALUES ('k', 1, 200, {0}, '', '', '2026-01-01 00:00:00')"
)


@pytest.fixture
def store(sqlite_url):
    made = open_store(sqlite_url)
    with made.writing() as session:
        session.connection().execute(text("INSERT INTO " + REPLY.format("x'6669727374'")))
    yield made
    made.close()


def body(store: Store) -> bytes:
    with store.reading() as session:
        return bytes(session.connection().execute(text("SELECT body FROM jury_reply")).scalar_one())


@pytest.mark.parametrize(
    "again", ["INSERT OR REPLACE INTO ", "REPLACE INTO ", "INSERT OR IGNORE INTO ", "INSERT INTO "]
)
def test_a_reply_that_is_written_again_stays_as_it_was(store, again):
    with store.writing() as session:
        session.connection().execute(text(again + REPLY.format("x'6c61746572'")))
    assert body(store) == b"first"


@pytest.mark.parametrize("act", ["UPDATE jury_reply SET body = x'00'", "DELETE FROM jury_reply"])
def test_a_reply_is_not_changed_or_removed(store, act):
    with pytest.raises(DBAPIError, match="append-only"), store.writing() as session:
        session.connection().execute(text(act))
    assert body(store) == b"first"
