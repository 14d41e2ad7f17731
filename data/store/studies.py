"""Studies and their protocol versions."""

from __future__ import annotations

import hashlib

from sqlmodel import Session, col, select

from annotate.fault import Fault
from data.store import audit
from data.tables import ProtocolVersion, Study
from data.tables.column import now


def names(session: Session) -> list[str]:
    """Return the names of all studies."""
    return list(session.exec(select(Study.name).order_by(Study.name)))


def all_studies(session: Session) -> list[Study]:
    """Return all studies by name."""
    return list(session.exec(select(Study).order_by(Study.name)))


def find(session: Session, *, name: str) -> Study | None:
    """Return the study called `name`, if there is one."""
    return session.exec(select(Study).where(Study.name == name)).first()


def named(session: Session, *, name: str) -> Study:
    """Return the study called `name`; a Fault that lists the names where there is none."""
    study = find(session, name=name)
    if study is None:
        known = ", ".join(names(session)) or "none yet"
        raise Fault(f"There is no study {name!r} here; the studies are: {known}.")
    return study


def by_id(session: Session, *, study_id: int) -> Study:
    """Return one study."""
    return session.exec(select(Study).where(Study.id == study_id)).one()


def create(
    session: Session,
    *,
    name: str,
    title: str,
    protocol_text: str,
    who: str,
    seed: int = 0,
    demo: bool = False,
) -> Study:
    """Create a study with the first version of its protocol."""
    # The name becomes a folder's in exports.
    if not name.strip() or name.startswith(".") or set("/\\") & set(name) or not name.isprintable():
        raise Fault(f"{name!r} cannot name a study; use a short name without slashes or a dot in front.")
    if find(session, name=name):
        raise Fault(f"A study {name!r} exists already; choose another name.")
    study = Study(name=name, title=title, seed=seed, demo=demo)
    session.add(study)
    session.flush()
    add_protocol(session, study_id=study.id, text=protocol_text, who=who)
    audit.record(session, study_id=study.id, who=who, action="study created", after={"name": name})
    return study


def set_status(session: Session, *, study_id: int, status: str, who: str, reason: str = "") -> None:
    """Start, pause, close or reopen a study; who and why are in the log."""
    study = by_id(session, study_id=study_id)
    before, study.status = study.status, status
    audit.record(
        session,
        study_id=study_id,
        who=who,
        action=f"study {status}",
        before=before,
        after=status,
        reason=reason,
    )


def is_sealed(study: Study) -> bool:
    """Whether agreement is not to be looked at yet: clinicians still rate, and nobody has unsealed it."""
    return not (study.demo or study.unsealed_at or study.status == "closed")


def unseal(session: Session, *, study_id: int, who: str, reason: str) -> None:
    """Let the lead see agreement before the study is closed. It stays in the log that she did."""
    study = by_id(session, study_id=study_id)
    if study.unsealed_at is None:
        study.unsealed_at = now()
        audit.record(session, study_id=study_id, who=who, action="agreement unsealed", reason=reason)


def add_protocol(
    session: Session, *, study_id: int, text: str, who: str, changes: str = ""
) -> ProtocolVersion:
    """Add a version of the study's protocol. Earlier versions stay: ratings refer to them."""
    latest = latest_protocol(session, study_id=study_id)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    if latest is not None and latest.sha256 == sha256:
        return latest
    number = latest.number + 1 if latest else 1
    version = ProtocolVersion(study_id=study_id, number=number, text=text, sha256=sha256, changes=changes)
    session.add(version)
    session.flush()
    audit.record(
        session,
        study_id=study_id,
        who=who,
        action="protocol version added",
        subject=f"version {number}",
        after=sha256,
        reason=changes,
    )
    return version


def latest_protocol(session: Session, *, study_id: int) -> ProtocolVersion | None:
    """Return the newest version of a study's protocol."""
    newest = col(ProtocolVersion.number).desc()
    mine = select(ProtocolVersion).where(ProtocolVersion.study_id == study_id)
    return session.exec(mine.order_by(newest)).first()


def protocol_versions(session: Session, *, study_id: int) -> list[ProtocolVersion]:
    """Return all versions of a study's protocol, oldest first."""
    mine = select(ProtocolVersion).where(ProtocolVersion.study_id == study_id)
    return list(session.exec(mine.order_by(col(ProtocolVersion.number))))
