"""What a lead does next with a study, from its first file to its first rating."""

from __future__ import annotations

from dataclasses import dataclass

from data.store import Session, Store, assignments, items, raters, studies
from data.store.progress import by_rater
from data.tables import Study
from verbs.adjudicate import unsettled
from verbs.protocol import protocol_of


@dataclass(frozen=True, slots=True)
class NextStep:
    """One step: in words, on which page, and by which command."""

    words: str
    page: str
    command: str


def next_step(store: Store, *, study: str) -> NextStep | None:
    """Return what a study lacks before clinicians can rate, or once all have; None in between.

    That clinicians disagree is told only when every form is filled: before that it would be a look at what
    they say.
    """
    with store.reading() as session:
        row = studies.named(session, name=study)
        if row.status == "draft":
            return _before_launch(session, row)
        if not _waits_for_settling(session, row):
            return None
    if not unsettled(store, study=study):
        return None
    words = "settle what clinicians disagree about"
    return NextStep(words, "adjudication", f"consilium adjudicate {study} --rater A01")


def _before_launch(session: Session, row: Study) -> NextStep:
    study = row.name
    if not items.ids_by_key(session, study_id=row.id):
        return NextStep("import its items", "import", f"consilium import {study} FILE …")
    if not assignments.in_study(session, study_id=row.id):
        if not raters.in_study(session, study_id=row.id, kinds=("clinician",)):
            return NextStep("invite clinicians", "raters", f"consilium assign {study} --raters C01 C02 …")
        return NextStep("see who rates what, and keep it", "assignment", f"consilium assign {study}")
    return NextStep("launch it", "studies", f"consilium status {study} running")


def _waits_for_settling(session: Session, row: Study) -> bool:
    if row.status == "closed" or not protocol_of(session, study_id=row.id).design.adjudicate:
        return False
    progress = by_rater(session, study_id=row.id)
    return bool(progress) and all(each.submitted == each.assigned for each in progress)
