"""BERTScore beside `bert-score` on the same weights and layer, in float32 with equal scores, and in bfloat16.

Three corpora, each at bert-score's default batch size and at the one that is best for it there; first on one
core, then on all that this process may use. `bert-score` is not in the lock (1.3 GB): a second environment
with it and the packages of requirements-bertscore.lock prints the ratios; without it only ours and the floor
are timed. Where torch sees a GPU, both are timed on it, too.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from annotate.metrics.bert import encoder
from annotate.metrics.bert.weights import located
from annotate.metrics.metric import Metric, Pair
from annotate.metrics.registry import metrics
from benchmarks._paired import Paired, options, paired, report

try:
    from bert_score import BERTScorer
except ImportError:
    BERTScorer = None

LAYER = 5
ONE = "CONSILIUM_ONE_CORE"
TEXT = """
the patient of with and was a to no in pain on mg daily history left right for chest denies fever reports
blood pressure normal acute chronic disease discharge follow up weeks treatment started continued lesion
fracture diabetes hypertension mellitus anticoagulation echocardiogram creatinine elevated postoperative
"""
WORDS = TEXT.split()
DEFAULT = 64
"""Bert-score's batch size where nobody says one."""
BATCHES = (4, 8, 16, 32)
"""Those that are best for it, by processor and by length of the texts."""
ON_GPU = (64, 256, 1024)
CORPORA = {"short answers": (25, 55, 96), "notes": (200, 370, 24), "mixed lengths": (20, 450, 48)}
"""Words of the shortest and the longest text, and pairs."""


def pairs(shortest: int, longest: int, count: int) -> list[Pair]:
    """Return texts of uneven length, three systems to a reference."""
    rng = random.Random(4)
    weights = [1 / rank for rank in range(1, len(WORDS) + 1)]

    def note() -> str:
        return " ".join(rng.choices(WORDS, weights, k=int(shortest * (longest / shortest) ** rng.random())))

    references = [note() for _ in range(-(-count // 3))]
    return [Pair(note(), (references[n // 3],)) for n in range(count)]


def fresh(metric: Metric, some: list[Pair]) -> np.ndarray:
    """Score with nothing remembered: every text is read and embedded anew."""
    for held in _held(metric):
        held._kept.clear()
        held._bytes = 0
    size = metric.batch
    scores = [score for at in range(0, len(some), size) for score in metric.score(some[at : at + size])]
    return np.array([score.values for score in scores])


def _held(metric: Metric) -> list[encoder.Encoder]:
    return [metric.score.args[0].encoder()]  # type: ignore[attr-defined]


def beside(
    ours: Metric, some: list[Pair], batch: int, rounds: int, name: str, target: str, device: str = "cpu"
) -> Paired:
    """Time ours beside bert-score at one batch size."""
    theirs = peer(device)
    texts = dict.fromkeys([*(pair.output for pair in some), *(pair.references[0] for pair in some)])
    pieces = sum(len(read.ids) for read in _held(ours)[0].tokenizer.read(list(texts)))
    note = f"floor: the layers' matrix products, in numpy; {pieces:,} word pieces" if device == "cpu" else ""
    if theirs:
        away = np.abs(fresh(ours, some) - theirs(some, batch)).max()
        note += f"; largest deviation {away:.1e}"
    found = paired(
        name,
        lambda: fresh(ours, some),
        (lambda: theirs(some, batch)) if theirs else None,
        _products(pieces) if device == "cpu" else None,
        rounds=rounds,
        peer_name=f"bert-score at batch {batch}",
        target=target,
        note=note,
    )
    if not (found.peer and found.floor):
        return found
    return replace(found, note=f"{note}; the products alone leave {found.peer / found.floor:.2f} times")


@cache
def peer(device: str) -> Callable[[list[Pair], int], np.ndarray] | None:
    """Return what scores pairs with bert-score at a batch size: F, precision and recall."""
    if not BERTScorer:
        return None
    scorer = BERTScorer(model_type=str(located("minilm")), num_layers=LAYER, device=device)

    def score(some: list[Pair], batch: int) -> np.ndarray:
        outputs, references = [pair.output for pair in some], [pair.references[0] for pair in some]
        precision, recall, f = scorer.score(outputs, references, batch_size=batch)
        return np.array([f.numpy(), precision.numpy(), recall.numpy()]).T

    return score


def best_batch(some: list[Pair]) -> int:
    """Return the batch size at which bert-score reads these pairs fastest, the faster of two runs each."""
    if not (theirs := peer("cpu")):
        return DEFAULT
    theirs(some[:8], DEFAULT)  # its first run is slower
    return min((*BATCHES, DEFAULT), key=lambda batch: min(timed(theirs, some, batch) for _ in range(2)))


def timed(score: Callable[[list[Pair], int], object], some: list[Pair], batch: int) -> float:
    """Return the processor seconds of one run, which a busy machine distorts least."""
    start = time.process_time()
    score(some, batch)
    return time.process_time() - start


def _products(pieces: int):
    """Return a run of the model's dense layers over so many word pieces, and nothing else."""
    runs = -(-pieces // 2048)
    rows = pieces // runs
    text = np.random.default_rng(0).normal(size=(rows, 384)).astype(np.float32)
    wide = np.random.default_rng(1).normal(size=(rows, 1536)).astype(np.float32)
    square, up, down = (np.ones(size, dtype=np.float32) for size in ((384, 384), (384, 1536), (1536, 384)))

    def run() -> None:
        for _ in range(LAYER * runs):
            for _ in range(4):
                text @ square
            text @ up
            wide @ down

    return run


def on_gpu(spec: str, quick: bool) -> None:
    """Print pairs a second of both on the GPU, nothing where there is none."""
    if importlib.util.find_spec("torch") is None or not importlib.import_module("torch").cuda.is_available():
        return
    some, (metric,) = pairs(20, 450, 192 if quick else 3072), metrics([spec + ",device=cuda"])
    for batch in ON_GPU:
        found = beside(metric, some, batch, 3, f"GPU float32, {len(some):,} pairs", "", device="cuda")
        theirs = f", bert-score {len(some) / found.peer:,.0f}" if found.peer else ""
        print(f"{found} | pairs a second: ours {len(some) / found.ours:,.0f}{theirs}")


def peak(code: str) -> str:
    """Return seconds and megabytes that a fresh process needs for `code`."""
    # Not getrusage: its peak is inherited from the process that started this one.
    watch = "import time, re, pathlib; start=time.time()\n" + code + "\nseconds = time.time() - start\n"
    watch += "status = pathlib.Path('/proc/self/status').read_text()\n"
    watch += "print(seconds, int(re.search(r'VmHWM:\\s+(\\d+)', status)[1]) / 1024)"
    said = subprocess.run([sys.executable, "-c", watch], capture_output=True, text=True, check=True)
    seconds, megabytes = map(float, said.stdout.split()[-2:])
    return f"{seconds:.1f} s and {megabytes:.0f} MB at its peak"


def on_these_cores(spec: str, quick: bool) -> list[Paired]:
    """Time every corpus on the cores that this process may use."""
    exact, rough = metrics([spec, spec + ",precision=bf16"])
    rounds, cores = 1 if quick else 5, len(os.sched_getaffinity(0))
    on = f"on {cores} core" + "s" * (cores > 1)
    results = []
    for name, (shortest, longest, count) in CORPORA.items():
        some = pairs(shortest, longest, count // 6 if quick else count)
        called = f"{len(some)} {name} {on}"
        best = DEFAULT if quick else best_batch(some)
        targets = {best: "at least 1.8 times at its best batch"} | {DEFAULT: "at least 2.3 times"}
        for batch, target in targets.items():
            results.append(beside(exact, some, batch, rounds, f"float32, {called}", target))
    results.append(beside(rough, some, DEFAULT, rounds, f"bfloat16, {called}", "at least 4 times"))
    return results


def on_one_core(quick: bool) -> list[Paired]:
    """Time every corpus in a process of its own that may use one core, whatever starts threads there."""
    one = sorted(os.sched_getaffinity(0))[:1]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "one.json"
        told = [sys.executable, __file__, "--json", str(file), *["--quick"] * quick]
        alone = os.environ | {"OMP_NUM_THREADS": "1", ONE: "1"}
        subprocess.run(told, check=True, env=alone, preexec_fn=lambda: os.sched_setaffinity(0, one))
        return [Paired(**each) for each in json.loads(file.read_text(encoding="utf-8"))]


def main() -> None:
    """Print everything."""
    chosen = options(__doc__)
    spec = f"bertscore:layer={LAYER},window=truncate"
    if os.environ.get(ONE):
        with contextlib.redirect_stderr(io.StringIO()):
            results = on_these_cores(spec, chosen.quick)
        report(results, chosen.json)
        return
    results = on_one_core(chosen.quick) if len(os.sched_getaffinity(0)) > 1 else []
    with contextlib.redirect_stderr(io.StringIO()):
        here = on_these_cores(spec, chosen.quick)
    report(here, None)
    if chosen.json:
        with contextlib.redirect_stdout(io.StringIO()):
            report([*results, *here], chosen.json)
    exact, rough = metrics([spec, spec + ",precision=bf16"])
    some = pairs(*CORPORA["mixed lengths"])
    away = np.abs(fresh(exact, some) - fresh(rough, some))
    print(f"bfloat16 differs from float32 by {away.mean():.1e} on average and {away.max():.1e} at most")
    again = paired("the same pairs again, nothing new", lambda: exact.score(some[:48]), rounds=3)
    print(f"{again} (embeddings are remembered)")
    on_gpu(spec, chosen.quick)
    from_nothing(spec)


def from_nothing(spec: str) -> None:
    """Print what the first score of a fresh process takes."""
    first = "from annotate.metrics.registry import metrics; from annotate.metrics.metric import Pair\n"
    first += f"metrics(['{spec}'])[0].score([Pair('no chest pain', ('chest pain',))])"
    if not Path("/proc/self/status").exists():
        return
    print(f"ours, from nothing to the first score: {peak(first)}")
    if BERTScorer:
        first = "from bert_score import BERTScorer\n"
        first += f"scorer = BERTScorer(model_type={str(located('minilm'))!r}, num_layers={LAYER})\n"
        print(f"bert-score likewise: {peak(first + 'scorer.score([chr(97)], [chr(97)])')}")


if __name__ == "__main__":
    main()
