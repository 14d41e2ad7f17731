"""ROUGE beside Google's `rouge-score`, on one core, with equal scores; and a file of many pairs."""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pyarrow
from pyarrow.parquet import ParquetWriter
from rouge_score.rouge_scorer import RougeScorer

from annotate.metrics.rouge import KINDS
from annotate.metrics.words import Vocabulary, split
from benchmarks._paired import Paired, options, paired, report

TARGETS = {100: "at least 90 times", 500: "at least 300 times", 2000: "at least 900 times"}
SYLLABLES = "ca re pa in dis ease the ra py acu te fe ver ing ed ly tion s ness de ni es".split()  # noqa: SIM905
HEADER = ("item", "output", "reference")
Texts = list[tuple[str, str]]


def texts(words: int, count: int, rng: random.Random) -> Texts:
    """Return pairs of texts whose words are as unevenly frequent as real ones, half of them shared."""
    vocabulary = ["".join(rng.choices(SYLLABLES, k=rng.randint(1, 4))) for _ in range(4000)]
    weights = [1 / rank for rank in range(1, 4001)]
    pairs = []
    for _ in range(count):
        reference = rng.choices(vocabulary, weights, k=words)
        other = rng.choices(vocabulary, weights, k=words)
        output = [rng.choice(both) for both in zip(reference, other, strict=True)]
        pairs.append((" ".join(reference), " ".join(output)))
    return pairs


def beside(names: dict[str, str], pairs: Texts, title: str, target: str, rounds: int) -> Paired:
    """Time ours, with nothing remembered of a text, beside theirs on the first pairs, and say both agree."""
    theirs = RougeScorer(list(names.values()), use_stemmer=True)
    words = Vocabulary(stemmed=True)
    few = pairs[: max(len(pairs) // 20, 1)]
    share = len(pairs) / len(few)

    def ours() -> None:
        words._spelled.clear()
        for reference, output in pairs:
            for name in names:
                KINDS[name](reference, output, words.spell)

    for reference, output in few:
        for name, their in names.items():
            score = theirs.score(reference, output)[their]
            equal = KINDS[name](reference, output, words.spell) == (
                score.fmeasure,
                score.precision,
                score.recall,
            )
            assert equal, (name, reference, output)
    result = paired(
        title,
        ours,
        lambda: [theirs.score(*pair) for pair in few],
        lambda: [(split(reference), split(output)) for reference, output in pairs],
        rounds=rounds,
        peer_name="rouge-score",
        target=target,
        note=f"rouge-score timed on every {share:g}th pair",
    )
    return scaled(result, share)


def scaled(result: Paired, share: float) -> Paired:
    """Return the figures as if the peer had run on all pairs: it has no cost that does not grow with them."""
    assert result.peer is not None
    assert result.times_faster is not None
    return replace(result, peer=result.peer * share, times_faster=result.times_faster * share)


def stream(count: int, processes: int, path: Path) -> float:
    """Grade a file of many pairs of 500 words, print pace and memory, and return the processor's seconds."""
    write(count, path)
    watch = "import os, re, pathlib; from cli import main\n"
    watch += f"main({['grade', '--items', str(path), '--out', str(path.with_name('out' + path.suffix))]} + "
    watch += f"['--metric', 'rouge-l', '--workers', '{processes}'])\n"
    watch += "status = pathlib.Path('/proc/self/status').read_text()\n"
    watch += "print(int(re.search(r'VmHWM:\\s+(\\d+)', status)[1]) / 1024)"
    start, before = time.perf_counter(), sum(os.times()[2:4])
    root = Path(__file__).resolve().parents[1]
    said = subprocess.run([sys.executable, "-c", watch], cwd=root, capture_output=True, text=True, check=True)
    seconds, busy = time.perf_counter() - start, sum(os.times()[2:4]) - before
    print(
        f"{count:,} pairs of 500 words ({path.stat().st_size / 1e6:,.0f} MB of {path.suffix[1:]}), file to "
        f"file by `consilium grade --workers {processes}`: {seconds:.1f} s, {busy:.1f} s of processor time; "
        f"peak memory of the main process {float(said.stdout.split()[-1]):.0f} MB"
    )
    return busy


def million(few: int, busy: float, many: int, busier: float) -> str:
    """Return what a million pairs cost two idle cores: starting is paid once, a pair a million times."""
    a_pair = (busier - busy) / (many - few)
    return (
        f"a million: {(busier + (1_000_000 - many) * a_pair) / 120:.1f} minutes of two idle cores, by "
        f"{a_pair * 1000:.2f} ms of processor time a pair (target: at most 3)"
    )


def write(count: int, path: Path) -> None:
    """Write so many pairs, no two alike."""
    rng = random.Random(5)
    some = texts(500, 200, rng)

    def row(number: int) -> tuple[str, str, str]:
        reference, output = rng.choice(some)
        cut = rng.randrange(len(output))
        return str(number), output[cut:] + " " + output[:cut], f"{number} {reference}"

    if path.suffix == ".csv":
        with path.open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(HEADER)
            rows.writerows(map(row, range(count)))
        return
    schema = pyarrow.schema([(name, pyarrow.string()) for name in HEADER])
    with ParquetWriter(path, schema) as parquet:
        for at in range(0, count, 10_000):
            part = map(row, range(at, min(at + 10_000, count)))
            columns = [pyarrow.array(column) for column in zip(*part, strict=True)]
            parquet.write_table(pyarrow.table(columns, schema=schema))


def main() -> None:
    """Print everything."""
    chosen = options(__doc__)
    if hasattr(os, "sched_setaffinity"):
        cores = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(cores)})  # one core for the comparison
    rng, rounds = random.Random(1), 3 if chosen.quick else 9
    results = []
    for words, target in TARGETS.items():
        pairs = texts(words, 40 if chosen.quick else 60, rng)
        results.append(
            beside({"rouge-l": "rougeL"}, pairs, f"ROUGE-L stemmed, {words} words", target, rounds)
        )
    three = {"rouge-1": "rouge1", "rouge-2": "rouge2", "rouge-l": "rougeL"}
    results.append(
        beside(three, texts(500, 60, rng), "R1 + R2 + RL stemmed, 500 words", "at least 200 times", rounds)
    )
    report(results, chosen.json)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cores)
    many = 2_000 if chosen.quick else 50_000
    with tempfile.TemporaryDirectory() as folder:
        # Few first, for what starting costs; then half: what is bounded does not grow.
        processes = min(os.cpu_count() or 1, 2)
        for ending in ("csv", "parquet"):
            sizes = (many // 100, many // 2, many)
            busy = [stream(n, processes, Path(folder) / f"{n}.{ending}") for n in sizes]
            print(million(sizes[0], busy[0], many, busy[2]))


if __name__ == "__main__":
    main()
