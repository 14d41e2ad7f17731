"""Verdicts become ratings, and a panel's ratings its score: on all its jurors, or on none."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from annotate.jury.panel import Need, Panel
from annotate.rating import Rating, Status


def ratings_of(row: Mapping[str, Any]) -> Iterator[Rating]:
    """Yield the ratings of one stored verdict.

    Parameters
    ----------
    row : mapping
        ``rater, item, sample, outcome, why, answers`` (JSON) and ``at``, as a ledger keeps them.

    Examples
    --------
    >>> answers = '[["clarity", "", null, null, ""]]'
    >>> row = {"rater": "a@1", "item": "i", "sample": 1, "at": None, "answers": answers}
    >>> rating = next(ratings_of({**row, "outcome": "truncated", "why": "Cut off."}))
    >>> rating.status, rating.reason, rating.value
    ('failed', 'truncated: Cut off.', None)
    """
    outcome, at = str(row["outcome"]), row["at"]
    for question, part, value, number, explanation in json.loads(str(row["answers"])):
        status, reason = _status(outcome, value, explanation, str(row["why"]))
        yield Rating(
            str(row["item"]),
            str(row["rater"]),
            question,
            value,
            number,
            part=part,
            occasion=int(row["sample"]),
            status=status,
            reason=reason,
            comment=explanation if status == "answered" else "",
            submitted_at=at if isinstance(at, datetime) else None,
        )


def _status(outcome: str, value: str | None, explanation: str, why: str) -> tuple[Status, str]:
    if outcome == "usable":
        return ("answered", "") if value is not None else ("unable", explanation)
    return ("refused" if outcome == "refused" else "failed"), f"{outcome}: {why}"


@dataclass(frozen=True, slots=True)
class PanelScore:
    """What a panel says to one question: the mean over its jurors, and how many stand behind it.

    Attributes
    ----------
    value : float or None
        None where fewer jurors answered than the panel needs.
    behind, of : int
        Jurors with an answer, and jurors on the panel.
    """

    item: str
    part: str
    question: str
    value: float | None
    behind: int
    of: int
    missing: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.value is None:
            return f"no score: {self.behind} of {self.of} jurors answered (without {', '.join(self.missing)})"
        return f"{self.value:.2f} ({self.behind} of {self.of} jurors)"


def panel_scores(ratings: Iterable[Rating], panel: Panel) -> list[PanelScore]:
    """Return a panel's scores. Checks, repeats beyond a juror's samples and other raters never count.

    A juror that is asked several times counts once, with the mean of its samples, all of them or none.

    Examples
    --------
    >>> from annotate.jury.juror import Juror
    >>> a, b = (Juror(name, "openai", name, "") for name in "ab")
    >>> said = [Rating("i", a.rater, "clarity", "4", 4.0), Rating("i", b.rater, "clarity", "5", 5.0)]
    >>> print(panel_scores(said, Panel("p", (a, b)))[0])
    4.50 (2 of 2 jurors)
    >>> print(panel_scores(said[:1], Panel("p", (a, b)))[0].value)
    None
    """
    samples = {juror.rater: juror.samples for juror in panel.jurors}
    said: dict[tuple[str, str, str], dict[str, list[float]]] = {}
    asked: set[tuple[str, str, str]] = set()
    for rating in ratings:
        if rating.rater not in samples or rating.occasion > samples[rating.rater]:
            continue
        key = (rating.item, rating.part, rating.question)
        if rating.number is not None:
            said.setdefault(key, {}).setdefault(rating.rater, []).append(rating.number)
        if rating.number is not None or rating.value is None:
            asked.add(key)
    needed = _needed(panel.need, len(panel.jurors))
    return [_score(key, said.get(key, {}), samples, needed) for key in sorted(asked)]


def _score(
    key: tuple[str, str, str], said: dict[str, list[float]], samples: dict[str, int], needed: int
) -> PanelScore:
    means = {rater: sum(all_) / len(all_) for rater, all_ in said.items() if len(all_) == samples[rater]}
    missing = tuple(rater for rater in samples if rater not in means)
    value = sum(means.values()) / len(means) if len(means) >= needed else None
    return PanelScore(key[0], key[1], key[2], value, len(means), len(samples), missing)


def _needed(need: Need | int, jurors: int) -> int:
    return {"all": jurors, "any": 1}[need] if isinstance(need, str) else need
