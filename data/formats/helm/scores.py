"""The run's text metrics as raters, and MedHELM's own jury score to hold beside an honest one."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from annotate.rating import Rating
from data.formats.helm.answers import Answer, Place, place_of
from data.formats.helm.shapes import mapping, sequence, text
from data.formats.helm.spec import Spec

METRICS: dict[str, str] = {
    "rouge_1": "rouge-1",
    "rouge_2": "rouge-2",
    "rouge_l": "rouge-l",
    "BERTScore-P": "bertscore-p",
    "BERTScore-R": "bertscore-r",
    "BERTScore-F": "bertscore-f",
    "bleu_1": "bleu-1",
    "bleu_4": "bleu-4",
    "f1_score": "f1",
    "exact_match": "exact-match",
    "quasi_exact_match": "quasi-exact-match",
}
Scores = dict[Place, dict[str, float]]


def scores(stats: Any, wanted: tuple[str, ...]) -> Scores:
    """Return metric values by place in the run: the file has a record for each metric."""
    found: Scores = {}
    for record in map(mapping, sequence(stats)):
        where = record.get("instance_id"), record.get("perturbation"), record.get("train_trial_index")
        for stat in map(mapping, sequence(record.get("stats"))):
            named = mapping(stat.get("name"))
            name, place = text(named.get("name")), place_of(*where, named.get("split"))
            if name in wanted and (value := _value(stat)) is not None:
                found.setdefault(place, {}).setdefault(name, value)
    return found


def _value(stat: Mapping[str, Any]) -> float | None:
    """A statistic's mean over its count; None where nothing was counted."""
    value, count = stat.get("mean"), stat.get("count")
    try:
        if value is None and isinstance(stat.get("sum"), (int, float)) and isinstance(count, int) and count:
            value = stat["sum"] / count
        if isinstance(value, bool) or not isinstance(value, (int, float)) or count == 0:
            return None
        return float(value)
    except OverflowError:  # JSON has whole numbers that no float can hold
        return math.inf


def wanted(spec: Spec) -> tuple[str, ...]:
    """Return the statistics to read: text metrics, the benchmark's own, and the jury's score."""
    own = (spec.place.metric,) if spec.place else ()
    return tuple(dict.fromkeys((*METRICS, *own, *jury_metrics(spec))))


def jury_metrics(spec: Spec) -> tuple[str, ...]:
    """Return under which names HELM's jury score may stand."""
    own = (spec.place.metric,) if spec.place and spec.place.jury_scored else ()
    return tuple(dict.fromkeys((*spec.jury_metrics, *own, "jury_score", f"{spec.benchmark}_jury_score")))


def measured(spec: Spec, answer: Answer, values: Mapping[str, float]) -> Iterator[Rating]:
    """Yield the text metrics of one output; NaN or infinity is no value."""
    for name, value in values.items():
        if name in jury_metrics(spec):
            continue
        question = METRICS.get(name, name)
        rater = metric_key(question, spec.metric_settings)
        if math.isfinite(value):
            yield Rating(answer.item.key, rater, question, repr(value), value)
        else:
            reason = f"HELM wrote {value} for {name}"
            yield Rating(answer.item.key, rater, question, None, status="failed", reason=reason)


def metric_key(name: str, settings: Mapping[str, Any]) -> str:
    """Return a metric's key as a rater: HELM's name, and a hash of HELM's settings.

    Examples
    --------
    >>> metric_key("rouge-l", {}).split("@")[0]
    'helm-rouge-l'
    """
    said = json.dumps([name, settings if name.startswith("bertscore") else {}], sort_keys=True)
    return f"helm-{name}@{hashlib.blake2b(said.encode(), digest_size=4).hexdigest()}"
