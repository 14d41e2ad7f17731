"""Small models of other families with made-up weights, for checking graph and tokenizer, not for scoring."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WIDTH, HEADS, LAYERS, INNER, WINDOW = 32, 4, 3, 64, 48


def distilbert(folder: Path, minilm: Path) -> Path:
    """Write a DistilBERT with MiniLM's tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(minilm / "tokenizer.json", folder)
    shutil.copy(minilm / "vocab.txt", folder)
    _json(folder / "tokenizer_config.json", {"tokenizer_class": "BertTokenizer", "model_max_length": WINDOW})
    config = {"model_type": "distilbert", "dim": WIDTH, "n_heads": HEADS, "n_layers": LAYERS}
    config |= {"hidden_dim": INNER, "activation": "gelu", "max_position_embeddings": WINDOW}
    _json(folder / "config.json", config | {"vocab_size": 30522, "architectures": ["DistilBertModel"]})
    names = {
        f"embeddings.{n}_embeddings.weight": (s, WIDTH) for n, s in (("word", 30522), ("position", WINDOW))
    }
    names |= _norm("embeddings.LayerNorm")
    for at in (f"transformer.layer.{n}." for n in range(LAYERS)):
        for name in ("q_lin", "k_lin", "v_lin", "out_lin"):
            names |= _dense(f"{at}attention.{name}", WIDTH, WIDTH)
        names |= _dense(at + "ffn.lin1", INNER, WIDTH) | _dense(at + "ffn.lin2", WIDTH, INNER)
        names |= _norm(at + "sa_layer_norm") | _norm(at + "output_layer_norm")
    return _weights(folder, names)


def roberta(folder: Path) -> Path:
    """Write a RoBERTa that reads bytes."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

    folder.mkdir(parents=True, exist_ok=True)
    letters = ["<s>", "<pad>", "</s>", "<unk>", *sorted(pre_tokenizers.ByteLevel.alphabet()), "<mask>"]
    vocabulary = {letter: n for n, letter in enumerate(letters)}
    _json(folder / "vocab.json", vocabulary)
    (folder / "merges.txt").write_text("#version: 0.2\n")
    tokenizer = Tokenizer(models.BPE(vocabulary, [], unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    tokenizer.save(str(folder / "tokenizer.json"))
    _json(
        folder / "tokenizer_config.json", {"tokenizer_class": "RobertaTokenizer", "model_max_length": WINDOW}
    )
    config = {"model_type": "roberta", "hidden_size": WIDTH, "num_attention_heads": HEADS, "pad_token_id": 1}
    config |= {"num_hidden_layers": LAYERS, "intermediate_size": INNER, "hidden_act": "gelu"}
    config |= {"max_position_embeddings": WINDOW + 2, "type_vocab_size": 1, "layer_norm_eps": 1e-5}
    _json(folder / "config.json", config | {"vocab_size": len(letters), "architectures": ["RobertaModel"]})
    sizes = {"word": len(letters), "position": WINDOW + 2, "token_type": 1}
    names = {f"embeddings.{name}_embeddings.weight": (size, WIDTH) for name, size in sizes.items()}
    names |= _norm("embeddings.LayerNorm")
    for at in (f"encoder.layer.{n}." for n in range(LAYERS)):
        for name in ("self.query", "self.key", "self.value", "output.dense"):
            names |= _dense(f"{at}attention.{name}", WIDTH, WIDTH)
        names |= _dense(at + "intermediate.dense", INNER, WIDTH) | _dense(at + "output.dense", WIDTH, INNER)
        names |= _norm(at + "attention.output.LayerNorm") | _norm(at + "output.LayerNorm")
    return _weights(folder, names)


def other(folder: Path, minilm: Path, family: str, **settings: object) -> Path:
    """Write a model of a family that transformers knows, with MiniLM's tokenizer."""
    import torch
    from transformers import AutoConfig, AutoModel

    sizes = {"hidden_size": WIDTH, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS}
    sizes |= {"intermediate_size": INNER, "vocab_size": 30522, "max_position_embeddings": WINDOW}
    model = AutoModel.from_config(AutoConfig.for_model(family, **(sizes | settings)))
    shapes = {name: tuple(each.shape) for name, each in model.named_parameters()}
    filled = {name: torch.from_numpy(each) for name, each in _made(shapes).items()}
    model.load_state_dict(filled, strict=False)  # what is no parameter stays as it is
    model.save_pretrained(folder)
    shutil.copy(minilm / "tokenizer.json", folder)
    shutil.copy(minilm / "vocab.txt", folder)
    _json(folder / "tokenizer_config.json", {"tokenizer_class": "BertTokenizer", "model_max_length": WINDOW})
    return folder


def _dense(name: str, rows: int, columns: int) -> dict[str, tuple[int, ...]]:
    return {name + ".weight": (rows, columns), name + ".bias": (rows,)}


def _norm(name: str) -> dict[str, tuple[int, ...]]:
    return {name + ".weight": (WIDTH,), name + ".bias": (WIDTH,)}


def _weights(folder: Path, shapes: dict[str, tuple[int, ...]]) -> Path:
    from safetensors.numpy import save_file

    save_file(_made(shapes), folder / "model.safetensors", metadata={"format": "pt"})
    return folder


def _made(shapes: dict[str, tuple[int, ...]]) -> dict[str, NDArray[np.float32]]:
    # Multiples of a prime, so that every version of numpy makes the same ones.
    weights, at = {}, 1
    for name, shape in shapes.items():
        size = int(np.prod(shape))
        spread = (np.arange(at, at + size, dtype=np.int64) * 7919 % 10007).astype(np.float64) / 10007 - 0.5
        weights[name] = (spread.reshape(shape) * 0.6).astype(np.float32)
        if name.endswith(("Norm.weight", "norm.weight")):
            weights[name] += 1
        at += size
    return weights


def _json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content))
