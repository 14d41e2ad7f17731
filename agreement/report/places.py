"""The fair comparison: machines and a clinician in her own place, beside the same other clinicians."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from agreement.array import Array
from agreement.contest import Contest, contest
from agreement.decision.coding import on_scale
from agreement.fair import told
from agreement.report.answers import Answers
from agreement.report.figure import Figure, Place
from agreement.report.settings import Settings

Judge = tuple[Place, Array]


def in_places(one: Answers, judges: Sequence[Judge], settings: Settings) -> Iterator[Figure]:
    """Return, for each judge, its agreement with the others, a clinician's, and the difference.

    Judges that answered the same outputs are drawn together: the bootstrap is made once for all of them.
    """
    groups: dict[bytes, list[Judge]] = {}
    for place, column in judges:
        groups.setdefault(np.isnan(column).tobytes(), []).append((place, column))
    for group in groups.values():
        wanted = ["kappa"] if one.labels else ["ICC(A,1)", "r"]
        columns = {str(at): column for at, (_, column) in enumerate(group)}
        held = contest(
            one.clinicians,
            columns,
            wanted,
            rng=settings.rng(),
            cases=one.cases,
            replicates=settings.replicates,
        )
        for at, (place, column) in enumerate(group):
            yield from _judge(one, held, str(at), place, column, settings)


def _judge(
    one: Answers, held: Contest, name: str, place: Place, column: Array, settings: Settings
) -> Iterator[Figure]:
    kind = "metric" if place.between == "metric–clinician" else "juror"
    numbers = "ICC(A,1)" if on_scale(column, one.clinicians, kind) else "r"
    coefficient = "kappa" if one.labels else numbers
    found = told(held, coefficient, name, level=settings.level)
    named = {
        f"{coefficient} with the other clinicians": found.juror,
        f"{coefficient} of a clinician in the same place": found.clinician,
        f"difference in {coefficient}, it less a clinician": found.difference,
    }
    for label, estimate in named.items():
        yield place.of(replace(estimate, coefficient=label), "one clinician left out in turn")
