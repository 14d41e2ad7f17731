"""Raters of every kind. No function returns all kinds unless it was asked for them by name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session, col, select

from annotate.fault import Fault
from annotate.rating import RaterKind
from data.store import audit
from data.tables import Person, Rater
from data.tables.column import now


def add(
    session: Session,
    *,
    study_id: int,
    key: str,
    kind: RaterKind,
    specialty: str = "",
    family: str = "",
    identity: Mapping[str, Any] | None = None,
) -> Rater:
    """Add a rater, or return the one that has this key, kind and identity already."""
    sha256 = _sha256(identity) if identity else ""
    known = find(session, study_id=study_id, key=key)
    if known is not None:
        if (known.kind, known.identity_sha256) == (kind, sha256):
            return known
        raise Fault(
            f"Rater {key!r} is in the study already as a {known.kind} with other settings; "
            "another prompt, model or setting is another rater and needs another name."
        )
    rater = Rater(
        study_id=study_id,
        key=key,
        kind=kind,
        specialty=specialty,
        family=family,
        identity=dict(identity or {}),
        identity_sha256=sha256,
    )
    session.add(rater)
    session.flush()
    return rater


def add_hashed(
    session: Session, *, study_id: int, key: str, kind: RaterKind, identity: Mapping[str, Any]
) -> None:
    """Add a rater whose key ends in a hash of its identity.

    Where a file brought it, which names no identity, the key vouches that this is it.
    """
    known = find(session, study_id=study_id, key=key)
    if known is not None and known.kind == kind and not known.identity:
        known.identity, known.identity_sha256 = dict(identity), _sha256(identity)
        session.flush()
    add(session, study_id=study_id, key=key, kind=kind, identity=identity)


def find(session: Session, *, study_id: int, key: str) -> Rater | None:
    """Return the rater called `key`, if there is one."""
    return session.exec(select(Rater).where(Rater.study_id == study_id, Rater.key == key)).first()


def by_id(session: Session, *, rater_id: int) -> Rater:
    """Return one rater."""
    return session.exec(select(Rater).where(Rater.id == rater_id)).one()


def in_study(session: Session, *, study_id: int, kinds: Iterable[RaterKind]) -> list[Rater]:
    """Return the raters of the kinds asked for, by key."""
    mine = select(Rater).where(Rater.study_id == study_id, col(Rater.kind).in_(list(kinds)))
    return list(session.exec(mine.order_by(Rater.key)))


def panel(session: Session, *, study_id: int) -> tuple[str, ...]:
    """Return the jurors of a study whose mean is its jury: all that are neither baselines nor checks."""
    jurors = in_study(session, study_id=study_id, kinds=["juror"])
    return tuple(
        juror.key for juror in jurors if not (juror.identity.get("baseline") or juror.identity.get("check"))
    )


def ids_by_key(session: Session, *, study_id: int) -> dict[str, int]:
    """Return the row number of each rater key of a study."""
    pairs = session.exec(select(Rater.key, Rater.id).where(Rater.study_id == study_id))
    return {key: number for key, number in pairs if number is not None}


def name_person(session: Session, *, rater_id: int, name: str, email: str = "") -> None:
    """Keep who is behind a pseudonym, apart from everything that is exported."""
    session.merge(Person(rater_id=rater_id, name=name, email=email))


def person(session: Session, *, rater_id: int) -> Person | None:
    """Return who is behind a pseudonym."""
    return session.exec(select(Person).where(Person.rater_id == rater_id)).first()


def consent(session: Session, *, rater_id: int, text: str) -> None:
    """Record that a rater agreed, to which text and when."""
    rater = by_id(session, rater_id=rater_id)
    rater.consented_at = now()
    rater.consent_sha256 = hashlib.sha256(text.encode()).hexdigest()
    audit.record(
        session, study_id=rater.study_id, who=rater.key, action="consented", after=rater.consent_sha256
    )


def leave(session: Session, *, rater_id: int, reason: str = "") -> None:
    """Record that a rater left the study. What was submitted stays."""
    rater = by_id(session, rater_id=rater_id)
    rater.left_at = now()
    audit.record(session, study_id=rater.study_id, who=rater.key, action="left the study", reason=reason)


def _sha256(identity: Mapping[str, Any]) -> str:
    text = json.dumps(identity, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
