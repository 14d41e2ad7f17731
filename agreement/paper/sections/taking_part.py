"""Who took part: what was assigned and done, who left, and how long a form took."""

from __future__ import annotations

from collections import Counter

import numpy as np

from agreement.paper.document import Block, Cell, Table, Text
from agreement.paper.whole import FEWEST, Whole
from agreement.rates import share
from agreement.summary.answers import clustered

NONE = (
    "Drop-outs and time on task are not known here: a file of ratings holds no assignments and no times. "
    "The report of a study in the store gives both."
)
UNTIMED = "not timed"
TIME = (
    "Minutes are those in which a form was open and touched, the median of each clinician's forms; the last "
    "row holds the mean of these medians, its range over clinicians. Left: withdrew from the study."
)


def taking_part(whole: Whole) -> list[Block]:
    """Return how far each clinician came, or the sentence that it is not known."""
    if not whole.attendance:
        return [Text(NONE, "note")]
    people = sorted(whole.attendance, key=lambda one: one.rater)
    rows: list[tuple[Cell, ...]] = [
        (
            one.rater, one.specialty, one.assigned, one.submitted, "yes" if one.left else "no",
            UNTIMED if np.isnan(one.minutes) else one.minutes,
        )
        for one in people
    ]  # fmt: skip
    timed = np.array([one.minutes for one in people if not np.isnan(one.minutes)])
    forms = sum(one.submitted for one in people)
    mean = clustered("minutes a form", timed, np.arange(len(timed)), len(timed), len(timed))
    minutes = mean if len(timed) else UNTIMED
    left = share("left", sum(one.left for one in people), len(people), n_raters=len(people))
    rows.append(("all clinicians", "", sum(one.assigned for one in people), forms, left, minutes))
    columns = ("clinician", "specialty", "forms assigned", "forms submitted", "left", "minutes a form")
    return [Table("taking_part", "Forms, drop-outs, time on task", columns, tuple(rows), TIME), *_by(whole)]


def _by(whole: Whole) -> list[Block]:
    counts = Counter(one.specialty or "not stated" for one in whole.attendance)
    if set(counts) == {"not stated"}:
        return []
    rows = tuple((name, n if n >= FEWEST else f"fewer than {FEWEST}") for name, n in sorted(counts.items()))
    title = "Clinicians by specialty"
    return [Table("specialties", title, ("specialty", "clinicians"), rows)]
