"""ROUGE-1, -2, -3, -L and -Lsum, equal to Google's `rouge-score` to the last bit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from annotate.metrics.metric import Metric, Pair, Score, chosen
from annotate.metrics.union_lcs import union_of_lcs
from annotate.metrics.words import vocabulary

Spell = Callable[[str], str]


class Rouge(NamedTuple):
    """F, precision and recall of one output against one reference."""

    f: float
    precision: float
    recall: float


NOTHING = Rouge(0.0, 0.0, 0.0)
_BITS = 21  # a character of a spelled text, at most 0x10FFFF


def _rouge(hits: int, wanted: int, said: int) -> Rouge:
    """Return the three figures; the order of operations is the original's, so that the bits are."""
    precision = hits / max(said, 1)
    recall = hits / max(wanted, 1)
    if precision + recall > 0:
        return Rouge(2 * precision * recall / (precision + recall), precision, recall)
    return NOTHING


def rouge_n(reference: str, output: str, spell: Spell, n: int) -> Rouge:
    """Return ROUGE-n (n up to 3): the n-grams that output and reference share, each counted.

    Examples
    --------
    >>> spell = vocabulary(stemmed=True).spell
    >>> rouge_n("no chest pain", "chest pains", spell, 2).recall
    0.5
    """
    wanted, said = _grams(spell(reference), n), _grams(spell(output), n)
    return _rouge(_shared(wanted, said), len(wanted), len(said))


def rouge_l(reference: str, output: str, spell: Spell) -> Rouge:
    """Return ROUGE-L: the longest common subsequence of words over the whole text.

    References
    ----------
    Lin (2004), ROUGE: a package for automatic evaluation of summaries. Hyyrö (2004), Bit-parallel
    LCS-length computation revisited, as compiled in rapidfuzz.

    Examples
    --------
    >>> round(rouge_l("no chest pain today", "chest pain", vocabulary(stemmed=False).spell).f, 3)
    0.667
    """
    wanted, said = spell(reference), spell(output)
    return _rouge(LCSseq.similarity(wanted, said), len(wanted), len(said))


def rouge_lsum(reference: str, output: str, spell: Spell) -> Rouge:
    """Return ROUGE-Lsum: sentence by sentence (a line is a sentence), each word credited once.

    Examples
    --------
    >>> spell = vocabulary(stemmed=False).spell
    >>> rouge_lsum("no fever\\nno cough", "no cough\\nno fever", spell).f
    1.0
    """
    wanted = [spell(line) for line in reference.split("\n") if line]
    said = [spell(line) for line in output.split("\n") if line]
    in_reference, in_output = Counter("".join(wanted)), Counter("".join(said))
    hits = 0
    for word in "".join(union_of_lcs(wanted, said)):
        if in_output[word] > 0 and in_reference[word] > 0:
            hits += 1
            in_output[word] -= 1
            in_reference[word] -= 1
    return _rouge(hits, sum(map(len, wanted)), sum(map(len, said)))


def _grams(spelled: str, n: int) -> NDArray[np.uint64]:
    """Return the n-grams in order of size, each packed into one number."""
    words = np.frombuffer(spelled.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    count = max(len(words) - n + 1, 0)
    grams = words[:count]
    for place in range(1, n):
        grams = grams << np.uint64(_BITS) | words[place : place + count]
    return np.sort(grams)


def _shared(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> int:
    """Return the size of the multiset intersection of two sorted arrays.

    The k-th copy of a value in `a` is shared when `b` has a k-th copy too.
    """
    if not len(a) or not len(b):
        return 0
    place = np.searchsorted(b, a)
    place += np.arange(len(a))
    place -= np.searchsorted(a, a)
    inside = place < len(b)
    return int(np.count_nonzero(b[place[inside]] == a[inside]))


KINDS: Mapping[str, Callable[[str, str, Spell], Rouge]] = {
    "rouge-1": partial(rouge_n, n=1),
    "rouge-2": partial(rouge_n, n=2),
    "rouge-3": partial(rouge_n, n=3),
    "rouge-l": rouge_l,
    "rouge-lsum": rouge_lsum,
}


def rouge(name: str, given: Mapping[str, str]) -> Metric:
    """Return one ROUGE as a metric. Of several references the one with the best F counts, as in the original.

    Examples
    --------
    >>> metric = rouge("rouge-l", {"stem": "no"})
    >>> metric.score([Pair("chest pain", ("pain", "chest pain"))])[0].values
    (1.0, 1.0, 1.0)
    """
    settings = chosen(name, given, stem=("porter-nltk", "no"))
    scorer = partial(_score, name, settings["stem"] != "no")
    settings |= {"tokenizer": "a-z0-9", "best": "f", "equals": "rouge-score 0.1.2"}
    return Metric(name, ("f", "precision", "recall"), settings, scorer, overlap=True)


def _score(name: str, stemmed: bool, pairs: Sequence[Pair]) -> list[Score]:
    words, kind = vocabulary(stemmed=stemmed), KINDS[name]
    scores = []
    for pair in pairs:
        words.fresh()
        found = [kind(reference, pair.output, words.spell) for reference in pair.references]
        best = max(found, key=_f)
        scores.append(Score(tuple(best)))
    return scores


def _f(rouge: Rouge) -> float:
    return rouge.f
