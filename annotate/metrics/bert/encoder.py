"""Texts to vectors: batches by token budget, each text once, kept by the hash of its content."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from annotate.metrics.bert.pieces import Ids, Pieces, Tokenizer
from annotate.metrics.bert.weights import window

KEPT = 256_000_000
"""How many bytes of vectors are kept for texts that come again."""

Vectors = NDArray[np.float32]
OnDevice = Any
"""Vectors where the engine has them: numpy's here, torch's on a GPU."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A text's word pieces and a unit vector for each, (pieces, width)."""

    pieces: Pieces
    vectors: OnDevice


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chunk's vectors belong."""

    ids: Ids
    vectors: OnDevice
    start: int


class Engine(Protocol):
    """What runs a model up to a layer, and compares what it made where that lies.

    Attributes
    ----------
    tokens : int
        How many word pieces, padding included, one run of the model reads.
    """

    tokens: int

    def room(self, rows: int) -> OnDevice:
        """Return room for the vectors of so many word pieces."""

    def run(self, batches: Iterable[Sequence[Place]]) -> None:
        """Put the unit vectors of each batch, longest first, into their places."""

    def nearest(self, pairs: Sequence[tuple[OnDevice, OnDevice]]) -> list[tuple[Vectors, Vectors]]:
        """Return, for each pair, every row's largest cosine with a row of the other, and never below 0."""


class Encoder:
    """One model at one layer, with the vectors of the texts that it read last."""

    def __init__(self, tokenizer: Tokenizer, engine: Engine) -> None:
        self.tokenizer, self.engine = tokenizer, engine
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
        embedded = [Embedded(pieces, self.engine.room(sum(map(len, pieces.chunks)))) for pieces in read]
        places = [place for one in embedded for place in _places(one)]
        self.engine.run(batches(sorted(places, key=lambda place: -len(place.ids)), self.engine.tokens))
        return embedded

    def _keep(self, key: bytes, embedded: Embedded) -> None:
        if key not in self._kept:
            self._kept[key] = embedded
            self._bytes += embedded.vectors.nbytes
        self._kept.move_to_end(key)
        while self._bytes > KEPT and self._kept:
            self._bytes -= self._kept.popitem(last=False)[1].vectors.nbytes


@lru_cache(maxsize=2)
def encoder(folder: Path, layer: int, truncate: bool, precision: str, device: str, weights: str) -> Encoder:
    """Return the encoder of these settings and weights, made once in a process; no `device` is OpenVINO."""
    tokenizer = Tokenizer(folder, window(folder), truncate=truncate)
    if device:
        from annotate.metrics.bert.on_torch import OnTorch

        return Encoder(tokenizer, OnTorch(folder, layer, precision=precision, device=device))
    from annotate.metrics.bert.on_openvino import OnOpenvino

    return Encoder(tokenizer, OnOpenvino(folder, layer, precision=precision))


def _places(embedded: Embedded) -> Iterator[Place]:
    start = 0
    for chunk in embedded.pieces.chunks:
        yield Place(chunk, embedded.vectors, start)
        start += len(chunk)


def batches(longest_first: Sequence[Place], tokens: int) -> Iterator[Sequence[Place]]:
    """Yield runs of neighbours in length whose padded size stays within so many tokens."""
    at = 0
    while at < len(longest_first):
        count = max(tokens // len(longest_first[at].ids), 1)
        yield longest_first[at : at + count]
        at += count


def padded(batch: Sequence[Place], with_what: int = 0) -> tuple[Ids, NDArray[np.bool_]]:
    """Return the batch's ids as one array, and where they are."""
    width = len(batch[0].ids)
    ids = np.full((len(batch), width), with_what, dtype=np.int32)
    for row, place in enumerate(batch):
        ids[row, : len(place.ids)] = place.ids
    lengths = np.array([len(place.ids) for place in batch])
    return ids, np.arange(width) < lengths[:, None]


def put(vectors: OnDevice, batch: Sequence[Place]) -> None:
    """Copy each row of a run's output to its place."""
    for row, place in enumerate(batch):
        place.vectors[place.start : place.start + len(place.ids)] = vectors[row, : len(place.ids)]
