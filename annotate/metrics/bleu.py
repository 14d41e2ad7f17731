"""BLEU of one output, as sacrebleu computes it for a sentence, 0 to 100."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from annotate.metrics.metric import Metric, Pair, Score, chosen


def bleu(name: str, given: Mapping[str, str]) -> Metric:
    """Return sentence BLEU as a metric. Several references are pooled, as BLEU defines it.

    References
    ----------
    Papineni et al. (2002), BLEU. Post (2018), A call for clarity in reporting BLEU scores.

    Examples
    --------
    >>> pair = Pair("no chest pain at rest", ("no chest pain at rest",))
    >>> round(bleu("bleu", {}).score([pair])[0].values[0])
    100
    """
    settings = chosen(name, given)
    settings |= {"tokenizer": "13a", "smoothing": "exp", "effective order": "yes", "case": "kept"}
    return Metric(
        name, ("",), settings | {"references": "pooled", "equals": "sacrebleu 2"}, _score, overlap=True
    )


def _score(pairs: Sequence[Pair]) -> list[Score]:
    from sacrebleu.metrics.bleu import BLEU

    scorer = BLEU(effective_order=True)
    return [Score((scorer.sentence_score(pair.output, list(pair.references)).score,)) for pair in pairs]
