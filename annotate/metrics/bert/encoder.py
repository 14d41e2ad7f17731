"""Texts to vectors: batches by token budget, each text once, kept by the hash of its content."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotate.metrics.bert.graph import compiled
from annotate.metrics.bert.pieces import Ids, Pieces, Tokenizer
from annotate.metrics.bert.weights import window

TOKENS = 2048
"""How many word pieces, padding included, one run of the model reads."""
KEPT = 256_000_000
"""How many bytes of vectors are kept for texts that come again."""

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Embedded:
    """A text's word pieces and a unit vector for each, (pieces, width)."""

    pieces: Pieces
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a chunk's vectors belong."""

    ids: Ids
    vectors: Vectors
    start: int


class Encoder:
    """One model at one layer, with the vectors of the texts that it read last."""

    def __init__(self, folder: Path, layer: int, *, truncate: bool, precision: str) -> None:
        import openvino

        self.tokenizer = Tokenizer(folder, window(folder), truncate=truncate)
        self._model = compiled(folder, layer, precision=precision)
        self._width = int(self._model.output(0).partial_shape[-1].get_length())
        self._queue: Any = openvino.AsyncInferQueue(self._model)
        self._queue.set_callback(_put)
        self._kept: OrderedDict[bytes, Embedded] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> list[Embedded]:
        """Return the vectors of each text, in order. A text that comes twice is read once."""
        keys = [
            hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts
        ]
        with self._lock:
            found = {key: self._kept[key] for key in keys if key in self._kept}
            new = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
            found |= dict(zip(new, self._run(list(new.values())), strict=True))
            for key in found:
                self._keep(key, found[key])
        return [found[key] for key in keys]

    def _run(self, texts: Sequence[str]) -> list[Embedded]:
        read = self.tokenizer.read([text.encode("utf-8", "replace").decode() for text in texts])
        embedded = [Embedded(pieces, self._room(pieces)) for pieces in read]
        places = [place for one in embedded for place in _places(one)]
        for batch in _batches(sorted(places, key=lambda place: -len(place.ids))):
            self._queue.start_async(_padded(batch), batch)
        self._queue.wait_all()
        return embedded

    def _room(self, pieces: Pieces) -> Vectors:
        return np.empty((sum(map(len, pieces.chunks)), self._width), dtype=np.float32)

    def _keep(self, key: bytes, embedded: Embedded) -> None:
        if key not in self._kept:
            self._kept[key] = embedded
            self._bytes += embedded.vectors.nbytes
        self._kept.move_to_end(key)
        while self._bytes > KEPT and self._kept:
            self._bytes -= self._kept.popitem(last=False)[1].vectors.nbytes


@lru_cache(maxsize=2)
def encoder(folder: Path, layer: int, truncate: bool, precision: str, weights: str) -> Encoder:
    """Return the encoder of these settings and weights, made once in a process."""
    return Encoder(folder, layer, truncate=truncate, precision=precision)


def _places(embedded: Embedded) -> Iterator[_Place]:
    start = 0
    for chunk in embedded.pieces.chunks:
        yield _Place(chunk, embedded.vectors, start)
        start += len(chunk)


def _batches(longest_first: Sequence[_Place]) -> Iterator[list[_Place]]:
    """Yield runs of neighbours in length whose padded size stays within the budget."""
    at = 0
    while at < len(longest_first):
        count = max(TOKENS // len(longest_first[at].ids), 1)
        yield list(longest_first[at : at + count])
        at += count


def _padded(batch: Sequence[_Place]) -> list[NDArray[Any]]:
    width = len(batch[0].ids)
    ids = np.zeros((len(batch), width), dtype=np.int32)
    mask = np.full((len(batch), 1, 1, width), np.finfo(np.float32).min, dtype=np.float32)
    for row, place in enumerate(batch):
        ids[row, : len(place.ids)] = place.ids
        mask[row, :, :, : len(place.ids)] = 0
    return [ids, np.arange(width, dtype=np.int32), mask]


def _put(request: Any, batch: Sequence[_Place]) -> None:
    vectors = request.get_output_tensor(0).data
    for row, place in enumerate(batch):
        place.vectors[place.start : place.start + len(place.ids)] = vectors[row, : len(place.ids)]
