"""Rating: what a rater sees next, and what becomes of a draft, a submission, a "later", a "declined"."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from annotate.answers import Answer, check_form, complete, rows
from annotate.answers.answer import LONGEST_COMMENT, text
from annotate.fault import Fault
from annotate.storable import storable
from data.store import Session, assignments, raters, room
from verbs import training
from verbs.sitting import Sitting, sitting
from verbs.views import progress, view, view_after

LONGEST_PAUSE_SECONDS = 4 * 3600.0
Outcome = Literal["saved", "conflict", "incomplete", "gone"]


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of something that a page sent, and what the page needs to know about it."""

    outcome: Outcome
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """A form as it arrives: made on `revision` of the draft, with the time spent since the last one."""

    assignment: int
    revision: int
    form: Mapping[str, Any]
    active_seconds: float
    key: str = ""


def letter(body: object) -> Letter:
    """Return what a page sent, its shape checked; a Fault where it is none of ours.

    Examples
    --------
    >>> letter({"assignment": 7, "revision": 0, "form": {}, "active_seconds": 2.5}).assignment
    7
    >>> letter({"assignment": "7"})
    Traceback (most recent call last):
        ...
    annotate.fault.Fault: 'assignment' must be a whole number, not '7'.
    """
    found = body if isinstance(body, dict) else {}
    seconds = found.get("active_seconds", 0)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not abs(seconds) < 1e9:
        seconds = 0.0
    form, key = found.get("form", {}), found.get("key", "")
    numbers = whole(found, "assignment"), whole(found, "revision")
    if not isinstance(form, dict):
        raise Fault("'form' must be an object with one entry a question.")
    form = _sendable(form)
    if not isinstance(key, str) or len(key) > 100 or not key.isascii() or "\0" in key:
        raise Fault("'key' must be a text of at most 100 ASCII characters.")
    return Letter(*numbers, form, float(min(max(seconds, 0.0), LONGEST_PAUSE_SECONDS)), key)


def _sendable(form: dict[str, Any]) -> dict[str, Any]:
    r"""Return what a form says so that it can be sent back: a half of an emoji, or NaN, cannot.

    Examples
    --------
    >>> _sendable({"q": {"comment": "half \ud83d"}})
    {'q': {'comment': 'half ?'}}
    """
    try:
        said = json.dumps(form, ensure_ascii=False, allow_nan=False)
    except (ValueError, RecursionError):
        raise Fault("'form' holds something that is no answer.") from None
    kept: dict[str, Any] = form if said.isascii() else json.loads(storable(said))
    return kept


def whole(body: object, name: str) -> int:
    """Return a whole number out of what a page sent; a Fault where there is none."""
    value = body.get(name) if isinstance(body, dict) else None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        raise Fault(f"{name!r} must be a whole number, not {str(value)[:40]!r}.")
    return value


def opened(session: Session, *, rater_id: int, assignment_id: int | None = None) -> dict[str, Any]:
    """Return the view of one assignment, else of the first that is open; ends where nothing is left."""
    now = sitting(session, rater_id=rater_id)
    if assignment_id is not None and now.may_open(assignment_id):
        return view(now, assignment_id)
    return view_after(now, None)


def one(session: Session, *, rater_id: int, assignment_id: int) -> Reply:
    """Return the view of one of the rater's own assignments."""
    now = sitting(session, rater_id=rater_id)
    if not now.may_open(assignment_id):
        return _gone(now)
    return Reply("saved", {"view": view(now, assignment_id)})


def after(session: Session, *, rater_id: int, assignment_id: int, besides: Collection[int] = ()) -> Reply:
    """Return the view of what comes after an assignment, as if that one were done."""
    now = sitting(session, rater_id=rater_id)
    return Reply("saved", {"view": view_after(now, assignment_id, besides)})


def save(session: Session, *, rater_id: int, sent: Letter) -> Reply:
    """Keep a draft. "Saved" is true once the session's transaction is committed."""
    now = sitting(session, rater_id=rater_id)
    if not now.may_write(sent.assignment):
        return _gone(now)
    _, kept, wrong = _checked(now, sent)
    if wrong:
        return Reply("incomplete", {"message": " ".join(wrong), "faults": {}})
    saved = _draft(now, sent, kept)
    if saved.conflict:
        return Reply("conflict", {"revision": saved.revision, "form": dict(saved.form)})
    return Reply("saved", {"revision": saved.revision})


def submit(session: Session, *, rater_id: int, sent: Letter) -> Reply:
    """Write a completed form, once for each key, and say what comes next."""
    if len(sent.key) < 8:
        raise Fault("A submission needs a 'key' of 8 characters or more.")
    now = sitting(session, rater_id=rater_id)
    before = room.submission(now.session, key=sent.key)
    if before is not None:
        if before.assignment_id != sent.assignment or not now.may_open(sent.assignment):
            return _gone(now)
        return _submitted(now, sent.assignment)
    if not now.may_write(sent.assignment):
        return _gone(now)
    return _submit(now, sent)


def _submit(now: Sitting, sent: Letter) -> Reply:
    answers, kept, wrong = _checked(now, sent)
    row, item, assignment = now.task(sent.assignment)
    gaps = complete(now.protocol, item, kept, assignment, now.taxonomy, answers)
    if wrong or gaps:
        faults = {gap.key: gap.sentence for gap in gaps if gap.key}
        message = " ".join(wrong) or "Something is missing."
        return Reply("incomplete", {"message": message, "faults": faults})
    saved = _draft(now, sent, kept)
    if saved.conflict:
        return Reply("conflict", {"revision": saved.revision, "form": dict(saved.form)})
    room.submit(
        now.session,
        assignment=row,
        protocol_version_id=now.version_id,
        key=sent.key,
        form=kept,
        rows=rows(now.protocol, item, kept, assignment, taxonomy=now.taxonomy, answers=answers),
        item_ids={item.key: row.item_id},
        rater_ids={now.rater: now.rater_id},
    )
    return _submitted(now.afresh(), sent.assignment)


def _submitted(now: Sitting, assignment_id: int) -> Reply:
    coming = now.after(assignment_id)
    draft = room.draft(now.session, assignment_id=assignment_id)
    body: dict[str, Any] = {
        "revision": draft.revision if draft else 0,
        "next": coming.assignment_id if coming else None,
        **progress(now, assignment_id),
    }
    if coming is not None and now.standing(assignment_id).round != "training":
        body["ahead"] = view_after(now, coming.assignment_id)
    if now.standing(assignment_id).round == "training":
        body["feedback"] = training.feedback(now.session, now.protocol, assignment_id)
        body["view"] = view_after(now, assignment_id)
    return Reply("saved", body)


def later(session: Session, *, rater_id: int, assignment_id: int, besides: Collection[int] = ()) -> Reply:
    """Put an item, with the steps of it that are still open, at the end; return what comes next."""
    now = sitting(session, rater_id=rater_id)
    if not now.may_write(assignment_id) or now.standing(assignment_id).done:
        return _gone(now)
    for step in now.steps_from(assignment_id):
        assignments.put_last(session, assignment_id=step.assignment_id)
    coming = now.after(assignment_id, besides)
    again = now.afresh()
    if coming is None:
        return Reply("saved", {"view": view(again, assignment_id)})
    return Reply("saved", {"view": view(again, coming.assignment_id)})


def decline(
    session: Session, *, rater_id: int, assignment_id: int, reason: str, besides: Collection[int] = ()
) -> Reply:
    """Give an item back, with a reason that the lead can read; return what comes next."""
    reason = text(reason[:LONGEST_COMMENT], "the reason", LONGEST_COMMENT)
    if not reason:
        raise Fault("Declining an item needs a reason.")
    now = sitting(session, rater_id=rater_id)
    if not now.may_write(assignment_id) or now.standing(assignment_id).done:
        return _gone(now)
    coming = now.after(assignment_id, besides)
    for step in now.steps_from(assignment_id):
        assignments.withdraw(
            session, assignment_id=step.assignment_id, who=now.rater, reason=f"declined: {reason[:1500]}"
        )
    again = now.afresh()
    if coming is not None and again.may_open(coming.assignment_id):
        return Reply("saved", {"view": view(again, coming.assignment_id)})
    return Reply("saved", {"view": view_after(again, None, besides)})


def train_again(session: Session, *, rater_id: int) -> None:
    """Give a rater who did not pass the training round once more, as one more occasion of it."""
    now = sitting(session, rater_id=rater_id)
    attempt = now.reachable
    if now.passed or now.closed or not attempt or not all(each.done for each in attempt):
        return
    before = [now.task(each.assignment_id)[2] for each in attempt]
    more = [replace(one, occasion=one.occasion + 1) for one in before]
    rater = raters.by_id(session, rater_id=rater_id)
    assignments.add(session, study_id=rater.study_id, assignments=more, who=rater.key)


def _draft(now: Sitting, sent: Letter, kept: Mapping[str, Any]) -> room.Saved:
    return room.save_draft(
        now.session,
        assignment_id=sent.assignment,
        revision=sent.revision,
        form=kept,
        active_seconds=sent.active_seconds,
    )


def _checked(now: Sitting, sent: Letter) -> tuple[dict[str, Answer], dict[str, Any], tuple[str, ...]]:
    """Return the answers that hold, the form with those alone, and a sentence for each that does not."""
    _, item, assignment = now.task(sent.assignment)
    answers, wrong = check_form(now.protocol, item, dict(sent.form), assignment, now.taxonomy)
    return answers, {key: sent.form[key] for key in answers}, wrong


def _gone(now: Sitting) -> Reply:
    return Reply("gone", {"message": now.closed or "That item is no longer on your list."})
