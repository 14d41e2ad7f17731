"""Length in words, and its ratio to the reference: the baselines that every metric must beat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from annotate.metrics.metric import Metric, Pair, Score, chosen


def length(name: str, given: Mapping[str, str]) -> Metric:
    """Return the number of words of an output as a metric.

    Examples
    --------
    >>> length("length", {}).score([Pair("no chest pain")])[0].values
    (3.0,)
    """
    settings = chosen(name, given) | {"words": "split at spaces"}
    return Metric(name, ("",), settings, _length, reads=())


def length_ratio(name: str, given: Mapping[str, str]) -> Metric:
    """Return words of the output / words of the reference: the nearest to 1 of several references.

    Examples
    --------
    >>> length_ratio("length-ratio", {}).score([Pair("no chest pain", ("none", "no pain"))])[0].values
    (1.5,)
    """
    settings = chosen(name, given) | {"words": "split at spaces", "best": "nearest to 1"}
    return Metric(name, ("",), settings, _ratio)


def _length(pairs: Sequence[Pair]) -> list[Score]:
    return [Score((float(len(pair.output.split())),)) for pair in pairs]


def _ratio(pairs: Sequence[Pair]) -> list[Score]:
    return [
        Score(
            (min((_over(pair.output, text) for text in pair.references), key=lambda ratio: abs(ratio - 1)),)
        )
        for pair in pairs
    ]


def _over(output: str, reference: str) -> float:
    return len(output.split()) / len(reference.split())
