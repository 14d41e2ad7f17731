"""Migrations: once, from every earlier revision with rows in it, to just what the models say."""

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlmodel import SQLModel, select

from annotate.fault import Fault
from annotate.rating import Rating
from data.ledger import JuryLedger
from data.store import Store, items, migrate, open_store, ratings, studies
from data.store.migrate import current, revisions
from data.tables.jury import JuryAcceptance
from tests.data.conftest import fill

MIGRATIONS = Path(__file__).parents[2] / "data" / "migrations"


def test_the_files_names_begin_with_the_revisions_that_they_hold():
    found = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    assert revisions() == [script.revision for script in found][::-1]


def empty(kind, request, tmp_path):
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    address = request.getfixturevalue("postgres_url")
    store = Store(address)
    with store.writing() as session:
        session.connection().execute(text("DROP SCHEMA public CASCADE; CREATE SCHEMA public"))
    store.close()
    return address


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request, tmp_path):
    return empty(request.param, request, tmp_path)


def test_what_migrations_make_is_what_the_models_say(store):
    with store.writing() as session:
        context = MigrationContext.configure(session.connection())
        differences = compare_metadata(context, SQLModel.metadata)
    assert differences == []


def test_checks_and_views_are_there_too(store):
    """Autogeneration sees neither."""
    found = inspect(store.engine)
    declared = {
        name: {check.name for check in table.constraints if check.__class__.__name__ == "CheckConstraint"}
        for name, table in SQLModel.metadata.tables.items()
    }
    for table, checks in declared.items():
        assert {check["name"] for check in found.get_check_constraints(table)} >= checks
    assert "rating" in found.get_view_names()


def test_replicas_that_start_together_migrate_once(empty_url):
    start, failures = threading.Barrier(4), []

    def replica():
        start.wait()
        try:
            open_store(empty_url).close()
        except Exception as failure:  # whatever it is, the test shall show it
            failures.append(failure)

    threads = [threading.Thread(target=replica) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    store = Store(empty_url)
    with store.reading() as session:
        assert current(session.connection()) == revisions()[-1]
    store.close()


def test_processes_that_start_together_migrate_once(tmp_path):
    import subprocess
    import sys

    from tests.serving import ROOT

    code = f"from data.store import open_store; open_store('sqlite:///{tmp_path / 'two.db'}').close()"
    both = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(2)]
    assert [each.wait() for each in both] == [0, 0]


@pytest.mark.parametrize("revision", revisions())
def test_a_database_of_each_revision_with_rows_in_it_comes_up_to_date(empty_url, revision):
    store = Store(empty_url)
    migrate(store, "0001")
    fill_as_of_the_first_revision(store)
    migrate(store, revision)
    migrate(store)
    with store.writing() as session:
        study = studies.named(session, name="old")
        assert [item.key for item in items.in_study(session, study_id=study.id)] == ["old-item"]
        assert ratings.count(session, study_id=study.id) == 1
        rows = [Rating("old-item", "C01", "clarity", "5", 5.0)]
        assert ratings.append(session, study_id=study.id, ratings=rows) == 1
    store.close()


def fill_as_of_the_first_revision(store):
    """Write rows as plain SQL: the models of today may know columns that the first revision lacks."""
    moment = "'2026-01-01 00:00:00'"
    statements = (
        "INSERT INTO study (id, name, title, status, seed, irb, demo, created_at) "
        f"VALUES (1, 'old', 'Old', 'running', 0, '', false, {moment})",
        "INSERT INTO protocol_version (id, study_id, number, text, sha256, changes, created_at) "
        f"VALUES (1, 1, 1, 'x', 'x', '', {moment})",
        "INSERT INTO item (id, study_id, key, case_key, source, prompt, reference_texts, benchmark, "
        "category, subcategory, task, strata, criteria) "
        "VALUES (1, 1, 'old-item', '', '', '', '[]', '', '', '', '', '{}', '[]')",
        "INSERT INTO rater (id, study_id, key, kind, specialty, family, identity, identity_sha256, "
        f"consent_sha256, created_at) VALUES (1, 1, 'C01', 'clinician', '', '', '{{}}', '', '', {moment})",
        "INSERT INTO rating_event (id, study_id, item_id, rater_id, question, part, occasion, round, step, "
        "status, value, number, reason, comment, confidence, submitted_at, hash) "
        f"VALUES (1, 1, 1, 1, 'accuracy', '', 1, 'main', '', 'answered', '4', 4, '', '', '', {moment}, 'x')",
    )
    with store.writing() as session:
        for statement in statements:
            session.connection().exec_driver_sql(statement)
        if store.dialect == "postgresql":  # explicit numbers leave the sequences behind
            for table in ("study", "protocol_version", "item", "rater", "rating_event"):
                session.connection().exec_driver_sql(f"SELECT setval('{table}_id_seq', 10)")


def test_what_a_lead_accepted_moves_to_its_own_table(empty_url):
    store = Store(empty_url)
    migrate(store, "0003")
    with store.writing() as session:
        for endpoint, who in (("api.example:8443", "lead"), ("*findings*abc", "Dr. Lee: dates: all shifted")):
            session.connection().exec_driver_sql(
                "INSERT INTO jury_consent (study_id, endpoint, who, at) "
                f"VALUES (7, '{endpoint}', '{who}', '2026-01-01 00:00:00')"
            )
    migrate(store)
    ledger = JuryLedger(store, 7)
    assert (ledger.allowed(), ledger.accepted()) == ({"api.example:8443"}, {"abc"})
    with store.reading() as session:
        (kept,) = session.exec(select(JuryAcceptance))
    assert (kept.who, kept.reason) == ("Dr. Lee", "dates: all shifted")
    assert (kept.at.year, kept.at.month, kept.at.day) == (2026, 1, 1)
    store.close()


def test_a_database_from_a_newer_version_is_refused_with_a_sentence(sqlite_url):
    store = Store(sqlite_url)
    with store.writing() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Fault, match="newer"):
        migrate(store)
    store.close()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("nonsense", "is no database address"),
        ("mysql://host/x", "keeps its data in sqlite or postgresql"),
        ("sqlite:////dev/null/x/y.db", "cannot be made"),
        ("postgresql+psycopg://nobody@127.0.0.1:1/x", "cannot be opened"),
    ],
)
def test_an_address_that_cannot_be_used_gets_a_sentence(address, sentence):
    with pytest.raises(Fault, match=sentence):
        open_store(address)


@pytest.mark.parametrize("end", ["@127.0.0.1:1/x", "@127.0.0.1:port/x", "127.0.0.1"])
@pytest.mark.parametrize("begin", ["postgresql+psycopg://nobody:", "postgresql+psycopg:/nobody:"])
def test_a_password_never_shows(begin, end):
    with pytest.raises(Fault) as fault:
        open_store(f"{begin}secret{end}")
    assert "secret" not in str(fault.value)


def test_the_small_study_fills_a_database(store):
    assert fill(store).id is not None
