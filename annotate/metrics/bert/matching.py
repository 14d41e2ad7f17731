"""BERTScore's arithmetic: each word piece of one text meets the most alike piece of the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotate.metrics.bert.encoder import Embedded, Vectors
from annotate.metrics.bert.pieces import Ids

BLOCK = 2048
"""How many pieces of each text are compared at a time: two texts of any length fit in 16 MB."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each word piece counts; the special ones never do."""

    table: NDArray[np.float64]

    def of(self, ids: Ids) -> NDArray[np.float64]:
        """Return the weights of a text's pieces, which sum to 1; NaN where every piece weighs nothing."""
        weights = self.table[ids]
        total = weights.sum()
        return weights / total if total else np.full_like(weights, np.nan)


def even(size: int, specials: Iterable[int]) -> Weights:
    """Return equal weights for a vocabulary of `size` pieces.

    Examples
    --------
    >>> even(4, specials=[0]).of(np.array([0, 2, 3]))
    array([0. , 0.5, 0.5])
    """
    table = np.ones(size)
    table[list(specials)] = 0
    return Weights(table)


def idf(texts: Iterable[Ids], size: int, specials: Iterable[int]) -> Weights:
    """Return log((N + 1) / (n + 1)) for a piece that n of the N texts hold.

    Examples
    --------
    >>> weights = idf([np.array([1, 2]), np.array([1, 3])], 5, specials=[0])
    >>> np.exp(weights.table).round(2)  # 1 is in both, 2 and 3 in one, 4 in none
    array([1. , 1. , 1.5, 1.5, 3. ])
    """
    held: Counter[int] = Counter()
    count = 0
    for ids in texts:
        held.update(np.unique(ids).tolist())
        count += 1
    table = np.full(size, np.log(count + 1.0))
    for piece, times in held.items():
        table[piece] = np.log((count + 1.0) / (times + 1.0))
    table[list(specials)] = 0
    return Weights(table)


def matched(output: Embedded, reference: Embedded, weights: Weights) -> tuple[float, float, float]:
    """Return F, precision and recall of one output against one reference; 0 where either is empty.

    References
    ----------
    Zhang et al. (2020), BERTScore: evaluating text generation with BERT. ICLR.
    """
    if output.pieces.empty or reference.pieces.empty:
        return 0.0, 0.0, 0.0
    said, wanted = _nearest(output.vectors, reference.vectors)
    precision = float(said @ weights.of(output.pieces.ids))
    recall = float(wanted @ weights.of(reference.pieces.ids))
    both = precision + recall
    return (2 * precision * recall / both if both else 0.0), precision, recall


def _nearest(a: Vectors, b: Vectors) -> tuple[Vectors, Vectors]:
    """Return, for each row of `a`, its largest cosine with a row of `b`, and the reverse.

    A piece that is unlike every other counts 0, never less: so does bert-score for each text that is not
    the longest of its batch, because its padding counts as a piece of cosine 0.
    """
    of_a, of_b = np.zeros(len(a), dtype=np.float32), np.zeros(len(b), dtype=np.float32)
    for i in range(0, len(a), BLOCK):
        for j in range(0, len(b), BLOCK):
            alike = a[i : i + BLOCK] @ b[j : j + BLOCK].T
            np.maximum(of_a[i : i + BLOCK], alike.max(axis=1), out=of_a[i : i + BLOCK])
            np.maximum(of_b[j : j + BLOCK], alike.max(axis=0), out=of_b[j : j + BLOCK])
    return of_a, of_b
