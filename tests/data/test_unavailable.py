"""A database that cannot be used just now, or is none: one sentence, nothing done, no text in it."""

import json
import os
import stat
import threading

import pytest
from sqlalchemy import event, text

from annotate.fault import Fault
from data.store import Store, Unavailable, access, connection, open_store, room
from pages.routes.acting import acted, told
from pages.routes.room import _draft
from pages.the_store import the_store
from tests.awaited import awaited

COMMENT = "Mrs Example of 12 Sample Street said so."


@pytest.fixture
def ward(sqlite_url, study_of, monkeypatch):
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.2)
    return study_of(sqlite_url)


def saves(session):
    return room.save_draft(
        session, assignment_id=1, revision=0, form={"accuracy": {"comment": COMMENT * 900}}
    )


def each_connection(store, statement):
    """Have every connection from now on begin with a statement."""
    store.engine.dispose()
    event.listen(store.engine, "connect", lambda opened, _record: opened.execute(statement))


def refused(store):
    """Return the one sentence that a writer gets, the same alone and together; nothing was written."""
    with pytest.raises(Unavailable) as alone, store.writing() as session:
        saves(session)
    with pytest.raises(Unavailable) as together:
        store.together(saves)
    assert str(alone.value) == str(together.value)
    assert COMMENT not in f"{alone.value.__cause__} {together.value.__cause__}"
    with store.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM draft")) == 0
    return str(alone.value)


def test_a_full_disk(ward):
    store, _ = ward
    with store.reading() as session:
        pages = session.scalar(text("PRAGMA page_count"))
    each_connection(store, f"PRAGMA max_page_count = {pages}")
    assert "disk that is full" in refused(store)


def test_a_database_that_may_not_be_written(ward):
    store, _ = ward
    each_connection(store, "PRAGMA query_only = ON")
    assert "may not be written" in refused(store)


def test_another_program_that_writes_for_long(ward):
    store, _ = ward
    other = Store(store.url)
    with other.writing() as session:
        session.connection()
        assert "another program" in refused(store)
        open_store(store.url).close()  # what is up to date needs no writer to be opened
    store.together(saves)
    other.close()


def test_the_page_is_told_to_try_again(ward, monkeypatch):
    store, study = ward
    monkeypatch.setenv("CONSILIUM_DATABASE_URL", store.url)
    with store.writing() as session:
        hers = study.clinicians[0].id
        link = access.invite(session, role="clinician", name="C01", rater_id=hers)
        browser = access.sign_in(session, token=link, hours=1)
    the_store.cache_clear()
    other = Store(store.url)
    try:
        with other.writing() as session:
            session.connection()
            kept = the_store().soon(lambda session: acted(session, _draft, browser, {}))
            answer = awaited(told(kept))
        assert answer.status_code == 503
        assert "cannot keep anything" in json.loads(answer.body)["message"]
    finally:
        the_store().close()
        the_store.cache_clear()
        other.close()


def test_a_file_that_is_no_database(tmp_path):
    file = tmp_path / "notes.db"
    file.write_text("These are notes. " * 100)
    with pytest.raises(Fault, match="is no SQLite file"):
        open_store(f"sqlite:///{file}")
    assert file.read_text() == "These are notes. " * 100


def test_a_folder_in_place_of_a_database(tmp_path):
    with pytest.raises(Fault, match=r"cannot be opened.*CONSILIUM_DATABASE_URL"):
        open_store(f"sqlite:///{tmp_path}")


def test_a_server_that_does_not_answer_is_named_without_its_password():
    with pytest.raises(Fault, match=r"127\.0\.0\.1") as said:
        open_store("postgresql://doctor:secret@127.0.0.1:9/ward?password=hidden&connect_timeout=2")
    assert "secret" not in str(said.value)
    assert "hidden" not in str(said.value)
    assert len(str(said.value).splitlines()) == 1


def test_a_driver_that_is_not_here():
    with pytest.raises(Fault, match=r"asyncpg.*postgresql\+psycopg"):
        Store("postgresql+asyncpg://doctor@host/ward")


@pytest.mark.skipif(os.name != "posix", reason="Windows has other rights")
def test_a_folder_that_is_made_for_it_is_its_owners_alone(tmp_path):
    Store(f"sqlite:///{tmp_path / 'new' / 'consilium.db'}").close()
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) & 0o077 == 0


@pytest.mark.postgres
def test_a_jury_that_fails_lets_go_of_its_study(postgres_url):
    """The lock belongs to a connection, and connections are used again."""
    from data.ledger.alone import alone

    store, other = Store(postgres_url), Store(postgres_url)
    with pytest.raises(Fault, match="No key"), alone(store, 1):
        raise Fault("No key.")
    held = threading.Event()
    with alone(other, 1):
        held.set()
    assert held.is_set()
    store.close()
    other.close()
