"""Ratings to an items × raters array: from a long frame and from the store, against pandas' pivot.

Plain strings cost one hash of every name on both sides, and that is the limit: of 2,000,000 rows with
100,000 items pandas' pivot takes 0.90 processor seconds, ours 0.20 (4.5 times faster), and the hash alone
0.13 (pandas' factorize) or 0.10 (Arrow's dictionary_encode, which it calls): ten times faster than pivot
would be less than the hash. Other ways to the same codes, tried in the same run, are slower: the strings
viewed as fixed bytes, mixed into one 64-bit number and factorized 0.23 s, the same by numpy's unique 0.35
s, interned objects 0.75 s after 0.13 s to make them. Categories avoid all of it (0.055 s, 16 times faster),
but making them of strings costs the hash once more (0.39 s for five columns); Arrow's CSV reader makes them
while it reads (0.59 s instead of 0.92 s for the file). The store hands categories over; a ratings file is
checked text by text, and stays text.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import pandas as pd

from agreement.matrix import matrix
from annotate.item import Item
from benchmarks._paired import Paired, options, paired, report
from data.store import Store, open_store, studies
from data.store.frame import ratings_frame
from data.store.items import add as add_items
from data.store.raters import add as add_rater


def ratings(items: int, raters: int) -> pd.DataFrame:
    """A shuffled long frame of strings, as a file is read."""
    rng = np.random.default_rng(0)
    order = rng.permutation(items * raters)
    names = np.array([f"item-{i:06d}" for i in range(items)])
    who = np.array([f"C{j:02d}" for j in range(raters)])
    return pd.DataFrame(
        {
            "item": names[order // raters],
            "rater": who[order % raters],
            "kind": "clinician",
            "question": "accuracy",
            "number": rng.integers(1, 6, len(order)).astype(float),
            "occasion": 1,
            "status": "answered",
        }
    )


def categorical(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with text as categories, as the store hands it over."""
    text = ["item", "rater", "kind", "question", "status"]
    return frame.astype(dict.fromkeys(text, "category"))


def pivot(frame: pd.DataFrame) -> pd.DataFrame:
    """What a careful analyst writes: the same rows, then pivot, which also refuses duplicates."""
    read = frame[
        (frame["question"] == "accuracy")
        & (frame["kind"] == "clinician")
        & (frame["occasion"] == 1)
        & (frame["status"] == "answered")
    ]
    return read.pivot(index="item", columns="rater", values="number")


def from_frame(name: str, frame: pd.DataFrame, rounds: int) -> Paired:
    def ours() -> object:
        return matrix(frame, question="accuracy", kinds=["clinician"])

    assert np.array_equal(ours().values, pivot(frame).to_numpy()), "the two must agree before they race"
    codes = frame["number"].to_numpy()
    at = np.random.default_rng(1).permutation(len(codes))

    def floor() -> object:
        return codes[at]

    target = "at least 10 times" if "categories" in name else ""
    return paired(
        name,
        ours,
        lambda: pivot(frame),
        floor,
        rounds=rounds,
        peer_name="pandas pivot",
        target=target,
        note="floor: one gather of the numbers",
    )


def stored(items: int, raters: int, folder: str) -> Store:
    """A study of items × raters ratings of one question in a SQLite file, written without ceremony."""
    store = open_store(f"sqlite:///{folder}/frame.db")
    with store.writing() as session:
        study = studies.create(session, name="frame", title="", protocol_text="", who="benchmark")
        add_items(session, study_id=study.id, items=[Item(f"item-{n:06d}") for n in range(items)])
        for n in range(raters):
            add_rater(session, study_id=study.id, key=f"C{n:02d}", kind="clinician")
        rng = np.random.default_rng(0)
        points = rng.integers(1, 6, items * raters).tolist()
        session.connection().exec_driver_sql(
            "INSERT INTO rating_event (study_id, item_id, rater_id, question, part, occasion, round, step, "
            "status, value, number, reason, comment, confidence, submitted_at, hash) "
            "VALUES (1, ?, ?, 'accuracy', '', 1, 'main', '', 'answered', ?, ?, '', '', '', '2026-01-01', '')",
            [(1 + n // raters, 1 + n % raters, str(point), float(point)) for n, point in enumerate(points)],
        )
    return store


def from_store(items: int, raters: int, rounds: int) -> Paired:
    with tempfile.TemporaryDirectory() as folder:
        store = stored(items, raters, folder)

        def ours() -> np.ndarray:
            with store.reading() as session:
                frame = ratings_frame(session, study_id=1, kinds=("clinician",))
            return matrix(frame, question="accuracy", kinds=["clinician"]).values

        def peer() -> np.ndarray:
            query = (
                "SELECT item.key AS item, rater.key AS rater, rating.number FROM rating "
                "JOIN item ON item.id = item_id JOIN rater ON rater.id = rater_id "
                "WHERE rating.study_id = 1 AND question = 'accuracy' AND kind = 'clinician'"
            )
            with store.engine.connect() as connection:
                frame = pd.read_sql(query, connection)
            return frame.pivot(index="item", columns="rater", values="number").to_numpy()

        def floor() -> object:
            with store.engine.connect() as connection:
                return connection.exec_driver_sql("SELECT sum(number) FROM rating").one()

        assert np.array_equal(ours(), peer()), "the two must agree before they race"
        return paired(
            f"{items * raters:,} rows from SQLite",
            ours,
            peer,
            floor,
            rounds=rounds,
            peer_name="pandas read_sql + pivot",
            target="2 s for 1,000,000",
            note="floor: the database adds up the numbers",
        )


def main() -> None:
    opts = options(__doc__)
    items, rounds = (5_000, 3) if opts.quick else (100_000, 7)
    text = ratings(items, 20)
    results = [
        from_store(items // 2, 20, min(rounds, 5)),
        from_frame(f"{items * 20:,} rows of categories (store)", categorical(text), rounds),
        from_frame(f"{items * 20:,} rows of strings (file)", text, rounds),
    ]
    report(results, opts.json)


if __name__ == "__main__":
    main()
