"""Writings that wait for the one writer share a commit; what goes wrong with one stays with that one."""

import threading

import pytest
from sqlalchemy import create_engine, event, text

from annotate.fault import Fault
from data.store import Store, Unavailable, audit, room


@pytest.fixture
def ward(sqlite_url, study_of):
    store, study = study_of(sqlite_url)
    with store.reading() as session:
        mine = session.connection().execute(text("SELECT id FROM assignment ORDER BY id"))
        study.forms = [number for (number,) in mine]
    return store, study


def saves(assignment, revision=0, value="4"):
    def do(session):
        form = {"accuracy": {"value": value}}
        return room.save_draft(session, assignment_id=assignment, revision=revision, form=form)

    return do


def piled(store, works):
    """Do `works` while the writer is busy, so that all of them wait together; return what each heard."""
    busy, free, heard = threading.Event(), threading.Event(), [None] * len(works)

    def hold(session):
        busy.set()
        assert free.wait(20)

    def hear(n):
        try:
            heard[n] = store.together(works[n])
        except Exception as problem:
            heard[n] = problem

    threads = [threading.Thread(target=store.together, args=(hold,))]
    threads[0].start()
    assert busy.wait(20)
    for n in range(len(works)):
        threads.append(threading.Thread(target=hear, args=(n,)))
        threads[-1].start()
        while len(store._together._pile) < n + 1:
            pass
    free.set()
    for thread in threads:
        thread.join(20)
    return heard


def drafts(store):
    with store.reading() as session:
        return dict(
            tuple(row)
            for row in session.connection().execute(text("SELECT assignment_id, revision FROM draft"))
        )


def commits(store):
    made = []
    event.listen(store.engine, "commit", lambda connection: made.append(connection))
    return made


def test_all_who_wait_share_one_commit(ward):
    store, study = ward
    made = commits(store)
    heard = piled(store, [saves(number) for number in study.forms])
    assert [saved.revision for saved in heard] == [1] * len(study.forms)
    assert drafts(store) == dict.fromkeys(study.forms, 1)
    assert len(made) == 1, "the one that held the others up wrote nothing"


def test_a_fault_in_one_undoes_that_one_alone(ward):
    store, study = ward
    first, bad, last = study.forms[:3]

    def fails(session):
        saves(bad)(session)
        raise Fault("This letter is wrong.")

    heard = piled(store, [saves(first), fails, saves(last)])
    assert (heard[0].revision, str(heard[1]), heard[2].revision) == (1, "This letter is wrong.", 1)
    assert drafts(store) == {first: 1, last: 1}


def test_a_statement_that_the_database_refuses_undoes_that_one_alone(ward):
    store, study = ward
    first, _, last = study.forms[:3]
    heard = piled(store, [saves(first), saves(10**9), saves(last)])
    assert "FOREIGN KEY" in str(heard[1])
    assert drafts(store) == {first: 1, last: 1}


def test_where_the_whole_transaction_is_lost_each_is_done_alone(ward):
    """SQLite itself undoes a transaction where the disk is full or memory runs out."""
    store, study = ward
    first, _, last = study.forms[:3]

    def loses(session):
        session.connection().exec_driver_sql("ROLLBACK")
        raise OSError("the disk is full")

    heard = piled(store, [saves(first), loses, saves(last)])
    assert (heard[0].revision, heard[2].revision) == (1, 1)
    assert isinstance(heard[1], Exception)
    assert drafts(store) == {first: 1, last: 1}


def test_nobody_hears_before_the_commit(ward):
    store, study = ward
    told, other = [], Store(store.url)

    def looks(_connection):
        told.append(drafts(other))

    event.listen(store.engine, "commit", looks)
    assert store.together(saves(study.forms[0])).revision == 1
    assert told[0] == {}
    assert drafts(other) == {study.forms[0]: 1}
    other.close()


def test_what_came_first_is_written_first(ward):
    store, study = ward
    number = study.forms[0]
    heard = piled(store, [saves(number, revision, str(1 + revision)) for revision in range(5)])
    assert [saved.revision for saved in heard] == [1, 2, 3, 4, 5]
    assert not any(saved.conflict for saved in heard)


def test_many_writers_for_a_while_lose_and_double_nothing(ward):
    store, study = ward
    rounds, faults = 40, []

    def click(number):
        for revision in range(rounds):
            if store.together(saves(number, revision)).revision != revision + 1:
                faults.append((number, revision))

    threads = [threading.Thread(target=click, args=(number,)) for number in study.forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert drafts(store) == dict.fromkeys(study.forms, rounds)


def records(subject, fails=False):
    def do(session):
        audit.record(session, who="t", action="noted", subject=subject)
        if fails:
            raise Fault("This letter is wrong.")

    return do


def test_what_one_that_failed_had_only_begun_is_not_written_with_the_others(ward):
    store, _ = ward
    piled(store, [records("first"), records("wrong", fails=True), records("last")])
    with store.reading() as session:
        noted = session.connection().execute(
            text("SELECT subject FROM audit_event WHERE action = 'noted' ORDER BY id")
        )
        assert [subject for (subject,) in noted] == ["first", "last"]


def test_who_does_not_wait_any_more_holds_up_nobody(ward):
    store, study = ward
    busy, free = threading.Event(), threading.Event()

    def hold(session):
        busy.set()
        assert free.wait(20)

    held = store.soon(hold)
    assert busy.wait(20)
    first, gone, last = [store.soon(saves(number)) for number in study.forms[:3]]
    assert gone.cancel()
    free.set()
    assert (held.result(20), first.result(20).revision, last.result(20).revision) == (None, 1, 1)
    assert drafts(store) == {study.forms[0]: 1, study.forms[2]: 1}


def at_once(store, works):
    """Have `works` taken from the pile as one; return what each heard."""
    with store._together._taking:
        answers = [store.soon(work) for work in works]
    return [answer.exception(30) or answer.result() for answer in answers]


def test_where_another_program_writes_all_hear_of_it_at_once(ward):
    """Else each of them would wait as long again, alone, one after the other."""
    store, study = ward
    quick, tries = create_engine(store.url, connect_args={"timeout": 0.3}), []

    @event.listens_for(quick, "connect")
    def own_transactions(connection, _record):
        connection.isolation_level = None

    @event.listens_for(quick, "begin")
    def counted(connection):
        tries.append(connection)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    store._together._writer = quick
    other = Store(store.url)
    with other.writing() as session:
        session.connection()
        heard = at_once(store, [saves(number) for number in study.forms])
    assert len(tries) == 1
    assert {type(problem) for problem in heard} == {Unavailable}
    assert "another program" in str(heard[0])
    assert drafts(store) == {}
    assert store.together(saves(study.forms[0])).revision == 1
    other.close()
    quick.dispose()


def test_a_writer_that_is_ended_leaves_nobody_waiting(ward):
    """Whatever ends the one who writes for the others, each of them hears of it, and the next is written."""
    store, study = ward

    def ends(_session):
        raise SystemExit

    heard = at_once(store, [saves(study.forms[0]), ends])
    assert [type(each) for each in heard] == [SystemExit, SystemExit]
    assert drafts(store) == {}
    assert store.together(saves(study.forms[0])).revision == 1
