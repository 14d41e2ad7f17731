"""What a run's raters say beside what the study has of them already: a copy, or a further occasion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from annotate.item import Item
from annotate.rating import RATER_KINDS
from data.formats.again import NOTHING_NEW, RUN, Known, Row, Told, runs_of, said_of, told_again
from data.formats.helm import alike
from data.store import Session, items
from data.store.frame import ratings_frame

WORDS = ("value", "reason", "comment")
_PLACE = ["item", "part", "rater", "question", "occasion"]
_KEY = [*_PLACE, "round", "step"]


def on_their_occasions(
    session: Session, *, study_id: int, frame: pd.DataFrame
) -> tuple[pd.DataFrame, Told | None]:
    """Return the rows with the occasions that the study gives them, without what it knows already.

    Only rows of runs are looked at, which number no occasions; None where there are none.
    """
    of_runs = frame[RUN].ne("").to_numpy() if RUN in frame else np.zeros(len(frame), dtype=bool)
    if not of_runs.any():
        return frame, None
    rows = frame[of_runs]
    held = _held(session, study_id, set(rows["rater"]))
    told = told_again(runs_of(_rows(rows)), _known(held))
    occasions = np.array([told.occasion[at] for at in range(len(rows))])
    fresh = rows.assign(occasion=occasions)[occasions != NOTHING_NEW]
    # Where a call failed in one run and not in the next, the answer stands.
    fresh = fresh.drop_duplicates(_KEY, keep="last")
    told.filled = len(fresh.merge(held.loc[held["status"].eq("failed"), _PLACE], on=_PLACE))
    return pd.concat([frame[~of_runs], fresh], ignore_index=True), told


def as_known(session: Session, *, study_id: int, incoming: Sequence[Item]) -> list[Item]:
    """Return the items that came, as the study has them where they are the same outputs."""
    known = {item.key: item for item in items.in_study(session, study_id=study_id)}
    return [
        known[each.key] if each.key in known and alike(known[each.key], each) else each for each in incoming
    ]


def _rows(frame: pd.DataFrame) -> Iterator[Row]:
    said = (frame[name] for name in (RUN, "rater", "item", "occasion", "part", "question", "status", *WORDS))
    for run, rater, item, occasion, part, question, *what in zip(*said, strict=True):
        yield (run, rater, item, occasion, f"{part}\x1f{question}", said_of(*what))


def _held(session: Session, study_id: int, of: set[str]) -> pd.DataFrame:
    """What the study has of these raters."""
    held = ratings_frame(session, study_id=study_id, kinds=RATER_KINDS, words=WORDS)
    held = held[held["rater"].isin(of)].assign(**{RUN: ""})
    held = held.assign(**{name: [word or "" for word in held[name]] for name in WORDS})
    return held.astype(dict.fromkeys(("item", "part", "rater", "question", "status"), "str"))


def _known(held: pd.DataFrame) -> Known:
    known: Known = {}
    for _, rater, item, occasion, question, said in _rows(held):
        known.setdefault((rater, item), {}).setdefault(occasion, {})[question] = said
    return known
