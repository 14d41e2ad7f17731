"""Which words of a reference's sentences some sentence of the output follows: the union LCS of ROUGE-Lsum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def union_of_lcs(wanted: Sequence[str], said: Sequence[str]) -> Iterator[str]:
    """Yield, for each wanted sentence, its words on a longest common subsequence with any said sentence.

    Of several longest subsequences it takes the one that the `rouge-score` package takes, since the
    union depends on the choice.

    Examples
    --------
    >>> list(union_of_lcs(["abcde"], ["acx", "ed"]))
    ['acd']
    """
    masks = [_masks(sentence) for sentence in said]
    for sentence in wanted:
        followed: set[int] = set()
        for other, mask in zip(said, masks, strict=True):
            if not mask.keys().isdisjoint(sentence):
                followed.update(_followed(sentence, other, mask))
        yield "".join(sentence[place] for place in sorted(followed))


def _masks(sentence: str) -> dict[str, int]:
    masks: dict[str, int] = {}
    for place, word in enumerate(sentence):
        masks[word] = masks.get(word, 0) | 1 << place
    return masks


def _rows(sentence: str, columns: int, masks: dict[str, int]) -> list[int]:
    """Return the rows of the LCS table as bits: bit j of row i is set where column j adds one.

    Hyyrö (2004): the complement is carried from row to row by one addition.
    """
    full = (1 << columns) - 1
    row = full
    rows = [0]
    for word in sentence:
        match = row & masks.get(word, 0)
        row = (row + match | row - match) & full
        rows.append(row ^ full)
    return rows


def _followed(sentence: str, other: str, masks: dict[str, int]) -> Iterator[int]:
    """Walk back through the table: a match is taken, else up, else left where only the left is as long."""
    rows = _rows(sentence, len(other), masks)
    i, j = len(sentence), len(other)
    length = rows[i].bit_count()
    while i and j:
        if sentence[i - 1] == other[j - 1]:
            yield i - 1
            i, j = i - 1, j - 1
            length = (rows[i] & (1 << j) - 1).bit_count()
        elif (rows[i - 1] & (1 << j) - 1).bit_count() < length:
            j -= 1
        else:
            i -= 1
