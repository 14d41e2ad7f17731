"""METEOR with exact and stem matches: NLTK's, without the synonyms, whose dictionary is a download."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from annotate.metrics.metric import Metric, Pair, Score, chosen
from annotate.metrics.porter import stem

ALPHA, BETA, GAMMA = 0.9, 3.0, 0.5
_stem = lru_cache(maxsize=100_000)(stem)


def meteor(name: str, given: Mapping[str, str]) -> Metric:
    """Return METEOR as a metric: best over references.

    References
    ----------
    Lavie & Agarwal (2007), METEOR: an automatic metric for MT evaluation.

    Examples
    --------
    >>> meteor("meteor", {}).score([Pair("a cat sat", ("a cat sat", "dogs"))])[0].values
    (0.9814814814814815,)
    """
    settings = chosen(name, given)
    settings |= {"matches": "exact, porter-nltk", "tokenizer": r"\w+|[^\w\s]", "best": "score"}
    settings |= {"alpha": "0.9", "beta": "3", "gamma": "0.5", "equals": "nltk without WordNet"}
    return Metric(name, ("",), settings, _score, overlap=True)


def _score(pairs: Sequence[Pair]) -> list[Score]:
    return [
        Score((max(meteor_of(words(reference), words(pair.output)) for reference in pair.references),))
        for pair in pairs
    ]


def words(text: str) -> list[str]:
    """Return the lower-case words and marks of `text`.

    Examples
    --------
    >>> words("Naïve, BP 120.")
    ['naïve', ',', 'bp', '120', '.']
    """
    return re.findall(r"\w+|[^\w\s]", text.lower())


def meteor_of(reference: Sequence[str], output: Sequence[str]) -> float:
    """Return METEOR of one output against one reference, both as lower-case words.

    Examples
    --------
    >>> meteor_of(["pain"], ["fever"])
    0.0
    """
    matched = _matched(output, reference)
    if not matched:
        return 0.0
    precision, recall = len(matched) / len(output), len(matched) / len(reference)
    mean = (precision * recall) / (ALPHA * precision + (1 - ALPHA) * recall)
    places = sorted(matched.items())
    chunks = 1 + sum(here[0] + 1 != after[0] or here[1] + 1 != after[1] for here, after in pairwise(places))
    penalty: float = GAMMA * (chunks / len(matched)) ** BETA
    return (1 - penalty) * mean


def _matched(output: Sequence[str], reference: Sequence[str]) -> dict[int, int]:
    """Return place in the output -> place in the reference: first equal words, then equal stems."""
    matched: dict[int, int] = {}
    for form in (str, _stem):
        _match(output, reference, form, matched)
    return matched


def _match(
    output: Sequence[str], reference: Sequence[str], form: Callable[[str], str], matched: dict[int, int]
) -> None:
    """Add matches from the last word to the first, each to the last free place, as NLTK does."""
    taken = set(matched.values())
    free = defaultdict(list)
    for place, word in enumerate(reference):
        if place not in taken:
            free[form(word)].append(place)
    for place in range(len(output) - 1, -1, -1):
        if place not in matched and free.get(form(output[place])):
            matched[place] = free[form(output[place])].pop()
