"""How far a study has come, by rater."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sqlalchemy import text
from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Progress:
    """One clinician's progress through her assignments."""

    rater: str
    specialty: str
    submitted: int
    assigned: int
    done: float
    minutes: float


def by_rater(session: Session, *, study_id: int) -> list[Progress]:
    """Return each clinician's progress in the main round; minutes are the median active time an item."""
    query = text(
        "SELECT rater.key, rater.specialty, a.id, max(s.active_seconds) "
        "FROM rater JOIN assignment AS a ON a.rater_id = rater.id "
        "LEFT JOIN submission AS s ON s.assignment_id = a.id "
        "WHERE a.study_id = :study_id AND a.withdrawn_at IS NULL AND a.round = 'main' "
        "GROUP BY rater.key, rater.specialty, a.id ORDER BY rater.key"
    )
    seconds: dict[tuple[str, str], list[float | None]] = {}
    for key, specialty, _, spent in session.connection().execute(query, {"study_id": study_id}):
        seconds.setdefault((key, specialty), []).append(spent)
    return [_progress(key, specialty, spent) for (key, specialty), spent in seconds.items()]


def _progress(key: str, specialty: str, spent: list[float | None]) -> Progress:
    submitted = [each for each in spent if each is not None]
    timed = [each for each in submitted if each > 0]
    minutes = float(np.median(timed)) / 60 if timed else float("nan")
    return Progress(key, specialty, len(submitted), len(spent), len(submitted) / len(spent), minutes)
