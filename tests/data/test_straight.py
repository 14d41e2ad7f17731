"""What goes straight to the driver comes back as it went in, on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import JSON, text

from data.store.straight import Statement
from data.tables.column import UTCTime

NOON = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)
KEPT = {"accuracy": {"value": "4", "comment": "100 % 'so' :so ü 🫁"}, "none": None}
SAY = Statement(
    "INSERT INTO said (number, form, at) VALUES (:number, :form, :at)", binds={"form": JSON, "at": UTCTime}
)
READ = Statement("SELECT number, form, at FROM said ORDER BY number", reads={1: JSON, 2: UTCTime})


@pytest.fixture
def session(store):
    with store.writing() as opened:
        opened.connection().execute(
            text("CREATE TEMPORARY TABLE said (number INTEGER, form JSON, at TIMESTAMP WITH TIME ZONE)")
        )
        yield opened


def test_json_and_times_come_back_as_they_went_in(session):
    assert SAY.rows(session, number=1, form=KEPT, at=NOON) == []
    assert READ.first(session) == (1, KEPT, NOON)


def test_a_time_of_another_zone_is_the_same_moment_in_utc(session):
    SAY.rows(session, number=1, form={}, at=NOON.astimezone(timezone(timedelta(hours=5, minutes=30))))
    at = READ.first(session)[2]
    assert (at, at.utcoffset()) == (NOON, timedelta(0))


def test_a_time_without_a_zone_is_refused(session):
    with pytest.raises(ValueError, match="no time zone"):
        SAY.rows(session, number=1, form={}, at=NOON.replace(tzinfo=None))


def test_many_rows_are_written_and_none_found_is_none(session):
    assert (READ.rows(session), READ.first(session)) == ([], None)
    SAY.many(session, ({"number": n, "form": {"n": n}, "at": None} for n in range(3)))
    assert READ.rows(session) == [(n, {"n": n}, None) for n in range(3)]


def test_a_parameter_may_stand_twice_and_a_percent_sign_is_one(session):
    twice = Statement("SELECT CAST(:n AS INTEGER) + CAST(:n AS INTEGER), '100 %'")
    assert twice.first(session, n=21) == (42, "100 %")


def test_the_same_sees_what_the_session_wrote_by_other_ways(session):
    session.connection().execute(text("INSERT INTO said (number) VALUES (7)"))
    assert READ.rows(session)[0][0] == 7
