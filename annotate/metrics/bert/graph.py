"""A BERT-like encoder as an OpenVINO graph, made from the weights file: no torch, no transformers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotate.fault import Fault
from annotate.metrics.bert.weights import FIRST, ROBERTAS, configuration, layers

Tensor = Callable[[str], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Names:
    """What a family of models calls its tensors. `{}` is the number of the layer."""

    prefixes: tuple[str, ...]
    layer: str
    query: str
    key: str
    value: str
    attended: str
    attended_norm: str
    up: str
    down: str
    norm: str


_BERT = Names(
    prefixes=("", "bert.", "roberta."),
    layer="encoder.layer.{}.",
    query="attention.self.query",
    key="attention.self.key",
    value="attention.self.value",
    attended="attention.output.dense",
    attended_norm="attention.output.LayerNorm",
    up="intermediate.dense",
    down="output.dense",
    norm="output.LayerNorm",
)
_DISTILBERT = Names(
    prefixes=("", "distilbert."),
    layer="transformer.layer.{}.",
    query="attention.q_lin",
    key="attention.k_lin",
    value="attention.v_lin",
    attended="attention.out_lin",
    attended_norm="sa_layer_norm",
    up="ffn.lin1",
    down="ffn.lin2",
    norm="output_layer_norm",
)
FAMILIES = {"bert": _BERT, "distilbert": _DISTILBERT} | dict.fromkeys(ROBERTAS, _BERT)


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of one model."""

    layers: int
    heads: int
    width: int
    epsilon: float
    first: int

    @classmethod
    def of(cls, folder: Path) -> Shape:
        """Read the sizes of a model that is `drawn`."""
        config = configuration(folder)
        return cls(
            layers=layers(folder),
            heads=int(config.get("num_attention_heads", config.get("n_heads", 0))),
            width=int(config.get("hidden_size", config.get("dim", 0))),
            epsilon=float(config.get("layer_norm_eps", 1e-12)),
            first=FIRST if config["model_type"] in ROBERTAS else 0,
        )


def drawn(folder: Path) -> bool:
    """Return whether the model is one that is drawn here."""
    config = configuration(folder)
    activation = config.get("hidden_act", config.get("activation"))
    position = config.get("position_embedding_type", "absolute")
    return config.get("model_type") in FAMILIES and activation == "gelu" and position == "absolute"


def compiled(folder: Path, layer: int, *, precision: str = "f32") -> Any:
    """Return the model up to `layer`, compiled: (ids, positions, mask) to vectors of unit length.

    Parameters
    ----------
    layer : int
        How many layers run; 0 is the embeddings alone.
    precision : "f32" or "bf16"
        Said to OpenVINO outright, which would otherwise take bfloat16 wherever the processor has it.
    """
    import openvino

    try:
        model = _drawn(folder, layer)
    except Exception as fault:  # a cut-off file, a tensor that is not there or has another shape
        said = (str(fault).strip() or repr(fault)).splitlines()[0]
        raise Fault(
            f"The model.safetensors of {folder.name} is not what its config.json says: {said}"
        ) from fault
    # One stream a core: two texts beside each other run faster than one text on two cores.
    # Not pinned to cores: this may run beside a page that others use.
    options: dict[str, Any] = {"INFERENCE_PRECISION_HINT": precision, "ENABLE_CPU_PINNING": False}
    options["PERFORMANCE_HINT"] = "THROUGHPUT"
    return openvino.Core().compile_model(model, "CPU", options)


def _drawn(folder: Path, layer: int) -> Any:
    from safetensors import safe_open

    with safe_open(folder / "model.safetensors", framework="numpy") as file:
        names = set(file.keys())
        family = FAMILIES[configuration(folder)["model_type"]]
        prefix = next(p for p in family.prefixes if p + "embeddings.word_embeddings.weight" in names)

        def tensor(name: str) -> NDArray[np.float32]:
            found: NDArray[np.float32] = file.get_tensor(prefix + name).astype(np.float32, copy=False)
            return found

        return _Graph(Shape.of(folder), family, tensor).model(layer, types=f"{prefix}{_TYPES}" in names)


_TYPES = "embeddings.token_type_embeddings.weight"


class _Graph:
    """Builds the nodes. Nodes are OpenVINO's, which is untyped."""

    def __init__(self, shape: Shape, names: Names, tensor: Tensor) -> None:
        from openvino import opset13

        self.op, self.shape, self.names, self.tensor = opset13, shape, names, tensor

    def model(self, layer: int, *, types: bool) -> Any:
        import openvino

        op = self.op
        ids = op.parameter([-1, -1], np.int32, name="ids")
        places = op.parameter([-1], np.int32, name="places")
        mask = op.parameter([-1, 1, 1, -1], np.float32, name="mask")
        nodes = self._embedded(ids, places, types=types)
        for number in range(layer):
            nodes = self._layer(nodes, mask, self.names.layer.format(number))
        unit = op.normalize_l2(nodes, np.array([-1]), 1e-24, "max")
        return openvino.Model([unit], [ids, places, mask], "encoder")

    def _embedded(self, ids: Any, places: Any, *, types: bool) -> Any:
        positions = self.tensor("embeddings.position_embeddings.weight")[self.shape.first :]
        if types:
            positions = positions + self.tensor(_TYPES)[0]
        words = self.op.gather(self._constant(self.tensor("embeddings.word_embeddings.weight")), ids, 0)
        placed = self.op.gather(self._constant(positions), places, 0)
        return self._norm(self.op.add(words, placed), "embeddings.LayerNorm")

    def _layer(self, nodes: Any, mask: Any, at: str) -> Any:
        names, op = self.names, self.op
        attended = self._dense(self._attended(nodes, mask, at), at + names.attended)
        nodes = self._norm(op.add(nodes, attended), at + names.attended_norm)
        inner = self._dense(op.gelu(self._dense(nodes, at + names.up), "erf"), at + names.down)
        return self._norm(op.add(nodes, inner), at + names.norm)

    def _attended(self, nodes: Any, mask: Any, at: str) -> Any:
        names, op = self.names, self.op
        query, key, value = (
            self._heads(self._dense(nodes, at + name)) for name in (names.query, names.key, names.value)
        )
        mixed = op.scaled_dot_product_attention(query, key, value, mask)
        return op.reshape(op.transpose(mixed, [0, 2, 1, 3]), [0, 0, self.shape.width], True)

    def _heads(self, nodes: Any) -> Any:
        heads = self.shape.heads
        split = self.op.reshape(nodes, [0, 0, heads, self.shape.width // heads], True)
        return self.op.transpose(split, [0, 2, 1, 3])

    def _dense(self, nodes: Any, name: str) -> Any:
        product = self.op.matmul(nodes, self._constant(self.tensor(name + ".weight")), False, True)
        return self.op.add(product, self._constant(self.tensor(name + ".bias")))

    def _constant(self, weights: NDArray[np.float32]) -> Any:
        """Return a node that reads the weights where they lie: a copy would triple the memory at start."""
        return self.op.constant(np.ascontiguousarray(weights), shared_memory=True)

    def _norm(self, nodes: Any, name: str) -> Any:
        even = self.op.mvn(nodes, [-1], True, self.shape.epsilon, "inside_sqrt")
        scaled = self.op.multiply(even, self._constant(self.tensor(name + ".weight")))
        return self.op.add(scaled, self._constant(self.tensor(name + ".bias")))
