"""Inviting clinicians: a pseudonym in the study, the name behind it kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from annotate.fault import Fault
from data.store import Session, Store, access, audit, raters, studies


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
        found = []
        for rater in raters.in_study(session, study_id=row.id, kinds=("clinician",)):
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


def add_all(
    store: Store,
    *,
    study: str,
    keys: Sequence[str],
    who: str,
    specialty: str = "",
    name: str = "",
    email: str = "",
) -> dict[str, str]:
    """Add clinicians to a study, all of them or none; return the token of each one's personal link.

    A name and an address belong to one person, so only where one clinician is invited.
    """
    wanted = list(dict.fromkeys(key.strip() for key in keys if key.strip()))
    if not wanted:
        raise Fault("A clinician needs a pseudonym, such as C07; it is what exports and reports show.")
    if email and "@" not in email:
        raise Fault(f"{email!r} is no e-mail address; leave it empty or correct it.")
    if len(wanted) > 1 and (name or email):
        raise Fault(f"One name cannot stand behind {len(wanted)} pseudonyms; invite them one by one.")
    with store.writing() as session:
        row = studies.named(session, name=study)
        known = [key for key in wanted if raters.find(session, study_id=row.id, key=key)]
        if known:
            are = "is" if len(known) == 1 else "are"
            raise Fault(
                f"{', '.join(map(repr, known))} {are} in the study already; a fresh link can be made below."
            )
        tokens = {}
        for key in wanted:
            tokens[key] = _invite(session, row.id, key, specialty.strip(), who)
            person = raters.find(session, study_id=row.id, key=key)
            if (name or email) and person:
                raters.name_person(session, rater_id=person.id, name=name, email=email)
    return tokens


def _invite(session: Session, study_id: int, key: str, specialty: str, who: str) -> str:
    rater = raters.add(session, study_id=study_id, key=key, kind="clinician", specialty=specialty)
    audit.record(session, study_id=study_id, who=who, action="clinician invited", subject=rater.key)
    return access.invite(session, role="clinician", name=rater.key, rater_id=rater.id, who=who)
