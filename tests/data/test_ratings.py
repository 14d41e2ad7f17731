"""Ratings are rows for good: appended, superseded, chained, and never changed."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from annotate.fault import Fault
from annotate.rating import Rating, unanswered
from data.store import assignments, chain, ratings, room
from data.store.frame import ratings_frame

FIRST = Rating("item-1", "C01", "accuracy", "4", 4.0)
CHANGED = Rating("item-1", "C01", "accuracy", "2", 2.0)


def write(store, study, *rows, **more):
    with store.writing() as session:
        return ratings.append(session, study_id=study.id, ratings=rows, **more)


def frame(store, study, **how):
    with store.reading() as session:
        return ratings_frame(session, study_id=study.id, **({"kinds": ("clinician",)} | how))


def test_a_changed_mind_is_a_new_row_and_the_first_one_stays(store, study):
    assert write(store, study, FIRST) == 1
    assert write(store, study, CHANGED) == 1
    assert frame(store, study).number.tolist() == [2.0]
    assert frame(store, study, which="first").number.tolist() == [4.0]
    with store.reading() as session:
        assert [row["value"] for row in ratings.events(session, study_id=study.id)] == ["4", "2"]


def test_saying_the_same_again_adds_nothing(store, study):
    write(store, study, FIRST)
    assert write(store, study, FIRST) == 0


def test_unanswered_is_a_row_with_its_reason_and_no_number(store, study):
    write(store, study, unanswered("item-1", "C01", "accuracy", status="unable", reason="other"))
    row = frame(store, study, words=("reason",)).iloc[0]
    assert (row.status, row.reason) == ("unable", "other")
    assert row.number != row.number


def test_every_bit_of_a_number_comes_back(store, study):
    numbers = [0.1, 1 / 3, 2 / 3 + 1e-16, 5.0, 1e-300, 123456789.123456789]
    rows = [Rating("item-1", "C01", f"q{n}", repr(number), number) for n, number in enumerate(numbers)]
    write(store, study, *rows)
    assert frame(store, study).number.tolist() == numbers


def test_no_read_defaults_to_all_kinds(store, study):
    write(store, study, FIRST, Rating("item-1", "juror-a", "accuracy", "5", 5.0))
    assert frame(store, study).rater.tolist() == ["C01"]
    assert frame(store, study, kinds=("juror",)).kind.tolist() == ["juror"]
    with store.reading() as session, pytest.raises(TypeError):
        ratings_frame(session, study_id=study.id)


def test_training_answers_stay_out(store, study):
    write(store, study, FIRST, round="training")
    assert frame(store, study).empty
    assert len(frame(store, study, rounds=("training",))) == 1


def test_the_same_question_twice_in_one_write_is_named_and_nothing_is_written(store, study):
    with pytest.raises(Fault, match=r"'C01' answers 'accuracy' about item 'item-1' twice"):
        write(store, study, FIRST, CHANGED)
    assert frame(store, study).empty


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (Rating("item-9", "C01", "accuracy", "4", 4.0), "Item 'item-9' is not in this study"),
        (Rating("item-1", "C09", "accuracy", "4", 4.0), "Rater 'C09' is not in this study"),
    ],
)
def test_strangers_are_named(store, study, row, sentence):
    with pytest.raises(Fault, match=sentence):
        write(store, study, row)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rating_event SET value = '5'",
        "DELETE FROM rating_event",
        "UPDATE submission SET active_seconds = 0",
        "DELETE FROM audit_event",
        "UPDATE protocol_version SET text = ''",
    ],
)
def test_the_database_itself_refuses_to_change_what_was_said(store, study, statement):
    submit(store, study, "key", FIRST)
    with pytest.raises(DBAPIError, match="append-only"), store.writing() as session:
        session.connection().execute(text(statement))


def test_sqlite_cannot_replace_a_row_either(sqlite_url, study_of):
    store, study = study_of(sqlite_url)
    write(store, study, FIRST)
    names = "study_id, item_id, rater_id, question, part, occasion, round, step, status, reason, comment"
    copy = (
        f"INSERT OR REPLACE INTO rating_event ({names}, confidence, submitted_at, hash, value) "
        f"SELECT {names}, confidence, submitted_at, hash, '1' FROM rating_event"
    )
    with pytest.raises(DBAPIError, match="append-only"), store.writing() as session:
        session.connection().execute(text(copy))


def test_postgres_cannot_be_truncated(postgres_url, study_of):
    store, study = study_of(postgres_url)
    write(store, study, FIRST)
    with pytest.raises(DBAPIError, match="append-only"), store.writing() as session:
        session.connection().execute(text("TRUNCATE rating_event"))


def test_a_row_is_answered_with_a_value_or_unanswered_with_a_reason(store, study):
    write(store, study, FIRST)
    for change in ("'refused', NULL, ''", "'answered', NULL, ''", "'unable', '4', 'other'"):
        names = "study_id, item_id, rater_id, question, part, occasion, round, step, comment, confidence"
        bad = (
            f"INSERT INTO rating_event ({names}, submitted_at, hash, supersedes, status, value, reason) "
            f"SELECT {names}, submitted_at, hash, id, {change} FROM rating_event"
        )
        with pytest.raises(DBAPIError, match="rating_event"), store.writing() as session:
            session.connection().execute(text(bad))


def test_the_chain_holds_and_shows_where_it_was_broken(store, study):
    write(store, study, FIRST, Rating("item-2", "C02", "accuracy", "3", 3.0))
    write(store, study, CHANGED)
    with store.reading() as session:
        rows = [dict(row) for row in ratings.events(session, study_id=study.id)]
    assert chain.broken_at(rows) is None
    rows[1]["value"] = "5"
    assert chain.broken_at(rows) == 1


def submit(store, study, key, *rows, place=0):
    with store.writing() as session:
        standing = assignments.standings(session, rater_id=study.clinicians[0].id)[place]
        assignment = assignments.one(session, assignment_id=standing.assignment_id)
        return room.submit(
            session, assignment=assignment, protocol_version_id=1, key=key, form={"accuracy": 4}, rows=rows
        )


def test_a_doubled_submit_is_one_submission(store, study):
    first = submit(store, study, "key", FIRST)
    second = submit(store, study, "key", FIRST)
    assert first.id == second.id
    assert len(frame(store, study)) == 1


def test_a_doubled_submit_from_two_threads_is_one_submission(store, study):
    made, start = [], threading.Barrier(8)

    def click():
        start.wait()
        made.append(submit(store, study, "key", FIRST).id)

    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1
    assert len(frame(store, study)) == 1


def test_writers_at_the_same_time_keep_one_chain(store, study):
    start = threading.Barrier(8)

    def say(n):
        start.wait()
        for question in range(5):
            write(store, study, Rating("item-1", "C01", f"q{n}-{question}", "4", 4.0))

    threads = [threading.Thread(target=say, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as session:
        rows = list(ratings.events(session, study_id=study.id))
    assert len(rows) == 40
    assert chain.broken_at(rows) is None
