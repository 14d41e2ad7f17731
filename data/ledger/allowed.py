"""What a study's lead has allowed: where its texts may go, and which findings in them may stay."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session, select

from annotate.fault import Fault
from data.store import audit
from data.store.connection import Store
from data.store.ratings import lock_chain
from data.tables.jury import JuryAcceptance, JuryConsent


class Allowed:
    """Decisions of a lead, each kept with who made it."""

    store: Store
    study_id: int

    def allowed(self) -> set[str]:
        """Return the endpoints to which this study's texts may go."""
        mine = select(JuryConsent.endpoint).where(JuryConsent.study_id == self.study_id)
        with self.store.reading() as session:
            return set(session.exec(mine))

    def allow(self, endpoint: str, who: str) -> None:
        """Let this study's texts go to an endpoint; who said so is kept."""
        if not endpoint.strip() or "*" in endpoint:
            raise Fault(f"{endpoint!r} is not the name of an endpoint; name each one in full.")
        with self.store.writing() as session:
            lock_chain(session, self.study_id)
            if session.get(JuryConsent, (self.study_id, endpoint)) is None:
                session.add(JuryConsent(study_id=self.study_id, endpoint=endpoint, who=who))
                self._audit(session, who, "texts may go to an endpoint", endpoint)

    def forbid(self, endpoint: str, who: str) -> None:
        """Take that back. What was sent before stays in the log."""
        with self.store.writing() as session:
            kept = session.get(JuryConsent, (self.study_id, endpoint))
            if kept is not None:
                session.delete(kept)
                self._audit(session, who, "texts may no longer go to an endpoint", endpoint)

    def accept(self, reason: str, who: str, marks: Iterable[str]) -> None:
        """Keep that the lead has looked at the findings in these items, and why they may be sent."""
        if not reason.strip():
            raise Fault("Say why the findings may stay; it is kept in the log.")
        with self.store.writing() as session:
            lock_chain(session, self.study_id)
            fresh = set(marks)
            for mark in sorted(fresh):
                row = JuryAcceptance(study_id=self.study_id, mark=mark, who=who, reason=reason)
                session.merge(row)
            self._audit(session, who, "identifier findings accepted", reason, {"items": len(fresh)})

    def accepted(self) -> set[str]:
        """Return the marks of the items whose findings were looked at."""
        mine = select(JuryAcceptance.mark).where(JuryAcceptance.study_id == self.study_id)
        with self.store.reading() as session:
            return set(session.exec(mine))

    def note(self, who: str, action: str, subject: str, after: Any = None) -> None:
        """Write an event of the run into the study's audit log."""
        with self.store.writing() as session:
            self._audit(session, who, action, subject, after)

    def _audit(self, session: Session, who: str, action: str, subject: str, after: Any = None) -> None:
        if self.study_id:
            audit.record(
                session, study_id=self.study_id, who=who, action=action, subject=subject, after=after
            )
