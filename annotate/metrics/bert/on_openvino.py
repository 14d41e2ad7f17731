"""The engine without torch: the processor, through OpenVINO."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from annotate.metrics.bert.encoder import Place, Vectors, padded, put
from annotate.metrics.bert.graph import compiled

BLOCK = 2048
"""How many pieces of each text are compared at a time: two texts of any length fit in 16 MB."""


class OnOpenvino:
    """An `Engine` on every core of this machine."""

    tokens = 256  # what a run holds stays in the processor's cache: 2,048 take a tenth longer

    def __init__(self, folder: Path, layer: int, *, precision: str) -> None:
        import openvino

        model = compiled(folder, layer, precision=precision)
        self._width = int(model.output(0).partial_shape[-1].get_length())
        self._queue: Any = openvino.AsyncInferQueue(model)
        self._queue.set_callback(lambda request, batch: put(request.get_output_tensor(0).data, batch))

    def room(self, rows: int) -> Vectors:
        """Return room for the vectors of so many word pieces."""
        return np.empty((rows, self._width), dtype=np.float32)

    def run(self, batches: Iterable[Sequence[Place]]) -> None:
        """Run every batch; several are in flight."""
        for batch in batches:
            ids, there = padded(batch)
            mask = np.where(there, np.float32(0), np.finfo(np.float32).min)[:, None, None, :]
            self._queue.start_async([ids, np.arange(ids.shape[1], dtype=np.int32), mask], batch)
        self._queue.wait_all()

    def nearest(self, pairs: Sequence[tuple[Vectors, Vectors]]) -> list[tuple[Vectors, Vectors]]:
        """Compare pair after pair, block by block."""
        return [_nearest(*pair) for pair in pairs]


def _nearest(a: Vectors, b: Vectors) -> tuple[Vectors, Vectors]:
    of_a, of_b = np.zeros(len(a), dtype=np.float32), np.zeros(len(b), dtype=np.float32)
    for i in range(0, len(a), BLOCK):
        for j in range(0, len(b), BLOCK):
            alike = a[i : i + BLOCK] @ b[j : j + BLOCK].T
            np.maximum(of_a[i : i + BLOCK], alike.max(axis=1), out=of_a[i : i + BLOCK])
            np.maximum(of_b[j : j + BLOCK], alike.max(axis=0), out=of_b[j : j + BLOCK])
    return of_a, of_b
