"""On which scale a run's jurors scored: as its rubric, its prompt or its benchmark says."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from annotate.scale import Scale, likert
from data.formats.helm.forms import SCORE
from data.formats.helm.shapes import mapping, sequence, text

RUBRIC = likert("very poor", "poor", "fair", "good", "excellent")
OPEN_RUBRIC = likert("0", "1", "2", "3", "4", "5", start=0)
SHARE = Scale("interval", low=0.0, high=1.0)
ANY = Scale("interval")
SHARES = ("HealthBench", "MedSecurity", "LiveQA")
"""Annotators whose jurors give a share between 0 and 1."""
FURTHEST = 100
"""A rubric with more points is a number line."""


def usual_scale(annotators: Sequence[str], templates: Sequence[str]) -> Scale:
    """Return the scale of criteria for which the run has no rubric.

    Parameters
    ----------
    annotators : sequence of str
        The classes that were configured.
    templates : sequence of str
        Their prompts, where the run holds them: the configurable benchmark's rubric starts at 0 unless its
        prompt names a range.

    Examples
    --------
    >>> [point.value for point in usual_scale(["ACIBenchAnnotator"], []).points]
    ['1', '2', '3', '4', '5']
    >>> usual_scale(["HealthBenchAnnotator"], []).high
    1.0
    """
    if any(share in name for name in annotators for share in SHARES):
        return SHARE
    template = next((one for one in templates if one), "")
    if not template:
        return RUBRIC
    if match := re.search(r"\b([01])\s*(?:-|–|to|through)\s*(\d{1,2})\b", template):
        low, high = int(match[1]), int(match[2])
        if low < high:
            return points(low, high)
    return OPEN_RUBRIC


def points(low: int, high: int) -> Scale:
    """Return a scale of whole numbers; from 1 to 5 it is MedHELM's own."""
    if (low, high) == (1, 5):
        return RUBRIC
    return likert(*(str(number) for number in range(low, high + 1)), start=low)


def rubric_scales(metrics: Sequence[Mapping[str, Any]]) -> dict[str, Scale]:
    """Return the scale of each criterion for which a jury metric's rubric says least and most.

    Examples
    --------
    >>> rubric = {"items": {"stigma": {"name": "stigma", "min": 0, "max": 1, "weight": 0.1}}}
    >>> [point.value for point in rubric_scales([{"args": {"rubric": rubric}}])["stigma"].points]
    ['0', '1']
    """
    found: dict[str, Scale] = {}
    for metric in metrics:
        rubric = mapping(mapping(metric.get("args")).get("rubric"))
        items = rubric.get("items", rubric)
        named = mapping(items).items() or [(text(mapping(i).get("name")), i) for i in sequence(items)]
        for name, item in named:
            ends = [mapping(item).get(end) for end in ("min", "max")]
            low, high = (float(end) if _is_number(end) else math.nan for end in ends)
            if name and low < high:
                found[name] = _between(low, high)
    return found


def _between(low: float, high: float) -> Scale:
    if low.is_integer() and high.is_integer() and high - low <= FURTHEST:
        return points(int(low), int(high))
    return Scale("interval", low=low, high=high)


def _is_number(value: Any) -> TypeGuard[float]:
    # JSON has whole numbers that no float can hold.
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300


def single_scale(benchmark: str) -> Scale:
    """Return the scale of a judge that gives one score: a share for the benchmarks known to ask for one."""
    return SHARE if benchmark in ("live_qa", "medication_qa") else ANY


def scale_for(criterion: str, rubric: Mapping[str, Scale], usual: Scale, benchmark: str) -> Scale:
    """Return the scale of one criterion."""
    if criterion in rubric:
        return rubric[criterion]
    return single_scale(benchmark) if criterion == SCORE else usual
