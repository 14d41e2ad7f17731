"""Inviting clinicians: a pseudonym in the study, the name behind it kept apart."""

from __future__ import annotations

from dataclasses import dataclass

from annotate.fault import Fault
from data.store import Store, access, audit, raters, studies


@dataclass(frozen=True, slots=True)
class Invited:
    """One clinician of a study, as the invitation page shows her."""

    rater: str
    specialty: str
    name: str
    email: str
    links: int
    consented: bool
    left: bool

    def row(self) -> dict[str, object]:
        """Return a line of the lead's table."""
        return {
            "Pseudonym": self.rater,
            "Specialty": self.specialty,
            "Name": self.name,
            "E-mail": self.email,
            "Open links": self.links,
            "Consented": self.consented,
            "Left": self.left,
        }


def invited(store: Store, *, study: str) -> list[Invited]:
    """Return a study's clinicians with their names, for the lead's eyes only."""
    with store.reading() as session:
        row = studies.named(session, name=study)
        assert row.id is not None
        found = []
        for rater in raters.in_study(session, study_id=row.id, kinds=("clinician",)):
            assert rater.id is not None
            person = raters.person(session, rater_id=rater.id)
            links = access.of_rater(session, rater_id=rater.id)
            found.append(
                Invited(
                    rater.key,
                    rater.specialty,
                    person.name if person else "",
                    person.email if person else "",
                    sum(link.revoked_at is None for link in links),
                    rater.consented_at is not None,
                    rater.left_at is not None,
                )
            )
        return found


def add(
    store: Store, *, study: str, key: str, who: str, specialty: str = "", name: str = "", email: str = ""
) -> str:
    """Add a clinician to a study and return the token of her personal link."""
    if not key.strip():
        raise Fault("A clinician needs a pseudonym, such as C07; it is what exports and reports show.")
    if email and "@" not in email:
        raise Fault(f"{email!r} is no e-mail address; leave it empty or correct it.")
    with store.writing() as session:
        row = studies.named(session, name=study)
        assert row.id is not None
        if raters.find(session, study_id=row.id, key=key.strip()):
            raise Fault(
                f"{key.strip()!r} is in the study already; make a fresh link for this clinician below."
            )
        rater = raters.add(
            session, study_id=row.id, key=key.strip(), kind="clinician", specialty=specialty.strip()
        )
        assert rater.id is not None
        if name or email:
            raters.name_person(session, rater_id=rater.id, name=name, email=email)
        audit.record(session, study_id=row.id, who=who, action="clinician invited", subject=rater.key)
        return access.invite(session, role="clinician", name=rater.key, rater_id=rater.id, who=who)
