"""Which of a run's requests have an output to rate, by how the system was asked (HELM's adapters)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from data.formats.findings import number_of
from data.formats.helm.shapes import mapping, sequence, spoken, text

SEPARATE = "multiple_choice_separate_"
RANKING = "ranking_binary"
LANGUAGE = "language_modeling"
CHOSEN = "predicted_index"
"""HELM's name for the option that its probabilities chose."""


def with_outputs(
    method: str, requests: Sequence[Any], chosen: Mapping[int, float | None]
) -> tuple[list[Mapping[str, Any]], list[str]]:
    """Return the requests with an output to rate, and what became of the others, in sentences.

    Where each option was put to the system apart (``multiple_choice_separate_*``), it wrote nothing: its
    probabilities chose an option, and that option is its answer. Where it was asked for probabilities only
    (``language_modeling``) there is no output at all.

    Parameters
    ----------
    method : str
        The adapter's.
    requests : sequence of mappings
        The run's request states.
    chosen : mapping of position to number
        Which option HELM says was chosen, for each request's instance; None where it does not say.
    """
    asked = [mapping(request) for request in requests]
    if method == LANGUAGE:
        return [], ["the system was asked for the probability of a text, and wrote none."]
    if not method.startswith(SEPARATE):
        return asked, []
    kept = list(_answers(asked, chosen))
    unknown = sum(_option(request) is not None and chosen.get(at) is None for at, request in enumerate(asked))
    said = [
        f"Each option was asked apart: {number_of(len(kept), 'answer')}, each the option that was chosen."
    ]
    if unknown:
        said.append(
            f"Which option was chosen is not said for {number_of(unknown, 'request')} "
            f"({CHOSEN} in per_instance_stats.json); left out."
        )
    return kept, said


def _answers(
    asked: Sequence[Mapping[str, Any]], chosen: Mapping[int, float | None]
) -> Iterator[Mapping[str, Any]]:
    for at, request in enumerate(asked):
        option = _option(request)
        if request.get("request_mode") == "calibration" or option is None or chosen.get(at) != option:
            continue
        if written := _text_of(request, option):
            yield _as_answered(request, written)


def _option(request: Mapping[str, Any]) -> int | None:
    found = request.get("reference_index")
    return found if type(found) is int else None


def _text_of(request: Mapping[str, Any], option: int) -> str:
    options = sequence(mapping(request.get("instance")).get("references"))
    return spoken(mapping(options[option]).get("output")) if 0 <= option < len(options) else ""


def _as_answered(request: Mapping[str, Any], written: str) -> Mapping[str, Any]:
    """The request as if the system had written the option; it was asked with it at the end."""
    sent = mapping(request.get("request"))
    prompt = text(sent.get("prompt")).rstrip().removesuffix(written.rstrip())
    result = {**mapping(request.get("result")), "completions": [{"text": written}]}
    return {**request, "request": {**sent, "prompt": prompt, "max_tokens": None}, "result": result}


def place_name(method: str, request: Mapping[str, Any], name: str) -> str:
    """Return what stands for an instance where metrics are looked up: its id, or one of its passages.

    Examples
    --------
    >>> place_name("generation", {}, "id1"), place_name("ranking_binary", {"reference_index": 2}, "id1")
    ('id1', 'id1 passage 2')
    """
    option = _option(request)
    return f"{name} passage {option}" if method == RANKING and option is not None else name


def gold(method: str, request: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the gold texts of a request: references tagged correct, or all where no reference has a tag.

    Letters that stood for options are put before them. A passage that was to be ranked has none: its
    instance's references are the passages.

    Examples
    --------
    >>> options = [{"output": {"text": "Rest"}, "tags": ["correct"]}, {"output": {"text": "Gin"}}]
    >>> asked = {"instance": {"references": options}, "output_mapping": {"A": "Gin", "B": "Rest"}}
    >>> gold("multiple_choice_joint", asked)
    ('B. Rest',)
    """
    if method == RANKING and _option(request) is not None:
        return ()
    found = [mapping(one) for one in sequence(mapping(request.get("instance")).get("references"))]
    tagged = any(sequence(one.get("tags")) for one in found)
    right = [one for one in found if "correct" in sequence(one.get("tags")) or not tagged]
    letters = {text(option): letter for letter, option in mapping(request.get("output_mapping")).items()}
    texts = filter(None, (spoken(one.get("output")) for one in right))
    return tuple(f"{letters[one]}. {one}" if one in letters else one for one in texts)
