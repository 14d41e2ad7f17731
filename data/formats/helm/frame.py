"""The ratings of several runs as one long frame, in which each verdict stands once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from annotate.rating import RaterKind, Rating
from data.formats.again import RUN, Row, runs_of, said_of, told_again
from data.formats.long import COLUMNS

_ONE = ["item", "rater", "question", "occasion"]


def frame_of(runs: Sequence[Sequence[tuple[RaterKind, Rating]]]) -> tuple[pd.DataFrame, list[str]]:
    """Return the ratings with their occasions and runs, and what stands in the runs more than once."""
    rows = [(str(run), kind, rating) for run, rated in enumerate(runs, 1) for kind, rating in rated]
    told = told_again(runs_of(_numbered(rows)), {})
    records = [
        (*_record(rating, kind, told.occasion[at]), run)
        for at, (run, kind, rating) in enumerate(rows)
        if told.occasion[at]
    ]
    frame = pd.DataFrame(records, columns=[*COLUMNS, RUN])
    # Where a call failed in one run and not in the next, the answer stands.
    frame = frame.drop_duplicates(_ONE, keep="last", ignore_index=True)
    texts = [column for column in frame if column not in ("number", "occasion", "submitted_at")]
    types = dict.fromkeys(texts, "str") | {"number": "float64", "occasion": "int64"}
    frame["submitted_at"] = pd.to_datetime(frame["submitted_at"], utc=True)
    once = len(rows) - len(records)
    said = f"{once:,} ratings stand in these runs more than once, word for word, and were read once."
    return frame.astype(types), [*([said] if once else []), *told.sentences()]


def _numbered(rows: Sequence[tuple[str, RaterKind, Rating]]) -> Iterator[Row]:
    """Rows with their number in their run: an output that stands in it twice was judged twice."""
    seen: Counter[tuple[str, ...]] = Counter()
    for run, _, rating in rows:
        place = (run, rating.rater, rating.item, rating.question)
        seen[place] += 1
        what = said_of(rating.status, rating.value or "", rating.reason, rating.comment)
        yield (run, rating.rater, rating.item, seen[place], rating.question, what)


def _record(rating: Rating, kind: RaterKind, occasion: int) -> tuple[Any, ...]:
    number = float("nan") if rating.number is None else rating.number
    said = (rating.item, "", rating.rater, kind, rating.question, rating.value or "", number, occasion, "")
    return (*said, rating.status, rating.reason, rating.comment, "", pd.NaT)
