"""The outputs of one run: what was asked, what the system wrote, and where it stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from annotate.item import Item, Output
from data.formats.helm.asked import CHOSEN, gold, place_name
from data.formats.helm.forms import jury_form
from data.formats.helm.shapes import mapping, sequence, spoken, text
from data.formats.helm.spec import Spec
from data.formats.helm.tokens import tokens

# Instance, perturbation, train trial, split: what per_instance_stats is merged on.
Place = tuple[str, str, int, str]
REDACTED = "[redacted]"


@dataclass(frozen=True, slots=True)
class Answer:
    """One completion of one instance; jurors and metrics saw the first only."""

    place: Place
    number: int
    item: Item
    annotations: Mapping[str, Any]


def answers(
    spec: Spec, requests: Iterable[Any], counts: Mapping[Place, Mapping[str, float]] | None = None
) -> Iterator[Answer]:
    """Yield every output of a run's requests; one that failed has none. `counts` are its tokens."""
    for at, request in enumerate(requests, 1):
        asked = mapping(request)
        instance = mapping(asked.get("instance"))
        name = text(str(f"#{at}" if instance.get("id") is None else instance["id"]))
        place = _place(place_name(spec.method, asked, name), asked)
        result = mapping(asked.get("result"))
        if result.get("success") is False:
            continue
        for number, completion in enumerate(sequence(result.get("completions"))):
            written = text(mapping(completion).get("text"))
            item = _item(spec, name, place, number, asked, written)
            used = tokens(asked, number, (counts or {}).get(place, {}), spec.adapter)
            item = replace(item, strata={**item.strata, **used})
            yield Answer(place, number, item, _annotations(asked) if number == 0 else {})


def _annotations(asked: Mapping[str, Any]) -> dict[str, Any]:
    found = mapping(asked.get("annotations"))
    return {name: jury_form(name, annotation) for name, annotation in found.items()}


def _place(name: str, asked: Mapping[str, Any]) -> Place:
    instance = mapping(asked.get("instance"))
    trial = asked.get("train_trial_index")
    return place_of(name, instance.get("perturbation"), trial, instance.get("split"))


def chosen(requests: Sequence[Any], values: Mapping[Place, Mapping[str, float]]) -> dict[int, float | None]:
    """Return which option HELM says was chosen for each request's instance, by the request's position."""
    places = (
        _place(text(str(mapping(mapping(one).get("instance")).get("id"))), mapping(one)) for one in requests
    )
    return {at: values.get(place, {}).get(CHOSEN) for at, place in enumerate(places)}


def place_of(instance: Any, perturbation: Any, trial: Any, split: Any = None) -> Place:
    """Return what identifies a request within a run, in one form for both files.

    Examples
    --------
    >>> place_of("id1", None, 0)
    ('id1', '', 0, 'test')
    """
    changed = json.dumps(perturbation, sort_keys=True) if perturbation else ""
    return text(str(instance)), changed, trial if isinstance(trial, int) else 0, text(split) or "test"


def shared(answers: Iterable[Answer]) -> set[Place]:
    """Return the places at which different items stand: what is merged on them could be of any."""
    found: dict[Place, str] = {}
    firsts = [answer for answer in answers if not answer.number]
    return {one.place for one in firsts if found.setdefault(one.place, one.item.key) != one.item.key}


def _item(spec: Spec, name: str, place: Place, number: int, asked: Mapping[str, Any], written: str) -> Item:
    instance = mapping(asked.get("instance"))
    source = spoken(instance.get("input"))
    prompt = _without(spoken(mapping(asked.get("request"))) or _prompt(asked), source)
    references = gold(spec.method, asked)
    case = f"{spec.scenario}/{name}"
    told = (spec.system, written, place[1:], number, source, prompt, references)
    return Item(
        key=f"{case}/{_digest(told)}",
        outputs=(Output(written, spec.system),),
        source=source,
        prompt=prompt,
        references=references,
        case=case,
        benchmark=spec.benchmark,
        category=spec.place.category if spec.place else "",
        subcategory=spec.place.subcategory if spec.place else "",
        strata=_strata(spec, place, instance),
    )


def _prompt(asked: Mapping[str, Any]) -> str:
    return text(mapping(asked.get("request")).get("prompt"))


def _without(prompt: str, source: str) -> str:
    """What was asked around the source: the page shows the source itself beside it. Examples come before.

    Examples
    --------
    >>> _without("Summarize.\\n\\nIt hurts.\\n", "It hurts.")
    'Summarize.\\n\\n[source]'
    """
    if source.strip() and source in prompt:
        before, _, after = prompt.rpartition(source)
        return f"{before}[source]{after}".strip()
    return prompt.strip()


def _digest(told: tuple[Any, ...]) -> str:
    """Tells outputs of one id apart without naming the system: raters may see an item's key.

    All that is shown counts: where two instances have one id, the same answer to both is no one item.
    """
    said = json.dumps(told, ensure_ascii=False)
    return hashlib.blake2b(said.encode(errors="replace"), digest_size=4).hexdigest()


def _strata(spec: Spec, place: Place, instance: Mapping[str, Any]) -> dict[str, str]:
    strata = dict(spec.strata)
    # HELM's split is no split for calibration and test; nearly every instance is of its "test".
    for name in ("split", "sub_split"):
        if (value := text(instance.get(name))) not in ("", "test"):
            strata[f"helm_{name}"] = value
    if place[1]:
        strata["perturbation"] = text(mapping(instance.get("perturbation")).get("name")) or place[1]
    if place[2]:
        strata["trial"] = str(place[2])
    return strata
