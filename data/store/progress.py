"""How far a study has come: by rater, by question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import text
from sqlmodel import Session

from data.tables.column import UTCTime, now

STALLED_AFTER = timedelta(days=3)


def share(done: int, of: int) -> float:
    """Return how far something has come, in whole hundredths: only all is 1.

    Examples
    --------
    >>> share(115, 120), share(359, 360), share(360, 360), share(0, 0)
    (0.95, 0.99, 1.0, 0.0)
    """
    return done * 100 // of / 100 if of else 0.0


@dataclass(frozen=True, slots=True)
class Progress:
    """One clinician's progress through her assignments in the main round."""

    rater: str
    specialty: str
    submitted: int
    assigned: int
    minutes: float
    last: datetime | None
    left: bool = False

    @property
    def stalled(self) -> bool:
        """Whether forms are left and nothing was submitted for three days."""
        waits = self.last is None or now() - self.last > STALLED_AFTER
        return not self.left and self.submitted < self.assigned and waits

    def row(self) -> dict[str, object]:
        """Return a line of the lead's table."""
        return {
            "Rater": self.rater,
            "Specialty": self.specialty,
            "Done": share(self.submitted, self.assigned),
            "Forms filled": self.submitted,
            "Assigned": self.assigned,
            "Minutes a form (median)": "–" if np.isnan(self.minutes) else f"{self.minutes:.1f}",
            "Last submitted (UTC)": self.last.strftime("%Y-%m-%d %H:%M") if self.last else "–",
        }

    def reminder(self, title: str) -> str:
        """Return a friendly reminder to copy into a message."""
        left = self.assigned - self.submitted
        return (
            f"Dear colleague {self.rater}, thank you for taking part in “{title}”. {left} of your "
            f"{self.assigned} forms are still open; you can stop and go on at any time, nothing is lost. "
            "Your personal link takes you to the place where you left off."
        )


@dataclass(frozen=True, slots=True)
class Answers:
    """How one question was answered by the clinicians so far. No values: those are sealed."""

    question: str
    answered: int
    unanswered: int
    reasons: str

    def row(self) -> dict[str, object]:
        """Return a line of the lead's table."""
        return {
            "Question": self.question,
            "Answered": self.answered,
            "Not answered": self.unanswered,
            "Why not": self.reasons,
        }


def by_rater(session: Session, *, study_id: int) -> list[Progress]:
    """Return each clinician's progress; minutes are the median active time a form."""
    query = text(
        "SELECT rater.key, rater.specialty, rater.left_at, a.id, max(s.active_seconds), "
        "max(s.submitted_at) AS last "
        "FROM rater JOIN assignment AS a ON a.rater_id = rater.id "
        "LEFT JOIN submission AS s ON s.assignment_id = a.id "
        "WHERE a.study_id = :study_id AND a.withdrawn_at IS NULL AND a.round = 'main' "
        "GROUP BY rater.key, rater.specialty, rater.left_at, a.id ORDER BY rater.key"
    ).columns(last=UTCTime())
    forms: dict[tuple[str, str, bool], list[tuple[float | None, datetime | None]]] = {}
    for key, specialty, left_at, _, spent, last in session.connection().execute(
        query, {"study_id": study_id}
    ):
        forms.setdefault((key, specialty, left_at is not None), []).append((spent, last))
    return [_progress(*who, mine) for who, mine in forms.items()]


def by_question(session: Session, *, study_id: int) -> list[Answers]:
    """Return how many answers each question has from clinicians, and why the others have none."""
    query = text(
        "SELECT question, status, reason, count(*) FROM rating JOIN rater ON rater.id = rating.rater_id "
        "WHERE rating.study_id = :study_id AND rater.kind = 'clinician' AND round = 'main' "
        "GROUP BY question, status, reason ORDER BY min(rating.id)"
    )
    found: dict[str, dict[str, int]] = {}
    for question, status, reason, count in session.connection().execute(query, {"study_id": study_id}):
        why = "" if status == "answered" else reason
        mine = found.setdefault(question, {"": 0})
        mine[why] = mine.get(why, 0) + count
    return [_answers(question, counts) for question, counts in found.items()]


def _progress(
    key: str, specialty: str, left: bool, forms: list[tuple[float | None, datetime | None]]
) -> Progress:
    submitted = [spent for spent, _ in forms if spent is not None]
    timed = [spent for spent in submitted if spent > 0]
    minutes = float(np.median(timed)) / 60 if timed else float("nan")
    last = max((moment for _, moment in forms if moment is not None), default=None)
    return Progress(key, specialty, len(submitted), len(forms), minutes, last, left)


def _answers(question: str, counts: dict[str, int]) -> Answers:
    reasons = {why: count for why, count in counts.items() if why}
    said = ", ".join(f"{why}: {count}" for why, count in reasons.items())
    return Answers(question, counts[""], sum(reasons.values()), said)
