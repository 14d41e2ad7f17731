"""Which words of a reference's sentences some sentence of the output follows: the union LCS of ROUGE-Lsum."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, KeysView, Mapping, Sequence
from itertools import chain, islice
from typing import Protocol

SMALL = 1 << 24
"""Up to so many cells a table of two sentences is held whole, in 2 MB."""
SHORT = 4096
"""Up to so many words a sentence's masks are all held, in 1 MB."""


class _Masks(Protocol):
    """The places of each word of a sentence, as bits."""

    def get(self, word: str, otherwise: int, /) -> int: ...

    def keys(self) -> KeysView[str]: ...


def union_of_lcs(wanted: Sequence[str], said: Sequence[str]) -> Iterator[str]:
    """Yield, for each wanted sentence, its words on a longest common subsequence with any said sentence.

    Of several longest subsequences it takes the one that the `rouge-score` package takes, since the
    union depends on the choice.

    Examples
    --------
    >>> list(union_of_lcs(["abcde"], ["acx", "ed"]))
    ['acd']
    """
    # Each line once: a model that loops writes the same one a thousand times.
    masks = {sentence: _masks(sentence) for sentence in said}
    found = {sentence: _union(sentence, masks) for sentence in dict.fromkeys(wanted)}
    yield from (found[sentence] for sentence in wanted)


def _union(sentence: str, masks: Mapping[str, _Masks]) -> str:
    followed: set[int] = set()
    for other, mask in masks.items():
        if not mask.keys().isdisjoint(sentence):
            followed.update(_followed(sentence, other, mask))
    return "".join(sentence[place] for place in sorted(followed))


def _masks(sentence: str) -> _Masks:
    if len(sentence) > SHORT:
        return _Long(sentence)
    masks: dict[str, int] = {}
    for place, word in enumerate(sentence):
        masks[word] = masks.get(word, 0) | 1 << place
    return masks


class _Long:
    """The masks of a long sentence, of which only those of frequent words are held.

    There are at most sqrt(n) of these; the mask of a rarer word is made again when it is asked for. Held
    all, those of n different words would take n * n / 16 bytes: 2.5 GB for 200,000.
    """

    def __init__(self, sentence: str) -> None:
        self._size = len(sentence) // 8 + 1
        self._often = math.isqrt(len(sentence))
        self._places: dict[str, list[int]] = {}
        self._held: dict[str, int] = {}
        for place, word in enumerate(sentence):
            self._places.setdefault(word, []).append(place)

    def keys(self) -> KeysView[str]:
        return self._places.keys()

    def get(self, word: str, otherwise: int, /) -> int:
        found = self._held.get(word)
        if found is None:
            places = self._places.get(word)
            if places is None:
                return otherwise
            found = self._made(places)
            if len(places) > self._often:
                self._held[word] = found
        return found

    def _made(self, places: Iterable[int]) -> int:
        bits = bytearray(self._size)
        for place in places:
            bits[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(bits, "little")


def _rows(sentence: str, row: int, full: int, masks: _Masks) -> Iterator[int]:
    """Yield the next rows of the LCS table as bits: bit j is clear where column j adds one.

    Hyyrö (2004): a row follows from the one before by one addition.
    """
    for word in sentence:
        match = row & masks.get(word, 0)
        row = (row + match | row - match) & full
        yield row


class _Large:
    """A table of which every so-manieth row is held; those between are made again when they are reached.

    Read from the last row to the first, two sentences of n words take n ** 1.5 / 4 bytes instead of
    n * n / 8: 22 MB instead of 5 GB for 200,000.
    """

    def __init__(self, sentence: str, full: int, masks: _Masks) -> None:
        self._sentence, self._full, self._masks = sentence, full, masks
        self._stride = math.isqrt(len(sentence)) + 1
        rows = chain([full], _rows(sentence, full, full, masks))
        self._marks = list(islice(rows, 0, None, self._stride))
        self._block, self._held = -1, list[int]()

    def __getitem__(self, i: int) -> int:
        block, place = divmod(i, self._stride)
        if block != self._block:
            mark, start = self._marks[block], block * self._stride
            part = self._sentence[start : start + self._stride - 1]
            self._held = [mark, *_rows(part, mark, self._full, self._masks)]
            self._block = block
        return self._held[place]


def _followed(sentence: str, other: str, masks: _Masks) -> Iterator[int]:
    """Walk back through the table: a match is taken, else up, else left where only the left is as long."""
    full = (1 << len(other)) - 1
    rows: list[int] | _Large
    if len(sentence) * len(other) > SMALL:
        rows = _Large(sentence, full, masks)
    else:
        rows = [full, *_rows(sentence, full, full, masks)]
    i, j = len(sentence), len(other)
    length = _length(rows[i], j)
    while i and j:
        if sentence[i - 1] == other[j - 1]:
            yield i - 1
            i, j = i - 1, j - 1
            length = _length(rows[i], j)
        elif _length(rows[i - 1], j) < length:
            j -= 1
        else:
            i -= 1


def _length(row: int, columns: int) -> int:
    """Return the length of the longest common subsequence at a row and the column before `columns`."""
    return columns - (row & (1 << columns) - 1).bit_count()
