"""What a rater sees next, and what becomes of what her page sends."""

import json
from dataclasses import replace

import pytest

from annotate.assignment import Assignment
from annotate.fault import Fault
from annotate.item import Item, Output
from data.shipped import protocol_text
from data.store import assignments, items, open_store, raters, ratings, room, studies
from verbs import consent, mine, rate
from verbs.sitting import sitting

FULL = {
    "accuracy": {"value": "4"},
    "completeness": {"value": "2"},
    "clarity": {"unable": "output unreadable"},
}
TRAINING = "training:\n  items: [t1]\n  pass_mark: 0.6\n"


@pytest.fixture
def store(tmp_path):
    opened = open_store(f"sqlite:///{tmp_path / 'c.db'}")
    yield opened
    opened.close()


def study(store, *, text=None, keys=("one", "two", "three"), extra=(), status="running", rater="C01"):
    """Make a study of a few items, all hers; return the rater's number."""
    with store.writing() as session:
        made = studies.create(
            session, name="s", title="S", protocol_text=text or protocol_text("medhelm"), who="lead"
        )
        cases = [item(key) for key in keys] + [case for case, _ in extra]
        items.add(session, study_id=made.id, items=cases)
        hers = [Assignment(key, rater, place=n) for n, key in enumerate(keys, 1)] + [one for _, one in extra]
        number = raters.add(session, study_id=made.id, key=rater, kind="clinician").id
        raters.add(session, study_id=made.id, key="C02", kind="clinician")
        assignments.add(session, study_id=made.id, assignments=hers, who="lead")
        studies.set_status(session, study_id=made.id, status=status, who="lead")
    return number


def item(key):
    return Item(
        key,
        (Output(f"The answer about {key}.", system="secret-model", key="secret-model"),),
        source=f"The source of {key}.",
        references=(f"Golden text of {key}.",),
        strata={"agreed_accuracy": "4", "note": "hidden stratum"},
    )


def act(store, do, **what):
    """Do one of the room's acts in a transaction of its own, as its route does."""
    return store.together(lambda session: do(session, **what))


def sent(view, form=FULL, key="", seconds=1.0, revision=None):
    return rate.Letter(
        view["assignment"], view["revision"] if revision is None else revision, form, seconds, key
    )


def do(store, number, view, key, form=FULL):
    return act(store, rate.submit, rater_id=number, sent=sent(view, form, key))


def test_the_first_open_item_is_shown_and_after_it_the_next(store):
    number = study(store)
    view = act(store, rate.opened, rater_id=number)
    assert (view["number"], view["total"], view["source"]) == (1, 3, "The source of one.")
    coming = act(store, rate.after, rater_id=number, assignment_id=view["assignment"]).body["view"]
    assert coming["source"] == "The source of two."


def test_what_is_blinded_is_not_in_what_is_sent(store):
    number = study(store)
    words = json.dumps(act(store, rate.opened, rater_id=number))
    for hidden in ("secret-model", "Golden", "stratum", "agreed"):
        assert hidden not in words
    assert "The answer about one." in words


def test_a_draft_comes_back_as_it_was_left(store):
    number = study(store)
    view = act(store, rate.opened, rater_id=number)
    form = {"accuracy": {"value": "4", "comment": "So so."}}
    reply = act(store, rate.save, rater_id=number, sent=sent(view, form))
    assert (reply.outcome, reply.body["revision"]) == ("saved", 1)
    assert act(store, rate.opened, rater_id=number)["answers"] == form


def test_an_older_revision_changes_nothing_and_gets_the_newer_answers(store):
    number = study(store)
    view = act(store, rate.opened, rater_id=number)
    newer = {"accuracy": {"value": "5"}}
    act(store, rate.save, rater_id=number, sent=sent(view, newer))
    reply = act(store, rate.save, rater_id=number, sent=sent(view, {"accuracy": {"value": "1"}}))
    assert (reply.outcome, reply.body) == ("conflict", {"revision": 1, "form": newer})
    assert act(store, rate.submit, rater_id=number, sent=sent(view, FULL, "k-12345678")).outcome == "conflict"
    assert act(store, rate.opened, rater_id=number)["answers"] == newer


def test_a_submission_is_written_once_for_its_key(store):
    number = study(store)
    view = act(store, rate.opened, rater_id=number)
    first = do(store, number, view, "k-12345678")
    again = do(store, number, view, "k-12345678")
    assert first.body["next"] == again.body["next"] == view["assignment"] + 1
    with store.reading() as session:
        written = list(ratings.events(session, study_id=1))
    assert [(row["question"], row["status"], row["value"]) for row in written] == [
        ("accuracy", "answered", "4"),
        ("completeness", "answered", "2"),
        ("clarity", "unable", None),
    ]


def test_another_key_after_a_change_keeps_the_first_answer_on_record(store):
    number = study(store)
    view = act(store, rate.opened, rater_id=number)
    do(store, number, view, "k-12345678")
    view = act(store, rate.one, rater_id=number, assignment_id=view["assignment"]).body["view"]
    assert view["submitted"]
    changed = FULL | {"accuracy": {"value": "5"}}
    assert do(store, number, view, "k-87654321", changed).outcome == "saved"
    with store.reading() as session:
        rows = [row for row in ratings.events(session, study_id=1) if row["question"] == "accuracy"]
    assert [row["value"] for row in rows] == ["4", "5"]
    assert rows[1]["supersedes"] == rows[0]["id"]


def test_too_early_a_submit_says_what_is_missing(store):
    number = study(store)
    view = act(store, rate.opened, rater_id=number)
    reply = do(store, number, view, "k-12345678", {"accuracy": {"value": "4"}})
    assert reply.outcome == "incomplete"
    assert set(reply.body["faults"]) == {"completeness", "clarity"}
    assert not act(store, rate.opened, rater_id=number)["submitted"]


@pytest.mark.parametrize(
    "form",
    [
        {"accuracy": {"value": "7"}},
        {"accuracy": {"value": "4", "extra": 1}},
        {"unknown": {"value": "4"}},
        {"accuracy": "4"},
        {"accuracy": {"unable": "because"}},
    ],
)
def test_a_draft_that_cannot_come_from_our_page_is_not_kept(store, form):
    number = study(store)
    view = act(store, rate.opened, rater_id=number)
    assert act(store, rate.save, rater_id=number, sent=sent(view, form)).outcome == "incomplete"
    assert act(store, rate.opened, rater_id=number)["answers"] == {}


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"assignment": True, "revision": 0},
        {"assignment": 1, "revision": -1},
        {"assignment": 1, "revision": 0, "form": []},
        {"assignment": 1, "revision": 0, "form": {}, "key": "k" * 101},
        {"assignment": 1, "revision": 0, "form": {}, "key": "\ud800" * 8},
        {"assignment": 2**60, "revision": 0},
    ],
)
def test_what_is_no_letter_is_refused(body):
    with pytest.raises(Fault):
        rate.letter(body)


@pytest.mark.parametrize("seconds", [float("nan"), "9", True, -5, None, 10**400])
def test_a_strange_duration_counts_as_none(seconds):
    body = {"assignment": 1, "revision": 0, "form": {}, "active_seconds": seconds}
    assert rate.letter(body).active_seconds == 0.0


@pytest.mark.parametrize("value", [float("nan"), float("-inf")])
def test_a_number_that_no_letter_can_hold_is_refused(value):
    with pytest.raises(Fault, match="no answer"):
        rate.letter({"assignment": 1, "revision": 0, "form": {"accuracy": {"value": value}}})


def test_half_an_emoji_in_a_comment_can_be_sent_back(store):
    """A phone cuts one in two where a text is shortened; the answer to the page is UTF-8."""
    number = study(store)
    view = act(store, rate.opened, rater_id=number)
    form = {"accuracy": {"value": "4", "comment": "dose \ud83d"}}
    letter = rate.letter({"assignment": view["assignment"], "revision": 0, "form": form})
    assert act(store, rate.save, rater_id=number, sent=letter).outcome == "saved"
    again = act(store, rate.one, rater_id=number, assignment_id=view["assignment"]).body["view"]
    assert again["answers"]["accuracy"]["comment"] == "dose ?"
    conflict = act(store, rate.save, rater_id=number, sent=letter)
    assert conflict.outcome == "conflict"
    assert "dose ?" in json.dumps(conflict.body, ensure_ascii=False).encode("utf-8").decode()


def test_nobody_reads_or_writes_what_is_not_hers(store):
    number = study(store)
    view = act(store, rate.opened, rater_id=number)
    other = number + 1
    assert act(store, rate.one, rater_id=other, assignment_id=view["assignment"]).outcome == "gone"
    assert act(store, rate.save, rater_id=other, sent=sent(view)).outcome == "gone"
    assert act(store, rate.submit, rater_id=other, sent=sent(view, FULL, "k-12345678")).outcome == "gone"
    assert act(store, rate.later, rater_id=other, assignment_id=view["assignment"]).outcome == "gone"
    gone = act(store, rate.decline, rater_id=other, assignment_id=view["assignment"], reason="Other")
    assert gone.outcome == "gone"
    assert act(store, rate.opened, rater_id=other)["headline"] == "Nothing to rate"


def test_anothers_key_is_not_an_answer(store):
    number = study(store)
    view = act(store, rate.opened, rater_id=number)
    do(store, number, view, "k-12345678")
    assert act(store, rate.submit, rater_id=number + 1, sent=sent(view, FULL, "k-12345678")).outcome == "gone"


def test_a_withdrawn_item_is_taken_back(store):
    number = study(store)
    view = act(store, rate.opened, rater_id=number)
    with store.writing() as session:
        assignments.withdraw(session, assignment_id=view["assignment"], who="lead", reason="reassigned")
    assert act(store, rate.submit, rater_id=number, sent=sent(view, FULL, "k-12345678")).outcome == "gone"
    assert act(store, rate.opened, rater_id=number)["source"] == "The source of two."


def test_later_puts_an_item_at_the_end(store):
    number = study(store)
    view = act(store, rate.opened, rater_id=number)
    after = act(store, rate.later, rater_id=number, assignment_id=view["assignment"]).body["view"]
    assert after["source"] == "The source of two."
    do(store, number, after, "k-00000001")
    third = act(store, rate.opened, rater_id=number)
    do(store, number, third, "k-00000002")
    assert act(store, rate.opened, rater_id=number)["source"] == "The source of one."


def test_later_takes_all_open_steps_of_an_item_along(store):
    text = protocol_text("medhelm").replace("design:\n", "design:\n  steps: [before, after]\n")
    assert "steps" in text
    extra = [(item("x"), Assignment("x", "C01", place=n, step=s)) for n, s in ((1, "before"), (2, "after"))]
    extra += [(item("x"), Assignment("y", "C01", place=n, step=s)) for n, s in ((3, "before"), (4, "after"))]
    number = study(store, text=text, keys=(), extra=[(item(one.item), one) for _, one in extra[::1]])
    first = act(store, rate.opened, rater_id=number)
    act(store, rate.later, rater_id=number, assignment_id=first["assignment"])
    with store.reading() as session:
        order = [(each.item, each.step) for each in sitting(session, rater_id=number).reachable]
    assert order == [("y", "before"), ("y", "after"), ("x", "before"), ("x", "after")]


@pytest.mark.parametrize(("said", "kept"), [("a\ud800b\0c", "a?bc"), ("x" * 20_000, "x" * 1500)])
def test_a_reason_that_no_database_can_keep_is_mended(store, said, kept):
    number = study(store)
    view = act(store, rate.opened, rater_id=number)
    act(store, rate.decline, rater_id=number, assignment_id=view["assignment"], reason=said)
    with store.reading() as session:
        row = assignments.one(session, assignment_id=view["assignment"])
    assert row.withdrawn_reason == f"declined: {kept}"
    consent.leave(store, rater_id=number, reason=said)


def test_declining_gives_an_item_back_with_the_reason(store):
    number = study(store)
    view = act(store, rate.opened, rater_id=number)
    with pytest.raises(Fault):
        act(store, rate.decline, rater_id=number, assignment_id=view["assignment"], reason="  ")
    after = act(store, rate.decline, rater_id=number, assignment_id=view["assignment"], reason="I know them")
    assert after.body["view"]["source"] == "The source of two."
    with store.reading() as session:
        row = assignments.one(session, assignment_id=view["assignment"])
    assert row.withdrawn_reason == "declined: I know them"


@pytest.mark.parametrize(
    ("status", "headline"),
    [("draft", "This study has not begun yet."), ("paused", "This study is paused")],
)
def test_a_study_that_does_not_run_shows_no_item(store, status, headline):
    number = study(store, status=status)
    view = act(store, rate.opened, rater_id=number)
    assert view["finished"]
    assert view["headline"].startswith(headline)
    assert (view["done"], view["total"]) == (0, 3)


def test_a_closed_study_can_be_read_and_not_changed(store):
    number = study(store)
    view = act(store, rate.opened, rater_id=number)
    do(store, number, view, "k-12345678")
    with store.writing() as session:
        studies.set_status(session, study_id=1, status="closed", who="lead")
    shown = act(store, rate.one, rater_id=number, assignment_id=view["assignment"]).body["view"]
    assert shown["closed"].startswith("The study is closed")
    assert act(store, rate.save, rater_id=number, sent=sent(shown)).outcome == "gone"


def test_the_end_of_a_closed_study_promises_no_change(store):
    number = study(store, keys=("one", "two"))
    for key in ("k-12345678", "k-23456789"):
        do(store, number, act(store, rate.opened, rater_id=number), key)
    assert "change them" in act(store, rate.opened, rater_id=number)["words"]
    with store.writing() as session:
        studies.set_status(session, study_id=1, status="closed", who="lead")
    assert act(store, rate.opened, rater_id=number)["words"].endswith("no longer changed.")


def test_consent_comes_first_and_a_new_text_asks_again(store):
    text = protocol_text("medhelm") + "\nconsent: I agree that my ratings are published.\n"
    number = study(store, text=text)
    assert "consent" in act(store, rate.opened, rater_id=number)["headline"]
    consent.accept(store, rater_id=number, shown="I agree that my ratings are read.")
    assert "consent" in act(store, rate.opened, rater_id=number)["headline"]
    consent.accept(store, rater_id=number, shown="I agree that my ratings are published.")
    view = act(store, rate.opened, rater_id=number)
    assert view["number"] == 1
    with store.writing() as session:
        studies.add_protocol(session, study_id=1, text=text.replace("published", "shared"), who="lead")
    assert act(store, rate.save, rater_id=number, sent=sent(view)).outcome == "gone"


def test_who_left_rates_no_more_and_what_was_said_stays(store):
    number = study(store)
    view = act(store, rate.opened, rater_id=number)
    do(store, number, view, "k-12345678")
    consent.leave(store, rater_id=number, reason="No time")
    assert act(store, rate.opened, rater_id=number)["headline"] == "You have left this study."
    with store.reading() as session:
        assert len(list(ratings.events(session, study_id=1))) == 3


def test_active_time_adds_up_and_is_never_shown(store):
    number = study(store)
    view = act(store, rate.opened, rater_id=number)
    act(store, rate.save, rater_id=number, sent=sent(view, {"accuracy": {"value": "4"}}, seconds=10))
    view = act(store, rate.opened, rater_id=number)
    reply = act(store, rate.submit, rater_id=number, sent=sent(view, FULL, "k-12345678", seconds=5.5))
    with store.reading() as session:
        assert room.submission(session, key="k-12345678").active_seconds == 15.5
        assert sitting(session, rater_id=number).pace == (15.5,)
    assert not any("second" in key for key in [*view, *reply.body])


def test_the_end_is_said_in_words(store):
    number = study(store, keys=("one",))
    view = act(store, rate.opened, rater_id=number)
    assert do(store, number, view, "k-12345678").body["next"] is None
    end = act(store, rate.after, rater_id=number, assignment_id=view["assignment"]).body["view"]
    assert end["headline"] == "Done"


def trained(store, **more):
    text = protocol_text("medhelm") + TRAINING
    extra = [(item("t1"), Assignment("t1", "C01", place=1, round="training"))]
    return study(store, text=text, extra=extra, **more)


def test_training_comes_first_gives_feedback_and_opens_the_study(store):
    number = trained(store)
    view = act(store, rate.opened, rater_id=number)
    assert (view["round"], view["total"]) == ("training", 1)
    reply = do(store, number, view, "k-12345678")
    assert reply.body["feedback"]["words"] == "1 of 1 answers agree."
    assert reply.body["view"]["round"] == "main"


def test_training_that_fails_can_be_repeated_and_stays_out_of_the_analysis(store):
    number = trained(store)
    view = act(store, rate.opened, rater_id=number)
    wrong = FULL | {"accuracy": {"value": "1"}}
    end = do(store, number, view, "k-00000001", wrong).body["view"]
    assert (end["finished"], end["again"]) == (True, True)
    blocked = replace(sent(view, FULL, "k-00000009"), assignment=1)
    assert act(store, rate.save, rater_id=number, sent=blocked).outcome == "gone"
    act(store, rate.train_again, rater_id=number)
    view = act(store, rate.opened, rater_id=number)
    assert view["answers"] == {}
    assert do(store, number, view, "k-00000002").body["view"]["round"] == "main"
    with store.reading() as session:
        assert {row["round"] for row in ratings.events(session, study_id=1)} == {"training"}


def test_a_training_answer_that_was_changed_after_its_feedback_does_not_pass(store):
    """Once the agreed answer was seen, typing it proves nothing: submitted again or left as a draft."""
    agreed_twice = [("t1", 1), ("t2", 2)]
    extra = [(item(key), Assignment(key, "C01", place=at, round="training")) for key, at in agreed_twice]
    text = protocol_text("medhelm") + "training:\n  items: [t1, t2]\n  pass_mark: 0.6\n"
    number = study(store, text=text, extra=extra)
    view = act(store, rate.opened, rater_id=number)
    wrong = FULL | {"accuracy": {"value": "1"}}
    assert do(store, number, view, "k-00000001", wrong).body["feedback"]["words"] == "0 of 1 answers agree."
    again = act(store, rate.one, rater_id=number, assignment_id=view["assignment"]).body["view"]
    assert do(store, number, again, "k-00000002").body["feedback"]["words"] == "1 of 1 answers agree."
    last = act(store, rate.opened, rater_id=number)
    end = do(store, number, last, "k-00000003").body["view"]
    assert (end["finished"], end["again"]) == (True, True)
    assert end["words"].startswith("1 of 2 answers agreed when first given; the study asks for 60%.")


def test_a_hidden_repeat_looks_like_any_other_item(store):
    number = study(store, extra=[(item("one"), Assignment("one", "C01", occasion=2, place=9))], keys=("one",))
    first = act(store, rate.opened, rater_id=number)
    do(store, number, first, "k-00000001")
    again = act(store, rate.opened, rater_id=number)
    assert (again["answers"], again["submitted"]) == ({}, False)
    assert first.keys() == again.keys()
    assert do(store, number, again, "k-00000002").outcome == "saved"


def test_my_ratings_names_items_by_number_only(store):
    number = study(store)
    view = act(store, rate.opened, rater_id=number)
    do(store, number, view, "k-12345678")
    found = mine.my_ratings(store, rater_id=number)
    assert found.summary == "1 of 3 completed."
    assert [line.name for line in found.lines] == ["Item 1", "Item 2", "Item 3"]
    assert [line.act for line in found.lines] == ["Look or change", "Rate", "Rate"]
    assert "one" not in repr([line.name for line in found.lines])


def test_an_item_whose_submission_is_under_way_does_not_come_again(store):
    number = study(store)
    first = act(store, rate.opened, rater_id=number)["assignment"]
    coming = act(store, rate.after, rater_id=number, assignment_id=first + 2, besides={first})
    assert coming.body["view"]["source"] == "The source of two."
    end = act(store, rate.after, rater_id=number, assignment_id=first + 2, besides={first, first + 1})
    assert end.body["view"]["finished"]


def test_a_submission_brings_the_item_after_the_next(store):
    number = study(store)
    view = act(store, rate.opened, rater_id=number)
    body = do(store, number, view, "k-12345678").body
    assert body["ahead"]["source"] == "The source of three."
