"""Levenshtein similarity: 1 for equal texts, 0 where every character differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from rapidfuzz.distance import Levenshtein

from annotate.metrics.metric import Metric, Pair, Score, chosen


def levenshtein(name: str, given: Mapping[str, str]) -> Metric:
    """Return 1 - edits / length of the longer text, over characters or words: best over references.

    Examples
    --------
    >>> levenshtein("levenshtein", {}).score([Pair("kitten", ("sitting",))])[0].values
    (0.5714285714285714,)
    """
    settings = chosen(name, given, unit=("characters", "words"))
    scorer = partial(_score, settings["unit"])
    return Metric(name, ("",), settings | {"case": "kept", "best": "score"}, scorer, overlap=True)


def _score(unit: str, pairs: Sequence[Pair]) -> list[Score]:
    read = str.split if unit == "words" else str
    return [
        Score(
            (
                max(
                    Levenshtein.normalized_similarity(read(pair.output), read(reference))
                    for reference in pair.references
                ),
            )
        )
        for pair in pairs
    ]
