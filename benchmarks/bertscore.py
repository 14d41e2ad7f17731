"""BERTScore beside `bert-score` on the same weights and layer, in float32 with equal scores, and in bfloat16.

`bert-score` is not in the lock (1.3 GB): a second environment with it and the packages of
requirements-bertscore.lock prints the ratios; without it only ours and the floor are timed. Where torch
sees a GPU, both are timed on it, too.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import random
import subprocess
import sys
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
TEXT = """
the patient of with and was a to no in pain on mg daily history left right for chest denies fever reports
blood pressure normal acute chronic disease discharge follow up weeks treatment started continued lesion
fracture diabetes hypertension mellitus anticoagulation echocardiogram creatinine elevated postoperative
"""
WORDS = TEXT.split()
BATCHES = (64, 16, 8)
"""Batch sizes of bert-score: its default, and those that are best on most machines."""
ON_GPU = (64, 256, 1024)


def pairs(count: int) -> list[Pair]:
    """Return notes of uneven length, 20 to 450 words, three systems to a reference."""
    rng = random.Random(4)
    weights = [1 / rank for rank in range(1, len(WORDS) + 1)]

    def note() -> str:
        return " ".join(rng.choices(WORDS, weights, k=int(20 * 22.5 ** rng.random())))

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
    theirs = (
        BERTScorer(model_type=str(located("minilm")), num_layers=LAYER, device=device) if BERTScorer else None
    )
    outputs, references = [pair.output for pair in some], [pair.references[0] for pair in some]

    def peer() -> object:
        return theirs.score(outputs, references, batch_size=batch)

    pieces = sum(len(p.ids) for p in _held(ours)[0].tokenizer.read([*outputs, *dict.fromkeys(references)]))
    products = _products(pieces)
    note = "floor: the layers' matrix products, in numpy" if device == "cpu" else ""
    if theirs:
        wanted = np.array([figures.numpy() for figures in (lambda p, r, f: (f, p, r))(*peer())]).T
        note += f"; largest deviation {np.abs(fresh(ours, some) - wanted).max():.1e}"
    return paired(
        name,
        lambda: fresh(ours, some),
        peer if theirs else None,
        products if device == "cpu" else None,
        rounds=rounds,
        peer_name=f"bert-score at batch {batch}",
        target=target,
        note=note,
    )


def _products(pieces: int):
    """Return a run of the model's dense layers over so many word pieces, and nothing else."""
    rows = min(pieces, 2048)
    text = np.random.default_rng(0).normal(size=(rows, 384)).astype(np.float32)
    wide = np.random.default_rng(1).normal(size=(rows, 1536)).astype(np.float32)
    square, up, down = (np.ones(size, dtype=np.float32) for size in ((384, 384), (384, 1536), (1536, 384)))

    def run() -> None:
        for _ in range(LAYER * max(round(pieces / rows), 1)):
            for _ in range(4):
                text @ square
            text @ up
            wide @ down

    return run


def on_gpu(spec: str, quick: bool) -> None:
    """Print pairs a second of both on the GPU, nothing where there is none."""
    if importlib.util.find_spec("torch") is None or not importlib.import_module("torch").cuda.is_available():
        return
    some, (metric,) = pairs(192 if quick else 3072), metrics([spec + ",device=cuda"])
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


def main() -> None:
    """Print everything."""
    chosen = options(__doc__)
    some = pairs(24 if chosen.quick else 96)
    rounds = 1 if chosen.quick else 3
    spec = f"bertscore:layer={LAYER},window=truncate"
    exact, rough = metrics([spec, spec + ",precision=bf16"])
    results = []
    for batch in BATCHES[:1] if chosen.quick else BATCHES:
        target = "at least 2.3 times" if batch == BATCHES[0] else "at least 1.8 times at the best batch"
        with contextlib.redirect_stderr(io.StringIO()):
            results.append(
                beside(exact, some, batch, rounds, f"BERTScore float32, {len(some)} pairs", target)
            )
    with contextlib.redirect_stderr(io.StringIO()):
        name = f"BERTScore bfloat16, {len(some)} pairs"
        results.append(beside(rough, some, BATCHES[0], rounds, name, "at least 4 times"))
    report(results, chosen.json)
    away = np.abs(fresh(exact, some) - fresh(rough, some))
    print(f"bfloat16 differs from float32 by {away.mean():.1e} on average and {away.max():.1e} at most")
    again = paired("the same pairs again, nothing new", lambda: exact.score(some[:60]), rounds=3)
    print(f"{again} (embeddings are remembered)")
    on_gpu(spec, chosen.quick)
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
