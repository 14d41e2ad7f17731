"""What a lead does next with a study, from its first file to its first rating."""

from __future__ import annotations

from dataclasses import dataclass

from data.store import Store, assignments, items, raters, studies


@dataclass(frozen=True, slots=True)
class NextStep:
    """One step: in words, on which page, and by which command."""

    words: str
    page: str
    command: str


def next_step(store: Store, *, study: str) -> NextStep | None:
    """Return what a study still lacks before clinicians can rate; None once it has been launched."""
    with store.reading() as session:
        row = studies.named(session, name=study)
        if row.status != "draft":
            return None
        if not items.ids_by_key(session, study_id=row.id):
            return NextStep("import its items", "import", f"consilium import {study} FILE …")
        if not assignments.in_study(session, study_id=row.id):
            if not raters.in_study(session, study_id=row.id, kinds=("clinician",)):
                return NextStep("invite clinicians", "raters", f"consilium assign {study} --raters C01 C02 …")
            return NextStep("see who rates what, and keep it", "assignment", f"consilium assign {study}")
    return NextStep("launch it", "studies", f"consilium status {study} running")
