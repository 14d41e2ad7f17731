"""A ledger's verdicts as ratings: in a file, row by row, or in a study."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from annotate.jury.verdicts import PanelScore, ratings_of
from annotate.rating import Rating
from data.formats.appear import appearing
from data.formats.long import COLUMNS, write_ratings
from data.formats.records import cell
from data.ledger.keep import JuryLedger
from data.store import ratings as stored


def ratings(ledger: JuryLedger) -> Iterator[Rating]:
    """Yield what every juror currently says."""
    for row in ledger.verdicts():
        yield from ratings_of(row)


def write_file(said: Iterable[Rating], path: Path, *, step: str = "") -> int:
    """Write ratings as a long file; return how many. CSV is written as they come, in little memory."""
    if path.suffix.lower() not in (".csv", ".tsv"):
        rows = [_row(rating, step) for rating in said]
        write_ratings(pd.DataFrame(rows, columns=list(COLUMNS)), path)
        return len(rows)
    number = 0
    with appearing(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(
            file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",", lineterminator="\n"
        )
        writer.writerow(COLUMNS)
        for rating in said:
            writer.writerow([cell(value) for value in _row(rating, step).values()])
            number += 1
    return number


def _row(rating: Rating, step: str) -> dict[str, object]:
    known = {
        "kind": "juror",
        "step": step,
        "submitted_at": rating.submitted_at and rating.submitted_at.isoformat(),
    }
    return {name: known[name] if name in known else getattr(rating, name) for name in COLUMNS}


def write_scores(scores: Iterable[PanelScore], path: Path) -> None:
    """Write a panel's scores, each with how many jurors stand behind it."""
    rows = [
        {
            "item": score.item,
            "part": score.part,
            "question": score.question,
            "value": score.value,
            "jurors": score.behind,
            "of": score.of,
            "missing": "; ".join(score.missing),
        }
        for score in scores
    ]
    with appearing(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["item", "part", "question", "value", "jurors", "of", "missing"])
        writer.writerows([[cell(value) for value in row.values()] for row in rows])


def into_study(ledger: JuryLedger, *, step: str = "") -> int:
    """Write what jurors say into the study, as rows like any other; what stands there already stays."""
    number = 0
    said = itertools.groupby(ratings(ledger), key=lambda rating: (rating.rater, rating.item))
    pairs = ([*rows] for _, rows in said)
    while chunk := list(itertools.islice(pairs, 40)):
        with ledger.store.writing() as session:
            flat = [rating for rows in chunk for rating in rows]
            number += stored.append(session, study_id=ledger.study_id, ratings=flat, step=step)
    return number
