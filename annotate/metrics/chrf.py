"""chrF: characters that output and reference share, as sacrebleu computes it, 0 to 100."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from annotate.metrics.metric import Metric, Pair, Score, chosen


def chrf(name: str, given: Mapping[str, str]) -> Metric:
    """Return chrF (``words=2`` makes it chrF++) as a metric: best over references.

    References
    ----------
    Popović (2015), chrF: character n-gram F-score for automatic MT evaluation.

    Examples
    --------
    >>> chrf("chrf", {}).score([Pair("chest pain", ("chest pain",))])[0].values
    (100.0,)
    """
    settings = chosen(name, given, words=("0", "2"))
    scorer = partial(_score, int(settings["words"]))
    settings |= {"characters": "6", "beta": "2", "case": "kept", "best": "score", "equals": "sacrebleu 2"}
    return Metric(name, ("",), settings, scorer, overlap=True)


def _score(words: int, pairs: Sequence[Pair]) -> list[Score]:
    from sacrebleu.metrics.chrf import CHRF

    scorer = CHRF(word_order=words)
    return [Score((scorer.sentence_score(pair.output, list(pair.references)).score,)) for pair in pairs]
