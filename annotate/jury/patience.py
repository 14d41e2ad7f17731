"""A server is asked about batches again when it stumbles; a juror whose server does not answer is stopped."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from annotate.jury.form import Form
from annotate.jury.providers.sdk import Turned
from annotate.jury.reply import Envelope
from annotate.jury.seat import Seat
from annotate.jury.triage import triage

T = TypeVar("T")
_NOTHING = Envelope("failed", why="The server's answer about a batch makes no sense.")


async def patiently(seat: Seat, ask: Callable[[], Coroutine[Any, Any, T]], *, look: bool = True) -> T | None:
    """Ask the server, and again when it stumbles; None once the juror is stopped.

    What only looks is broken off by a stop: nothing is lost, and a server may take ten minutes to say
    nothing. What hands calls over is waited for.
    """
    for turn in range(seat.juror.attempts):
        if seat.stopped:
            return None
        try:
            return await (seat.unless_stopped(ask()) if look else ask())
        except Turned as turned:
            if look and turned.raw.status in (404, 410):
                seat.stop(unable(seat, f"Its server does not know this batch ({turned.raw.status})."))
                return None
            found = triage(turned.raw, seat.juror, Form(()), lambda _: _NOTHING)
            if found.fate in ("stop", "give up"):
                seat.stop(found.why if found.fate == "stop" else unable(seat, found.why))
                return None
            await seat.rest(min(seat.juror.retry_after_cap, found.wait or seat.juror.backoff * 2**turn))
    seat.stop(unable(seat, "Its server does not answer about batches."))
    return None


def unable(seat: Seat, why: str) -> str:
    """Return why a juror's batches do not go on, and what to do."""
    return (
        f"{seat.juror.name}, in batches: {why} What was handed over stays known: run again later to "
        "collect it, or see what its server takes."
    )
