"""BERTScore's arithmetic: each word piece of one text meets the most alike piece of the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotate.metrics.bert.encoder import Embedded, Engine, Vectors
from annotate.metrics.bert.pieces import Ids

Three = tuple[float, float, float]


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


def matched(pairs: Sequence[tuple[Embedded, Embedded]], weights: Weights, engine: Engine) -> list[Three]:
    """Return F, precision and recall of each output against its reference; 0 where either is empty.

    A piece that is unlike every other counts 0, never less: so does bert-score for each text that is not
    the longest of its batch, because its padding counts as a piece of cosine 0.

    References
    ----------
    Zhang et al. (2020), BERTScore: evaluating text generation with BERT. ICLR.
    """
    full = [not (output.pieces.empty or reference.pieces.empty) for output, reference in pairs]
    some = [pair for pair, is_full in zip(pairs, full, strict=True) if is_full]
    nearest = iter(engine.nearest([(output.vectors, reference.vectors) for output, reference in some]))
    return [
        _figures(pair, next(nearest), weights) if is_full else (0.0, 0.0, 0.0)
        for pair, is_full in zip(pairs, full, strict=True)
    ]


def _figures(pair: tuple[Embedded, Embedded], nearest: tuple[Vectors, Vectors], weights: Weights) -> Three:
    precision, recall = (
        float(alike @ weights.of(text.pieces.ids)) for alike, text in zip(nearest, pair, strict=True)
    )
    both = precision + recall
    return (2 * precision * recall / both if both else 0.0), precision, recall
