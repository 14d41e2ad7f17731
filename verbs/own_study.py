"""A rater's own study: what she may know of it, whether she takes part, whether it takes answers now."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from annotate.protocol import Protocol
from annotate.protocol_file import parse
from data.store import Store, seats
from data.store.seats import Seat

CLOSED = "The study is closed: answers can be read, no longer changed."


@dataclass(frozen=True)
class Study:
    """What a rater may know about her study as a whole."""

    title: str
    protocol: Protocol
    consented: bool
    consent_version: str
    consented_at: datetime | None
    left_at: datetime | None
    status: str
    irb: str


def study_of(store: Store, *, rater_id: int) -> Study:
    """Return the study of a rater, with how far her consent goes."""
    with store.reading() as session:
        seat = seats.seat(session, rater_id=rater_id)
    protocol = protocol_of(seat)
    return Study(
        title=seat.title,
        protocol=protocol,
        consented=_consented(seat, protocol),
        consent_version=consent_version(protocol)[:8],
        consented_at=seat.consented_at,
        left_at=seat.left_at,
        status=seat.status,
        irb=seat.irb,
    )


def protocol_of(seat: Seat) -> Protocol:
    """Return the protocol that holds for a rater now."""
    return _parsed(seat.protocol_text)


@lru_cache(maxsize=64)
def _parsed(text: str) -> Protocol:
    return parse(text)


def closed(seat: Seat, protocol: Protocol) -> str:
    """Return why nothing can be written now, as a sentence; empty where it can."""
    if seat.left_at is not None:
        return "You have left this study."
    if not _consented(seat, protocol):
        return "Please read and accept the consent text first."
    if seat.status == "draft":
        return "This study has not begun yet."
    if seat.status == "paused":
        return "This study is paused at the moment. Please come back later."
    return CLOSED if seat.status == "closed" else ""


def _consented(seat: Seat, protocol: Protocol) -> bool:
    return not protocol.consent or seat.consent_sha256 == consent_version(protocol)


def consent_version(protocol: Protocol) -> str:
    """Return what identifies a consent text: its hash."""
    return hashlib.sha256(protocol.consent.encode()).hexdigest()
