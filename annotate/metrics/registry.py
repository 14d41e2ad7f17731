"""Which metrics there are, by the names that scripts use, with presets of several."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from annotate.fault import Fault
from annotate.metrics.bertscore import bertscore
from annotate.metrics.bleu import bleu
from annotate.metrics.chrf import chrf
from annotate.metrics.length import length, length_ratio
from annotate.metrics.levenshtein import levenshtein
from annotate.metrics.meteor import meteor
from annotate.metrics.metric import Metric
from annotate.metrics.overlap import source_overlap
from annotate.metrics.own import own
from annotate.metrics.rouge import KINDS, rouge

METRICS: Mapping[str, Callable[[str, Mapping[str, str]], Metric]] = {
    **dict.fromkeys(KINDS, rouge),
    "bertscore": bertscore,
    "bleu": bleu,
    "chrf": chrf,
    "meteor": meteor,
    "levenshtein": levenshtein,
    "length": length,
    "length-ratio": length_ratio,
    "source-overlap": source_overlap,
}
PRESETS: Mapping[str, tuple[str, ...]] = {
    "helm": (
        "rouge-1",
        "rouge-2",
        "rouge-l",
        "bertscore:model=distilbert-base-uncased,layer=5,window=truncate",
    ),
    "words": ("rouge-1", "rouge-2", "rouge-l", "rouge-lsum", "chrf", "bleu", "meteor", "levenshtein"),
    "baselines": ("length", "length-ratio"),
}


def metrics(specs: Sequence[str]) -> tuple[Metric, ...]:
    """Return the metrics that `specs` name, presets spelled out, each once.

    A spec is a name, with settings after a colon (``rouge-l:stem=no``), a preset, or a function of one's
    own in a file (``mine.py:function``).

    Examples
    --------
    >>> [metric.name for metric in metrics(["rouge-l", "baselines"])]
    ['rouge-l', 'length', 'length-ratio']
    >>> metrics(["rogue"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    annotate.fault.Fault: 'rogue' is not a metric. There are rouge-1, rouge-2, rouge-3, rouge-l, ...
    """
    spelled = [one for spec in specs for one in PRESETS.get(spec, (spec,))]
    found = (_metric(spec) for spec in dict.fromkeys(spelled))
    return tuple({metric.raters: metric for metric in found}.values())


def spelled(name: str, given: Mapping[str, str]) -> str:
    """Return the spec of a metric with these settings.

    Examples
    --------
    >>> spelled("bertscore", {"layer": "4", "idf": "yes"}), spelled("rouge-l", {})
    ('bertscore:layer=4,idf=yes', 'rouge-l')
    """
    for key, value in given.items():
        if "," in value:
            raise Fault(f"{key}={value!r} has a comma, which stands between settings; rename the file.")
    return ":".join(filter(None, [name, ",".join(f"{key}={value}" for key, value in given.items())]))


def _metric(spec: str) -> Metric:
    path, python, rest = spec.partition(".py:")
    if python:
        function, _, settings = rest.partition(":")
        return own(path + ".py", function, _settings(spec, settings))
    name, _, settings = spec.partition(":")
    if name not in METRICS:
        known = ", ".join([*METRICS, *PRESETS])
        raise Fault(f"{name!r} is not a metric. There are {known}, and FILE.py:FUNCTION for your own.")
    return METRICS[name](name, _settings(spec, settings))


def _settings(spec: str, text: str) -> dict[str, str]:
    """Read ``key=value,key=value``."""
    found = {}
    for part in filter(None, text.split(",")):
        key, equals, value = part.partition("=")
        if not equals:
            raise Fault(f"{part!r} in --metric {spec} is not a setting; write NAME:key=value,key=value.")
        found[key.strip()] = value.strip()
    return found
