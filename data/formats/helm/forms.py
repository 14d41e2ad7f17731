"""Judgements in the forms that HELM's annotators write, brought into the form that its juries write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.formats.helm.shapes import mapping, text

SCORE = "score"
"""What a judge that gives one score and no criterion was asked."""
NOT_JURORS = ("prompt_text", "empty_output_equivalence_judgement")
_NEVER_ASKED = "BLOCKED_REQUEST_OR_EMPTY_RESPONSE"


def jury_form(annotator: str, annotation: Any) -> Mapping[str, Any]:
    """Return an annotation as {juror: {criterion: {score, explanation}}}.

    Medicine benchmarks of older releases have one judge, ``{"score": 0.7, "reasoning": …}``; those for
    safety have several side by side, ``{"gpt_score": 4, "gpt_reasoning": …}``. Others are juries already.

    Examples
    --------
    >>> jury_form("live_qa", {"prompt_text": "p", "score": 0.7, "reasoning": "short"})["live_qa"]
    {'score': {'score': 0.7, 'explanation': 'short'}}
    >>> jury_form("x", {"gpt_score": None, "gpt_response_text": "I cannot."})["gpt"]
    {'score': {'score': None, 'explanation': 'I cannot.'}}
    """
    found = mapping(annotation)
    if text(found.get("reasoning")) == _NEVER_ASKED:  # HELM writes 0 for an output that no judge saw
        return {"prompt_text": None}
    if SCORE in found and not isinstance(found[SCORE], Mapping):
        return {"prompt_text": found.get("prompt_text"), annotator: _verdict(found, "")}
    names = [key.removesuffix("_score") for key in found if key.endswith("_score")]
    names = [name for name in names if not isinstance(found[f"{name}_score"], Mapping)]
    if not names:
        return found
    return {"prompt_text": found.get("prompt_text")} | {n: _verdict(found, f"{n}_") for n in names}


def _verdict(found: Mapping[str, Any], before: str) -> dict[str, Any]:
    words = text(found.get(f"{before}reasoning")) or text(found.get(f"{before}response_text"))
    return {SCORE: {"score": found[f"{before}score"], "explanation": words}}


def is_reply(key: str, reply: Any) -> bool:
    """Return whether a part of an annotation is a juror's reply: an object of objects with a score."""
    if key in NOT_JURORS or not isinstance(reply, Mapping):
        return False
    return any(isinstance(said, Mapping) and "score" in said for said in reply.values())


def explanation(said: Mapping[str, Any]) -> Any:
    """Return why a juror scored as it did, under the names that the annotators use."""
    names = ("explanation", "reasoning", "rationale", "justification")
    return next((said[name] for name in names if said.get(name) is not None), None)
