"""Files into a study: 100,000 ratings, and a HELM run of 1,000 instances with its identifier check."""

from __future__ import annotations

import itertools
import json
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import pandas as pd

from benchmarks._paired import Paired, options, paired, report
from data.shipped import protocol, protocol_text
from data.store import Store, open_store, studies
from tests.helm_runs import request, stat, verdict, write_run
from verbs.bring import bring
from verbs.identifying import identifiers
from verbs.incoming import read_incoming

WORDS = [
    "the",
    "patient",
    "reports",
    "mild",
    "pain",
    "after",
    "dinner",
    "and",
    "takes",
    "5",
    "mg",
    "twice",
    "daily",
    "since",
    "march",
    "with",
    "relief",
]
_numbers = itertools.count()


def load(store: Store, path: Path) -> int:
    """Everything that `consilium import` does, its identifier check included, into a fresh study."""
    with store.writing() as session:
        name = f"study {next(_numbers)}"
        text = protocol_text("medhelm")
        study_id = studies.create(session, name=name, title="", protocol_text=text, who="benchmark").id
    incoming = read_incoming([path], protocol("medhelm"))
    identifiers(incoming)
    return bring(store, study_id=study_id, incoming=incoming, who="benchmark").ratings


def processor_seconds(deed: Callable[[], int], expected: int) -> float:
    """How long the processor works on a deed: what others do on the machine does not count."""
    start = time.process_time()
    assert deed() == expected
    return time.process_time() - start


def ratings_file(folder: Path, rows: int) -> Path:
    keys = [[f"item-{n:05d}" for n in range(-(-rows // 30))], [f"C{n:02d}" for n in range(10)]]
    names = ["item", "rater", "question"]
    index = pd.MultiIndex.from_product([*keys, ["accuracy", "completeness", "clarity"]], names=names)
    frame = index.to_frame(index=False).iloc[:rows]
    frame["kind"] = "clinician"
    frame["value"] = np.random.default_rng(0).integers(1, 6, rows)
    frame["comment"] = "because"
    frame.to_csv(folder / "ratings.csv", index=False)
    return folder / "ratings.csv"


def ratings(rows: int, rounds: int, folder: Path) -> Paired:
    path = ratings_file(folder, rows)
    store = open_store(f"sqlite:///{folder}/ratings.db")
    spent = processor_seconds(lambda: load(store, path), rows)

    def peer() -> object:
        # No check, no chain, no keys: pandas reads the file and appends it to a table.
        with sqlite3.connect(folder / "peer.db") as connection:
            return pd.read_csv(path).to_sql("rating", connection, if_exists="append", index=False)

    return paired(
        f"{rows:,} ratings from CSV into a study",
        lambda: load(store, path),
        peer,
        lambda: path.read_bytes().split(b"\n"),
        rounds=rounds,
        peer_name="pandas read_csv and to_sql",
        target="10 s or less",
        note=f"{spent:.1f} s of processor time, identifier check included; floor: split the file into lines",
    )


def helm(instances: int, rounds: int, folder: Path) -> Paired:
    rng = np.random.default_rng(0)
    texts = [f"{' '.join(rng.choice(WORDS, 700))} {n}" for n in range(instances)]
    said = {"gpt": verdict(4, 3, 5), "llama": verdict(3, 3, 4)}
    states = [request(n, said=said, output=text[1000:], input={"text": text}) for n, text in enumerate(texts)]
    stats = [stat(n, name, 0.5) for n in range(instances) for name in ("rouge_1", "rouge_2", "rouge_l")]
    run = write_run(folder, states, stats)
    store = open_store(f"sqlite:///{folder}/helm.db")
    spent = processor_seconds(lambda: load(store, run), 9 * instances)
    state = run / "scenario_state.json"
    size = state.stat().st_size / 2**20
    return paired(
        f"a HELM run of {instances:,} instances",
        lambda: load(store, run),
        floor=lambda: json.loads(state.read_bytes()),
        rounds=rounds,
        target="5 s or less",
        note=f"{spent:.1f} s of processor time for {size:.1f} MiB, identifier check included; "
        "floor: json.loads of scenario_state.json",
    )


def main() -> None:
    args = options(__doc__)
    rounds = 1 if args.quick else 5
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        results = [ratings(3_000 if args.quick else 100_000, rounds, folder)]
        results.append(helm(100 if args.quick else 1_000, rounds, folder))
    report(results, args.json)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"most memory of this process, data included: {memory:,.0f} MiB (target 1,024)")


if __name__ == "__main__":
    main()
