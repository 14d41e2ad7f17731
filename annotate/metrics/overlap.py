"""Source overlap: how much of an output is found in what the system read. Needs no reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from annotate.metrics.metric import Metric, Pair, Score, chosen
from annotate.metrics.rouge import rouge_n
from annotate.metrics.words import vocabulary


def source_overlap(name: str, given: Mapping[str, str]) -> Metric:
    """Return the share of the output's words, and of its pairs of words, that stand in the source.

    The third figure is the share of the source's words that come back in the output.

    Examples
    --------
    >>> pair = Pair("severe chest pain", source="He has chest pain.")
    >>> [round(value, 2) for value in source_overlap("source-overlap", {}).score([pair])[0].values]
    [0.67, 0.5, 0.5]
    """
    settings = chosen(name, given, stem=("porter-nltk", "no"))
    scorer = partial(_score, settings["stem"] != "no")
    settings |= {"tokenizer": "a-z0-9"}
    return Metric(name, ("words", "pairs", "recall"), settings, scorer, reads=("source",), overlap=True)


def _score(stemmed: bool, pairs: Sequence[Pair]) -> list[Score]:
    words = vocabulary(stemmed=stemmed)
    scores = []
    for pair in pairs:
        words.fresh()
        one, two = (rouge_n(pair.source, pair.output, words.spell, n) for n in (1, 2))
        scores.append(Score((one.precision, two.precision, one.recall)))
    return scores
