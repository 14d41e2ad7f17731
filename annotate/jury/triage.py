"""What a raw reply means for its call: read it, ask again, wait, give up, or stop the juror."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from annotate.jury.form import Form
from annotate.jury.juror import Juror
from annotate.jury.providers.sdk import complaint
from annotate.jury.reading import Answer, Reading, read_answers
from annotate.jury.remedies import not_taken, quota, remedy, too_large
from annotate.jury.reply import Envelope, Raw, Usage, retry_after
from annotate.jury.strict_json import Unreadable, strict_json
from annotate.jury.turned import turned_back
from annotate.storable import storable

Fate = Literal["read", "again", "crowded", "give up", "stop"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A raw reply's fate.

    Attributes
    ----------
    fate : Fate
        "read": there is a reading, usable or not. "again": a stumble, ask again. "crowded": ask again
        later, with fewer in flight. "give up": this call is not to be had. "stop": no call is.
    why : str
        A sentence; for "stop" it says what to do.
    wait : float or None
        Seconds that the server asks for.
    """

    fate: Fate
    reading: Reading | None = None
    why: str = ""
    wait: float | None = None
    model: str = ""
    usage: Usage | None = None


def triage(raw: Raw, juror: Juror, form: Form, envelope: Callable[[bytes], Envelope]) -> Finding:
    """Return what to make of a raw reply."""
    if raw.lost and not 400 <= raw.status < 600:
        if raw.status:
            return Finding("read", Reading("invalid", why=f"{raw.lost[0].upper()}{raw.lost[1:]}."))
        return Finding("again", why=f"No whole reply came: {raw.lost}.")
    if 200 <= raw.status < 300:
        return _read(raw, juror, form, envelope)
    return _refused(raw, juror)


def _read(raw: Raw, juror: Juror, form: Form, envelope: Callable[[bytes], Envelope]) -> Finding:
    told = envelope(raw.body)
    if told.outcome == "failed":
        if quota(raw.body.decode("utf-8", "replace")):
            return Finding("stop", why=_spent(juror, raw))
        return Finding("again", why=told.why, model=told.model, usage=told.usage)
    if told.outcome == "usable":
        reading = turned_back(read_answers(told.text, form), form)
    else:
        reading = Reading(told.outcome, why=told.why)
    return Finding("read", reading, model=told.model, usage=told.usage)


def _refused(raw: Raw, juror: Juror) -> Finding:
    words, wait = said(raw), retry_after(raw.headers)
    body = raw.body.decode("utf-8", "replace")
    if raw.status == 402 or (raw.status in (400, 403, 429) and quota(body)):
        return Finding("stop", why=_spent(juror, raw))
    # Whatever concerns every call stops the juror: nothing is gained by hearing it of each.
    todo = remedy(raw.status, juror) or (raw.status in (400, 422) and not_taken(words, juror))
    if todo:
        return Finding("stop", why=f"{juror.name} answered {raw.status} ({words}): {todo}")
    if raw.status == 429 and too_large(words):
        return Finding("give up", why=f"The server answered 429: {words}.")
    if raw.status == 400 and "content_filter" in body:
        return Finding("read", Reading("refused", why=f"The provider's content filter refused: {words}."))
    if raw.status in (429, 503, 529):
        return Finding("crowded", why=f"The server answered {raw.status}: {words}.", wait=wait)
    if raw.status in (408, 409, 425) or raw.status >= 500:
        return Finding("again", why=f"The server answered {raw.status}: {words}.", wait=wait)
    if 300 <= raw.status < 400:
        return Finding("give up", why=f"The server redirects ({raw.status}), which is not followed.")
    return Finding("give up", why=f"The server answered {raw.status}: {words}.")


def _spent(juror: Juror, raw: Raw) -> str:
    return (
        f"{juror.name} answered {raw.status} ({said(raw)}): the account's quota is spent. Add credit or "
        "raise its limit and run again; nothing that was answered is asked again."
    )


def said(raw: Raw) -> str:
    """Return a server's own words about an error, short."""
    try:
        return complaint(strict_json(raw.body)).rstrip(". ")
    except Unreadable:
        text = " ".join(raw.body.decode("utf-8", "replace").split())
        return storable(text[:120]) or "no reason given"


def blank(form: Form) -> tuple[Answer, ...]:
    """Return one empty answer for each question of a form, for a verdict that answers none."""
    found = []
    for ask in form.asks:
        keys = [key for key, _ in ask.parts] if ask.question.kind == "checklist" else [""]
        for key in keys:
            part = "/".join(piece for piece in (ask.part, key) if piece)
            found.append(Answer(ask.question.key, part, None, None))
    return tuple(found)
