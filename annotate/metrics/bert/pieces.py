"""A text as word pieces, cut to what a model reads at a time: in chunks, or truncated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotate.fault import Fault

Ids = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of one text.

    Attributes
    ----------
    chunks : tuple of int32 arrays
        Each between the model's special pieces; one for a text within the window.
    beyond : float
        The share of the text's pieces that lies beyond the first window: cut off when truncated, read in
        further chunks otherwise.
    """

    chunks: tuple[Ids, ...]
    beyond: float

    @property
    def ids(self) -> Ids:
        """Return all pieces in order, special ones included."""
        return np.concatenate(self.chunks)

    @property
    def empty(self) -> bool:
        """Whether there is nothing but special pieces."""
        return len(self.chunks) == 1 and len(self.chunks[0]) <= 2


class Tokenizer:
    """A model's own tokenizer."""

    def __init__(self, folder: Path, window: int, *, truncate: bool) -> None:
        from tokenizers import Tokenizer as Fast

        try:
            self._fast: Any = Fast.from_file(str(folder / "tokenizer.json"))
        except Exception as fault:  # it raises nothing narrower
            raise Fault(f"The tokenizer.json of {folder.name} cannot be read: {fault}") from fault
        self._fast.no_truncation()
        self._fast.no_padding()
        around = self._fast.encode("").ids
        if len(around) != 2:
            raise Fault(
                f"The tokenizer of {folder.name} puts {len(around)} special pieces around a text; BERTScore "
                "here needs a model that is read between two, as BERT is."
            )
        self.specials = (int(around[0]), int(around[1]))
        self.size: int = self._fast.get_vocab_size(with_added_tokens=True)
        self._room = window - len(self.specials)
        self._truncate = truncate

    def read(self, texts: Sequence[str]) -> list[Pieces]:
        """Return the word pieces of each text."""
        stripped = [text.strip() for text in texts]
        found = self._fast.encode_batch_fast(stripped, add_special_tokens=False)
        return [self._cut(np.array(encoding.ids, dtype=np.int32)) for encoding in found]

    def _cut(self, ids: Ids) -> Pieces:
        beyond = max(len(ids) - self._room, 0) / max(len(ids), 1)
        if self._truncate:
            return Pieces((self._wrapped(ids[: self._room]),), beyond)
        count = max(-(-len(ids) // self._room), 1)
        # Chunks of one size, so that no last piece is read with next to no context.
        return Pieces(tuple(self._wrapped(part) for part in np.array_split(ids, count)), beyond)

    def _wrapped(self, ids: Ids) -> Ids:
        first, last = self.specials
        return np.concatenate([[first], ids, [last]]).astype(np.int32)
