"""Personal links and the browsers that came in by them. Tokens leave once; only hashes stay."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlmodel import Session, col, select

from data.store import audit
from data.store.straight import Statement
from data.tables import Access, Rater, SignIn
from data.tables.column import UTCTime, now

Role = Literal["lead", "clinician"]


@dataclass(frozen=True, slots=True)
class User:
    """Who is signed in. A clinician is one rater of one study."""

    name: str
    role: Role
    access_id: int
    rater_id: int | None = None
    rater: str = ""
    study_id: int | None = None


def invite(session: Session, *, role: Role, name: str, rater_id: int | None = None, who: str = "") -> str:
    """Make a personal link; return its token, which is kept nowhere."""
    token = secrets.token_urlsafe(24)
    session.add(Access(role=role, name=name, rater_id=rater_id, token_sha256=_sha256(token)))
    study_id = _study_of(session, rater_id)
    audit.record(session, study_id=study_id, who=who or name, action="link made", subject=f"{role} {name}")
    return token


def revoke(session: Session, *, access_id: int, who: str) -> None:
    """Close a personal link and every browser that came in by it."""
    access = session.exec(select(Access).where(Access.id == access_id)).one()
    access.revoked_at = now()
    study_id = _study_of(session, access.rater_id)
    audit.record(session, study_id=study_id, who=who, action="link revoked", subject=access.name)


def revoke_all(session: Session, links: Iterable[Access], *, who: str) -> int:
    """Close those links that are still open; return how many they were."""
    still_open = [link.id for link in links if link.revoked_at is None]
    for number in still_open:
        revoke(session, access_id=number, who=who)
    return len(still_open)


def of_rater(session: Session, *, rater_id: int) -> list[Access]:
    """Return a rater's links, newest first."""
    mine = select(Access).where(Access.rater_id == rater_id)
    return list(session.exec(mine.order_by(col(Access.id).desc())))


def of_leads(session: Session) -> list[Access]:
    """Return every lead's links, newest first."""
    theirs = select(Access).where(Access.role == "lead")
    return list(session.exec(theirs.order_by(col(Access.id).desc())))


def sign_in(session: Session, *, token: str, hours: float) -> str | None:
    """Exchange a link's token for a browser's token; None where the link is not (or no longer) good."""
    good = select(Access).where(Access.token_sha256 == _sha256(token), col(Access.revoked_at).is_(None))
    access = session.exec(good).first()
    if access is None or access.id is None:
        return None
    browser = secrets.token_urlsafe(24)
    until = now() + timedelta(hours=hours)
    session.add(SignIn(access_id=access.id, token_sha256=_sha256(browser), expires_at=until))
    return browser


def user(session: Session, *, token: str) -> User | None:
    """Return who a browser belongs to; None where it is not signed in, any more or ever."""
    found = _USER.first(session, token_sha256=_sha256(token), now=now())
    return None if found is None else _user(*found)


# Asked afresh for every request of every browser, so written for speed.
_USER = Statement(
    "SELECT a.name, a.role, a.id, r.id, r.key, r.study_id FROM sign_in AS s "
    "JOIN access AS a ON a.id = s.access_id LEFT JOIN rater AS r ON r.id = a.rater_id "
    "WHERE s.token_sha256 = :token_sha256 AND s.expires_at > :now AND a.revoked_at IS NULL",
    binds={"now": UTCTime},
)


def sign_out(session: Session, *, token: str) -> None:
    """Forget a browser."""
    for row in session.exec(select(SignIn).where(SignIn.token_sha256 == _sha256(token))):
        session.delete(row)


def _user(
    name: str, role: Role, access_id: int, rater_id: int | None, rater: str | None, study_id: int | None
) -> User:
    return User(name, role, access_id, rater_id, rater or "", study_id)


def _study_of(session: Session, rater_id: int | None) -> int | None:
    return session.exec(select(Rater.study_id).where(Rater.id == rater_id)).first()


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
